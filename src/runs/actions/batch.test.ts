// Batches through the door: several runs launched together, each decided and recorded, all of them or none; what was given until a batch ends; and those who
// would launch, or end, more than they may by one.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'

let world: World
let admin: Act
let operator: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
  operator = await world.as('operator')
})
after(() => world.close())

const of = () => ({ scenario: world.starter.scenario, environment: world.starter.environments.staging })
const reason = 'A test needs it.'
const launchedIn = (answer: Readonly<Record<string, unknown>>) =>
  listAt(answer, 'launched') as { id: string; seed: number; spiffeId: string }[] // its schema has checked it
const runsThere = async () => Number((await world.rows('select count(*)::int as n from run'))[0]?.n)

let people = 0
async function person(...grants: readonly object[]): Promise<{ readonly id: string; readonly act: Act }> {
  const slug = `b${++people}`
  const id = textAt(await admin('person:create', { slug, name: slug, email: `${slug}@batches.example` }), 'id')
  for (const grant of grants) await admin('grant:create', { principal: id, reason, ...grant })
  return { id, act: actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id)) }
}

async function publish(slug: string, twin = world.starter.twins.payments): Promise<string> {
  return textAt(await (await world.as('author'))('scenario:publish', { twin, slug, manifest: { parameters: { load: 1 } } }), 'id')
}

describe('a batch', () => {
  it('launches one run for each seed, each with an identity, a decision and an entry of its own', async () => {
    const batch = await operator('batch:launch', { ...of(), seeds: '1..3,7' })
    const runs = launchedIn(batch)
    assert.deepEqual(
      runs.map(({ seed }) => seed),
      [1, 2, 3, 7],
    )
    assert.equal(new Set(runs.map(({ spiffeId }) => spiffeId)).size, 4)
    for (const { id } of runs) {
      const entries = await world.rows(
        `select action, outcome, body::jsonb -> 'policies' as policies from entry join entry_ref r on r.entry_id = id where r.ref_id = $1 and r.rel = 'run'`,
        [id],
      )
      assert.deepEqual(
        entries.map(({ action, outcome }) => [action, outcome]),
        [['run:launch', 'done']],
      )
      assert.match(textAt(entries, 0, 'policies', 0), /^grt_/)
      assert.equal((await operator('run:show', { run: id })).batch, batch.id)
    }
    const shown = await operator('batch:show', { batch: batch.id })
    assert.deepEqual(shown.runs, { live: 4, running: 0, succeeded: 0, failed: 0 })
    assert.equal(listAt(await operator('run:list', { batch: batch.id }), 'items').length, 4)
    assert.equal((listAt(await operator('batch:list', { live: true }), 'items')[0] as { id: string }).id, batch.id)
  })

  it('takes parameters for all, and for each run its own over them', async () => {
    const scenario = await publish('loaded')
    const runs = [{ seed: 1 }, { seed: 2, parameters: { load: 3 } }, { scenario: world.starter.scenario }]
    const { code, notes } = await refusalOf(operator('batch:launch', { ...of(), scenario, parameters: { load: 2 }, runs }))
    assert.deepEqual([code, notes.pointer], ['invalid', '/runs/2/parameters/load'])
    const batch = await operator('batch:launch', { ...of(), scenario, parameters: { load: 2 }, runs: runs.slice(0, 2) })
    const rows = await world.rows('select parameters from run where batch_id = $1 order by seed', [batch.id])
    assert.deepEqual(rows, [{ parameters: { load: 2 } }, { parameters: { load: 3 } }])
  })

  it('is at most a hundred runs, of seeds that can be read', async () => {
    assert.equal(launchedIn(await operator('batch:launch', { ...of(), seeds: '1..100' })).length, 100)
    for (const seeds of ['1..101', '0..2147483647', '5..1', '4294967296', '1,,2', '1..2..3', '-1', ''])
      assert.deepEqual([seeds, (await refusalOf(operator('batch:launch', { ...of(), seeds }))).notes.pointer], [seeds, '/seeds'])
    const many = Array.from({ length: 101 }, (_, seed) => ({ seed }))
    assert.equal(await codeOf(operator('batch:launch', { ...of(), runs: many })), 'invalid')
    for (const input of [{}, { seeds: '1', runs: [{ seed: 1 }] }, { runs: [] }])
      assert.equal(await codeOf(operator('batch:launch', { ...of(), ...input })), 'invalid')
  })

  it('is over with its last run, and what was given until then is gone in that moment, exactly at admission', async () => {
    const batch = await operator('batch:launch', { ...of(), seeds: '1,2' })
    const [first, last] = launchedIn(batch)
    const { id, act } = await person()
    await admin('grant:create', { principal: id, role: 'operator', untilBatch: batch.id, reason })
    const cancel = (run: string | undefined) => operator('run:cancel', { run, reason: 'Enough.' })
    await cancel(first?.id)
    assert.equal((await operator('batch:show', { batch: batch.id })).endedAt, null)
    await act('run:list')
    const [before] = await world.rows('select version from takeaway')
    await cancel(last?.id)
    assert.notEqual((await operator('batch:show', { batch: batch.id })).endedAt, null)
    assert.equal(Number((await world.rows('select version from takeaway'))[0]?.version), Number(before?.version) + 1)
    assert.equal(await codeOf(act('run:list')), 'denied')
    const late = await refusalOf(admin('grant:create', { principal: id, role: 'operator', untilBatch: batch.id, reason }))
    assert.deepEqual([late.code, late.notes.pointer], ['invalid', '/untilBatch'])
  })

  it('is ended as a whole, once, with everything that was given until its end', async () => {
    const batch = await operator('batch:launch', { ...of(), seeds: '1..3' })
    const runs = launchedIn(batch).map(({ id }) => id)
    const { id, act } = await person()
    const given = await admin('grant:create', { principal: id, role: 'observer', untilBatch: batch.id, reason })
    assert.equal(given.untilBatch, batch.id)
    const ended = await operator('batch:end', { batch: batch.id, reason: 'Enough of all of them.' })
    assert.deepEqual(
      [ended.stopped, ended.runs],
      [
        { runs: 3, credentials: 0 },
        { live: 0, running: 0, succeeded: 0, failed: 3 },
      ],
    )
    assert.equal(await codeOf(act('run:list')), 'denied')
    const rows = await world.rows('select distinct outcome, epoch from run where id = any($1)', [runs])
    assert.deepEqual(rows, [{ outcome: 'cancelled', epoch: 1 }])
    assert.equal(await codeOf(operator('batch:end', { batch: batch.id, reason: 'Again.' })), 'run_not_live')
  })
})

