// The two roles that the product works under. They sign in with passwords of their own, derived from the owner's: a connection that came in as the owner
// and only put on a role could take it off again. Roles belong to the whole database server, so several databases share them.
import { createHmac } from 'node:crypto'
import type pg from 'pg'
import type { DatabaseConnection } from '../postgres/connection.ts'

/** The roles that the server works under; neither owns a table. */
export const storeRoles = ['twinlock_app', 'twinlock_sequencer'] as const

/** One of `twinlock_app`, `twinlock_sequencer`. */
export type StoreRole = (typeof storeRoles)[number]

/** Raised by PostgreSQL when two servers make or change one role at the same moment. */
const races = new Set(['42710', '23505', 'XX000'])
const attemptsMax = 20

/** The password of a role: HMAC-SHA-256 of its name under the owner's password, the same on every replica. */
export function rolePassword(connection: Pick<DatabaseConnection, 'password'>, role: StoreRole): string {
  return createHmac('sha256', connection.password).update(`twinlock role ${role}`).digest('base64url')
}

/** The connection of a role to the same database. */
export function connectionOf(connection: DatabaseConnection, role: StoreRole): DatabaseConnection {
  return { ...connection, user: role, password: rolePassword(connection, role) }
}

function hasRaced(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && races.has(String(error.code))
}

async function ensureRole(client: pg.Client, role: StoreRole, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
  // Both are our own constants and a base64url text: nothing in them needs quoting.
  const verb = rowCount === 0 ? 'create' : 'alter'
  await client.query(`${verb} role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls password '${password}'`)
}

/** Makes the roles, or gives them their passwords again. Another server that does the same at the same moment is waited for. */
export async function ensureRoles(client: pg.Client, connection: DatabaseConnection): Promise<void> {
  for (const role of storeRoles) {
    for (let attempt = 1; ; attempt++) {
      try {
        await ensureRole(client, role, rolePassword(connection, role))
        break
      } catch (error) {
        if (!hasRaced(error) || attempt === attemptsMax) throw error
      }
    }
  }
}
