// The roles that the product works under: they own nothing, can become nobody else, and hold only the privileges that their work needs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { connectionOf, nobodysOrg, rowsOf, sqlStateOf, withConnection } from '../harness/database.ts'
import { openEmpty } from '../harness/twinlock.ts'

const roles = ['twinlock_app', 'twinlock_sequencer']

let h: Awaited<ReturnType<typeof openEmpty>>
before(async () => {
  h = await openEmpty()
})
after(() => h.close())

test('neither role is a superuser, can sign in, create databases or roles, replicate, or look past row-level security', async () => {
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
