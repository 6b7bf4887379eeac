// A restore: the rows of a backup into an empty database of the same version, and its blobs. INVARIANT: the log goes on under a new origin. What was
// numbered after the backup was taken is gone, and a log that numbered other entries in its place under the same name would have forked; under a new name
// it is another log that begins with the same entries, and whoever holds receipts of the old one can see which.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type pg from 'pg'
import { type DatabaseConnection, withClient } from '../postgres/connection.ts'
import { type BackupFacts, factsFile, rowsFile, statementMs } from './backup.ts'
import { bringBackBlobs } from './blobs.ts'
import { type BackupTable, bindTo, organizationsOf, tablesOf } from './tables.ts'

const batchRows = 200
const namesTransactions: ReadonlySet<string> = new Set(['entry', 'entry_lot'])

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Reads what a backup says of itself. Throws where the folder is none. */
export function readFacts(from: string): BackupFacts {
  const path = join(from, factsFile)
  if (!existsSync(path)) throw new Error(`${from} is no whole backup: it has no ${factsFile}.`)
  const { format, at, migrations, tables, sha256 } = record(JSON.parse(readFileSync(path, 'utf8')))
  if (format !== 1 || !isText(at) || !isText(sha256)) throw new Error(`${path} is not one that this version reads.`)
  const counts = Object.fromEntries(Object.entries(record(tables)).map(([name, count]) => [name, Number(count)]))
  const digests = Object.fromEntries(Object.entries(record(migrations)).map(([name, digest]) => [name, String(digest)]))
  return { format, at, sha256, migrations: digests, tables: counts }
}

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const piece of createReadStream(path)) digest.update(piece)
  return digest.digest('hex')
}

async function requireSameVersion(client: pg.Client, { migrations }: BackupFacts): Promise<void> {
  const { rows } = await client.query<{ name: string; digest: string }>('select name, digest from twinlock_migration')
  const here = new Map(rows.map(({ name, digest }) => [name, digest]))
  const other = Object.entries(migrations).find(([name, digest]) => here.get(name) !== digest)
  if (other !== undefined || here.size !== Object.keys(migrations).length)
    throw new Error('The backup was made by another version of Twinlock. Restore it with that one, and upgrade then.')
}

async function requireEmpty(client: pg.Client): Promise<void> {
  if ((await organizationsOf(client)).length > 0) throw new Error('This database holds an organization already. Restore into an empty one.')
}

async function insert(client: pg.Client, table: string, rows: readonly string[]): Promise<void> {
  const quoted = client.escapeIdentifier(table)
  // The transaction that left an entry was one of another database's. Here it has a number that none comes to: two to the power of 62 on.
  const own = namesTransactions.has(table)
    ? `jsonb_set(r, '{xact}', to_jsonb(((r ->> 'xact')::numeric % (2::numeric ^ 62) + 2::numeric ^ 62)::bigint::text))`
    : 'r'
  await client.query(
    `insert into ${quoted} overriding system value select t.* from jsonb_array_elements($1::jsonb) r, jsonb_populate_record(null::${quoted}, ${own}) t`,
    [`[${rows.join(',')}]`],
  )
}

const line = /^\{"t":"(\w+)","r":(\{.*\})\}$/s

/** Whose a row is. What is no text binds to nobody, and is then refused by the table. */
function organizationOf(row: string): string {
  return String(record(JSON.parse(row)).org_id ?? '')
}

async function insertAll(client: pg.Client, path: string, tables: readonly BackupTable[]): Promise<Record<string, number>> {
  const known = new Map(tables.map((table) => [table.name, table]))
  const counts: Record<string, number> = {}
  let [table, bound, rows]: [string, string, string[]] = ['', '', []]
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await insert(client, table, rows)
    rows = []
  }
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const [, name = '', row = ''] = line.exec(text) ?? []
    const found = known.get(name)
    if (found === undefined) throw new Error(`The backup holds a row of \`${name}\`, which is no table here.`)
    const org = found.isBound ? organizationOf(row) : bound
    if (name !== table || org !== bound || rows.length >= batchRows) await flush()
    if (org !== bound) await bindTo(client, org)
    table = name
    bound = org
    rows.push(row)
    counts[name] = (counts[name] ?? 0) + 1
  }
  await flush()
  return counts
}

/**
 * Constraints held where the rows come from; triggers would ask for entries that come later. Those that always fire do so here, too. They stand again before anybody
 * else sees the rows.
 */
async function withoutTriggers<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const { rows } = await client.query<{ on: string; name: string }>(
    `select tgrelid::regclass::text as on, quote_ident(tgname) as name from pg_trigger join pg_class c on c.oid = tgrelid
     where not tgisinternal and tgenabled = 'O' and relnamespace = 'public'::regnamespace order by 1, 2`,
  )
  const all = (what: string) => client.query(rows.map(({ on, name }) => `alter table ${on} ${what} trigger ${name}`).join('; '))
  await all('disable')
  const done = await work()
  // A table is not altered while something of it waits for the commit.
  await client.query('set constraints all immediate')
  await all('enable')
  return done
}

async function beginNewLogs(client: pg.Client, suffix: string): Promise<void> {
  for (const org of await organizationsOf(client)) {
    await bindTo(client, org)
    await client.query(
      `update log_head set origin = split_part(origin, '/restored/', 1) || '/restored/' || $1 where org_id = current_org()`,
      [suffix],
    )
    await client.query('delete from checkpoint where org_id = current_org()')
  }
}

/** What a restore takes. */
export interface RestoreOrder {
  /** A database that was migrated and holds nothing. */
  readonly connection: DatabaseConnection
  readonly blobs: string
  readonly from: string
  /** Names the logs that begin here: lower-case letters and digits. */
  readonly suffix: string
}

/** What came back: what the backup says of itself, and the digests of blobs that are spoiled in it and were left out. */
export interface Restored extends BackupFacts {
  readonly spoiledBlobs: readonly string[]
}

async function restoreRows(client: pg.Client, facts: BackupFacts, { from, suffix }: RestoreOrder): Promise<void> {
  const tables = await tablesOf(client)
  const counts = await withoutTriggers(client, () => insertAll(client, join(from, rowsFile), tables))
  const missing = Object.entries(facts.tables).find(([table, count]) => (counts[table] ?? 0) !== count)
  if (missing !== undefined) throw new Error(`The backup holds ${counts[missing[0]] ?? 0} rows of ${missing[0]}, not ${missing[1]}.`)
  await beginNewLogs(client, suffix)
}

/** Restores a backup, whole or not at all: blobs are there before the rows that name them are. */
export async function restore(order: RestoreOrder): Promise<Restored> {
  const { connection, blobs, from, suffix } = order
  if (!/^[0-9a-z]{1,40}$/.test(suffix)) throw new Error('The name of a restored log is of lower-case letters and digits.')
  const facts = readFacts(from)
  const rows = join(from, rowsFile)
  if ((await digestOf(rows)) !== facts.sha256) throw new Error(`${rows} is not what ${factsFile} says: it was changed, or is not whole.`)
  const bringBack = async (client: pg.Client): Promise<Restored> => {
    await requireSameVersion(client, facts)
    await requireEmpty(client)
    await client.query('begin')
    try {
      await restoreRows(client, facts, order)
      const spoiledBlobs = await bringBackBlobs(join(from, 'blobs'), blobs)
      await client.query('commit')
      return { ...facts, spoiledBlobs }
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }
  return withClient(connection, bringBack, statementMs)
}
