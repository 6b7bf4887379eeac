// Starts the one temporary PostgreSQL that all tests of a run share; each test makes a database of its own in it.
// The module is loaded here and not at the top, so that a fault in it fails this step and not the whole runner.

import { since } from './step.ts'

/** Whether the database came up, how tests reach it (undefined when there is none), and how to end it. */
export interface Started {
  readonly ok: boolean
  readonly connection: unknown
  stop(): Promise<void>
}

/** Starts it and prints one line. Never rejects: what went wrong is printed, and `ok` is false. */
export const startPostgres = async (): Promise<Started> => {
  const started = performance.now()
  try {
    const { startTemporaryPostgres } = await import('../../src/host/postgres/temporary.ts')
    const { connection, stop } = await startTemporaryPostgres()
    console.log(`✔ temporary PostgreSQL ${since(started)}`)
    return { ok: true, connection, stop }
  } catch (error) {
    console.log(`✖ temporary PostgreSQL ${since(started)}`)
    console.log(error)
    return { ok: false, connection: undefined, stop: async () => {} }
  }
}
