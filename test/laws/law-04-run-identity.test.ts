// Law 4: a run's identity never outlives the run. For every cause of an end there is: by its channel, by a token that it still had, and by asking for a
// fresh one, nothing is admitted any more; whoever ends it a second time finds nothing to do. Time is turned by hand.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actingWith } from '../../src/app/starter/people.ts'
import { rowsOf } from '../harness/database.ts'
import { handWorker, type LiveRun, launch, liveRun, refusesEverything } from '../harness/live-run.ts'
import { asSystem, newPerson, pipeline, refused, type SignedIn, signIn, tokenFor, until } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let offsetMs = 0
const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }

let h: Harness
let operator: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0, clock })
  operator = await signIn(h, 'operator')
})
after(() => h.close())

interface Ended {
  readonly outcome: string
  readonly cause: string
}

const runRow = async (id: string) => (await rowsOf(h.twinlock, 'select state, outcome, cause, epoch from run where id = $1', [id]))[0]

/** A run that acts and holds a token, until it is ended; then it is dead by every way in, and stays as it ended first. */
async function diesOf(end: (run: LiveRun) => Promise<unknown>, expected: Ended, by?: SignedIn): Promise<void> {
  const run = await liveRun(h, by === undefined ? {} : { by })
  const token = await run.token()
  assert.equal((await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })).status, 200, 'it could act before')
  assert.equal((await actingWith(h.twinlock.door, { kind: 'token', token })('session:show', {})).spiffeId, run.spiffeId)
  await end(run)
  await refusesEverything(h, run, token)
  const row = await runRow(run.id)
  assert.equal(row?.outcome, expected.outcome)
  assert.equal(row?.cause, expected.cause)
  assert.notEqual(row?.epoch, run.epoch, 'its epoch moved, so that nothing decided earlier can be admitted')
  const alive = await rowsOf(h.twinlock, 'select id from credential where holder_id = $1 and revoked_at is null', [run.id])
  assert.deepEqual(alive, [], 'every token of it was taken away')
  const again = await asSystem(h, 'reaper')('run:end', { run: run.id, cause: 'memory' })
  assert.deepEqual({ first: again.first, tokens: again.tokens }, { first: false, tokens: 0 })
  await refused(operator.act('run:cancel', { run: run.id, reason: 'too late' }), 'run_not_live')
  assert.equal((await runRow(run.id))?.outcome, expected.outcome, 'only the first cause counts')
}

test('law 4, a run’s identity never outlives the run: it succeeded', () =>
  diesOf((run) => run.end('passed'), { outcome: 'succeeded', cause: 'passed' }))

test('law 4, a run’s identity never outlives the run: it failed', () =>
  diesOf((run) => run.end('exit_code'), { outcome: 'failed', cause: 'exit_code' }))

test('law 4, a run’s identity never outlives the run: a person cancelled it', () =>
  diesOf((run) => operator.act('run:cancel', { run: run.id, reason: 'enough' }), { outcome: 'cancelled', cause: 'cancelled' }))

test('law 4, a run’s identity never outlives the run: its pipeline failed', async () => {
  const by = await pipeline(h)
  await diesOf((run) => by.act('run:abandon', { run: run.id }), { outcome: 'pipeline_failed', cause: 'pipeline_failed' }, by)
  const other = await liveRun(h, { by: operator })
  await refused(by.act('run:abandon', { run: other.id }), 'conflict')
  assert.equal((await runRow(other.id))?.state, 'running', 'a run that another started is not its to end')
})

const ended = (run: LiveRun) => until('the reaper ended it', async () => (await runRow(run.id))?.outcome !== null)

test('law 4, a run’s identity never outlives the run: it reached its deadline', () =>
  diesOf(
    async (run) => {
      offsetMs += 121_000
      // From the very moment, and not only from when somebody noticed.
      await refused(run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }), 'unauthenticated')
      await refused(run.act('run:credential', { run: run.id, audience: baseUrl }), 'unauthenticated')
      await ended(run)
    },
    { outcome: 'deadline', cause: 'deadline' },
  ))

test('law 4, a run’s identity never outlives the run: its worker’s heartbeat was lost, and a late one renews nothing', () =>
  diesOf(
    async (run) => {
      const beat = { run: run.id, worker: handWorker, done: 0, total: 0, note: '' }
      assert.deepEqual(await asSystem(h, 'worker')('run:heartbeat', beat), { live: true, isFrozen: false, epoch: 0 })
      assert.deepEqual(await asSystem(h, 'worker')('run:heartbeat', { ...beat, worker: 'another' }), {
        live: false,
        isFrozen: false,
        epoch: 0,
      })
      offsetMs += 16_000
      assert.deepEqual(await asSystem(h, 'worker')('run:heartbeat', beat), { live: false, isFrozen: false, epoch: 0 })
      await ended(run)
    },
    { outcome: 'lost', cause: 'worker_lost' },
    operator,
  ))

