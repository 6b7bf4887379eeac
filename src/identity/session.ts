// Sign-in: a one-time link, or what was proved by a provider, a passkey or a recovery code, becomes a session; a session authenticates a person until it ends, expires or lies unused for too long.
// The store decides, the token only finds the row.
import { type Expression, type Selectable, sql } from 'kysely'
import { fail, type OrgId, type Ports, type Principal, type Tx } from '../kernel/index.ts'
import { attributesSaid } from './scim/mapped-attributes.ts'
import { hashSecret } from './secret-token.ts'
import { sessionLimits } from './session-limits.ts'
import { personLinkedTo, requireMadeHere, type SignInProof } from './sign-in/proof.ts'
import { usualStepUpSeconds } from './sign-in/rules.ts'
import type { PersonTable } from './tables.ts'

/** How long a one-time link is good for. */
export const linkTtlSeconds = 600
/** How exactly the last use of a session is kept. */
const seenEveryMs = 60_000

type Person = Selectable<PersonTable>

/** The principal that a person acts as. */
export function personPrincipal(person: Pick<Person, 'id' | 'org_id' | 'slug' | 'clearance'>, credential: string): Principal {
  return {
    kind: 'person',
    id: person.id,
    org: person.org_id as OrgId, // the column holds nothing else
    name: person.slug,
    clearance: person.clearance,
    chain: [person.id],
    credential,
  }
}

function signInAgain(): Error {
  return fail('unauthenticated', 'This session has ended, or there never was one.', { next: 'Sign in again.' })
}

/** What looking at a session takes. */
export type SessionPorts = Pick<Ports, 'clock' | 'sha256' | 'entitlements'>

interface LiveSession {
  readonly id: string
  readonly created_at: Date
  readonly authenticated_at: Date | null
  readonly acr: string | null
  readonly wanted_acr: string | null
  readonly person_id: string
  readonly idle_seconds: number
  readonly seen_at: Date | null
  readonly seen_idle_seconds: number | null
  readonly seen_ends_at: Date | null
}

interface Until {
  readonly idleSeconds: number
  readonly endsAt: number
}

/** Throws where a session is past its end, or has lain unused for too long. */
function requireWithin({ created_at, seen_at, idle_seconds }: LiveSession, { idleSeconds, endsAt }: Until, now: number): void {
  const lastUse = (seen_at ?? created_at).getTime()
  if (now - lastUse > Math.min(idle_seconds, idleSeconds) * 1000 || now >= endsAt) throw signInAgain()
}

/** The limits that were noted when it was last seen; what it was opened with is looked at beside them. */
function untilAsNoted({ seen_idle_seconds, seen_ends_at }: LiveSession): Until {
  return { idleSeconds: seen_idle_seconds ?? Number.MAX_SAFE_INTEGER, endsAt: seen_ends_at?.getTime() ?? Number.MAX_SAFE_INTEGER }
}

/**
 * Notes that a session is in use, with the limits of the roles that its person holds by now. Whoever else is noting it at this moment notes it for all. Throws
 * where those limits have passed.
 */
async function noteUse(tx: Tx, session: LiveSession, now: number, ports: SessionPorts): Promise<void> {
  const { id, person_id, created_at, seen_at } = session
  if (seen_at !== null && now - seen_at.getTime() < seenEveryMs) return
  const { idleSeconds, ttlSeconds } = await sessionLimits(tx, person_id, ports)
  const endsAt = created_at.getTime() + ttlSeconds * 1000
  requireWithin(session, { idleSeconds, endsAt }, now)
  await sql`update session_seen set at = ${new Date(now)}, idle_seconds = ${idleSeconds}, ends_at = ${new Date(endsAt)} where session_id in
    (select session_id from session_seen where session_id = ${id} and at < ${new Date(now)} for update skip locked)`.execute(tx)
}

/** When a person proved himself, as far as that counts for a step-up: by the means that his connection asks for, where it asks for some. */
function freshSince({ authenticated_at, acr, wanted_acr }: LiveSession): { readonly authenticatedAt?: number } {
  if (authenticated_at === null || (wanted_acr !== null && acr !== wanted_acr)) return {}
  return { authenticatedAt: authenticated_at.getTime() }
}

/** A session that has not ended, by its secret's hash or by its id. */
async function liveSession(tx: Tx, by: 'hash' | 'id', value: string, now: number) {
  const session = await tx
    .selectFrom('session as s')
    .leftJoin('session_seen as seen', 'seen.session_id', 's.id')
    .leftJoin('sso', 'sso.id', 's.sso_id')
    .leftJoin('sign_in_rules as rules', 'rules.org_id', 's.org_id')
    .select(['s.id', 's.person_id', 's.created_at', 's.authenticated_at', 's.acr', 's.idle_seconds'])
    .select([
      'seen.at as seen_at',
      'seen.idle_seconds as seen_idle_seconds',
      'seen.ends_at as seen_ends_at',
      'sso.step_up_acr as wanted_acr',
      'rules.step_up_seconds',
    ])
    .where(`s.${by}`, '=', value)
    .where('s.ended_at', 'is', null)
    .where('s.expires_at', '>', new Date(now))
    .executeTakeFirst()
  if (session === undefined) throw signInAgain()
  requireWithin(session, untilAsNoted(session), now)
  return session
}

