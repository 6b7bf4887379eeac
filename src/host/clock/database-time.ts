// Asks the database for the time that all servers share. A connection of its own, so that a reading does not wait behind the work that it is to time.
// Trust: the role may ask and no more; see `common_time` in the migrations.
import pg from 'pg'
import type { DatabaseConnection } from '../postgres/connection.ts'
import { connectionOf } from '../store/roles.ts'
import type { AskTime } from './common-clock.ts'

const answerMs = 5_000

/** The time of a database. */
export interface DatabaseTime {
  readonly ask: AskTime
  close(): Promise<void>
}

/** Opens the connection that asks for the time; it is made when it is first needed, and again when it was lost. */
export function openDatabaseTime(connection: DatabaseConnection, log: (line: string) => void): DatabaseTime {
  const pool = new pg.Pool({
    ...connectionOf(connection, 'twinlock_app'),
    max: 1,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  })
  pool.on('error', (error) => log(`clock: an idle connection failed: ${error.message}`))
  pool.on('connect', (client) => client.on('error', (error) => log(`clock: a connection failed: ${error.message}`)))
  return {
    async ask(carried) {
      const { rows } = await pool.query<{ at: string; wall: string }>('select at, wall from common_time($1)', [carried ?? null])
      const row = rows[0]
      if (row === undefined) throw new Error('The database did not say what time it is.')
      return { at: Number(row.at), wall: Number(row.wall) }
    },
    close: () => pool.end(),
  }
}
