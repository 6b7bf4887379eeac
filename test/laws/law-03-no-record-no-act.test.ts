// Law 3: a success commits with its ledger entry, or not at all. Tried under the product's own role, in raw SQL, on every governed table that the schema
// has: an attacker who holds the store can write no row without a record, and can neither change nor remove a record.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { asSuperuser, connectionOf, governedTablesOf, rowsOf, sqlStateOf, withConnection } from '../harness/database.ts'
import { fill, provingRecords } from '../harness/filled.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'
import { asSystem, refused, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'

let h: Harness
let other: string
let tables: string[]
let connection: DatabaseConnection

before(async () => {
  h = await openStarter({ runsMax: 0, textRecords: () => provingRecords(h) })
  other = (await strangerBeside(h)).starter.org
  await fill(h)
  connection = await connectionOf(h.twinlock)
  tables = await governedTablesOf(h.twinlock)
})
after(() => h.close())

const forgedEntry = (org: string) =>
  `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body) values ('${org}', 'ent_forged_' || gen_random_uuid(), now(), 'forged', 'done', 'nobody', 'nothing', '{}')`

/** Runs statements in one transaction under a role, for the starter's organization, and commits. */
async function under(role: string, statements: readonly string[], org: string = h.starter.org): Promise<string> {
  return withConnection(connection, (client) => sqlStateOf(transaction(client, role, statements, org)))
}

async function transaction(client: pg.Client, role: string, statements: readonly string[], org: string): Promise<void> {
  await client.query(`set role ${role}`)
  await client.query('begin')
  await client.query(`select set_config('twinlock.org', $1, true)`, [org])
  for (const statement of statements) await client.query(statement)
  await client.query('commit')
}

/** The rows of a table are moved out of the way, so that they can be put back without an entry. */
const stash = (table: string) => [
  `create temp table "stash_${table}" on commit drop as select * from "${table}" where org_id = '${h.starter.org}'`,
  `delete from "${table}" where org_id = '${h.starter.org}'`,
  `grant select on "stash_${table}" to twinlock_app`,
]

const writes: readonly { kind: string; first: (table: string) => string[]; sql: (table: string) => string }[] = [
  { kind: 'UPDATE', first: () => [], sql: (table) => `update "${table}" set org_id = org_id` },
  { kind: 'DELETE', first: () => [], sql: (table) => `delete from "${table}"` },
  { kind: 'INSERT', first: stash, sql: (table) => `insert into "${table}" select * from "stash_${table}"` },
]

/** One write without an entry, with every privilege that the role could ever be given; all of it is rolled back. */
async function writeWithoutEntry(client: pg.Client, table: string, { kind, first, sql }: (typeof writes)[number]): Promise<string> {
  await client.query('begin')
  await client.query(`set local session_replication_role = 'replica'`)
  for (const statement of [...first(table), `grant ${kind} on "${table}" to twinlock_app`]) await client.query(statement)
  await client.query(`set local session_replication_role = 'origin'`)
  await client.query('set local role twinlock_app')
  await client.query(`select set_config('twinlock.org', $1, true)`, [h.starter.org])
  const done = await client.query(sql(table))
  assert.ok((done.rowCount ?? 0) > 0, `${kind} on ${table} had rows to work on`)
  const found = await sqlStateOf(client.query('set constraints all immediate'))
  await client.query('rollback')
  return found
}

test('law 3, no record, no act: an update, a delete or an insert of any governed table without an entry fails', async () => {
  assert.ok(tables.length >= 20)
  await withConnection(connection, async (client) => {
    for (const table of tables)
      for (const write of writes) assert.equal(await writeWithoutEntry(client, table, write), 'TW003', `${write.kind} on ${table}`)
  })
})

test('law 3, no record, no act: the commit itself is refused, and the row is as it was', async () => {
  const before = await rowsOf(h.twinlock, 'select org_id, id, state from person order by id')
  assert.equal(await under('twinlock_app', [`update person set state = 'left'`]), 'TW003')
  assert.deepEqual(await rowsOf(h.twinlock, 'select org_id, id, state from person order by id'), before)
})

test('law 3, no record, no act: an entry that another transaction wrote covers nothing', async () => {
  assert.equal(await under('twinlock_app', [forgedEntry(h.starter.org)]), 'none')
  assert.equal(await under('twinlock_app', [`update person set clearance = 3`]), 'TW003')
  // Also not one that is being written at the same time, whichever of the two commits first.
  await withConnection(connection, async (one) => {
    await one.query('set role twinlock_app')
    await one.query('begin')
    await one.query(`select set_config('twinlock.org', $1, true)`, [h.starter.org])
    await one.query(`update person set clearance = 3`)
    assert.equal(await under('twinlock_app', [forgedEntry(h.starter.org)]), 'none')
    assert.equal(await sqlStateOf(one.query('commit')), 'TW003')
  })
})

test('law 3, no record, no act: an entry of another organization covers nothing', async () => {
  const both = [
    `select set_config('twinlock.org', '${other}', true)`,
    forgedEntry(other),
    `select set_config('twinlock.org', '${h.starter.org}', true)`,
    'update person set clearance = 3',
  ]
  assert.equal(await under('twinlock_app', both), 'TW003')
})

test('law 3, no record, no act: an entry that a savepoint took back covers nothing, also when it was there when the constraint was asked early', async () => {
  const changed = 'update person set clearance = 3'
  assert.equal(await under('twinlock_app', [changed, 'savepoint s', forgedEntry(h.starter.org), 'rollback to s']), 'TW003')
  assert.equal(
    await under('twinlock_app', [
      changed,
      'savepoint s',
      forgedEntry(h.starter.org),
      'set constraints all immediate',
      'set constraints all deferred',
      'rollback to s',
    ]),
    'TW003',
  )
})

/** What a transaction may do on its way: change something, record something, and take back what it did since a savepoint. */
const moves = ['change', 'entry', 'savepoint', 'rollback', 'release', 'ask'] as const

interface Course {
  readonly statements: readonly string[]
  /** Whether something that was changed has no entry: at the end, or at a moment when that is asked early. */
  readonly isUnrecorded: boolean
}

/** A transaction by chance, and what law 3 says of it. */
function courseOf(random: Seeded, changed: string): Course {
  const statements: string[] = []
  let isUnrecorded = false
  // What was done since each savepoint that is open: the last is the innermost.
  const open = [{ changes: 0, entries: 0 }]
  const isMissing = () => open.some(({ changes }) => changes > 0) && open.every(({ entries }) => entries === 0)
  for (let step = random.below(9) + 1; step > 0; step--) {
    const move = random.pick(open.length > 1 ? moves : moves.filter((one) => one !== 'rollback' && one !== 'release'))
    const inner = open.at(-1) ?? { changes: 0, entries: 0 }
    if (move === 'change') statements.push(changed)
    if (move === 'change') inner.changes++
    if (move === 'entry') statements.push(forgedEntry(h.starter.org))
    if (move === 'entry') inner.entries++
    if (move === 'savepoint') statements.push(`savepoint s${open.push({ changes: 0, entries: 0 })}`)
    if (move === 'rollback') statements.push(`rollback to s${open.length}`)
    if (move === 'rollback') Object.assign(inner, { changes: 0, entries: 0 })
    if (move === 'release') statements.push(`release s${open.length}`)
    if (move === 'release') {
      open.pop()
      const outer = open.at(-1) ?? inner
      Object.assign(outer, { changes: outer.changes + inner.changes, entries: outer.entries + inner.entries })
    }
    if (move === 'ask') statements.push('set constraints all immediate', 'set constraints all deferred')
    if (move === 'ask') isUnrecorded ||= isMissing()
  }
  return { statements, isUnrecorded: isUnrecorded || isMissing() }
}

test('law 3, no record, no act: whatever a transaction takes back on its way, and however early it is asked, for each row or once for a statement', async (t) => {
  const seed = Number(process.env.TWINLOCK_SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`TWINLOCK_SEED=${seed}`)
  const random = seeded(seed)
  const seen = { TW003: 0, none: 0 }
  for (const changed of ['update person set clearance = clearance', 'update call set path = path']) {
    for (let round = 0; round < 100; round++) {
      const { statements, isUnrecorded } = courseOf(random, changed)
      const expected = isUnrecorded ? 'TW003' : 'none'
      assert.equal(await under('twinlock_app', statements), expected, statements.join('; '))
      seen[expected]++
    }
  }
  assert.ok(seen.TW003 > 20 && seen.none > 20, JSON.stringify(seen))
  assert.deepEqual(await rowsOf(h.twinlock, 'select * from record_due'), [], 'what was due is gone with its transaction')
})

test('law 3, no record, no act: what is asked once for a statement is asked in the organization whose rows it changed', async () => {
  const changed = 'update call set path = path'
  const bound = (org: string) => `select set_config('twinlock.org', '${org}', true)`
  const own = h.starter.org
  assert.equal(await under('twinlock_app', [bound(other), forgedEntry(other), bound(own), changed]), 'TW003')
  assert.equal(await under('twinlock_app', [changed, bound(other), forgedEntry(other)]), 'TW003')
  assert.equal(await under('twinlock_app', [changed, forgedEntry(own), bound(other)]), 'none')
  for (const role of ['twinlock_app', 'twinlock_sequencer'])
    for (const sql of [
      'delete from record_due',
      `insert into record_due (org_id, xact) values (current_org(), pg_current_xact_id())`,
      'select require_entry_due()',
      'alter table call disable trigger recorded_changed',
      'alter table record_due disable trigger recorded',
    ])
      assert.equal(await under(role, [sql]), '42501', `${role}: ${sql}`)
})

test('law 3, no record, no act: with an entry of its own the same change commits', async () => {
  assert.equal(await under('twinlock_app', ['update person set clearance = clearance', forgedEntry(h.starter.org)]), 'none')
})

test('law 3, no record, no act: entries cannot be changed or removed by the product’s roles, nor the constraint be switched off', async () => {
  for (const sql of [
    `update entry set body = '{}'`,
    `update entry set at = now()`,
    'delete from entry',
    'truncate entry',
    'alter table entry disable row level security',
    'alter table person disable trigger recorded',
    'drop trigger recorded on person',
    `set session_replication_role = 'replica'`,
    'create or replace function require_entry() returns trigger language plpgsql as $$ begin return null; end $$',
  ]) {
    for (const role of ['twinlock_app', 'twinlock_sequencer']) assert.equal(await under(role, [sql]), '42501', `${role}: ${sql}`)
  }
})

test('law 3, no record, no act: the product’s role cannot write tiles, heads and checkpoints; the sequencer’s role can touch nothing else', async () => {
  for (const table of ['tile', 'log_head', 'checkpoint']) {
    for (const sql of [
      `insert into ${table} select * from ${table} limit 0`,
      `update ${table} set org_id = org_id`,
      `delete from ${table}`,
    ])
      assert.equal(await under('twinlock_app', [sql]), '42501', sql)
  }
  assert.equal(await under('twinlock_sequencer', ['update checkpoint set note = note']), '42501')
  assert.equal(await under('twinlock_sequencer', ['delete from checkpoint']), '42501')
  const writable = await rowsOf(
    h.twinlock,
    `select relname from pg_class where relname = any($1) and has_any_column_privilege('twinlock_sequencer', oid, 'insert, update')`,
    [tables],
  )
  assert.deepEqual(writable, [])
})

test('law 3, no record, no act: each act and each refusal at the door leaves exactly one entry that says who, what and how', async () => {
  const count = async () =>
    Number((await rowsOf(h.twinlock, 'select count(*) as count from entry where org_id = $1', [h.starter.org]))[0]?.count)
  const author = await signIn(h, 'author')
  const before = await count()
  await refused(author.act('person:create', { slug: 'nobody', name: 'Nobody', email: 'nobody@people.example' }), 'denied')
  assert.equal(await count(), before + 1)
  const [denied] = await rowsOf(
    h.twinlock,
    `select action, outcome, actor_id, body::jsonb->>'code' as code from entry where org_id = $1 order by xact desc limit 1`,
    [h.starter.org],
  )
  assert.deepEqual(denied, { action: 'person:create', outcome: 'denied', actor_id: author.id, code: 'denied' })
  await asSystem(h, 'starter')('project:create', { slug: 'counted', name: 'Counted', owner: h.starter.people.owner })
  assert.equal(await count(), before + 2)
})

test('law 3, no record, no act: a refusal keeps nothing of what was sent', async () => {
  const author = await signIn(h, 'author')
  const marker = 'a-text-that-only-this-request-holds'
  await refused(author.act('person:create', { slug: 'nobody', name: marker, email: `${marker}@people.example` }), 'denied')
  const found = await asSuperuser(
    h.twinlock,
    async (client) =>
      (
        await client.query(
          `select id from entry where body like '%${marker}%' union all select entry_id from sidecar where content like '%${marker}%'`,
        )
      ).rows,
  )
  assert.deepEqual(found, [])
})
