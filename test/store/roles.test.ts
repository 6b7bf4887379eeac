// The roles of the product on a database server that somebody else looks after: the owner of the database is an ordinary role there, the roles belong to the whole server,
// and its administrators can give them anything. What weakens row-level security is refused before anything serves.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type pg from 'pg'
import { openTwinlock, setUpBare } from '../../src/app/index.ts'
import { backUp } from '../../src/host/backup/backup.ts'
import { restore } from '../../src/host/backup/restore.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { startTemporaryPostgres, type TemporaryPostgres } from '../../src/host/postgres/temporary.ts'
import { migrate } from '../../src/host/store/migrate.ts'
import { connectionOf, ensureRoles } from '../../src/host/store/roles.ts'
import { newId, type OrgId } from '../../src/kernel/index.ts'
import { sqlStateOf, withConnection } from '../harness/database.ts'
import { baseUrl, patientLimits } from '../harness/twinlock.ts'

let server: TemporaryPostgres
let folder: string

const password = 'an ordinary password, for an ordinary role'
const roles = ['twinlock_app', 'twinlock_overseer', 'twinlock_sequencer']

const asAdministrator = <T>(use: (client: pg.Client) => Promise<T>, database = 'postgres') =>
  withConnection({ ...server.connection, database }, use)

async function makeUser(name: string, attributes: string): Promise<void> {
  await asAdministrator((client) => client.query(`create role ${name} login ${attributes} password '${password}'`))
}

/** An empty database, and how its owner signs in to it. */
async function databaseOf(user: string): Promise<DatabaseConnection> {
  const { database } = await server.freshDatabase()
  await asAdministrator((client) => client.query(`alter database ${database} owner to ${user}`))
  return { ...server.connection, user, password, database }
}

before(async () => {
  server = await startTemporaryPostgres()
  folder = mkdtempSync(join(tmpdir(), 'twinlock-roles-'))
})
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('two databases of one server', () => {
  it('can be migrated for the first time at once: whoever meets the roles half-made waits, and does not fail on them', async () => {
    const [one, two] = [await server.freshDatabase(), await server.freshDatabase()]
    await withConnection(one, async (client) => {
      await client.query('begin')
      for (const role of roles) await client.query(`create role ${role} nologin`)
      const other = migrate(two)
      const waiting = async () => (await client.query('select from pg_locks where not granted')).rowCount ?? 0
      while ((await waiting()) === 0) await client.query('select 1')
      await client.query('commit')
      assert.ok((await other).length > 0)
    })
    await asAdministrator(async (client) => {
      for (const { database } of [one, two]) await client.query(`drop database ${database}`)
      await client.query(`drop role ${roles.join(', ')}`)
    })
  })
})

