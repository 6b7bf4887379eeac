// The one PostgreSQL that all tests of a run share; each test makes a database of its own in it. A temporary one is started, unless
// TWINLOCK_TEST_DATABASE_URL (or TWINLOCK_DATABASE_URL) names one: that one is asked to make databases and roles, and is left running.
// The module is loaded here and not at the top, so that a fault in it fails this step and not the whole runner.

import { since } from './step.ts'

/** Whether the database came up, how tests reach it (undefined when there is none), and how to end it. */
export interface Started {
  readonly ok: boolean
  readonly connection: unknown
  stop(): Promise<void>
}

/** The URL of the external PostgreSQL that the tests are to run on, if a person named one. The first one wins. */
export const externalUrl = (environment: Readonly<Record<string, string | undefined>>): string | undefined =>
  [environment.TWINLOCK_TEST_DATABASE_URL, environment.TWINLOCK_DATABASE_URL]
    .map((text) => text?.trim())
    .find((text) => text !== undefined && text !== '')

// Tests look behind row-level security and make databases: they need what only a superuser may, and must not find that out one after the other.
const openExternal = async (url: string): Promise<Started> => {
  const started = performance.now()
  const { describeConnection, withClient } = await import('../../src/host/postgres/connection.ts')
  const { parseDatabaseUrl } = await import('../../src/host/postgres/resolve-database.ts')
  const connection = parseDatabaseUrl(url)
  const isSuper = await withClient(connection, async (client) => {
    const { rows } = await client.query<{ super: boolean }>('select rolsuper as super from pg_roles where rolname = current_user')
    return rows[0]?.super === true
  })
  if (!isSuper) throw new Error(`The tests need a superuser, on a server that holds nothing else; ${connection.user} is none.`)
  console.log(`✔ external PostgreSQL ${describeConnection(connection)} ${since(started)}`)
  return { ok: true, connection, stop: async () => {} }
}

const startOwn = async (): Promise<Started> => {
  const started = performance.now()
  const { startTemporaryPostgres } = await import('../../src/host/postgres/temporary.ts')
  const { connection, stop } = await startTemporaryPostgres()
  console.log(`✔ temporary PostgreSQL ${since(started)}`)
  return { ok: true, connection, stop }
}

/** Starts it, or finds the external one, and prints one line. Never rejects: what went wrong is printed, and `ok` is false. */
export const startPostgres = async (): Promise<Started> => {
  const url = externalUrl(process.env)
  try {
    return await (url === undefined ? startOwn() : openExternal(url))
  } catch (error) {
    console.log(`✖ ${url === undefined ? 'temporary' : 'external'} PostgreSQL`)
    console.log(error)
    return { ok: false, connection: undefined, stop: async () => {} }
  }
}