function principalIn(person: Person, session: Awaited<ReturnType<typeof liveSession>>): Principal {
  return {
    ...personPrincipal(person, session.id),
    ...freshSince(session),
    stepUpSeconds: session.step_up_seconds ?? usualStepUpSeconds,
    ...(session.acr === null ? {} : { acr: session.acr }),
  }
}

/** The person behind a session's secret. Throws `unauthenticated` when it ended, expired, lay unused for too long, or its person left. */
export async function personOfSession(tx: Tx, token: string, ports: SessionPorts): Promise<Principal> {
  const now = ports.clock.now()
  const hash = hashSecret(token, ports)
  const itsPerson = tx.selectFrom('session').select('person_id').where('hash', '=', hash).$asScalar()
  const [session, person] = await Promise.all([liveSession(tx, 'hash', hash, now), findHere(tx, itsPerson, ports)])
  const here = requireHere(person)
  await noteUse(tx, session, now, ports)
  return principalIn(here, session)
}

/** The person who began something in a session, as he is now, where that session still is; this is no use of it. Throws `unauthenticated`. */
export async function personOfSessionWithId(tx: Tx, id: string, ports: Pick<Ports, 'clock'>): Promise<Principal> {
  const session = await liveSession(tx, 'id', id, ports.clock.now())
  return principalIn(await activePerson(tx, session.person_id, ports), session)
}

/** The person whom a proof is of. Using it up is the act of `session:create`. Throws `sign_in_unmatched`. */
export async function personOfSignIn(tx: Tx, proof: SignInProof, ports: Pick<Ports, 'clock'>): Promise<Principal> {
  requireMadeHere(proof)
  if ('own' in proof) {
    const { person, own, authenticatedAt } = proof
    return { ...personPrincipal(await activePerson(tx, person, ports), person), authenticatedAt, own }
  }
  const linkedTo = personLinkedTo(tx, proof)
  const [linked, person] = await Promise.all([linkedTo.executeTakeFirst(), findHere(tx, linkedTo.$asScalar(), ports)])
  if (linked === undefined) throw fail('sign_in_unmatched', 'Nobody here is linked to who signed in there.')
  const principal = personPrincipal(requireHere(person), proof.attempt)
  return {
    ...principal,
    ...(proof.authenticatedAt === undefined ? {} : { authenticatedAt: proof.authenticatedAt }),
    ...(proof.acr === undefined ? {} : { acr: proof.acr }),
    provider: {
      sso: proof.sso,
      subject: proof.subject,
      ...(proof.nameFormat === undefined ? {} : { nameFormat: proof.nameFormat }),
      session: proof.session,
      attempt: proof.attempt,
      ...(proof.once === undefined ? {} : { once: proof.once }),
      ...(proof.claims === undefined ? {} : { said: attributesSaid(proof.claims) }),
    },
  }
}

/** The person whom a one-time link was made for, while it is unused and fresh. Using it up is the act of `session:create`. */
export async function personOfLink(tx: Tx, token: string, ports: Ports): Promise<Principal> {
  const link = await tx
    .selectFrom('one_time_link')
    .select(['person_id', 'hash'])
    .where('hash', '=', hashSecret(token, ports))
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date(ports.clock.now()))
    .executeTakeFirst()
  if (link === undefined) {
    throw fail('unauthenticated', 'This link was used, has expired, or never existed.', {
      next: 'Ask an administrator for a new one: `twinlock person link`.',
    })
  }
  return personPrincipal(await activePerson(tx, link.person_id, ports), link.hash)
}

/** Looks for a person by his id, with whether he is a guest, and one whose time has not ended and for whom somebody answers. */
function findHere(tx: Tx, id: string | Expression<string>, { clock }: Pick<Ports, 'clock'>) {
  return tx
    .selectFrom('person')
    .selectAll('person')
    .select((eb) => [
      eb.exists(eb.selectFrom('guest').select('guest.id').whereRef('guest.person_id', '=', 'person.id')).as('isGuest'),
      eb
        .exists(
          eb
            .selectFrom('guest')
            .select('guest.id')
            .whereRef('guest.person_id', '=', 'person.id')
            .where('guest.state', '=', 'active')
            .where('guest.until', '>', new Date(clock.now())),
        )
        .as('isLetIn'),
    ])
    .where('person.id', '=', id)
    .where('person.state', '=', 'active')
    .executeTakeFirst()
}

/** A person who works here, or is a guest whose time has not ended and for whom somebody answers. Throws `unauthenticated`. */
function requireHere(person: Awaited<ReturnType<typeof findHere>>): Person {
  if (person === undefined) throw signInAgain()
  if (person.isGuest === true && person.isLetIn !== true)
    throw fail('unauthenticated', 'Your time here as a guest is over, has not begun, or waits for somebody to answer for you.', {
      next: 'Ask whoever invited you.',
    })
  return person
}

async function activePerson(tx: Tx, id: string, ports: Pick<Ports, 'clock'>): Promise<Person> {
  return requireHere(await findHere(tx, id, ports))
}
