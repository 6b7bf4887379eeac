// What only the owner of the database could do: tests use it to tamper, to look behind row-level security, and to work under the product's own roles.
// The database is the throw-away one of the harness; nothing here exists in the product.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { OpenedTwinlock } from '../../src/app/index.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { temporaryPostgres } from '../../src/host/postgres/temporary.ts'
import { migrate } from '../../src/host/store/migrate.ts'
import { ensureRoles, overseerRole, storeRoles } from '../../src/host/store/roles.ts'
import type { OrgId } from '../../src/kernel/index.ts'
import { askKept } from './kept-connection.ts'

/** The organization that stands for nobody: well-formed, and never created. */
export const nobodysOrg = 'org_00000000000000000000000000' as OrgId // the form is the brand's

const connections = new WeakMap<OpenedTwinlock, DatabaseConnection>()

/** A connection of the superuser to the database of an opened Twinlock, which is asked once for its name. */
export async function connectionOf(twinlock: OpenedTwinlock): Promise<DatabaseConnection> {
  const known = connections.get(twinlock)
  if (known !== undefined) return known
  const database = await twinlock.outside.store.transact(nobodysOrg, async (tx) => {
    const row = await tx.selectNoFrom((eb) => eb.fn<string>('current_database').as('name')).executeTakeFirstOrThrow()
    return row.name
  })
  const connection = { ...(await temporaryPostgres()).connection, database }
  connections.set(twinlock, connection)
  return connection
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

/**
 * Whom the databases of tests belong to: an ordinary role, as on a database server that somebody else manages, so that nothing works because a superuser made it. It
 * has the superuser's password, from which the roles of the product have theirs.
 */
export const ordinaryOwner = 'test_owner'

/** Makes the owner of databases, on a server whose roles of the product the superuser may have made before. */
async function makeOwner(client: pg.Client, server: DatabaseConnection): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [lockNumber])
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [ordinaryOwner])
    if (rowCount === 0)
      await client.query(`create role ${ordinaryOwner} login createrole password ${client.escapeLiteral(server.password)}`)
    await ensureRoles(client, server)
    await client.query(`grant ${[...storeRoles, overseerRole].join(', ')} to ${ordinaryOwner} with admin option, inherit false, set false`)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockNumber])
  }
}

const migrations = join(import.meta.dirname, '..', '..', 'src', 'host', 'migrations')
const lockNumber = 848_485
/** NAMEDATALEN - 1 of PostgreSQL: a longer name is cut, and two that differ in what was cut are one. */
const nameMax = 63

/** A database that is made once on a server, and copied from then on. */
export interface Template {
  /** Whatever it is made by has to be in its name: it stays for as long as its server. */
  readonly name: string
  /** What it is itself a copy of. */
  readonly over: Template | 'template0'
  /** Fills it, and leaves no connection open. Answers a note that is handed to whoever gets a copy. */
  fill(connection: DatabaseConnection): Promise<string>
}

function digestOfMigrations(): string {
  const digest = createHash('sha256')
  for (const name of readdirSync(migrations).sort()) digest.update(name).update(readFileSync(join(migrations, name)))
  return digest.digest('hex').slice(0, 24)
}

/** Every migration was applied, and there is nothing else. */
export const migrated: Template = {
  name: `test_template_of_${ordinaryOwner}_${digestOfMigrations()}`,
  over: 'template0',
  fill: async (connection) => (await migrate({ ...connection, user: ordinaryOwner })).join(' '),
}

/** The note of a template that is there. */
async function noteOf(client: pg.Client, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ note: string }>(
    `select coalesce(shobj_description(oid, 'pg_database'), '') as note from pg_database where datname = $1`,
    [name],
  )
  return rows[0]?.note
}

/** Makes a database as a copy of another, under a name of its own. */
async function makeCopy(client: pg.Client, of: string): Promise<string> {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  await client.query(`create database ${database} template ${of} owner ${ordinaryOwner}`)
  if (of === 'template0') return database
  // What the migrations say of the database itself is not copied with what is in it.
  await client.query(`revoke temporary on database ${database} from public`)
  await client.query(`grant connect on database ${database} to ${storeRoles.join(', ')}`)
  return database
}

/** Makes a template, whoever asks first. It gets its name when it is whole, so that one that was begun and left is never copied. */
async function makeTemplate(client: pg.Client, server: DatabaseConnection, { name, over, fill }: Template): Promise<string> {
  if (name.length > nameMax) throw new Error(`PostgreSQL would cut the name of a template to ${nameMax} characters: ${name}`)
  if (over !== 'template0') await ensured(client, server, over)
  await client.query('select pg_advisory_lock($1, hashtext($2))', [lockNumber, name])
  try {
    const known = await noteOf(client, name)
    if (known !== undefined) return known
    if (over === 'template0') await makeOwner(client, server)
    const database = await makeCopy(client, over === 'template0' ? over : over.name)
    const note = await fill({ ...server, database })
    await client.query(`comment on database ${database} is ${client.escapeLiteral(note)}`)
    await client.query(`alter database ${database} rename to ${name}`)
    return note
  } finally {
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [lockNumber, name])
  }
}

const ensured = async (client: pg.Client, server: DatabaseConnection, template: Template): Promise<string> =>
  (await noteOf(client, template.name)) ?? (await makeTemplate(client, server, template))

/** A database of one's own that is a copy of a template, and the template's note. */
export async function copiedDatabase(template: Template): Promise<{ readonly connection: DatabaseConnection; readonly note: string }> {
  const { connection } = await temporaryPostgres()
  return withConnection({ ...connection, database: 'postgres' }, async (client) => {
    const note = await ensured(client, connection, template)
    return { connection: { ...connection, database: await makeCopy(client, template.name) }, note }
  })
}

/** A database of one's own to which every migration was applied, and which holds nothing else: they are applied once on one server, and copied from then on. */
export const migratedDatabase = async (): Promise<DatabaseConnection> => (await copiedDatabase(migrated)).connection

const pastEveryRule = `set session_replication_role = 'replica'`

/** Works as the database's superuser, past every rule; changes of rows fire no trigger. */
export async function asSuperuser<T>(twinlock: OpenedTwinlock, use: (client: pg.Client) => Promise<T>): Promise<T> {
  return withConnection(await connectionOf(twinlock), async (client) => {
    await client.query(pastEveryRule)
    return use(client)
  })
}

/** Rows of one statement, as the superuser. */
export async function rowsOf(twinlock: OpenedTwinlock, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await askKept(await connectionOf(twinlock), pastEveryRule, sql, values)).rows
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
     union all select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where t.tgfoid = 'require_entry_of_statement'::regproc and t.tgenabled = 'O' and t.tgtype & 67 = 0
       and exists (select from pg_trigger d where d.tgrelid = 'record_due'::regclass and d.tgfoid = 'require_entry_due'::regproc
         and d.tgdeferrable and d.tginitdeferred and d.tgenabled = 'O' and d.tgtype = 5)
     group by c.relname having bit_or(t.tgtype & 28) = 28
     order by relname`,
  )
  return rows.map((row) => String(row.relname))
}
