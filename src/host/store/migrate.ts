// Numbered migrations, each in a transaction of its own, under one advisory lock. Runs as the database's owner, before anything serves.
// Trust: whoever can change these files or holds the owner's password owns the data.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseConnection } from '../postgres/connection.ts'
import { HostError, systemErrorCode } from '../postgres/errors.ts'
import { ensureRoles } from './roles.ts'

const folder = join(import.meta.dirname, '..', 'migrations')
const lockNumber = 848_484
const connectMs = 10_000
// Somebody else's migrations are waited for that long; so is a table that an older server still works on.
const waitMs = 300_000
const lockNotAvailable = '55P03'

/** What is other than usual: the folder of the migrations, the product's own where it is left out, and for how long others are waited for. */
export interface MigrateOptions {
  readonly from?: string
  readonly waitMs?: number
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly digest: string
}

async function migrations(from: string): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(from, name), 'utf8')
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function applied(client: pg.Client): Promise<Map<string, string>> {
  await client.query(
    'create table if not exists twinlock_migration (name text primary key, digest text not null, at timestamptz not null default now())',
  )
  const { rows } = await client.query<{ name: string; digest: string }>('select name, digest from twinlock_migration')
  return new Map(rows.map((row) => [row.name, row.digest]))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into twinlock_migration (name, digest) values ($1, $2)', [migration.name, migration.digest])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${migration.name} failed; nothing of it was kept.`, { cause: error })
  }
}

/** A store that knows migrations which this version does not was made by a newer one: what those mean is not known here, so nothing of it is touched. */
function requireKnown(done: ReadonlyMap<string, string>, known: readonly Migration[]): void {
  const names = new Set(known.map(({ name }) => name))
  const unknown = [...done.keys()].filter((name) => !names.has(name)).sort()
  if (unknown.length === 0) return
  throw new Error(
    `This database was migrated by a newer version of Twinlock (${unknown.join(', ')}). Start that version, or restore the backup that was made before.`,
  )
}

function edited({ name }: Migration): Error {
  return new Error(
    `Migration ${name} was changed after it was applied: this data is of another version of Twinlock. Start that one. Whoever edits migrations adds a new one instead.`,
  )
}

async function takeTurn(client: pg.Client, ms: number): Promise<void> {
  await client.query(`select set_config('lock_timeout', $1, false)`, [`${ms}ms`])
  try {
    await client.query('select pg_advisory_lock($1)', [lockNumber])
  } catch (error) {
    if (systemErrorCode(error) !== lockNotAvailable) throw error
    throw new HostError(
      'database_being_migrated',
      `Another server has been migrating this database for ${ms / 1000} s and is not done. Look whether it still works, end it if it does not, then start again.`,
      { cause: error },
    )
  }
}

/**
 * Brings the schema up to date and returns the names of what was applied. Throws when an applied migration was edited since, or is not known here, and
 * `database_being_migrated` where somebody else is at it for too long.
 */
export async function migrate(connection: DatabaseConnection, options: MigrateOptions = {}): Promise<string[]> {
  const { from = folder } = options
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: connectMs })
  // A server that ends while nothing is asked of it fails the next question, which is where it is told.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await takeTurn(client, options.waitMs ?? waitMs)
    await ensureRoles(client, connection)
    const done = await applied(client)
    const fresh: string[] = []
    const known = await migrations(from)
    requireKnown(done, known)
    for (const migration of known) {
      const digest = done.get(migration.name)
      if (digest === undefined) {
        await apply(client, migration)
        fresh.push(migration.name)
      } else if (digest !== migration.digest) {
        throw edited(migration)
      }
    }
    return fresh
  } finally {
    await client.end()
  }
}