describe('with a batch nobody launches or ends more than he may:', () => {
  it('whoever may launch one scenario launches no other by it, and nothing of such a batch is left', async () => {
    const [own, other] = [await publish('own'), await publish('not-his')]
    const { act } = await person({ role: 'operator', scopeType: 'Scenario', scope: own })
    const before = await runsThere()
    const runs = [{ seed: 1 }, { seed: 2 }, { scenario: other }]
    const { code, notes } = await refusalOf(act('batch:launch', { ...of(), scenario: own, runs }))
    assert.deepEqual([code, notes.facts?.action], ['denied', 'run:launch'])
    assert.equal(await codeOf(act('batch:launch', { ...of(), scenario: other, runs: [{ scenario: own }] })), 'denied')
    const [batches] = await world.rows('select count(*)::int as n from batch where launched_by <> $1', [world.starter.people.operator])
    assert.deepEqual([await runsThere(), batches?.n], [before, 0])
    await act('batch:launch', { ...of(), scenario: own, seeds: '1..2' })
  })

  it('the right to launch batches alone launches nothing, nor does the right to launch runs alone', async () => {
    for (const action of ['batch:launch', 'run:launch']) {
      const { act } = await person({ actions: [action] })
      assert.equal(await codeOf(act('batch:launch', { ...of(), seeds: '1..2' })), 'denied', action)
    }
  })

  it('a guardrail on launching holds for every run of one', async () => {
    const before = await runsThere()
    const production = world.starter.environments.production
    assert.equal(await codeOf(operator('batch:launch', { ...of(), environment: production, seeds: '1..2' })), 'denied')
    assert.equal(await runsThere(), before)
  })

  it('a scenario of another twin is no part of it, and leaves nothing behind', async () => {
    const elsewhere = await publish('elsewhere', world.starter.twins.assembly)
    const before = await runsThere()
    const { code, notes } = await refusalOf(operator('batch:launch', { ...of(), runs: [{ seed: 1 }, { scenario: elsewhere }] }))
    assert.deepEqual([code, notes.pointer], ['invalid', '/runs/1/scenario'])
    assert.equal(await runsThere(), before)
  })

  it('ending somebody’s batch takes the right to stop its runs', async () => {
    const batch = await operator('batch:launch', { ...of(), seeds: '1..2' })
    const { act } = await person({ role: 'observer' })
    assert.equal(await codeOf(act('batch:end', { batch: batch.id, reason: 'Not mine.' })), 'denied')
    const elsewhere = await person({ role: 'operator', environments: [world.starter.environments.sandbox] })
    assert.equal(await codeOf(elsewhere.act('batch:end', { batch: batch.id, reason: 'Not here.' })), 'denied')
    assert.equal((await operator('batch:show', { batch: batch.id })).endedAt, null)
  })

  it('a batch of another organization is not there', async () => {
    const { door, outside } = world.twinlock
    const stranger = asPart(door, newId('org', outside), 'starter')
    await stranger('organization:create', { slug: 'strangers', name: 'Strangers' })
    const batch = await operator('batch:launch', { ...of(), seeds: '1' })
    assert.equal(await codeOf(stranger('batch:show', { batch: batch.id })), 'not_found')
    assert.equal(await codeOf(stranger('batch:end', { batch: batch.id, reason: 'Elsewhere.' })), 'not_found')
  })
})
