// What somebody could try who can run any SQL on the product's own connection: become another role, be believed without a record, number entries himself.
// The store promises that he reads and writes one organization at a time, and cannot change, remove or go around ledger entries.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql, type Transaction } from 'kysely'
import type { OrgId, Tables } from '../../src/kernel/index.ts'
import { connectionOf, nobodysOrg, ordinaryOwner, rowsOf, sqlStateOf, withConnection } from '../harness/database.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

const roles = ['twinlock_app', 'twinlock_sequencer']

const rolesOf = { store: 'twinlock_app', sequencerStore: 'twinlock_sequencer' } as const

type Tx = Transaction<Tables>

/** Runs statements in one transaction of the product's own pool, and commits. */
async function onOwnConnection(statements: readonly string[], pool: 'store' | 'sequencerStore' = 'store'): Promise<string> {
  const run = async (tx: Tx) => {
    for (const statement of statements) await sql.raw(statement).execute(tx)
  }
  return sqlStateOf(h.twinlock.outside[pool].transact(h.starter.org, run))
}

const columns = 'org_id, id, at, action, outcome, actor_id, resource_id, body'
const values = (id: string) => `current_org(), '${id}', now(), 'forged', 'done', 'nobody', 'nothing', '{}'`

test('the product’s own connections cannot become a superuser, the owner of the tables, the overseer or each other', async () => {
  const [superuser] = await rowsOf(h.twinlock, `select current_user as name`)
  for (const pool of ['store', 'sequencerStore'] as const) {
    const others = [String(superuser?.name), ordinaryOwner, 'twinlock_overseer', ...roles].filter((role) => role !== rolesOf[pool])
    for (const name of others)
      for (const statement of [`set local role "${name}"`, `set local session authorization "${name}"`])
        assert.equal(await onOwnConnection([statement], pool), '42501', `${pool}: ${statement}`)
    // Taking off what was put on leads back to the role that the connection signed in as, which is no more than it has.
    const back = [
      'set local session authorization default',
      'set local role none',
      `do $$ begin assert current_user = '${rolesOf[pool]}'; end $$`,
    ]
    assert.equal(await onOwnConnection(back, pool), 'none', pool)
  }
})

test('the product’s role cannot make a table that stands in front of the ledger, so that a change looks recorded', async () => {
  const state = await onOwnConnection([
    'create temp table entry (org_id text, xact xid8) on commit drop',
    'insert into pg_temp.entry values (current_org(), pg_current_xact_id())',
    'update person set clearance = 3',
  ])
  assert.notEqual(state, 'none')
})

test('the product’s role cannot have its own code run as the owner by standing in front of what organizations() reads', async () => {
  await onOwnConnection([
    `create function pg_temp.sly() returns text language plpgsql as $$ begin execute 'alter role twinlock_app createrole'; return 'org'; end $$`,
    'create temp view organization as select pg_temp.sly() as org_id',
    'select organizations()',
    'drop view pg_temp.organization',
  ])
  const [role] = await rowsOf(h.twinlock, `select rolcreaterole as escaped from pg_roles where rolname = 'twinlock_app'`)
  await rowsOf(h.twinlock, 'alter role twinlock_app nocreaterole')
  assert.equal(role?.escaped, false)
})

test('the product’s role cannot say in which transaction an entry was written, so that one entry covers the change of another transaction', async () => {
  assert.equal(await onOwnConnection([`insert into entry (${columns}, xact) values (${values('ent_other')}, '1')`]), '42501')
})

const written = (id: string) => `insert into entry (${columns}) values (${values(id)})`
/** That the transaction left one lot, of this entry alone. */
const inLot = (id: string) =>
  `do $$ begin assert (select array_agg(ids::text) from entry_lot where xact = pg_current_xact_id()) = array['{${id}}']; end $$`

test('the product’s role cannot number an entry itself, or keep it from the sequencer, so that it is never put into the tree', async () => {
  assert.equal(await onOwnConnection([written('ent_there'), inLot('ent_there')]), 'none')
  for (const hiding of [
    `insert into entry_lot (org_id, xact, first, ids, seq) values (current_org(), pg_current_xact_id(), 'ent_hidden', '{ent_hidden}', 999999)`,
    'update entry_lot set seq = 999999 where seq is null',
    `update entry_lot set ids = '{}' where seq is null`,
    'delete from entry_lot',
    'alter table entry disable trigger into_lots',
    `set local session_replication_role = 'replica'`,
    `insert into numbered_entry (${columns}) values (${values('ent_hidden')})`,
  ])
    for (const statements of [
      [written('ent_hidden'), hiding],
      [hiding, written('ent_hidden')],
    ])
      assert.equal(await onOwnConnection(statements), '42501', hiding)
})

test('an entry that a savepoint took back is in no lot, and one that stays is', async () => {
  assert.equal(
    await onOwnConnection(['savepoint s', written('ent_back'), 'rollback to s', written('ent_stays'), inLot('ent_stays')]),
    'none',
  )
})

test('more entries of one statement than a lot holds are in several, each in one of them, in order', async () => {
  const many = `insert into entry (${columns}) select current_org(), 'ent_many' || lpad(n::text, 4, '0'), now(), 'forged', 'done', 'nobody', 'nothing', '{}' from generate_series(1, 300) n`
  const inLots = `do $$ begin
    assert (select array_agg(cardinality(ids) order by first) from entry_lot where xact = pg_current_xact_id()) = '{128,128,44}';
    assert (select array_agg(id order by first, place) from entry_lot, unnest(ids) with ordinality as t (id, place) where xact = pg_current_xact_id())
      = (select array_agg('ent_many' || lpad(n::text, 4, '0') order by n) from generate_series(1, 300) n);
  end $$`
  assert.equal(await onOwnConnection([many, inLots]), 'none')
})

