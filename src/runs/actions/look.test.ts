// Runs as lists and pages show them, through the door, on a real PostgreSQL.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt } from '../../../test/harness/acting.ts'
import { type LiveRun, launch, liveRun } from '../../../test/harness/live-run.ts'
import { refused, type SignedIn, signIn } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'

describe('runs that are looked at', () => {
  let h: Harness
  let operator: SignedIn
  let live: LiveRun
  let queued: string

  before(async () => {
    h = await openStarter({ runsMax: 0 })
    operator = await signIn(h, 'operator')
    live = await liveRun(h)
    queued = await launch(h, { by: operator })
  })
  after(() => h.close())

  const listed = async (filters: object) => listAt(await operator.act('run:list', filters), 'items')
  const ids = async (filters: object) => (await listed(filters)).map((row) => at(row, 'id'))

  it('carry names beside ids, so that nobody needs to look an id up', async () => {
    const [newest, oldest] = await listed({})
    assert.partialDeepStrictEqual(oldest, {
      id: live.id,
      twinName: 'payments',
      environmentSlug: 'staging',
      environmentClass: 'staging',
      orchestratorName: 'ci',
      operatorName: 'Starter Operator',
      frozen: null,
    })
    assert.match(String(at(oldest, 'scenarioName')), /@1$/)
    assert.partialDeepStrictEqual(newest, { id: queued, orchestratorName: 'scheduler', operatorName: 'Starter Operator' })
  })

  it('are filtered by state, twin, environment and outcome, alone and together, page by page', async () => {
    const { environments } = h.starter
    const twin = String(at((await listed({}))[0], 'twin'))
    assert.deepEqual(await ids({ state: 'queued' }), [queued])
    assert.deepEqual(await ids({ state: 'running', environment: environments.staging, twin }), [live.id])
    assert.deepEqual(await ids({ environment: environments.production }), [])
    assert.deepEqual(await ids({ outcome: 'failed' }), [])
    const first = await operator.act('run:list', { environment: environments.staging, limit: 1 })
    assert.deepEqual([listAt(first, 'items').length, first.next], [1, queued])
    assert.deepEqual(await ids({ environment: environments.staging, limit: 1, after: first.next }), [live.id])
    await refused(operator.act('run:list', { state: 'dead' }), 'invalid')
    await refused(operator.act('run:list', { twin: "' or true --" }), 'invalid')
  })

  it('show who each of the three identities is and until when, the claim, and which credentials hold', async () => {
    await live.token()
    const shown = await operator.act('run:show', { run: live.id })
    assert.partialDeepStrictEqual(shown, {
      identities: {
        operator: { kind: 'person', id: h.starter.people.operator, name: 'Starter Operator', spiffeId: null, ends: null },
        orchestrator: { kind: 'pipeline', id: h.starter.pipeline.id, name: 'ci', spiffeId: h.starter.pipeline.spiffeId },
        twin: { kind: 'run', id: live.id, spiffeId: live.spiffeId, ends: shown.deadline },
      },
      frozen: null,
      credentials: { issued: 1, live: 1 },
    })
    assert.ok(Date.parse(String(at(shown, 'claim', 'until'))) > Date.now())
    const waiting = await operator.act('run:show', { run: queued })
    assert.partialDeepStrictEqual(waiting, { claim: null, progress: null, credentials: { issued: 0, live: 0, expiresAt: null } })
    assert.partialDeepStrictEqual(waiting.identities, { orchestrator: { kind: 'scheduler', spiffeId: null } })
  })

  it('say what a stop ended, and how long that took', async () => {
    const run = await liveRun(h)
    await run.token()
    const answer = await operator.act('run:cancel', { run: run.id, reason: 'Enough.' })
    assert.partialDeepStrictEqual(answer, { state: 'ending', outcome: 'cancelled', stopped: { credentials: 1 } })
    assert.ok(Number(answer.tookMs) >= 0 && Number(answer.tookMs) < 300_000, 'milliseconds, since the stop began')
  })
})
