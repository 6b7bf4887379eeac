// How the rest of the host reaches the database, and one short look at whether it answers. Messages name host, port, user and database, never the
// password.
import type { Client, ClientConfig } from 'pg'
import { reasonOf } from './errors.ts'

const CONNECT_MILLISECONDS_MAX = 10_000

/** TLS to a PostgreSQL server: who vouches for its certificate, and whether that is checked. */
export interface ConnectionTls {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
}

/** Where a database is and how to sign in; accepted as it is by `pg`. `host` is a folder (starts with `/`) when it is a Unix socket. */
export interface DatabaseConnection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl?: ConnectionTls | false
}

/** The same connection as text for people, without its password. */
export const describeConnection = ({ host, port, user, database }: DatabaseConnection): string => `${user}@${host}:${port}/${database}`

/** Opens one connection, hands it over, and closes it whatever happens. A query may take `queryMs`: ten seconds where it is left out. */
export const withClient = async <T>(
  connection: DatabaseConnection,
  use: (client: Client) => Promise<T>,
  queryMs: number = CONNECT_MILLISECONDS_MAX,
): Promise<T> => {
  const config: ClientConfig = { ...connection, connectionTimeoutMillis: CONNECT_MILLISECONDS_MAX, query_timeout: queryMs }
  // Loaded here, so that a start has the database come up before it loads anything that it can do without.
  const { default: pg } = await import('pg')
  const client = new pg.Client(config)
  // A server that ends while the connection is open emits `error`; the query in flight fails with it, so nothing is lost by not crashing here.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** What a PostgreSQL server says of itself. `version` is `server_version_num`, 180004 for 18.4. */
export interface ServerFacts {
  readonly version: number
  readonly clusterName: string
}

/** Signs in and asks who answers. */
export const askServer = (connection: DatabaseConnection): Promise<ServerFacts> =>
  withClient(connection, async (client) => {
    const answer = await client.query<{ version: string; cluster: string }>(
      `select current_setting('server_version_num') as version, current_setting('cluster_name') as cluster`,
    )
    const row = answer.rows[0]
    return { version: Number(row?.version), clusterName: row?.cluster ?? '' }
  })

/** Makes the connection's database if the server does not have it, signing in to `postgres`, which every server has. */
export const ensureDatabase = (connection: DatabaseConnection): Promise<void> =>
  withClient({ ...connection, database: 'postgres' }, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [connection.database])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(connection.database)} template template0`)
  })

/** Whether PostgreSQL refused the user or the password (SQLSTATE class 28). */
export const isSignInRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('28')

/** A failure to connect as text, with the messages inside an aggregate. */
export const connectFailure = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map((inner) => reasonOf(inner)).join('; ') : reasonOf(error)
