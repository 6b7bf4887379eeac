// Freezing and thawing through the door, on a real PostgreSQL, with runs driven by hand and by a scripted cell.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asSuperuser, rowsOf } from '../../../test/harness/database.ts'
import { callAs, closed, type LiveRun, launch, liveRun } from '../../../test/harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, signInAs, until } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'

const asked = { connection: 'accounts-data', path: '/accounts?limit=1' } as const
const why = 'Somebody doubts it.'

describe('a run that is frozen', () => {
  let h: Harness
  let operator: SignedIn
  let reviewer: SignedIn

  before(async () => {
    h = await openStarter({ runsMax: 0 })
    operator = await signIn(h, 'operator')
    reviewer = await signIn(h, 'reviewer')
  })
  after(() => h.close())

  const freeze = (who: SignedIn, run: string, minutes = 5) => who.act('run:freeze', { run, reason: why, minutes })
  /** The run as its supervisor knows it after the thaw: under the epoch that the heartbeat answers. */
  async function epochOf(run: LiveRun): Promise<number> {
    const beat = await asSystem(h, 'worker')('run:heartbeat', { run: run.id, worker: 'hands', done: 0, total: 0, note: '' })
    return Number(beat.epoch)
  }

  it('is admitted nothing from the moment that this is answered: no call, no output, no credential, by its channel or by a token that it had', async () => {
    const run = await liveRun(h)
    const token = await run.token()
    await run.call(asked)
    const answer = await freeze(reviewer, run.id)
    assert.partialDeepStrictEqual(answer, { state: 'running', stopped: { credentials: 1 }, frozen: { by: reviewer.id, reason: why } })
    assert.ok(Number(answer.tookMs) >= 0)
    await refused(run.call(asked), 'run_frozen')
    await refused(run.write('late.md', 'late'), 'run_frozen')
    await refused(run.token(), 'run_frozen')
    await refused(callAs(h, { kind: 'token', token }, asked), 'token_revoked')
    const shown = await operator.act('run:show', { run: run.id })
    assert.partialDeepStrictEqual(shown, {
      state: 'running',
      frozen: { by: reviewer.id, reason: why },
      credentials: { issued: 1, live: 0, expiresAt: null },
    })
    await run.end('failed')
  })

  it('admits nothing more than was committed when the freeze was answered, however busy the run is', async () => {
    const run = await liveRun(h)
    const admitted = () => rowsOf(h.twinlock, `select id from entry where actor_id = $1 and outcome = 'done'`, [run.id])
    let isOver = false
    const busy = [1, 2, 3].map(async () => {
      while (!isOver) await run.call(asked).catch(() => undefined) // refused once it is frozen, which is what is counted below
    })
    await run.call(asked)
    await freeze(operator, run.id)
    const then = await admitted()
    isOver = true
    await Promise.all(busy)
    assert.equal((await admitted()).length, then.length)
    await run.end('failed')
  })

  it('goes on when it is thawed, under new credentials: those from before stay without worth', async () => {
    const run = await liveRun(h)
    const token = await run.token()
    await freeze(operator, run.id)
    await operator.act('run:thaw', { run: run.id, reason: 'It was nothing.' })
    await refused(run.call(asked), 'unauthenticated')
    await refused(callAs(h, { kind: 'token', token }, asked), 'token_revoked')
    const epoch = await epochOf(run)
    assert.ok(epoch > run.epoch)
    const channel = { kind: 'channel', org: h.starter.org, run: run.id, epoch } as const
    assert.equal((await callAs(h, channel, asked)).status, 200)
    const shown = await operator.act('run:show', { run: run.id })
    assert.equal(shown.frozen, null)
    await run.end('failed')
  })

  it('is frozen once, and only while it lives; what is not frozen cannot be thawed', async () => {
    const run = await liveRun(h)
    await refused(operator.act('run:thaw', { run: run.id, reason: why }), 'conflict')
    await freeze(operator, run.id)
    await refused(freeze(reviewer, run.id), 'conflict')
    const cancelled = await operator.act('run:cancel', { run: run.id, reason: why })
    assert.partialDeepStrictEqual(cancelled, { state: 'ending', outcome: 'cancelled', frozen: null, stopped: { credentials: 0 } })
    await refused(freeze(operator, run.id), 'run_not_live')
    await refused(operator.act('run:thaw', { run: run.id, reason: why }), 'run_not_live')
  })

  it('is not taken up by a worker, when it was frozen before it began', async () => {
    const run = await launch(h)
    await freeze(operator, run)
    const worker = asSystem(h, 'worker')
    assert.ok(!JSON.stringify((await worker('run:queue', {})).queued).includes(run))
    await refused(worker('run:claim', { run, worker: 'hands' }), 'conflict')
    await operator.act('run:cancel', { run, reason: why })
  })

  it('ends when nobody thaws it in time, by the reaper alone, and not one moment before', async () => {
    const run = await liveRun(h)
    await freeze(operator, run.id, 1)
    await refused(asSystem(h, 'reaper')('run:end', { run: run.id, cause: 'frozen_out' }), 'conflict')
    await asSuperuser(h.twinlock, (client) =>
      client.query(`update run set frozen_until = now() - interval '1 second' where id = $1`, [run.id]),
    )
    await refused(operator.act('run:thaw', { run: run.id, reason: why }), /^(conflict|run_not_live)$/)
    await until('the reaper has ended it', async () => (await operator.act('run:show', { run: run.id })).state !== 'running')
    const row = await closed(h, run.id)
    assert.deepEqual([row.outcome, row.cause, row.frozen_at], ['cancelled', 'frozen_out', null])
  })

  it('is frozen by an operator, a reviewer or an administrator, and by nobody else', async () => {
    const run = await liveRun(h)
    for (const role of ['author', 'observer', 'exporter', 'deployer', 'auditor']) {
      const other = await newPerson(h, `no-${role}`, role)
      await refused(freeze(other, run.id), 'denied')
      await refused(other.act('run:thaw', { run: run.id, reason: why }), 'denied')
    }
    await refused(run.act('run:freeze', { run: run.id, reason: why, minutes: 1 }), 'denied')
    const stranger = await strangerBeside(h)
    const theirs = await newPerson(stranger, 'stranger', 'operator')
    await refused(freeze(theirs, run.id), 'not_found')
    await freeze(await signIn(h, 'admin'), run.id)
    await refused(run.act('run:thaw', { run: run.id, reason: 'I want to go on.' }), 'run_frozen')
    await run.end('failed')
  })

  it('is stopped by somebody with no clearance for what it works with: a stop shows nothing', async () => {
    const run = await liveRun(h)
    const act = asSystem(h, 'starter')
    const person = String((await act('person:create', { slug: 'low', name: 'Low', email: 'low@people.example', clearance: 'public' })).id)
    await grant(h, person, 'admin')
    const low = await signInAs(h.twinlock.door, h.starter.org, person)
    await freeze(low, run.id)
    await low.act('run:cancel', { run: run.id, reason: why })
  })

  it('has its reason beside the entry, where it can be erased, and never in it', async () => {
    const run = await liveRun(h)
    await operator.act('run:freeze', { run: run.id, reason: 'It drove into the reviewer.', minutes: 5 })
    const [entry] = await rowsOf(h.twinlock, `select body from entry where action = 'run:freeze' and resource_id = $1`, [run.id])
    assert.doesNotMatch(String(entry?.body), /drove into/)
    await run.end('failed')
  })
})

