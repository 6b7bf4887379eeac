// Nobody can grant what he does not have. What somebody gives, on some scope, in some environments, until some time, must lie within grants that he holds
// himself; more than one may cover it together, action by action. The role `admin` is the one right to give what one does not hold: it covers every shipped
// role on its own scope, so that those who manage the platform need none of the roles that author, run, export or hand off. The first administrator of an
// organization is made by the starter, a part of the product. What somebody gave to himself by breaking the glass gives him no right to give; and whoever is here
// for some projects until a day, as guests are, gives nothing beyond these or that day, whatever he holds. To whom something may be given is decided apart
// (`guardrail/granter-is-not-grantee`).
import type { Selectable } from 'kysely'
import type { Bound, Giving } from '../identity/index.ts'
import { boundsOf, groupsAbove, isInForce, selfAndMembers } from '../identity/index.ts'
import { type EntityRef, fail, isId, type Ports, type Principal, type Tx } from '../kernel/index.ts'
import { conflictsDeclared, conflictsMet, holdersBeside, holdGiving, requireApart, withWorkloads } from './duties.ts'
import { grantsHeld } from './grants.ts'
import type { GrantTable } from './tables.ts'

/** What somebody wants to give. */
export type Given = Pick<
  Selectable<GrantTable>,
  'role' | 'actions' | 'scope_type' | 'scope_id' | 'environments' | 'not_before' | 'expires_at' | 'until_run' | 'until_batch'
>

/** Where the wanted scope lies: itself and everything above it. */
type Above = readonly EntityRef[]

function reachesScope(held: Given, above: Above): boolean {
  return above.some(({ type, id }) => type === held.scope_type && id === held.scope_id)
}

function reachesEnvironments(held: Given, wanted: Given): boolean {
  if (held.environments.length === 0) return true
  return wanted.environments.length > 0 && wanted.environments.every((one) => held.environments.includes(one))
}

/** Whether what is wanted ends no later than what is held. */
function reachesTime(held: Given, wanted: Given): boolean {
  if (held.until_run !== null && held.until_run !== wanted.until_run) return false
  if (held.until_batch !== null && held.until_batch !== wanted.until_batch) return false
  return held.expires_at === null || (wanted.expires_at !== null && wanted.expires_at.getTime() <= held.expires_at.getTime())
}

function holdsNow({ not_before, expires_at }: Given, now: number): boolean {
  return (not_before === null || not_before.getTime() <= now) && (expires_at === null || expires_at.getTime() > now)
}

/** Whether whoever is bounded by these is here for what is wanted, and for as long. */
function reachesBounds(bounds: readonly Bound[], above: Above, wanted: Given, now: number): boolean {
  if (bounds.length === 0) return true
  if (bounds.some((bound) => bound.kind === 'engagement' && !isInForce(bound, now))) return false
  const guest = bounds.filter(({ kind }) => kind === 'guest')
  return (guest.length > 0 ? guest : bounds).some(
    (bound) =>
      isInForce(bound, now) &&
      above.some(({ type, id }) => type === 'Project' && bound.projects.includes(id)) &&
      wanted.expires_at !== null &&
      wanted.expires_at.getTime() <= bound.until.getTime(),
  )
}

/** The actions of what is wanted that these grants do not cover. */
function uncovered(wanted: Given, held: readonly Given[], grantable: Ports['grantable']): string[] {
  const roles = new Set(held.map(({ role }) => role).filter((role) => role !== null))
  if (roles.has('admin') || (wanted.role !== null && roles.has(wanted.role))) return []
  const asked =
    wanted.role === null ? wanted.actions : [...grantable].filter(([, of]) => of.includes(wanted.role ?? '')).map(([name]) => name)
  const single = new Set(held.flatMap(({ actions }) => actions))
  return asked.filter((name) => !single.has(name) && !(grantable.get(name) ?? []).some((role) => roles.has(role)))
}

/** What a giver lacks of what he wants to give: actions by name; empty when all of it is his to give. */
export async function lacking(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly giver: Principal
  readonly given: Given
}): Promise<readonly string[]> {
  const { tx, ports, giver, given } = it
  if (giver.kind === 'system') return []
  const above = (await ports.scopes.above(tx, { type: given.scope_type, id: given.scope_id })) ?? []
  return lackingAmong(ports, { grants: await grantsHeld(tx, giver.id), bounds: await boundsOf(tx, giver.id) }, above, given)
}

/** What somebody has to give from: his grants, and what bounds him. */
export interface Holding {
  readonly grants: readonly Selectable<GrantTable>[]
  readonly bounds: readonly Bound[]
}

/** What of it somebody who has this cannot give; `above` is its scope and everything above that. */
export function lackingAmong(ports: Ports, { grants, bounds }: Holding, above: Above, given: Given): readonly string[] {
  const now = ports.clock.now()
  const isHere = reachesBounds(bounds, above, given, now)
  const held = grants.filter(
    (one) =>
      isHere &&
      !one.break_glass &&
      holdsNow(one, now) &&
      reachesScope(one, above) &&
      reachesEnvironments(one, given) &&
      reachesTime(one, given),
  )
  return uncovered(given, held, ports.grantable)
}

/** Refuses to give what the giver does not have. Throws `denied`, which names the actions. */
export async function requireHeld(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly giver: Principal
  readonly given: Given
}): Promise<void> {
  const missing = await lacking(it)
  if (missing.length === 0) return
  throw fail(
    'denied',
    `Nobody can grant what he does not have here: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}.`,
    {
      facts: { missing: missing.slice(0, 50) },
      next: 'Narrow the scope, the environments, the actions or the time to what you hold yourself, or ask an administrator of that scope.',
    },
  )
}

/** Putting somebody into a group gives him what the group holds, and what the groups above it hold. */
export const giving: Giving = {
  async requireMayJoin({ tx, ports, group, members }) {
    if ((await conflictsDeclared(tx)).length === 0) return
    const groups = [group, ...(await groupsAbove(tx, group))]
    const grants = await tx.selectFrom('grant').selectAll().where('principal_id', 'in', groups).where('revoked_at', 'is', null).execute()
    if (grants.length === 0) return
    const below = await Promise.all(members.filter((member) => isId('grp', member)).map((member) => selfAndMembers(tx, member)))
    const holders = await withWorkloads(tx, [...new Set([...members, ...below.flat()])])
    for (const given of grants) requireApart(await conflictsMet({ tx, ports, holders, given }))
  },

  async requireMayGive({ tx, ports, giver, group, member }) {
    await holdGiving(tx)
    const groups = [group, ...(await groupsAbove(tx, group))]
    const grants = await tx.selectFrom('grant').selectAll().where('principal_id', 'in', groups).where('revoked_at', 'is', null).execute()
    const holders = await holdersBeside(tx, member)
    for (const given of grants) {
      await requireHeld({ tx, ports, giver, given })
      requireApart(await conflictsMet({ tx, ports, holders, given }))
    }
  },
}
