// Whether other servers work on a database. An embedded one has a lock that says so; servers over an external one may be many, on many machines, and are seen by
// their sign-ins. A server that was cut off at this moment is not seen, so this keeps from mistakes and is no wall.
import { type DatabaseConnection, describeConnection, withClient } from './connection.ts'
import { HostError } from './errors.ts'

/** Throws `database_in_use` while another server is signed in to this database: `what` cannot be done beside one. */
export async function requireNoOtherServer(connection: DatabaseConnection, what: string): Promise<void> {
  const signedIn = await withClient(connection, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and usename in ('twinlock_app', 'twinlock_sequencer') and pid <> pg_backend_pid()`,
    )
    return rows[0]?.count ?? 0
  })
  if (signedIn === 0) return
  throw new HostError(
    'database_in_use',
    `Another Twinlock server uses ${describeConnection(connection)} (${signedIn} connections), and ${what}. Stop every server of this database first.`,
  )
}
