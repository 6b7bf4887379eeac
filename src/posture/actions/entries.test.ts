// The audit trail through the door: found by who, what, where, when and what became of it; page by page; each reading recorded.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, at, codeOf, listAt, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'
import { chosenEntries } from '../entry-rows.ts'

let world: World
let auditor: Act

before(async () => {
  world = await openWorld({ isIdle: true })
  auditor = await world.as('auditor')
})
after(() => world.close())

const ids = (page: unknown): string[] => listAt(page, 'items').map((one) => textAt(one, 'id'))

/** Ids of entries that a condition holds for, newest first, as they are in the store. */
const stored = async (condition: string, parameters: readonly unknown[] = []): Promise<string[]> =>
  (await world.rows(`select id from entry where ${condition} order by id desc`, parameters)).map((row) => String(row.id))

describe('ledger:list', () => {
  it('shows the newest first, and page by page each entry once', async () => {
    const expected = await stored('true')
    const seen: string[] = []
    let next: string | undefined
    do {
      const page = await auditor('ledger:list', { limit: 7, ...(next === undefined ? {} : { after: next }) })
      seen.push(...ids(page))
      next = page.next === null ? undefined : String(page.next)
    } while (next !== undefined)
    assert.deepEqual(
      seen.filter((id) => expected.includes(id)),
      expected,
    )
    assert.equal(new Set(seen).size, seen.length)
  })

  it('finds what was asked for: each filter by itself and together', async () => {
    const { people, environments, twins } = world.starter
    await codeOf((await world.as('owner'))('twin:show', { twin: twins.payments }))
    await (await world.as('operator'))('run:launch', { scenario: world.starter.scenario, environment: environments.staging })
    for (const [filter, condition, parameters] of [
      [{ action: 'grant:create' }, `action = 'grant:create'`, []],
      [{ principal: people.operator }, 'actor_id = $1', [people.operator]],
      [{ principal: 'starter' }, `actor_id = 'starter'`, []],
      [{ outcome: 'denied' }, `outcome = 'denied'`, []],
      [{ environment: environments.staging }, `body::json->'environment'->>'id' = $1`, [environments.staging]],
      [{ action: 'twin:show', outcome: 'denied', principal: people.owner }, `action = 'twin:show' and actor_id = $1`, [people.owner]],
      [{ resource: twins.payments }, `id in (select entry_id from entry_ref where ref_id = $1 and rel <> 'actor')`, [twins.payments]],
    ] as const) {
      const expected = await stored(condition, parameters)
      assert.ok(expected.length > 0, JSON.stringify(filter))
      assert.deepEqual(ids(await auditor('ledger:list', { ...filter, limit: 200 })), expected.slice(0, 200), JSON.stringify(filter))
    }
  })

  it('finds by time, to the millisecond', async () => {
    const [row] = await world.rows(
      `select id, (extract(epoch from at) * 1000)::bigint as ms from entry where action = 'twin:create' order by id limit 1`,
    )
    const exact = Number(row?.ms)
    const found = async (since: number, until: number) =>
      ids(
        await auditor('ledger:list', { action: 'twin:create', since: new Date(since).toISOString(), until: new Date(until).toISOString() }),
      )
    assert.ok((await found(exact, exact + 1)).includes(String(row?.id)))
    assert.equal((await found(exact + 1, exact + 60_000)).includes(String(row?.id)), false)
    assert.equal((await found(exact - 60_000, exact)).includes(String(row?.id)), false)
  })

  it('names who and what, says the outcome and its code, and shows no text and no fact', async () => {
    const [denied] = listAt(await auditor('ledger:list', { outcome: 'denied', action: 'twin:show' }), 'items')
    assert.deepEqual(
      [at(denied, 'actor', 'name'), at(denied, 'resource', 'name'), at(denied, 'code')],
      ['Starter Owner', 'payments', 'denied'],
    )
    const [launched] = listAt(await auditor('ledger:list', { action: 'run:launch' }), 'items')
    assert.deepEqual([at(launched, 'environment', 'slug'), at(launched, 'environment', 'class')], ['staging', 'staging'])
    const all = JSON.stringify(await auditor('ledger:list', { action: 'person:create' }))
    assert.equal(/@|facts|texts/.test(all), false)
  })

  it('takes no filter for more than a value, and refuses what is none', async () => {
    for (const filter of [
      { action: "x' or '1'='1" },
      { action: 'run:launch%' },
      { principal: "' or true --" },
      { principal: 'a'.repeat(121) },
      { resource: '%' },
      { resource: { not: 'x' } },
      { outcome: 'DONE' },
      { environment: 'production' },
      { since: 'yesterday' },
      { until: '2026-02-30T00:00:00Z' },
      { after: 'ent_1' },
      { limit: 201 },
      { limit: 0 },
      { order: 'asc' },
    ])
      assert.equal(await codeOf(auditor('ledger:list', filter)), 'invalid', JSON.stringify(filter))
    for (const since of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])
      assert.ok(Array.isArray((await auditor('ledger:list', { since })).items), since)
  })

  it('is refused to everybody but auditors, and each reading is an entry that says what was looked for', async () => {
    for (const person of ['admin', 'author', 'operator', 'reviewer', 'deployer', 'owner'] as const)
      assert.equal(await codeOf((await world.as(person))('ledger:list')), 'denied', person)
    await auditor('ledger:list', { action: 'promotion:cross', limit: 3 })
    const [row] = await world.rows(`select body from entry where action = 'ledger:list' and outcome = 'done' order by id desc limit 1`)
    assert.deepEqual(at(JSON.parse(String(row?.body)), 'facts'), { entries: 0, filters: { action: 'promotion:cross' } })
  })

  it('reads no table from end to end, whatever it is filtered by, however many entries there are', async () => {
    const { org, starter } = world
    await world.tamper(
      `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body)
       select $1, 'ent_0000000001' || lpad(n::text, 16, '0'), now(), 'bulk:' || chr(97 + n % 20), case when n % 500 = 0 then 'denied' else 'done' end,
         'bulk' || n % 30, 'thing' || n % 1000, case when n % 3 = 0 then $2 end, '{}' from generate_series(1, 40000) n`,
      [org, starter.environments.production],
    )
    await world.tamper(
      `insert into entry_ref (org_id, ref_id, entry_id, rel)
       select $1, v.ref, e.id, v.rel from entry e, lateral (values (e.actor_id, 'actor'), (e.resource_id, 'resource')) v(ref, rel) where e.action like 'bulk:%'`,
      [org],
    )
    await world.tamper('analyze entry')
    await world.tamper('analyze entry_ref')
    for (const filter of [
      {},
      { action: 'bulk:c' },
      { principal: 'bulk7' },
      { resource: 'thing77' },
      { outcome: 'denied' },
      { environment: starter.environments.production },
      { after: 'ent_00000000010000000000020000' },
    ] as const) {
      const plan = await world.twinlock.outside.store.transact(org, (tx) => chosenEntries(tx, { ...filter, limit: 51 }).explain('json'))
      assert.equal(/Seq Scan/.test(JSON.stringify(plan)), false, `${JSON.stringify(filter)}: ${JSON.stringify(plan)}`)
    }
  })
})

