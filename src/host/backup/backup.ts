// A backup: every row of every table as the database owner sees them at one moment, one JSON object a line, and the blobs. Not the key folder, on purpose:
// a backup holds no key that opens what is sealed in it. What is written here is as sensitive as the database; whoever can change it changes what a restore
// brings back, but not what witnesses outside have seen.
import { createHash } from 'node:crypto'
import { cpSync, createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { type DatabaseConnection, withClient } from '../postgres/connection.ts'
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

/** Writes a backup, as of one moment; a server may run meanwhile. Rows come first, so that every blob that they name is in it. Returns what it holds. */
export async function backUp({ connection, blobs, into, at }: BackupOrder): Promise<BackupFacts> {
  if (existsSync(into)) throw new Error(`${into} exists already. Name a folder that does not.`)
  mkdirSync(into, { recursive: true, mode: 0o700 })
  const facts = await withClient(connection, async (client) => {
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
    return { format: 1, at: at.toISOString(), migrations, tables, sha256: digest.digest('hex') } as const
  })
  if (existsSync(blobs)) cpSync(blobs, join(into, 'blobs'), { recursive: true, preserveTimestamps: true })
  // Last: a folder without it is no backup.
  writeFileSync(join(into, factsFile), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 })
  return facts
}
