// A backup: every row of every table as the database owner sees them at one moment, one JSON object a line, and the blobs. Not the key folder, on purpose:
// a backup holds no key that opens what is sealed in it. What is written here is as sensitive as the database; whoever can change it changes what a restore
// brings back, but not what witnesses outside have seen.
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { type DatabaseConnection, withClient } from '../postgres/connection.ts'
import { HostError } from '../postgres/errors.ts'
import { keepBlobs, syncPath } from './blobs.ts'
import { type BackupTable, bindTo, organizationsOf, tablesOf } from './tables.ts'

const pageRows = 500

/** What a backup says of itself, in `backup.json`. */
export interface BackupFacts {
  readonly format: 1
  readonly at: string
  /** Names and digests of the migrations that had been applied. */
  readonly migrations: Readonly<Record<string, string>>
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>
  /** SHA-256 of `database.jsonl`, in hexadecimal. */
  readonly sha256: string
}

/** The file of a backup's rows, and the one that says what it is. */
export const rowsFile = 'database.jsonl'
/** See `rowsFile`. */
export const factsFile = 'backup.json'

async function* rowsOf(client: pg.Client, { name: table, isBound }: BackupTable): AsyncGenerator<string> {
  const whose = isBound ? 'where t.org_id = current_org()' : ''
  await client.query(
    `declare backup no scroll cursor for select to_jsonb(t)::text as row from ${client.escapeIdentifier(table)} t ${whose}`,
  )
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${pageRows} from backup`)
    for (const { row } of rows) yield `{"t":${JSON.stringify(table)},"r":${row}}\n`
    if (rows.length < pageRows) break
  }
  await client.query('close backup')
}

async function* counted(client: pg.Client, tables: readonly BackupTable[], counts: Record<string, number>): AsyncGenerator<string> {
  for (const table of tables) {
    for await (const row of rowsOf(client, table)) {
      counts[table.name] = (counts[table.name] ?? 0) + 1
      yield row
    }
  }
}

/** What belongs to nobody, and then organization by organization. */
async function* allRows(client: pg.Client, counts: Record<string, number>): AsyncGenerator<string> {
  const tables = await tablesOf(client)
  for (const { name } of tables) counts[name] = 0
  const bound = tables.filter((one) => one.isBound)
  yield* counted(
    client,
    tables.filter((one) => !one.isBound),
    counts,
  )
  for (const org of await organizationsOf(client)) {
    await bindTo(client, org)
    yield* counted(client, bound, counts)
  }
}

async function migrationsOf(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; digest: string }>('select name, digest from twinlock_migration order by name')
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]))
}

/** Where a backup is written, what it is of, and the time that it bears. */
export interface BackupOrder {
  readonly connection: DatabaseConnection
  readonly blobs: string
  /** Must not exist. */
  readonly into: string
  readonly at: Date
}

/** How long one statement of a backup or a restore may take: some look at every row. */
export const statementMs = 3_600_000

function requireNew(into: string): void {
  if (!existsSync(into)) return
  const what = existsSync(join(into, factsFile)) ? 'exists already' : 'exists already, and is no whole backup'
  throw new HostError('backup_unusable', `${into} ${what}. Name a folder that does not, or remove it.`)
}

/** Writes the rows, as of one moment, and returns what a backup says of them. */
function writeRows({ connection, into, at }: BackupOrder): Promise<BackupFacts> {
  const write = async (client: pg.Client): Promise<BackupFacts> => {
    await client.query('begin isolation level repeatable read read only')
    const tables: Record<string, number> = {}
    const digest = createHash('sha256')
    const migrations = await migrationsOf(client)
    await pipeline(
      allRows(client, tables),
      async function* hashed(lines) {
        for await (const line of lines) {
          digest.update(String(line))
          yield line
        }
      },
      createWriteStream(join(into, rowsFile), { mode: 0o600 }),
    )
    await client.query('commit')
    return { format: 1, at: at.toISOString(), migrations, tables, sha256: digest.digest('hex') }
  }
  return withClient(connection, write, statementMs)
}

async function writeAll(order: BackupOrder): Promise<BackupFacts> {
  const { blobs, into } = order
  const facts = await writeRows(order)
  keepBlobs(blobs, join(into, 'blobs'))
  syncPath(join(into, rowsFile))
  // Last: a folder without it is no backup.
  writeFileSync(join(into, factsFile), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600, flush: true })
  syncPath(into)
  return facts
}

/**
 * Writes a backup, as of one moment, durably or not at all; a server may run meanwhile. Rows come first, so that every blob that they name is in it. Returns what it
 * holds. Throws `backup_unusable` where there is something at its place.
 */
export async function backUp(order: BackupOrder): Promise<BackupFacts> {
  requireNew(order.into)
  mkdirSync(order.into, { recursive: true, mode: 0o700 })
  try {
    return await writeAll(order)
  } catch (error) {
    // It was made here, and would be in the way of the next try.
    rmSync(order.into, { recursive: true, force: true })
    throw error
  }
}
