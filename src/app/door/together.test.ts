// Group commit, seen from outside and from within: what goes together is what would have gone alone, and what is taken away meanwhile takes all of it down.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt } from '../../../test/harness/acting.ts'
import { asSuperuser, rowsOf } from '../../../test/harness/database.ts'
import { callAs, handWorker, type LiveRun, liveRun } from '../../../test/harness/live-run.ts'
import { grant, newPerson, refused, type SignedIn, signIn } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { createGuardrails, heldGrants } from '../../access/index.ts'
import { callTogether, settleTogether } from '../../egress/index.ts'
import { isCoded, type Ports } from '../../kernel/index.ts'
import { outputsTogether } from '../../outputs/index.ts'
import { RunFence, runsTogether } from '../../runs/index.ts'
import { catalogue } from '../catalogue.ts'
import type { Credential } from './credential.ts'
import type { ActionRequest, DoorParts } from './parts.ts'
import { governTogether, type Waiting } from './together.ts'
import type { Together } from './together-port.ts'

const asked = { connection: 'accounts-data', path: '/accounts?limit=1' } as const
const often = <T>(times: number, work: (number: number) => Promise<T>) => Array.from({ length: times }, (_, number) => work(number))

describe('calls that come in at the same moment', () => {
  let h: Harness
  let operator: SignedIn

  before(async () => {
    h = await openStarter({ runsMax: 0 })
    operator = await signIn(h, 'operator')
  })
  after(() => h.close())

  const entriesOf = (run: LiveRun) =>
    rowsOf(h.twinlock, `select id, outcome, xact::text as xact from entry where actor_id = $1 and action = 'connection:call'`, [run.id])

  it('are each decided, recorded, numbered and settled, in fewer transactions than calls', async () => {
    const run = await liveRun(h)
    const answers = await Promise.all(often(40, () => run.call(asked)))
    assert.equal(new Set(answers.map(({ call }) => call)).size, 40)
    const tape = await operator.act('run:tape', { run: run.id, limit: 100 })
    assert.deepEqual(
      listAt(tape, 'items').map((call) => at(call, 'number')),
      Array.from({ length: 40 }, (_, number) => number + 1),
    )
    assert.ok(listAt(tape, 'items').every((call) => at(call, 'state') === 'settled' && at(call, 'status') === 200))
    const entries = await entriesOf(run)
    assert.equal(entries.length, 40)
    assert.ok(new Set(entries.map(({ xact }) => xact)).size < 20)
    const settled = await rowsOf(
      h.twinlock,
      `select e.id from entry e join call c on c.id = e.resource_id where e.action = 'call:settle' and c.holder_id = $1`,
      [run.id],
    )
    assert.equal(settled.length, 40)
    await run.end('succeeded')
  })

  it('are refused one by one: the company of those that may opens nothing to those that may not, nor the other way round', async () => {
    const [run, gone] = [await liveRun(h), await liveRun(h)]
    await gone.end('failed')
    const outcomes = await Promise.allSettled(
      often(30, (number) => {
        if (number % 3 === 1) return run.call({ ...asked, path: '/vault' })
        return number % 3 === 2 ? gone.call(asked) : run.call(asked)
      }),
    )
    const codes = outcomes.map((one) => (one.status === 'fulfilled' ? 'allowed' : isCoded(one.reason) ? one.reason.code : 'thrown'))
    assert.deepEqual(
      codes,
      Array.from({ length: 30 }, (_, number) => ['allowed', 'denied', 'unauthenticated'][number % 3]),
    )
    const outcomesOf = (await entriesOf(run)).map(({ outcome }) => outcome)
    assert.deepEqual([outcomesOf.filter((one) => one === 'done').length, outcomesOf.filter((one) => one === 'denied').length], [10, 10])
    assert.equal((await entriesOf(gone)).length, 0)
    await run.end('succeeded')
  })

  it('bring no other caller’s token along: one that does is looked at on its own', async () => {
    const [run, other] = [await liveRun(h), await liveRun(h)]
    const bearer = await other.token()
    const stolen = run.call({ ...asked, bearer })
    const fair = often(10, () => run.call(asked))
    await refused(stolen, 'foreign_token')
    for (const { status } of await Promise.all(fair)) assert.equal(status, 200)
    await Promise.all([run.end('succeeded'), other.end('succeeded')])
  })

  it('end with the run: when its end was answered, no call is admitted any more, however many wait', async () => {
    const run = await liveRun(h)
    let isOver = false
    const busy = often(32, async () => {
      while (!isOver) await run.call(asked).catch(() => undefined) // refused once it has ended, which is what is counted below
    })
    let then: Record<string, unknown>[] = []
    try {
      await run.call(asked)
      await run.end('failed')
      then = await entriesOf(run)
    } finally {
      isOver = true
      await Promise.all(busy)
    }
    const admitted = (await entriesOf(run)).filter(({ outcome }) => outcome === 'done')
    assert.equal(admitted.length, then.filter(({ outcome }) => outcome === 'done').length)
  })

  const waiting = (how: Together, request: ActionRequest & { credential: Credential }): Waiting => {
    const capability = catalogue.find(({ name }) => name === request.action)
    assert.ok(capability !== undefined)
    return { capability, how, request, credential: request.credential }
  }

  /** Does what is done to several after another replica committed something: after all of them were decided. */
  const afterwards =
    (perform: Together['perform'], meanwhile: string, values: unknown[]): Together['perform'] =>
    async (its, last) => {
      await asSuperuser(h.twinlock, (client) => client.query(meanwhile, values))
      return perform(its, last)
    }

  function governed(batch: readonly Waiting[]) {
    const { outside, decider } = h.twinlock
    const ports = { ...outside, guardrails: createGuardrails(catalogue), runFence: new RunFence(), entitlements: heldGrants }
    const parts: DoorParts = {
      catalogue,
      decider,
      ports: ports as unknown as Ports, // what these steps ask for
      transact: outside.store.transact,
      committed: () => undefined,
      included: () => Promise.resolve(),
      unauthenticated: () => undefined,
    }
    return governTogether(parts, { org: h.starter.org, batch, recorded: () => undefined })
  }

  describe('while something is taken away elsewhere, between the decision and its record', () => {
    const input = { connection: asked.connection, method: 'GET', path: asked.path, requestDigest: `sha256:${'0'.repeat(64)}` }
    const callOf = ({ credential }: LiveRun): ActionRequest & { credential: Credential } => ({
      action: 'connection:call',
      credential,
      input,
      requestId: 'test',
    })
    const outcomeOf = (call: unknown): ActionRequest & { credential: Credential } => ({
      action: 'call:settle',
      credential: { kind: 'system', org: h.starter.org, part: 'broker' },
      input: { call, status: 200, code: null, responseDigest: null, responseBytes: 0, durationMs: 1, redacted: 0 },
      requestId: 'test',
    })

    /** Governs one call of each run together, with outcomes of others; another replica commits `meanwhile` after all were decided. */
    function together(runs: readonly LiveRun[], meanwhile: string, values: unknown[], settled: readonly unknown[] = []) {
      const calling = { ...callTogether, perform: afterwards(callTogether.perform, meanwhile, values) }
      const outcomes = settled.map((call) => waiting(settleTogether, outcomeOf(call)))
      return governed([...runs.map((run) => waiting(calling, callOf(run))), ...outcomes])
    }

    const recorded = async (run: LiveRun) => [
      (await entriesOf(run)).length,
      (await rowsOf(h.twinlock, 'select id from call where holder_id = $1', [run.id])).length,
    ]

    it('all of them go through where nothing relevant was', async () => {
      const runs = [await liveRun(h), await liveRun(h)]
      const outcome = await together(runs, 'select 1', [])
      assert.ok(outcome.every((one) => one !== undefined))
      for (const run of runs) assert.deepEqual(await recorded(run), [1, 1])
      await Promise.all(runs.map((run) => run.end('succeeded')))
    })

    it('calls go together with outcomes of others, each recorded for whoever did it', async () => {
      const run = await liveRun(h)
      const { result } = await h.twinlock.door.govern(callOf(run))
      const outcome = await together([run], 'select 1', [], [at(result, 'call')])
      assert.deepEqual(
        outcome.map((one) => one?.principal.kind),
        ['run', 'system'],
      )
      const xacts = await rowsOf(h.twinlock, 'select distinct xact::text from entry where id = any($1)', [outcome.map((one) => one?.entry)])
      assert.equal(xacts.length, 1)
      assert.deepEqual(await rowsOf(h.twinlock, 'select number, state from call where holder_id = $1 order by number', [run.id]), [
        { number: 1, state: 'settled' },
        { number: 2, state: 'decided' },
      ])
      await run.end('succeeded')
    })

    it('an outcome that was recorded meanwhile takes the batch down; on its own it is refused, and stays what it was', async () => {
      const run = await liveRun(h)
      const { result } = await h.twinlock.door.govern(callOf(run))
      const call = at(result, 'call')
      const meanwhile = `update call set state = 'settled', status = 404 where id = $1`
      assert.deepEqual(await together([run], meanwhile, [call], [call]), [undefined, undefined])
      assert.deepEqual(await recorded(run), [1, 1])
      await refused(h.twinlock.door.govern(outcomeOf(call)), 'conflict')
      assert.deepEqual(await rowsOf(h.twinlock, 'select status from call where id = $1', [call]), [{ status: 404 }])
      await run.end('succeeded')
    })

    it('a run that moved on takes the batch down; on its own it is refused, and its company goes on', async () => {
      const [run, other] = [await liveRun(h), await liveRun(h)]
      const outcome = await together([run, other], 'update run set epoch = epoch + 1 where id = $1', [run.id])
      assert.deepEqual(outcome, [undefined, undefined])
      for (const one of [run, other]) assert.deepEqual(await recorded(one), [0, 0])
      await refused(run.call(asked), 'unauthenticated')
      assert.equal((await callAs(h, other.credential, asked)).status, 200)
      await Promise.all([run.end('failed'), other.end('succeeded')])
    })

    it('a run that ended, and a counter that moved, leave nothing of the batch either', async () => {
      const [run, other] = [await liveRun(h), await liveRun(h)]
      assert.deepEqual(await together([run, other], `update run set state = 'ending' where id = $1`, [run.id]), [undefined, undefined])
      assert.deepEqual(await together([other, other], 'update takeaway set version = version + 1 where org_id = $1', [h.starter.org]), [
        undefined,
        undefined,
      ])
      for (const one of [run, other]) assert.deepEqual(await recorded(one), [0, 0])
      await other.end('succeeded')
    })
  })

  describe('that leave no entry', () => {
    const from = { calls: 0, outputs: 0, open: [] }
    const following = (who: SignedIn, run: LiveRun, perform?: Together['perform']) => {
      const how = outputsTogether['run:follow']
      assert.ok(how !== undefined)
      const request = { action: 'run:follow', credential: who.credential, input: { run: run.id, place: from }, requestId: 'test' }
      return waiting(perform === undefined ? how : { ...how, perform }, request)
    }
    const opening = (who: SignedIn, run: LiveRun, { calls = 0, perform }: { calls?: number; perform?: Together['perform'] } = {}) => {
      const how = outputsTogether['run:watch']
      assert.ok(how !== undefined)
      const request = {
        action: 'run:watch',
        credential: who.credential,
        input: { run: run.id, place: { ...from, calls } },
        requestId: 'test',
      }
      return waiting(perform === undefined ? how : { ...how, perform }, request)
    }
    const beating = (run: LiveRun, worker: string) => {
      const how = runsTogether['run:heartbeat']
      assert.ok(how !== undefined)
      const input = { run: run.id, worker, done: 1, total: 2, note: 'on its way' }
      return waiting(how, {
        action: 'run:heartbeat',
        credential: { kind: 'system', org: h.starter.org, part: 'worker' },
        input,
        requestId: 'test',
      })
    }

    it('are each decided: of those who read together, whoever may not is left to be refused on his own, and the others are given the same', async () => {
      const [run, nobody, observer] = [await liveRun(h), await newPerson(h, 'no-reader'), await newPerson(h, 'reader', 'observer')]
      await run.call(asked)
      const [one, none, other, again] = await governed([operator, nobody, observer, operator].map((who) => following(who, run)))
      assert.equal(none, undefined)
      assert.equal(listAt(one?.result, 'calls').length, 1)
      assert.ok(one?.result === other?.result && one?.result === again?.result)
      assert.deepEqual([one?.principal.id, other?.principal.id], [operator.id, observer.id])
      assert.deepEqual(await rowsOf(h.twinlock, `select id from entry where action = 'run:follow'`, []), [])
      await run.end('succeeded')
    })

    it('or one for each stream that is opened, are decided alike: nobody is shown a run in the company of somebody who may see it, or from a place that is none', async () => {
      const [run, nobody, observer] = [await liveRun(h), await newPerson(h, 'no-watcher'), await newPerson(h, 'watcher', 'observer')]
      await run.call(asked)
      const batch = [opening(operator, run), opening(nobody, run), opening(observer, run), opening(observer, run, { calls: 2 })]
      const [one, none, other, ahead] = await governed(batch)
      assert.deepEqual([none, ahead], [undefined, undefined])
      assert.deepEqual([at(one?.result, 'watcher'), at(other?.result, 'watcher')], [operator.id, observer.id])
      assert.equal(listAt(other?.result, 'calls').length, 1)
      const opened = `select actor_id from entry where action = 'run:watch' and resource_id = $1 and outcome = 'done' order by id`
      const [first, second] = await rowsOf(h.twinlock, opened, [run.id])
      assert.deepEqual([first, second].map((row) => row?.actor_id).toSorted(), [operator.id, observer.id].toSorted())
      const how = outputsTogether['run:watch']
      assert.ok(how !== undefined)
      const losing = { perform: afterwards(how.perform, 'update takeaway set version = version + 1 where org_id = $1', [h.starter.org]) }
      assert.deepEqual(await governed([opening(operator, run, losing), opening(observer, run, losing)]), [undefined, undefined])
      assert.equal((await rowsOf(h.twinlock, opened, [run.id])).length, 2)
      await run.end('succeeded')
    })

    it('are given nothing that was read after something was taken away, and whoever lost it is refused', async () => {
      const [run, leaver] = [await liveRun(h), await newPerson(h, 'losing')]
      const given = await grant(h, leaver.id, 'observer')
      const how = outputsTogether['run:follow']
      assert.ok(how !== undefined)
      const revoking = `with gone as (update "grant" set revoked_at = now() where id = $1) update takeaway set version = version + 1 where org_id = $2`
      const perform = afterwards(how.perform, revoking, [given, h.starter.org])
      assert.deepEqual(await governed([following(operator, run, perform), following(leaver, run, perform)]), [undefined, undefined])
      const alone = (who: SignedIn) => h.twinlock.door.govern(following(who, run).request)
      const [lost, ...kept] = await Promise.allSettled([alone(leaver), ...often(5, () => alone(operator))])
      assert.ok(lost.status === 'rejected' && isCoded(lost.reason, 'denied'))
      assert.ok(kept.every(({ status }) => status === 'fulfilled'))
      await run.end('succeeded')
    })

    it('keep each run alive for its own worker alone, however many beat together', async () => {
      const [run, other, over] = [await liveRun(h), await liveRun(h), await liveRun(h)]
      await over.end('failed')
      const beats = [beating(run, handWorker), beating(other, 'somebody-else'), beating(over, handWorker), beating(run, handWorker)]
      assert.deepEqual(
        (await governed(beats)).map((one) => one?.result),
        [
          { live: true, isFrozen: false, epoch: 0 },
          undefined,
          { live: false, isFrozen: false, epoch: 1 },
          { live: true, isFrozen: false, epoch: 0 },
        ],
      )
      const alone = await Promise.all(beats.map(({ request }) => h.twinlock.door.govern(request)))
      assert.deepEqual(
        alone.map(({ result }) => at(result, 'live')),
        [true, false, false, true],
      )
      assert.deepEqual(
        await rowsOf(h.twinlock, 'select note from run_claim where run_id = any($1) order by run_id', [[run.id, other.id]]),
        [{ note: 'on its way' }, { note: '' }],
      )
      await asSuperuser(h.twinlock, async (client) => {
        await client.query('begin')
        await client.query('select 1 from run_claim where run_id = $1 for update', [other.id])
        const outcome = await governed([beating(run, handWorker), beating(other, handWorker)])
        assert.deepEqual([at(outcome[0]?.result, 'live'), outcome[1]], [true, undefined], 'a claim that somebody is at holds up no other')
        await client.query('rollback')
      })
      await Promise.all([run.end('succeeded'), other.end('succeeded')])
    })
  })
})