test('a lot without an entry is no record: the product’s role cannot make one, so that a change looks recorded', async () => {
  const forged = `insert into entry_lot (org_id, xact, first, ids) values (current_org(), pg_current_xact_id(), 'ent_none', '{}')`
  assert.equal(await onOwnConnection([forged, 'update person set clearance = 3']), '42501')
})

test('the sequencer’s role cannot take an entry’s number back, change it, or change what is numbered', async () => {
  assert.equal(await onOwnConnection(['update entry_lot set seq = seq + 1000000 where seq = 0'], 'sequencerStore'), 'TW004')
  assert.equal(await onOwnConnection(['update entry_lot set seq = null where seq = 0'], 'sequencerStore'), 'TW004')
  for (const statement of [`update entry_lot set ids = '{}'`, 'delete from entry_lot', `update entry set body = '{}'`, 'delete from entry'])
    assert.equal(await onOwnConnection([statement], 'sequencerStore'), '42501', statement)
})

test('neither role is a superuser, can create databases or roles, replicate, or look past row-level security', async () => {
  const rows = await rowsOf(
    h.twinlock,
    'select rolname, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as more from pg_roles where rolname = any($1) order by 1',
    [roles],
  )
  assert.deepEqual(rows, [
    { rolname: 'twinlock_app', more: false },
    { rolname: 'twinlock_sequencer', more: false },
  ])
})

test('neither role is a member of another, so neither can become the owner or the other', async () => {
  const rows = await rowsOf(
    h.twinlock,
    'select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = any($1)',
    [roles],
  )
  assert.deepEqual(rows, [])
  const reach = await rowsOf(
    h.twinlock,
    `select o.rolname as other, r.rolname as role from pg_roles o, pg_roles r where r.rolname = any($1) and o.oid <> r.oid and pg_has_role(r.oid, o.oid, 'MEMBER')`,
    [roles],
  )
  assert.deepEqual(reach, [])
})

test('neither role owns a table, a sequence, a function, a type, a schema or the database', async () => {
  const owned = [
    ['pg_class', 'relowner'],
    ['pg_proc', 'proowner'],
    ['pg_type', 'typowner'],
    ['pg_namespace', 'nspowner'],
    ['pg_database', 'datdba'],
    ['pg_default_acl', 'defaclrole'],
  ]
  for (const [catalog, owner] of owned) {
    const rows = await rowsOf(h.twinlock, `select count(*) as count from ${catalog} where ${owner}::regrole::text = any($1)`, [roles])
    assert.equal(Number(rows[0]?.count), 0, String(catalog))
  }
})

test('neither role can make anything in the schema of the product', async () => {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const role of roles) {
      await client.query(`set role ${role}`)
      for (const statement of [
        'create table sly (id text)',
        'create view sly as select 1',
        'create function sly() returns int language sql as $$ select 1 $$',
        'create schema sly',
        'create role sly',
        'create extension dblink',
      ]) {
        assert.equal(await sqlStateOf(client.query(statement)), '42501', `${role}: ${statement}`)
      }
      await client.query('reset role')
    }
  })
})

test('neither role has any privilege on the list of migrations, and nobody has any by being anybody', async () => {
  const mine = await rowsOf(
    h.twinlock,
    `select r from unnest($1::text[]) r where has_table_privilege(r, 'twinlock_migration', 'select, insert, update, delete, truncate')`,
    [roles],
  )
  assert.deepEqual(mine, [])
  const everybody = await rowsOf(
    h.twinlock,
    `select c.relname from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and a.grantee = 0`,
  )
  assert.deepEqual(everybody, [])
})

test('the pools of the product work under these roles', async () => {
  const { store, sequencerStore } = h.twinlock.outside
  const roleOf = (one: typeof store) =>
    one.transact(nobodysOrg, async (tx) => (await sql<{ role: string }>`select current_user as role`.execute(tx)).rows[0]?.role)
  assert.equal(await roleOf(store), 'twinlock_app')
  assert.equal(await roleOf(sequencerStore), 'twinlock_sequencer')
})

test('a transaction is opened for an organization’s id, and for no text that only begins like one', async () => {
  const { store } = h.twinlock.outside
  for (const hostile of [`${h.starter.org}', true); reset role; select set_config('twinlock.org', 'x`, '', "'", `${h.starter.org} `]) {
    let isOpened = false
    const opening = store.transact(hostile as OrgId, async () => {
      isOpened = true
    })
    await assert.rejects(opening, /opened for one organization/)
    assert.equal(isOpened, false)
  }
})

test('a connection that the database ended while nobody used it costs nobody his transaction, and nothing is asked twice', async () => {
  const { store } = h.twinlock.outside
  const ask = (tx: Tx) => sql`select pg_sleep(0.05)`.execute(tx)
  await Promise.all(Array.from({ length: 6 }, () => store.transact(h.starter.org, ask)))
  // In a process that holds this one up: the pool hears of nothing before it hands its connections out again.
  const end = `const { withConnection } = await import('./test/harness/database.ts')
    await withConnection(JSON.parse(process.env.ENDED), (client) => client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'))`
  const env = { ...process.env, ENDED: JSON.stringify(await connectionOf(h.twinlock)) }
  const ended = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', end], {
    cwd: join(import.meta.dirname, '..', '..'),
    env,
  })
  assert.equal(ended.status, 0, String(ended.stderr))
  let asked = 0
  const count = async (tx: Tx) => {
    asked++
    await sql`select 1`.execute(tx)
  }
  await Promise.all(Array.from({ length: 6 }, () => store.transact(h.starter.org, count)))
  assert.equal(asked, 6)
})
