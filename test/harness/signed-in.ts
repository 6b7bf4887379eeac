// Acting at the door in tests: as a person with a session, as a workload with a token, as a part of the product; and what a refusal said.
import assert from 'node:assert/strict'
import type { Credential } from '../../src/app/door/credential.ts'
import { type Act, actingWith, asStarter, type StarterPerson } from '../../src/app/starter/people.ts'
import { tokenEndpoint } from '../../src/app/starter/walk.ts'
import { CodedError, type OrgId, type SystemPart } from '../../src/kernel/index.ts'
import { baseUrl, type Harness, type WorkloadKey } from './twinlock.ts'

/** Somebody signed in. */
export interface SignedIn {
  readonly id: string
  readonly token: string
  readonly credential: Credential
  readonly act: Act
}

type Door = Harness['twinlock']['door']

/** Signs a person in, by id, and leaves him signed in. */
export async function signInAs(door: Door, org: OrgId, person: string): Promise<SignedIn> {
  const { token: link } = await asStarter(door, org)('person:link', { person })
  const { token } = await actingWith(door, { kind: 'link', token: String(link) })('session:create', {})
  const credential = { kind: 'session', token: String(token) } as const
  return { id: person, token: credential.token, credential, act: actingWith(door, credential) }
}

/** Signs one of the starter's people in. */
export function signIn(h: Harness, slug: StarterPerson): Promise<SignedIn> {
  return signInAs(h.twinlock.door, h.starter.org, h.starter.people[slug])
}

/** Adds a person with a role on the organization (or elsewhere, or none), through the door, and signs him in. */
export async function newPerson(h: Harness, slug: string, role?: string, more: Record<string, unknown> = {}): Promise<SignedIn> {
  const { org } = h.starter
  const act = asStarter(h.twinlock.door, org)
  const person = String((await act('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'restricted' })).id)
  if (role !== undefined) await act('grant:create', { principal: person, role, reason: 'A test needs it.', ...more })
  return signInAs(h.twinlock.door, org, person)
}

/** Acts as a part of the product. */
export function asSystem(h: Harness, part: SystemPart): Act {
  return actingWith(h.twinlock.door, { kind: 'system', org: h.starter.org, part })
}

/** Gives a role, as the starter. */
export async function grant(h: Harness, principal: string, role: string, more: Record<string, unknown> = {}): Promise<string> {
  return String((await asSystem(h, 'starter')('grant:create', { principal, role, reason: 'A test needs it.', ...more })).id)
}

/** Gets a token for a standing workload with its own key. */
export async function tokenFor(
  h: Harness,
  key: WorkloadKey,
  workload: { spiffeId: string },
  environment: string,
): Promise<SignedIn & { readonly id: string }> {
  const audience = tokenEndpoint(baseUrl, h.starter.org, environment)
  const assertion = await key.assertion(audience, workload.spiffeId)
  const issued = await actingWith(h.twinlock.door, { kind: 'assertion', token: assertion, org: h.starter.org, audience })('token:issue', {})
  const credential = { kind: 'token', token: String(issued.accessToken) } as const
  return { id: workload.spiffeId, token: credential.token, credential, act: actingWith(h.twinlock.door, credential) }
}

/** The starter's pipeline with a token. */
export function pipeline(h: Harness): Promise<SignedIn> {
  return tokenFor(h, h.keys.pipeline, h.starter.pipeline, h.starter.environments.staging)
}

/** What a refusal says. */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly notes: CodedError['notes']
}

/** The coded failure that work ends in. Fails the test when it succeeds, or fails without a code. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work
  } catch (error) {
    if (error instanceof CodedError) return { code: error.code, message: error.message, notes: error.notes }
    throw error
  }
  assert.fail('This was to be refused, and was done.')
}

/** Work is refused with this code. */
export async function refused(work: Promise<unknown>, code: string | RegExp): Promise<Refusal> {
  const refusal = await refusalOf(work)
  if (typeof code === 'string') assert.equal(refusal.code, code, refusal.message)
  else assert.match(refusal.code, code, refusal.message)
  return refusal
}

const patienceMs = 120_000

/** Looks again and again until something is there. Throws after two minutes, saying what was waited for; a machine that stood still meanwhile looks once more. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + patienceMs
  for (let isLast = false; ; isLast = performance.now() > end) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (isLast) throw new Error(`This did not happen in ${patienceMs / 1000} s: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
