// Starts the one temporary PostgreSQL that all tests of a run share; each test makes a database of its own in it.
// When the module that starts it is not there, the tests that need it say so themselves, and this step is shown as skipped.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './find-tests.ts'
import { since } from './step.ts'

const MODULE = 'src/host/postgres/temporary.ts'

/** Whether the database came up, how tests reach it (undefined when there is none), and how to end it. */
export interface Started {
  readonly ok: boolean
  readonly connection: unknown
  stop(): Promise<void>
}

const without = (ok: boolean): Started => ({ ok, connection: undefined, stop: async () => {} })

/** Starts it and prints one line. Never rejects: what went wrong is printed, and `ok` is false. */
export const startPostgres = async (): Promise<Started> => {
  const started = performance.now()
  if (!existsSync(join(root, MODULE))) {
    console.log(`- temporary PostgreSQL: skipped, ${MODULE} does not exist`)
    return without(true)
  }
  try {
    const { temporaryPostgres } = await import(pathToFileURL(join(root, MODULE)).href)
    const { connection, stop } = await temporaryPostgres()
    console.log(`✔ temporary PostgreSQL ${since(started)}`)
    return { ok: true, connection, stop }
  } catch (error) {
    console.log(`✖ temporary PostgreSQL ${since(started)}`)
    console.log(error)
    return without(false)
  }
}
