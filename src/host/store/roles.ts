// The roles of the product, and what the owner of the database has to be. Two of them serve: they sign in with passwords of their own, derived from the owner's, since a
// connection that came in as the owner and only put on a role could take it off again. One signs in nowhere and owns the functions that look past one organization.
// Roles belong to the whole database server, so several databases share them. Trust: what other administrators of that server gave a role is looked at here.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type pg from 'pg'
import { type DatabaseConnection, describeConnection } from '../postgres/connection.ts'
import { HostError, systemErrorCode } from '../postgres/errors.ts'

/** The roles that the server works under; neither owns a table. */
export const storeRoles = ['twinlock_app', 'twinlock_sequencer'] as const

/** One of `twinlock_app`, `twinlock_sequencer`. */
export type StoreRole = (typeof storeRoles)[number]

/** Owns the functions that tell where something is of all organizations, and reads for them what they need. Nobody signs in as it. */
export const overseerRole = 'twinlock_overseer'

const productRoles = [...storeRoles, overseerRole] as const
type ProductRole = (typeof productRoles)[number]

/** Raised by PostgreSQL when two servers make or change one role at the same moment. */
const races = new Set(['42710', '23505', 'XX000'])
const attemptsMax = 20
const insufficientPrivilege = '42501'

/** The password of a role: HMAC-SHA-256 of its name under the owner's password, the same on every replica. */
function rolePassword(connection: Pick<DatabaseConnection, 'password'>, role: StoreRole): string {
  return createHmac('sha256', connection.password).update(`twinlock role ${role}`).digest('base64url')
}

/** The connection of a role to the same database. */
export function connectionOf(connection: DatabaseConnection, role: StoreRole): DatabaseConnection {
  return { ...connection, user: role, password: rolePassword(connection, role) }
}

const scramRounds = 4096

/**
 * What PostgreSQL keeps of a role's password (SCRAM-SHA-256, RFC 5803): sent in the place of the password, which therefore is in no log of statements. The salt is
 * derived, too, so that it can be told without writing whether a role has this password.
 */
function passwordVerifier(connection: Pick<DatabaseConnection, 'password'>, role: StoreRole): string {
  const salt = createHmac('sha256', connection.password).update(`twinlock salt ${role}`).digest().subarray(0, 16)
  const salted = pbkdf2Sync(rolePassword(connection, role), salt, scramRounds, 32, 'sha256')
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${scramRounds}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`
}

interface Owner {
  readonly name: string
  readonly isSuperuser: boolean
  /** Whether it may make functions that belong to the overseer. */
  readonly mayEntrust: boolean
}

function insufficient(connection: DatabaseConnection, what: string, cause?: unknown): HostError {
  return new HostError(
    'database_owner_insufficient',
    `${describeConnection(connection)}: ${what} The user of TWINLOCK_DATABASE_URL has to own the database, with the attribute CREATEROLE; it need not be a superuser.`,
    { cause },
  )
}

async function ownerOf(client: pg.Client, connection: DatabaseConnection): Promise<Owner> {
  const { rows } = await client.query<Owner & { owns: boolean }>(
    `select rolname as name, rolsuper as "isSuperuser",
       rolsuper or pg_has_role(d.datdba, 'usage') and has_schema_privilege('public', 'create with grant option') as owns,
       exists (select from pg_roles where rolname = $1 and pg_has_role(oid, 'set')) as "mayEntrust"
     from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
    [overseerRole],
  )
  const owner = rows[0]
  if (owner?.owns === true) return owner
  throw insufficient(connection, `\`${connection.user}\` does not own this database and its schema \`public\`.`)
}

interface Found {
  readonly name: ProductRole
  readonly canSignIn: boolean
  /** Attributes that no role of the product has, in SQL's words. */
  readonly tooMuch: readonly string[]
  /** Roles that it is a member of. */
  readonly memberOf: readonly string[]
  /** What PostgreSQL keeps of its password, where whoever asks may see that. */
  readonly verifier?: string
}

