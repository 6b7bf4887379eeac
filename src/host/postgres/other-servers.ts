// Whether other servers work on a database. An embedded one has a lock that says so; servers over an external one may be many, on many machines, and are seen by
// their sign-ins. A server that was cut off at this moment is not seen, so this keeps from mistakes and is no wall.
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { type DatabaseConnection, describeConnection, withClient } from './connection.ts'
import { HostError } from './errors.ts'

const looksMax = 20
const lookMs = 100

const signedIn = (client: Client): Promise<number> =>
  client
    .query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and usename in ('twinlock_app', 'twinlock_sequencer') and pid <> pg_backend_pid()`,
    )
    .then(({ rows }) => rows[0]?.count ?? 0)

/** Throws `database_in_use` while another server is signed in to this database: `what` cannot be done beside one. One that has just ended is given two seconds to be gone. */
export async function requireNoOtherServer(connection: DatabaseConnection, what: string): Promise<void> {
  const count = await withClient(connection, async (client) => {
    let left = await signedIn(client)
    for (let looks = 0; left > 0 && looks < looksMax; looks++) {
      await delay(lookMs)
      left = await signedIn(client)
    }
    return left
  })
  if (count === 0) return
  throw new HostError(
    'database_in_use',
    `Another Twinlock server uses ${describeConnection(connection)} (${count} connections), and ${what}. Stop every server of this database first.`,
  )
}
