// Sign-in: a one-time link becomes a session; a session authenticates a person until it ends. The store decides, the token only finds the row.
import type { Selectable } from 'kysely'
import { fail, type OrgId, type Ports, type Principal, type Tx } from '../kernel/index.ts'
import { directoryOfToken } from './scim/directories.ts'
import { hashSecret, isDirectoryToken } from './secret-token.ts'
import type { PersonTable } from './tables.ts'

/** How long a one-time link is good for. */
export const linkTtlSeconds = 600
/** How long a session lasts at most. */
export const sessionTtlSeconds = 12 * 3600

type Person = Selectable<PersonTable>

/** The principal that a person acts as. */
export function personPrincipal(person: Person, credential: string): Principal {
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
  return fail('unauthenticated', 'This session has ended, or there never was one.', { next: 'Sign in again with a one-time link.' })
}

/** The person behind a session's secret, or the directory behind its token. Throws `unauthenticated` when it ended, expired, or its person left. */
export async function personOfSession(tx: Tx, token: string, ports: Ports): Promise<Principal> {
  if (isDirectoryToken(token)) return directoryOfToken(tx, token, ports)
  const now = new Date(ports.clock.now())
  const session = await tx
    .selectFrom('session')
    .select(['id', 'person_id', 'created_at'])
    .where('hash', '=', hashSecret(token, ports))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (session === undefined) throw signInAgain()
  const principal = personPrincipal(await activePerson(tx, session.person_id), session.id)
  return { ...principal, authenticatedAt: session.created_at.getTime() }
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
  return personPrincipal(await activePerson(tx, link.person_id), link.hash)
}

async function activePerson(tx: Tx, id: string): Promise<Person> {
  const person = await tx.selectFrom('person').selectAll().where('id', '=', id).where('state', '=', 'active').executeTakeFirst()
  if (person === undefined) throw signInAgain()
  return person
}
