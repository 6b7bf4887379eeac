// Who could approve a request: active people whom the door would let, and for whom what is asked is theirs to give. Nothing is decided here, and nobody can do
// anything with the answer: whoever then approves is decided about at the door.
import { type Selectable, sql } from 'kysely'
import { boundsOf, type PersonTable, personPrincipal } from '../../identity/index.ts'
import { type Capability, type Located, type Ports, type Principal, principalRef, type Tx } from '../../kernel/index.ts'
import { type Given, lackingAmong } from '../bounds.ts'
import { wouldAllow } from '../decide.ts'
import { givesAction } from '../gives.ts'
import { grantsHeld, type Policy, policiesOf } from '../grants.ts'
import { endsAt, minutesSoFar, type RequestFound, requestEntity } from './find-request.ts'

/** The most people who are asked about in one answer; of more, the first are. */
const decidersMax = 50

/** Somebody who could decide. */
export interface Decider {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** The transaction that looks, and the take-away version that it is decided at. */
export interface Looking {
  readonly tx: Tx
  readonly ports: Ports
  readonly version: number
}

/** What the decision on a request is made of. Only people ask, so the asker alone stands behind what is given. */
export function locatedRequest(found: RequestFound): Located<RequestFound> {
  const { environment } = found
  return {
    resource: requestEntity(found),
    context: { grantees: [found.row.asker_id] },
    ...(environment === undefined ? {} : { environment }),
    found,
  }
}

/** What approving it at this moment would give. */
export async function wouldGive(tx: Tx, ports: Ports, found: RequestFound): Promise<Given> {
  const { row } = found
  const own =
    row.custom_role === null
      ? undefined
      : await tx.selectFrom('custom_role').select('actions').where('slug', '=', row.custom_role).executeTakeFirst()
  const { role, scope_type, scope_id, environments, not_before } = row
  const expires_at = endsAt(row, minutesSoFar(found), ports.clock.now())
  const actions = own?.actions ?? row.actions
  return { role, actions, scope_type, scope_id, environments, not_before, expires_at, until_run: null, until_batch: null }
}

/** The policies that somebody is decided by. */
export async function policiesFor({ tx, ports, version }: Looking, principal: Principal): Promise<readonly Policy[]> {
  return policiesOf(tx, principalRef(principal), await ports.guardrails.at(tx, principal.org, version))
}

/** What the door would say of an action on a request. */
export function wouldBeAllowed(
  { ports, version }: Looking,
  it: {
    readonly capability: Capability
    readonly principal: Principal
    readonly policies: readonly Policy[]
    readonly found: RequestFound
  },
): boolean {
  const { capability, principal, policies, found } = it
  const located = { ...locatedRequest(found), ...(capability.context.grantees === undefined ? { context: {} } : {}) }
  return wouldAllow(ports.decider, { capability, principal, located, policies, version, now: ports.clock.now() }).allowed
}

/** Those of several requests that somebody could approve now: the door would let him, and it is his to give. */
export async function approvable(
  look: Looking,
  approve: Capability,
  principal: Principal,
  all: readonly RequestFound[],
): Promise<RequestFound[]> {
  const { tx, ports } = look
  const held = all.length === 0 ? [] : await grantsHeld(tx, principal.id)
  // Who holds the right to it nowhere need not be asked about one thing after another.
  if (!held.some((grant) => givesAction(grant, approve.name, ports.grantable))) return []
  const policies = await policiesFor(look, principal)
  const holding = { grants: held, bounds: await boundsOf(tx, principal.id) }
  const kept: RequestFound[] = []
  for (const found of all) {
    if (!wouldBeAllowed(look, { capability: approve, principal, policies, found })) continue
    if (lackingAmong(ports, holding, found.above, await wouldGive(tx, ports, found)).length === 0) kept.push(found)
  }
  return kept
}

/** Whether somebody holds an action anywhere. */
export async function holdsAny({ tx, ports }: Looking, { name }: Pick<Capability, 'name'>, principal: Principal): Promise<boolean> {
  return (await grantsHeld(tx, principal.id)).some((grant) => givesAction(grant, name, ports.grantable))
}

/** Active people with a grant, direct or through groups, that holds an action: by a role or by itself. */
async function peopleWith(tx: Tx, { name, roles }: Pick<Capability, 'name' | 'roles'>, now: number): Promise<Selectable<PersonTable>[]> {
  const at = new Date(now)
  const holders = sql<string>`(
    with recursive holds (id) as (
      select principal_id from "grant" where (role = any(${[...roles]}::text[]) or ${name} = any(actions)) and revoked_at is null
        and (not_before is null or not_before <= ${at}) and (expires_at is null or expires_at > ${at})
      union select m.member_id from group_member m join holds h on m.group_id = h.id
    ) select id from holds)`
  return tx
    .selectFrom('person')
    .selectAll()
    .where('state', '=', 'active')
    .where('id', 'in', holders)
    .orderBy('id')
    .limit(decidersMax)
    .execute()
}

/** The people who could approve a request now. */
export async function decidersOf(look: Looking, approve: Capability, found: RequestFound): Promise<Decider[]> {
  const deciders: Decider[] = []
  for (const person of await peopleWith(look.tx, approve, look.ports.clock.now())) {
    if ((await approvable(look, approve, personPrincipal(person, person.id), [found])).length > 0)
      deciders.push({ id: person.id, slug: person.slug, name: person.name })
  }
  return deciders
}
