// Promises of the databases that tests work in: a copy of a migrated database is what the migrations would have made of a fresh one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { freshDatabase } from '../../src/host/postgres/temporary.ts'
import { migrate } from '../../src/host/store/migrate.ts'
import { migratedDatabase, withConnection } from './database.ts'

/** What stands about a database itself, and how much there is in it. */
const standing = (connection: DatabaseConnection): Promise<unknown> =>
  withConnection(connection, async (client) => {
    const { rows } = await client.query(
      `select regexp_replace(d.datacl::text, '\\m' || pg_get_userbyid(d.datdba) || '\\M', 'owner', 'g') as acl, d.encoding, d.datcollate as collation, d.datconnlimit as connections,
         (select array_agg(setconfig::text order by setrole) from pg_db_role_setting s where s.setdatabase = d.oid) as settings,
         (select count(*) from pg_class where relnamespace = 'public'::regnamespace) as relations,
         (select count(*) from pg_policy) as policies, (select count(*) from pg_trigger) as triggers, (select count(*) from pg_proc) as functions
       from pg_database d where datname = current_database()`,
    )
    return rows
  })

test('a copied database stands as a fresh one that was migrated, and needs no migration', async () => {
  const [copied, fresh] = [await migratedDatabase(), await freshDatabase()]
  assert.ok((await migrate(fresh)).length > 0)
  assert.deepEqual(await migrate(copied), [])
  assert.deepEqual(await standing(copied), await standing(fresh))
})

test('two copies are two databases', async () => {
  const [one, other] = await Promise.all([migratedDatabase(), migratedDatabase()])
  assert.notEqual(one.database, other.database)
  await withConnection(one, (client) => client.query('create table only_here ()'))
  const found = await withConnection(other, (client) => client.query(`select to_regclass('only_here') as found`))
  assert.equal(found.rows[0]?.found, null)
})
