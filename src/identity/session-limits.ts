// How long a session lasts and may lie unused: the shortest of what holds for everybody and for each role that its person holds, asked anew while it is used, so
// that a role that somebody is given shortens what he has open. An organization sets its own within bounds.
import { sql } from 'kysely'
import type { Ports, Tx } from '../kernel/index.ts'

/** How long a session lasts at most, and how long it may lie unused, in seconds. */
export interface SessionLimits {
  readonly ttlSeconds: number
  readonly idleSeconds: number
}

/** The roles that a limit can be set for; `everybody` holds for all. */
export const limitedRoles = ['everybody', 'author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'] as const

/** One of the roles that a limit can be set for. */
export type LimitedRole = (typeof limitedRoles)[number]

const usual: SessionLimits = { ttlSeconds: 12 * 3600, idleSeconds: 6 * 3600 }
const privileged: SessionLimits = { ttlSeconds: 8 * 3600, idleSeconds: 2 * 3600 }
const privilegedRoles: ReadonlySet<string> = new Set(['admin', 'reviewer', 'deployer'])

/** The longest that an organization may set. Whoever can change what others may, or let something out, gets no more than the product's own limit. */
export function longestFor(role: LimitedRole): SessionLimits {
  return privilegedRoles.has(role) ? privileged : { ttlSeconds: 24 * 3600, idleSeconds: 12 * 3600 }
}

/** A limit, and whether the organization set it. */
export interface LimitOfRole extends SessionLimits {
  readonly role: LimitedRole
  readonly isOwn: boolean
}

/** The limit of every role: the organization's own where it set one, the product's where it did not. A role without either is as everybody. */
export async function limitsByRole(tx: Tx): Promise<LimitOfRole[]> {
  const rows = await tx.selectFrom('session_limit').select(['role', 'ttl_seconds', 'idle_seconds']).execute()
  const own = new Map(rows.map((row) => [row.role, { ttlSeconds: row.ttl_seconds, idleSeconds: row.idle_seconds }]))
  const everybody = own.get('everybody') ?? usual
  return limitedRoles.map((role) => {
    const set = own.get(role)
    const shipped = privilegedRoles.has(role) ? shortest([privileged, everybody]) : everybody
    return { role, ...(set ?? shipped), isOwn: set !== undefined }
  })
}

function shortest(limits: readonly SessionLimits[]): SessionLimits {
  return {
    ttlSeconds: Math.min(...limits.map(({ ttlSeconds }) => ttlSeconds)),
    idleSeconds: Math.min(...limits.map(({ idleSeconds }) => idleSeconds)),
  }
}

/** The limits of people's sessions now, by person. */
async function limitsOf(
  tx: Tx,
  people: readonly string[],
  ports: Pick<Ports, 'entitlements' | 'clock'>,
): Promise<Map<string, SessionLimits>> {
  const [byRole, held] = await Promise.all([limitsByRole(tx), ports.entitlements.rolesOf(tx, people, ports.clock.now())])
  const counts = (person: string) => byRole.filter(({ role }) => role === 'everybody' || held.get(person)?.has(role) === true)
  return new Map(people.map((person) => [person, shortest(counts(person))]))
}

/** The limits of a person's sessions now. */
export async function sessionLimits(tx: Tx, person: string, ports: Pick<Ports, 'entitlements' | 'clock'>): Promise<SessionLimits> {
  return shortest([...(await limitsOf(tx, [person], ports)).values()])
}

/** Shortens every live session to the limits that hold now; returns how many became shorter. None becomes longer. */
export async function shortenSessions(tx: Tx, ports: Pick<Ports, 'entitlements' | 'clock'>): Promise<number> {
  const now = new Date(ports.clock.now())
  const live = await tx
    .selectFrom('session')
    .select('person_id')
    .distinct()
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  const people = live.map(({ person_id }) => person_id)
  const limits = [...(await limitsOf(tx, people, ports)).values()]
  // However many there are: all others wait for it.
  const { numAffectedRows = 0n } = await sql`
    update session s set expires_at = least(s.expires_at, s.created_at + make_interval(secs => l.ttl)), idle_seconds = least(s.idle_seconds, l.idle)
    from unnest(${people}::text[], ${limits.map(({ ttlSeconds }) => ttlSeconds)}::int[], ${limits.map(({ idleSeconds }) => idleSeconds)}::int[]) as l (person, ttl, idle)
    where s.person_id = l.person and s.ended_at is null and s.expires_at > ${now}
      and (s.expires_at > s.created_at + make_interval(secs => l.ttl) or s.idle_seconds > l.idle)`.execute(tx)
  return Number(numAffectedRows)
}