const attributes = {
  rolsuper: 'superuser',
  rolcreatedb: 'createdb',
  rolcreaterole: 'createrole',
  rolreplication: 'replication',
  rolbypassrls: 'bypassrls',
}

async function rolesFound(client: pg.Client, owner: Owner): Promise<Map<string, Found>> {
  const [catalog, verifier] = owner.isSuperuser ? ['pg_authid', 'r.rolpassword'] : ['pg_roles', 'null::text']
  const tooMuch = Object.entries(attributes).map(([column, word]) => `case when r.${column} then '${word}' end`)
  const { rows } = await client.query<Found>(
    `select r.rolname as name, r.rolcanlogin as "canSignIn", array_remove(array[${tooMuch.join(', ')}], null) as "tooMuch", ${verifier} as verifier,
       array(select m.roleid::regrole::text from pg_auth_members m where m.member = r.oid) as "memberOf"
     from ${catalog} r where r.rolname = any($1)`,
    [productRoles],
  )
  return new Map(rows.map((row) => [row.name, row]))
}

/** Refuses a role that is more than it may be and that this owner cannot make less. */
function requireHarmless({ name, tooMuch, memberOf }: Found, owner: Owner): void {
  if (memberOf.length > 0)
    throw new HostError(
      'database_role_unsafe',
      `The database role ${name} is a member of ${memberOf.join(', ')}, so whoever serves requests could do what that may. As an administrator of the database server: revoke ${memberOf.join(', ')} from ${name}.`,
    )
  if (tooMuch.length > 0 && !owner.isSuperuser)
    throw new HostError(
      'database_role_unsafe',
      `The database role ${name} has ${tooMuch.join(', ')}, which no role of the product may have and \`${owner.name}\` cannot take away. As an administrator of the database server: alter role ${name} ${tooMuch.map((word) => `no${word}`).join(' ')}.`,
    )
}

/** What a role has to be told to be what it should be; nothing where it is. Names are our own constants and a verifier is base64: nothing needs quoting. */
function correction(role: ProductRole, found: Found | undefined, verifier: string | undefined): string[] {
  const signIn = verifier === undefined ? 'nologin' : `login password '${verifier}'`
  if (found === undefined) return [`create role ${role} ${signIn}`]
  const isSo = found.canSignIn === (verifier !== undefined) && (verifier === undefined || found.verifier === verifier)
  const less = found.tooMuch.map((word) => `no${word}`)
  const words = [...(isSo ? [] : [signIn]), ...less]
  return words.length === 0 ? [] : [`alter role ${role} ${words.join(' ')}`]
}

async function ensureOnce(client: pg.Client, connection: DatabaseConnection): Promise<void> {
  const owner = await ownerOf(client, connection)
  const found = await rolesFound(client, owner)
  for (const role of found.values()) requireHarmless(role, owner)
  const statements = [
    ...storeRoles.flatMap((role) => correction(role, found.get(role), passwordVerifier(connection, role))),
    ...correction(overseerRole, found.get(overseerRole), undefined),
    // Whoever made a role has it in his gift, and nothing of it.
    ...(owner.isSuperuser || owner.mayEntrust ? [] : [`grant ${overseerRole} to current_user with inherit false, set true`]),
  ]
  if (statements.length > 0) await client.query(statements.join('; '))
}

function hasRaced(error: unknown): boolean {
  return races.has(systemErrorCode(error) ?? '')
}

/**
 * Makes the roles, or gives them their passwords again. Another server that does the same at the same moment is waited for. Throws `database_owner_insufficient`
 * where the owner may not, and `database_role_unsafe` where a role is more than it may be and the owner cannot change that.
 */
export async function ensureRoles(client: pg.Client, connection: DatabaseConnection): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ensureOnce(client, connection)
      return
    } catch (error) {
      if (systemErrorCode(error) === insufficientPrivilege)
        throw insufficient(
          connection,
          `The roles ${productRoles.join(', ')} cannot be made or changed (${String(error)}). Where somebody else made them, he grants them to this user WITH ADMIN OPTION.`,
          error,
        )
      if (!hasRaced(error) || attempt === attemptsMax) throw error
    }
  }
}
