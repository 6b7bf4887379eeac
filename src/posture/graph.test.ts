// A trail as a graph, of a whole crossing: every station is a node, every edge leads from what led to something to what came of it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt, textAt } from '../../test/harness/acting.ts'
import { connectionOf, withConnection } from '../../test/harness/database.ts'
import { crossOver, inReview, sealedRun } from '../../test/harness/live-run.ts'
import { refused, type SignedIn, signIn } from '../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../test/harness/twinlock.ts'
import { strangerBeside } from '../../test/harness/two-organizations.ts'
import { trailCallsMax } from './trail.ts'

let h: Harness
let auditor: SignedIn
let reviewer: SignedIn
let run: string
let artifact: string
let promotion: string

before(async () => {
  h = await openStarter({ runsMax: 0 })
  auditor = await signIn(h, 'auditor')
  reviewer = await signIn(h, 'reviewer')
  const sealed = await sealedRun(h)
  run = sealed.run.id
  artifact = sealed.artifact
  promotion = (await inReview(h, await signIn(h, 'operator'), artifact)).id
  await reviewer.act('promotion:approve', { promotion })
  await crossOver(h, await signIn(h, 'deployer'), promotion)
})
after(() => h.close())

const trace = (id: string) => auditor.act('ledger:trace', { id })

describe('the graph of a trail', () => {
  it('has a node for every station from the scenario to the service, with title, state and the entry that made it', async () => {
    const graph = await trace(artifact)
    const nodeOf = (id: string) => listAt(graph, 'nodes').find((one) => at(one, 'id') === id)
    const { services, people, pipeline, scenario, twins } = h.starter
    for (const [id, kind, state] of [
      [run, 'run', 'succeeded'],
      [artifact, 'artifact', 'promoted'],
      [promotion, 'promotion', 'crossed'],
      [services.payments.id, 'service', 'active'],
      [pipeline.id, 'pipeline', 'active'],
      [people.operator, 'person', 'active'],
      [scenario, 'scenario', null],
      [twins.payments, 'twin', 'active'],
    ] as const)
      assert.deepEqual([at(nodeOf(id), 'kind'), at(nodeOf(id), 'state')], [kind, state], `${kind} ${id}`)
    assert.equal(at(nodeOf(services.payments.id), 'title'), 'payments-settler')
    const made = listAt(graph, 'entries').find((one) => at(one, 'id') === at(nodeOf(run), 'entry'))
    assert.equal(at(made, 'action'), 'run:launch')
    assert.equal(at(nodeOf(run), 'at'), at(made, 'at'))
  })

  it('leads from grant, scenario and pipeline to the run, on to the artifact, the promotion and the service', async () => {
    const graph = await trace(promotion)
    const edges = listAt(graph, 'edges').map((one) => `${at(one, 'from')} ${at(one, 'rel')} ${at(one, 'to')}`)
    const { services, pipeline, scenario } = h.starter
    for (const edge of [
      `${scenario} scenario ${run}`,
      `${pipeline.id} launch ${run}`,
      `${run} run ${artifact}`,
      `${artifact} artifact ${promotion}`,
      `${reviewer.id} approve ${promotion}`,
      `${promotion} service ${services.payments.id}`,
    ])
      assert.ok(edges.includes(edge), `${edge} is missing of:\n${edges.join('\n')}`)
    assert.ok(edges.some((edge) => /^grt_\w+ allows run_/.test(edge)))
    const ids = new Set(listAt(graph, 'nodes').map((one) => at(one, 'id')))
    for (const one of listAt(graph, 'edges')) assert.ok(ids.has(at(one, 'from')) && ids.has(at(one, 'to')), 'no edge leads nowhere')
  })

  it('shows a refusal as an edge that says so', async () => {
    await refused((await signIn(h, 'operator')).act('promotion:approve', { promotion }), 'denied')
    const denied = listAt(await trace(promotion), 'edges').find((one) => at(one, 'outcome') === 'denied' && at(one, 'rel') === 'approve')
    assert.equal(at(denied, 'from'), h.starter.people.operator)
  })

  it('says what was cut, and calls by the thousand hide nothing else', async () => {
    assert.deepEqual(at(await trace(run), 'cut'), [])
    await withConnection(await connectionOf(h.twinlock), async (client) => {
      await client.query('set session_replication_role = replica')
      const { rows } = await client.query(`select body from entry where action = 'connection:call' and org_id = $1 limit 1`, [
        h.starter.org,
      ])
      await client.query(
        `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body)
         select $1, 'ent_1' || lpad(n::text, 25, '0'), now(), 'connection:call', 'done', $2, 'con', $3 from generate_series(1, 2000) n`,
        [h.starter.org, run, rows[0]?.body],
      )
      await client.query(
        `insert into entry_ref (org_id, ref_id, entry_id, rel) select $1, $2, 'ent_1' || lpad(n::text, 25, '0'), 'actor' from generate_series(1, 2000) n`,
        [h.starter.org, run],
      )
    })
    const graph = await trace(run)
    assert.deepEqual([at(graph, 'truncated'), at(graph, 'cut')], [true, ['calls']])
    const calls = listAt(graph, 'entries').filter((one) => ['connection:call', 'call:settle'].includes(textAt(one, 'action')))
    assert.ok(calls.length <= trailCallsMax * 4)
    assert.ok(listAt(graph, 'nodes').some((one) => at(one, 'id') === promotion))
  })

  it('is not for those who may see the promotion and not the ledger, and not found elsewhere', async () => {
    for (const slug of ['operator', 'deployer', 'admin', 'author'] as const)
      await refused((await signIn(h, slug)).act('ledger:trace', { id: promotion }), 'denied')
    await refused((await signIn(await strangerBeside(h), 'auditor')).act('ledger:trace', { id: promotion }), 'not_found')
  })
})
