// Who might: the people and workloads that hold a role which could allow an action, or had a hand in what it is about, each with what it would be decided
// on. Used to say who may and who may not; nothing here acts, and no decision about a candidate lets anybody do anything.
import { because, guardrailsInForce, type Policy, policiesOf, roleHolders, wouldAllow } from '../access/index.ts'
import { workloadPrincipal } from '../credentials/index.ts'
import { personPrincipal } from '../identity/index.ts'
import {
  type Capability,
  isCoded,
  isId,
  type Located,
  type Ports,
  type Principal,
  principalRef,
  type Role,
  type Tx,
} from '../kernel/index.ts'

/** The most candidates that are decided about in one answer. */
const candidatesMax = 200

/** Somebody who might, with the roles and policies that a decision would look at. */
export interface Candidate {
  readonly principal: Principal
  readonly slug: string
  readonly name: string
  readonly policies: readonly Policy[]
  /** Roles of grants that hold now, whatever their scope. */
  readonly roles: readonly string[]
}

/** What a decision about a candidate would be, with its reason in a sentence. */
export interface Foreseen {
  readonly may: boolean
  readonly because: string
}

/** Candidates, and whether there were more than are looked at. */
export interface Candidates {
  readonly all: readonly Candidate[]
  readonly truncated: boolean
}

/** The roles that somebody holds now, directly or through groups, whatever their scope. */
export async function rolesHeld(tx: Tx, id: string, ports: Ports): Promise<readonly string[]> {
  return (await roleHolders(tx, new Date(ports.clock.now()))).get(id) ?? []
}

async function personOf(tx: Tx, id: string): Promise<Pick<Candidate, 'principal' | 'slug' | 'name'> | undefined> {
  const person = await tx.selectFrom('person').selectAll().where('id', '=', id).where('state', '=', 'active').executeTakeFirst()
  return person === undefined ? undefined : { principal: personPrincipal(person, ''), slug: person.slug, name: person.name }
}

async function workloadOf(tx: Tx, id: string, ports: Ports): Promise<Pick<Candidate, 'principal' | 'slug' | 'name'> | undefined> {
  const row = await tx.selectFrom('workload').select(['environment_id', 'slug']).where('id', '=', id).executeTakeFirst()
  if (row === undefined) return undefined
  try {
    const environment = await ports.environments.find(tx, row.environment_id)
    return { principal: await workloadPrincipal(tx, id, environment, '', ports.clock.now()), slug: row.slug, name: row.slug }
  } catch (error) {
    // One that is suspended, ended or expired authenticates nobody.
    if (isCoded(error, 'unauthenticated')) return undefined
    throw error
  }
}

/** Finds who holds one of these roles now, and who else is named: active people and workloads alone. */
export async function findCandidates(
  tx: Tx,
  wanted: { roles: readonly Role[]; also: readonly string[] },
  ports: Ports,
): Promise<Candidates> {
  const roles = await roleHolders(tx, new Date(ports.clock.now()))
  const holders = [...roles].filter(([, held]) => wanted.roles.some((role) => held.includes(role))).map(([id]) => id)
  const ids = [...new Set([...wanted.also, ...holders])]
  const guardrails = await guardrailsInForce(tx)
  const all: Candidate[] = []
  for (const id of ids.slice(0, candidatesMax)) {
    const who = isId('per', id) ? await personOf(tx, id) : await workloadOf(tx, id, ports)
    if (who !== undefined)
      all.push({ ...who, policies: await policiesOf(tx, principalRef(who.principal), guardrails), roles: roles.get(id) ?? [] })
  }
  return { all, truncated: ids.length > candidatesMax }
}

/** What the door would decide about a candidate, by the same `decide`. Nothing that leaves is minted. */
export function foresee(
  capability: Capability,
  candidate: Candidate,
  located: Located<unknown>,
  ports: Ports,
): Foreseen & { policies: readonly string[] } {
  const { principal, policies, roles } = candidate
  const decision = wouldAllow(ports.decider, { capability, principal, located, policies, version: 0, now: ports.clock.now() })
  return { may: decision.allowed, because: because(capability, decision, roles), policies: decision.policies }
}
