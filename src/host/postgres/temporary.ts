// A real PostgreSQL for tests, in a throw-away folder. Test processes share the one that their runner started and named in TWINLOCK_TEST_POSTGRES;
// without it, each process starts its own. A janitor process waits for the end of the process that started it, whatever ends it, then stops the
// postmaster and removes the folder. Not for data: fsync is off.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DatabaseConnection, withClient } from './connection.ts'
import { HostError } from './errors.ts'
import type { Settings } from './settings.ts'
import { startPostgres } from './start-postgres.ts'
import { throwAwayFolder } from './throw-away-folder.ts'

/** The environment variable in which a test runner hands the connection of its PostgreSQL to its children, as JSON. */
export const TEST_POSTGRES_VARIABLE = 'TWINLOCK_TEST_POSTGRES'

// Nothing here outlives the tests, so nothing is waited for: never use these where a lost commit would matter.
const THROW_AWAY: Settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  autovacuum: 'off',
  max_wal_size: '1GB',
}

// Reads until its input ends, which is when the process that holds the other end has ended. "$1" is the folder, made by us with mkdtemp;
// the last act of a postmaster is to remove its pid file.
const JANITOR = `
cat >/dev/null
file="$1/postgres/cluster/postmaster.pid"
pid=$(head -n 1 "$file" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  tries=0
  while [ -e "$file" ] && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  [ ! -e "$file" ] || kill -KILL "$pid" 2>/dev/null
fi
rm -rf -- "$1"
`

/** A PostgreSQL for tests. */
export interface TemporaryPostgres {
  /** As superuser, to a database that nobody should fill: use `freshDatabase`. */
  readonly connection: DatabaseConnection
  /** Makes an empty database with a unique name. */
  freshDatabase(): Promise<DatabaseConnection>
  /** Ends it and removes its folder; does nothing when it is shared. The end of the process does the same. */
  stop(): Promise<void>
}

const isConnection = (value: unknown): value is DatabaseConnection =>
  typeof value === 'object' &&
  value !== null &&
  ['host', 'user', 'password', 'database'].every((key) => typeof Reflect.get(value, key) === 'string') &&
  typeof Reflect.get(value, 'port') === 'number'

const readShared = (text: string): DatabaseConnection => {
  try {
    const value: unknown = JSON.parse(text)
    if (isConnection(value)) return value
  } catch {
    // Answered below: the text is not quoted, because it holds a password.
  }
  throw new HostError(
    'test_database_invalid',
    `${TEST_POSTGRES_VARIABLE} is not the JSON of a connection { host, port, user, password, database }. Unset it, or set it from the test runner.`,
  )
}

const freshDatabaseOn = async (server: DatabaseConnection): Promise<DatabaseConnection> => {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  await withClient({ ...server, database: 'postgres' }, (client) => client.query(`create database ${database} template template0`))
  return { ...server, database }
}

const startJanitor = (folder: string): ChildProcess => {
  // Detached, so that Ctrl-C does not end it before its work begins.
  const janitor = spawn('/bin/sh', ['-c', JANITOR, 'sh', folder], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  janitor.unref()
  // A pipe of a child is a socket at run time; the types call it a Writable.
  if (janitor.stdin !== null && 'unref' in janitor.stdin && typeof janitor.stdin.unref === 'function') janitor.stdin.unref()
  return janitor
}

const startOwn = async (extra: Settings): Promise<TemporaryPostgres> => {
  const folder = throwAwayFolder()
  const janitor = startJanitor(folder)
  const dataFolder = { postgres: join(folder, 'postgres') }
  const postgres = await startPostgres({ dataFolder, log: () => undefined, settings: { ...THROW_AWAY, ...extra } })
  return {
    connection: postgres.connection,
    freshDatabase: () => freshDatabaseOn(postgres.connection),
    stop: async () => {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
      janitor.stdin?.end()
    },
  }
}

/** Starts a PostgreSQL of one's own, also when a shared one is there. For the test runner, which shares it; tests use `temporaryPostgres`. */
export const startTemporaryPostgres = (): Promise<TemporaryPostgres> => startOwn({})

let current: Promise<TemporaryPostgres> | undefined

const useSharedOrStart = async (extra: Settings): Promise<TemporaryPostgres> => {
  const shared = process.env[TEST_POSTGRES_VARIABLE]
  if (shared === undefined || shared === '') return startOwn(extra)
  const connection = readShared(shared)
  return { connection, freshDatabase: () => freshDatabaseOn(connection), stop: () => Promise.resolve() }
}

/**
 * The PostgreSQL of this test process: the runner's when there is one, else one of its own, the same at every call; who calls first may add settings to one of its
 * own. No clean-up is needed.
 */
export const temporaryPostgres = (extra: Settings = {}): Promise<TemporaryPostgres> => {
  current ??= useSharedOrStart(extra)
  return current
}

/** An empty database of one's own on the PostgreSQL of this test process. */
export const freshDatabase = async (): Promise<DatabaseConnection> => (await temporaryPostgres()).freshDatabase()
