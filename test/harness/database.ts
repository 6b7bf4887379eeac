// What only the owner of the database could do: tests use it to tamper, to look behind row-level security, and to work under the product's own roles.
// The database is the throw-away one of the harness; nothing here exists in the product.
import pg from 'pg'
import type { OpenedTwinlock } from '../../src/app/index.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { temporaryPostgres } from '../../src/host/postgres/temporary.ts'
import type { OrgId } from '../../src/kernel/index.ts'

/** The organization that stands for nobody: well-formed, and never created. */
export const nobodysOrg = 'org_00000000000000000000000000' as OrgId // the form is the brand's

/** A connection of the superuser to the database of an opened Twinlock. */
export async function connectionOf(twinlock: OpenedTwinlock): Promise<DatabaseConnection> {
  const database = await twinlock.outside.store.transact(nobodysOrg, async (tx) => {
    const row = await tx.selectNoFrom((eb) => eb.fn<string>('current_database').as('name')).executeTakeFirstOrThrow()
    return row.name
  })
  return { ...(await temporaryPostgres()).connection, database }
}

/** Opens one connection, hands it over and closes it. */
export async function withConnection<T>(connection: DatabaseConnection, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  // A server that ends a connection on purpose is what some tests ask for; the query in flight fails with it.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Works as the database's superuser, past every rule; changes of rows fire no trigger. */
export async function asSuperuser<T>(twinlock: OpenedTwinlock, use: (client: pg.Client) => Promise<T>): Promise<T> {
  return withConnection(await connectionOf(twinlock), async (client) => {
    await client.query(`set session_replication_role = 'replica'`)
    return use(client)
  })
}

/** Rows of one statement, as the superuser. */
export async function rowsOf(twinlock: OpenedTwinlock, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return asSuperuser(twinlock, async (client) => (await client.query(sql, values)).rows)
}

/** The SQLSTATE that a statement or transaction failed with, or `none`. Anything that is no failure of the database is thrown on. */
export async function sqlStateOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}

/** The tables of schema public, by name, as PostgreSQL knows them. */
export async function tablesOf(twinlock: OpenedTwinlock): Promise<string[]> {
  const rows = await rowsOf(
    twinlock,
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by relname`,
  )
  return rows.map((row) => String(row.relname))
}

/** The tables on which the trigger of law 3 stands. */
export async function governedTablesOf(twinlock: OpenedTwinlock): Promise<string[]> {
  const rows = await rowsOf(
    twinlock,
    `select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where t.tgname = 'recorded' and t.tgfoid = 'require_entry'::regproc and t.tgdeferrable and t.tginitdeferred and t.tgenabled = 'O' and t.tgtype & 28 = 28
     order by c.relname`,
  )
  return rows.map((row) => String(row.relname))
}