test('law 4, a run’s identity never outlives the run: its operator left', async () => {
  const leaver = await newPerson(h, 'leaving-operator', 'operator')
  const admin = await signIn(h, 'admin')
  await diesOf(
    (run) => admin.act('person:offboard', { person: leaver.id }).then(() => run),
    { outcome: 'revoked', cause: 'operator_left' },
    leaver,
  )
  await refused(leaver.act('run:launch', { scenario: h.starter.scenario, environment: h.starter.environments.staging }), 'unauthenticated')
})

test('law 4, a run’s identity never outlives the run: its twin was retired, and a queued run of it never begins', async () => {
  const author = await signIn(h, 'author')
  const starter = asSystem(h, 'starter')
  const twin = String(
    (
      await starter('twin:create', {
        project: h.starter.project,
        slug: 'short-lived',
        kind: 'process',
        program: 'payments',
        owner: h.starter.people.owner,
        sensitivity: 'internal',
      })
    ).id,
  )
  const { manifest } = await author.act('scenario:show', { scenario: h.starter.scenario })
  const scenario = String((await author.act('scenario:publish', { twin, slug: 'settle', manifest })).id)
  const run = await liveRun(h, { by: operator, scenario })
  const queued = await launch(h, { by: operator, scenario })
  const token = await run.token()
  assert.deepEqual((await author.act('twin:retire', { twin })).ended, { runs: 2, promotions: 0 })
  await refusesEverything(h, run, token)
  await refused(asSystem(h, 'worker')('run:claim', { run: queued, worker: handWorker }), 'conflict')
  await refused(operator.act('run:launch', { scenario, environment: h.starter.environments.staging }), 'twin_retired')
})

test('law 4, a run’s identity never outlives the run: no token lives longer than 60 seconds, or past the deadline', async () => {
  const run = await liveRun(h, { by: operator })
  const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const early = claims(await run.token())
  assert.equal(early.exp - early.iat, 60)
  offsetMs += 14_000
  await asSystem(h, 'worker')('run:heartbeat', { run: run.id, worker: handWorker, done: 0, total: 0, note: '' })
  const [row] = await rowsOf(h.twinlock, 'select deadline from run where id = $1', [run.id])
  const deadline = new Date(String(row?.deadline)).getTime()
  while (deadline - clock.now() > 20_000) {
    offsetMs += 10_000
    await asSystem(h, 'worker')('run:heartbeat', { run: run.id, worker: handWorker, done: 0, total: 0, note: '' })
  }
  const late = claims(await run.token())
  assert.ok(late.exp * 1000 <= deadline, 'the last token ends with the deadline')
  await run.end('succeeded')
})

test('law 4, a run’s identity never outlives the run: an epoch that is not its own is nobody, and a run that never began has no identity', async () => {
  const run = await liveRun(h, { by: operator })
  for (const epoch of [run.epoch + 1, run.epoch - 1]) {
    const credential = { kind: 'channel', org: h.starter.org, run: run.id, epoch } as const
    await refused(actingWith(h.twinlock.door, credential)('session:show', {}), 'unauthenticated')
  }
  const queued = await launch(h, { by: operator })
  const credential = { ...run.credential, run: queued } as typeof run.credential
  await refused(actingWith(h.twinlock.door, credential)('session:show', {}), 'unauthenticated')
  await run.end('succeeded')
})

test('law 4, a run’s identity never outlives the run: its pipeline was suspended, and with it what it started', async () => {
  const key = workloadKey(clock.now)
  const starter = asSystem(h, 'starter')
  const { people, environments } = h.starter
  const made = await starter('workload:create', {
    kind: 'pipeline',
    slug: 'short-lived-ci',
    environment: environments.staging,
    owner: people.operator,
    jwk: key.jwk,
  })
  await starter('grant:create', { principal: made.id, role: 'operator', reason: 'A test needs it.' })
  const by = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
  const run = await liveRun(h, { by })
  const token = await run.token()
  await (await signIn(h, 'admin')).act('workload:suspend', { workload: made.id })
  await refused(by.act('session:show', {}), /^(unauthenticated|token_revoked)$/)
  await refusesEverything(h, run, token)
})