describe('an owner that is no superuser', () => {
  let landlord: DatabaseConnection
  let org: OrgId
  let other: OrgId

  before(async () => {
    await makeUser('landlord', 'createrole')
    await makeUser('tenant', '')
    landlord = await databaseOf('landlord')
  })

  it('needs a database of its own, and CREATEROLE; without, it is told what is missing, and nothing is made', async () => {
    const insufficient = (message: RegExp) => ({ code: 'database_owner_insufficient', message })
    await assert.rejects(migrate(await databaseOf('tenant')), insufficient(/twinlock_app.* cannot be made.*CREATEROLE/))
    await assert.rejects(migrate({ ...landlord, user: 'tenant' }), insufficient(/`tenant` does not own this database/))
    const made = await asAdministrator((client) => client.query('select from pg_roles where rolname = any($1)', [roles]))
    assert.equal(made.rowCount, 0)
  })

  it('migrates its database, and a second time finds nothing to do', async () => {
    assert.ok((await migrate(landlord)).length > 0)
    assert.deepEqual(await migrate(landlord), [])
  })

  it('serves: organizations are set up, and found again by those who look after all', async () => {
    const twinlock = await openTwinlock({
      connection: landlord,
      folders: { blobs: join(folder, 'blobs'), keys: join(folder, 'keys') },
      baseUrl,
      limits: patientLimits,
      log: () => undefined,
    })
    try {
      org = newId('org', twinlock.outside)
      await setUpBare(twinlock.door, twinlock.outside, org)
      other = newId('org', twinlock.outside)
      await setUpBare(twinlock.door, twinlock.outside, other)
      assert.deepEqual((await twinlock.outside.store.organizations()).sort(), [org, other].sort())
    } finally {
      await twinlock.close()
    }
  })

  it('backs up and restores what it cannot see all at once', async () => {
    const into = join(folder, 'backup')
    const { tables } = await backUp({ connection: landlord, blobs: join(folder, 'blobs'), into, at: new Date(0) })
    assert.ok(Number(tables.entry) > 2)
    const empty = await databaseOf('landlord')
    await migrate(empty)
    await restore({ connection: empty, blobs: join(folder, 'restored'), from: into, suffix: 'r1' })
    const counted = (database: string) =>
      asAdministrator(async (client) => {
        const found: Record<string, number> = {}
        for (const name of Object.keys(tables)) found[name] = Number((await client.query(`select count(*) from "${name}"`)).rows[0].count)
        return found
      }, database)
    assert.deepEqual(await counted(landlord.database), tables)
    assert.deepEqual(await counted(empty.database), { ...tables, checkpoint: 0 })
    const triggers = (client: pg.Client) =>
      client.query(`select tgrelid::regclass::text as on, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2`)
    const { rows: stood } = await withConnection(landlord, triggers)
    await withConnection(empty, async (client) => {
      assert.deepEqual((await triggers(client)).rows, stood, 'every trigger stands again')
      assert.equal(await sqlStateOf(client.query('select * from entry')), 'TW001')
    })
  })

  it('is held to one organization, whatever the product’s role does before the commit that destroys another', async () => {
    const allCounted = () =>
      asAdministrator(async (client) => {
        const { rows: tables } = await client.query<{ name: string }>(
          `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity order by 1`,
        )
        const all: Record<string, Record<string, number>> = {}
        for (const { name } of tables) {
          const { rows } = await client.query(`select org_id, count(*)::int as count from "${name}" group by 1`)
          all[name] = Object.fromEntries(rows.map((row) => [row.org_id, row.count]))
        }
        return all
      }, landlord.database)
    await asAdministrator(async (client) => {
      await client.query(`set session_replication_role = 'replica'`)
      await client.query(
        `insert into organization_deletion (org_id, asked_by, asked_at, confirmed_by, confirmed_at, due_at) values ($1, 'a', now(), 'b', now(), now())`,
        [org],
      )
    }, landlord.database)
    const was = await allCounted()
    assert.ok(was.entry?.[org] && was.person?.[org] && was.entry[other])
    await withConnection(connectionOf(landlord, 'twinlock_app'), async (client) => {
      const bind = (to: string) => client.query(`select set_config('twinlock.org', $1, true)`, [to])
      await client.query('begin')
      await bind(other)
      assert.equal(await sqlStateOf(client.query('select destroy_organization()')), 'TW005')
      await client.query('rollback')
      await client.query('begin')
      await bind(org)
      await client.query('select destroy_organization()')
      await bind(other)
      await client.query('commit')
    })
    const left = Object.entries(was).map(([name, { [org]: _, ...others }]) => [name, others])
    assert.deepEqual(await allCounted(), Object.fromEntries(left))
  })

  it('refuses roles that somebody made more of than they may be, until he takes it back', async () => {
    const change = (statement: string) => asAdministrator((client) => client.query(statement))
    for (const [give, take] of [
      ['alter role twinlock_app bypassrls', 'alter role twinlock_app nobypassrls'],
      ['alter role twinlock_sequencer superuser', 'alter role twinlock_sequencer nosuperuser'],
      ['alter role twinlock_overseer createdb', 'alter role twinlock_overseer nocreatedb'],
      ['grant pg_write_all_data to twinlock_app', 'revoke pg_write_all_data from twinlock_app'],
      ['grant twinlock_overseer to twinlock_app', 'revoke twinlock_overseer from twinlock_app'],
      ['grant pg_read_all_data to twinlock_overseer', 'revoke pg_read_all_data from twinlock_overseer'],
    ] as const) {
      await change(give)
      await assert.rejects(migrate(landlord), { code: 'database_role_unsafe', message: new RegExp(take) }, give)
      await change(take)
    }
    assert.deepEqual(await migrate(landlord), [])
  })

  it('takes back what it can: a way to sign in as the overseer, and another password', async () => {
    await asAdministrator((client) => client.query(`alter role twinlock_overseer login; alter role twinlock_app password 'another'`))
    await migrate(landlord)
    const { rows } = await asAdministrator((client) =>
      client.query(`select rolname from pg_roles where rolname = any($1) and rolcanlogin order by 1`, [roles]),
    )
    assert.deepEqual(rows, [{ rolname: 'twinlock_app' }, { rolname: 'twinlock_sequencer' }])
    await withConnection(connectionOf(landlord, 'twinlock_app'), (client) => client.query('select organizations()'))
  })

  it('does not share the roles with another owner who was not given them', async () => {
    await makeUser('neighbour', 'createrole')
    await assert.rejects(migrate(await databaseOf('neighbour')), { code: 'database_owner_insufficient', message: /WITH ADMIN OPTION/ })
  })
})

describe('a superuser', () => {
  it('makes the roles what they should be, and writes nothing where they are', async () => {
    const { database } = await server.freshDatabase()
    const connection = { ...server.connection, database }
    await asAdministrator((client) => client.query('alter role twinlock_app bypassrls createdb'))
    await withConnection(connection, async (client) => {
      await ensureRoles(client, connection)
      const { rows } = await client.query(`select rolbypassrls or rolcreatedb as more from pg_roles where rolname = 'twinlock_app'`)
      assert.deepEqual(rows, [{ more: false }])
      const state = async () =>
        (await client.query('select xmin::text, rolname from pg_authid where rolname = any($1) order by 2', [roles])).rows
      const was = await state()
      await ensureRoles(client, connection)
      assert.deepEqual(await state(), was)
    })
  })
})