describe('ledger:show', () => {
  it('shows the entry whole: its body, its texts, its place, and what it leads to by name', async () => {
    const [row] = await world.rows(
      `select id, seq, body from numbered_entry where action = 'grant:create' and seq is not null order by id limit 1`,
    )
    const shown = await auditor('ledger:show', { entry: row?.id })
    assert.deepEqual([shown.body, shown.index, shown.isProvable], [row?.body, Number(row?.seq), true])
    const grantee = listAt(shown, 'links').find((one) => at(one, 'rel') === 'grantee')
    assert.match(textAt(grantee, 'name'), /^(Starter|starter)/)
    const reason = listAt(shown, 'texts').find((one) => at(one, 'name') === 'reason')
    assert.equal(at(reason, 'holds'), true)
    assert.ok(textAt(reason, 'content').length > 0)
  })

  it('says when a text was erased, and when one is not the one that was committed to', async () => {
    const grants = await world.rows(`select entry_id from sidecar where name = 'reason' order by entry_id limit 2`)
    const [erased, forged] = grants.map((row) => row.entry_id)
    await world.tamper('delete from sidecar where entry_id = $1', [erased])
    await world.tamper(`update sidecar set content = 'another reason' where entry_id = $1`, [forged])
    assert.deepEqual(
      listAt(await auditor('ledger:show', { entry: erased }), 'texts').map((one) => [
        at(one, 'content'),
        at(one, 'salt'),
        at(one, 'holds'),
      ]),
      [[null, null, null]],
    )
    assert.deepEqual(
      listAt(await auditor('ledger:show', { entry: forged }), 'texts').map((one) => at(one, 'holds')),
      [false],
    )
  })

  it('is refused to those who may read neither ledger nor review, and finds nothing that is not there', async () => {
    const [row] = await world.rows(`select id from entry where action = 'grant:create' order by id limit 1`)
    for (const person of ['admin', 'author', 'operator', 'deployer', 'owner'] as const)
      assert.equal(await codeOf((await world.as(person))('ledger:show', { entry: row?.id })), 'denied', person)
    assert.equal(textAt(await (await world.as('reviewer'))('ledger:show', { entry: row?.id }), 'id'), row?.id)
    assert.equal(await codeOf(auditor('ledger:show', { entry: newId('ent', world.twinlock.outside) })), 'not_found')
  })
})