describe('a program whose run is frozen', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('waits with what it asked for, and gets it when the run is thawed', async () => {
    const frozen = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const got: unknown[] = []
    world.cells.next(async (cell) => {
      begun.resolve()
      await frozen.promise
      got.push(await cell.ask({ type: 'call', connection: 'accounts-data', method: 'GET', path: '/accounts?limit=1' }))
      cell.say({ type: 'finish', verdict: 'passed', summary: {} })
    })
    const run = await world.launch()
    await begun.promise
    const operator = await world.as('operator')
    await operator('run:freeze', { run, reason: why, minutes: 5 })
    frozen.resolve()
    await world.until(async () => (await world.rows('select 1 from call where holder_id = $1', [run])).length === 0)
    assert.deepEqual(got, [])
    await operator('run:thaw', { run, reason: 'It was nothing.' })
    assert.equal((await world.ended(run)).outcome, 'succeeded')
    assert.equal(got.length, 1)
    assert.deepEqual(await world.rows('select decision from call where holder_id = $1', [run]), [{ decision: 'allowed' }])
  })

  it('is ended by another process, where the one that froze it went away', async () => {
    world.cells.next(async (cell) => void (await cell.stopped))
    const run = await world.launch()
    await world.until(async () => (await world.rows('select state from run where id = $1', [run]))[0]?.state === 'running')
    await (await world.as('operator'))('run:freeze', { run, reason: why, minutes: 1 })
    await world.tamper(`update run set frozen_until = now() - interval '1 second' where id = $1`, [run])
    assert.equal((await world.ended(run)).outcome, 'cancelled')
  })
})
