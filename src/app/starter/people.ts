// Acting as the people of the starter: each signs in with a one-time link of his own and acts as himself, so that what the ledger says of the
// demonstration is true. One human trying all of them is a demonstration; in an organization they are different humans.
import type { OrgId } from '../../kernel/index.ts'
import type { Credential } from '../door/credential.ts'
import type { Door } from '../door/govern.ts'

/** The people of the starter, with the role that each is given. The owner holds no role: owning is not doing. */
export const starterPeople = [
  { slug: 'admin', name: 'Starter Admin', role: 'admin', clearance: 'internal' },
  { slug: 'author', name: 'Starter Author', role: 'author', clearance: 'confidential' },
  { slug: 'operator', name: 'Starter Operator', role: 'operator', clearance: 'confidential' },
  { slug: 'reviewer', name: 'Starter Reviewer', role: 'reviewer', clearance: 'confidential' },
  { slug: 'deployer', name: 'Starter Deployer', role: 'deployer', clearance: 'confidential' },
  { slug: 'auditor', name: 'Starter Auditor', role: 'auditor', clearance: 'confidential' },
  { slug: 'owner', name: 'Starter Owner', role: null, clearance: 'confidential' },
] as const

/** The slug of one of the starter's people. */
export type StarterPerson = (typeof starterPeople)[number]['slug']

/** A person of the starter, as he is made. */
interface Joining {
  readonly slug: string
  readonly name: string
  readonly clearance: string
}

/** Lets a person join. Answers his id. */
export async function addPerson(act: Act, { slug, name, clearance }: Joining): Promise<string> {
  return text((await act('person:create', { slug, name, email: `${slug}@starter.example`, clearance })).id)
}

/**
 * Adds the second administrator to a starter, without whom nothing that takes two people could be finished: access to production or to the platform itself,
 * the review of a broken glass, the end of the organization.
 */
export async function withSecondAdministrator<S extends { readonly org: OrgId; readonly people: Readonly<Record<StarterPerson, string>> }>(
  door: Door,
  starter: S,
): Promise<S & { readonly people: { readonly security: string } }> {
  const act = asStarter(door, starter.org)
  const security = await addPerson(act, { slug: 'security', name: 'Starter Security', clearance: 'internal' })
  await act('grant:create', { principal: security, role: 'admin', reason: 'What takes two people needs a second one.' })
  return { ...starter, people: { ...starter.people, security } }
}

/** Acts at the door with one credential. */
export type Act = (action: string, input: unknown) => Promise<Record<string, unknown>>

/** Acts as somebody: results are checked by the actions' own schemas, and read here by name. */
export function actingWith(door: Door, credential: Credential): Act {
  return async (action, input) => (await door.govern({ action, credential, input, requestId: 'starter' })).result as Record<string, unknown>
}

/** Acts as the starter itself: the system part that sets an organization up. */
export function asStarter(door: Door, org: OrgId): Act {
  return actingWith(door, { kind: 'system', org, part: 'starter' })
}

/** Signs a person in with a fresh link, lets him act, and signs him out. */
export async function asPerson<T>(door: Door, org: OrgId, person: string, work: (act: Act) => Promise<T>): Promise<T> {
  const { token: link } = await asStarter(door, org)('person:link', { person })
  const { token } = await actingWith(door, { kind: 'link', token: text(link) })('session:create', {})
  const act = actingWith(door, { kind: 'session', token: text(token) })
  try {
    return await work(act)
  } finally {
    await act('session:end', {})
  }
}

/** A field of a result that its action's schema says is a text. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('A result holds something else than a text here.')
  return value
}
