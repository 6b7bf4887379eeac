// Separation of duties in grants: what nobody shall hold together where scopes and environments meet. Some conflicts ship with the product and are shown;
// those that an organization declares stop a grant, unless it is given despite them, by name. What somebody may do to a thing that he had a hand in is
// decided apart, along the whole chain of who acts for whom (`shipped-policies.ts`): that holds whatever was granted.
import { type Selectable, sql } from 'kysely'
import { selfAndMembers, standingBehind } from '../identity/index.ts'
import { type EntityRef, fail, type Ports, type Tx } from '../kernel/index.ts'
import { holdAdmissions } from './admission.ts'
import { grantsHeld } from './grants.ts'
import type { GrantableActions } from './ports.ts'
import type { GrantTable } from './tables.ts'

/** Of how many holders a preview shows the conflicts; of more, of the first. */
export const holdersMax = 200

/** Two sides of roles and actions that do not go together. */
export interface DutyConflict {
  readonly name: string
  readonly one: readonly string[]
  readonly other: readonly string[]
  /** Whether it stops a grant, or is only shown. */
  readonly stops: boolean
}

/** A conflict that a grant would make. */
export interface ConflictMet {
  readonly name: string
  readonly stops: boolean
  /** Who would hold both sides. */
  readonly holder: string
  /** The grant that he holds the other side by. */
  readonly grant: string
}

const apart = ['author', 'operator', 'exporter', 'deployer'] as const

/** Author, run, export and hand off are four hands; and whoever reviews neither makes nor carries. */
export const shippedConflicts: readonly DutyConflict[] = [
  ...apart.flatMap((one, at) => apart.slice(at + 1).map((other) => conflictOf(one, other))),
  ...apart.map((other) => conflictOf('reviewer', other)),
]

function conflictOf(one: string, other: string): DutyConflict {
  return { name: `shipped/${one}-${other}`, one: [one], other: [other], stops: false }
}

/** The conflicts that hold in the organization. */
export async function conflictsDeclared(tx: Tx): Promise<DutyConflict[]> {
  const rows = await tx.selectFrom('duty_conflict').selectAll().where('ended_at', 'is', null).orderBy('slug').execute()
  return rows.map((row) => ({ name: row.slug, one: row.one_side, other: row.other_side, stops: true }))
}

/** Where duties are declared apart, holds every other act back until this transaction ends: of two that give at once, the second sees what the first gave. */
export async function holdGiving(tx: Tx): Promise<void> {
  if ((await conflictsDeclared(tx)).length > 0) await holdAdmissions(tx)
}

/** What a grant gives, and where. */
export type Terms = Pick<Selectable<GrantTable>, 'role' | 'actions' | 'scope_type' | 'scope_id' | 'environments'>

/** Whether a grant gives one of these roles or actions, or a part of one. */
function isOn(side: readonly string[], { role, actions }: Terms, grantable: GrantableActions): boolean {
  if (role !== null && side.includes(role)) return true
  return side.some((name) => {
    const roles = grantable.get(name)
    if (roles !== undefined) return role === null ? actions.includes(name) : roles.includes(role)
    // a single action that this role alone holds is this duty; one that many roles hold, such as looking, is not
    return actions.some((action) => grantable.get(action)?.join() === name)
  })
}

/** What stands above a scope, looked up once for each. */
type ChainOf = (scope: Terms) => Promise<readonly EntityRef[]>

/** Looks up what stands above scopes. */
function chains(tx: Tx, { scopes }: Ports): ChainOf {
  const known = new Map<string, Promise<readonly EntityRef[]>>()
  return ({ scope_type: type, scope_id: id }) => {
    const key = `${type} ${id}`
    const chain = known.get(key) ?? scopes.above(tx, { type, id }).then((above) => above ?? [{ type, id }])
    known.set(key, chain)
    return chain
  }
}

const isIn = (chain: readonly EntityRef[], { scope_type, scope_id }: Terms): boolean =>
  chain.some(({ type, id }) => type === scope_type && id === scope_id)

/** Whether there is a place where both grants count. */
async function doMeet(chainOf: ChainOf, left: Terms, right: Terms): Promise<boolean> {
  const environments = left.environments.length === 0 || right.environments.length === 0
  if (!environments && !left.environments.some((one) => right.environments.includes(one))) return false
  return isIn(await chainOf(left), right) || isIn(await chainOf(right), left)
}

function isOver({ expires_at }: Pick<Selectable<GrantTable>, 'expires_at'>, now: number): boolean {
  return expires_at !== null && expires_at.getTime() <= now
}

interface Side {
  readonly name: string
  readonly stops: boolean
  readonly mine: readonly string[]
  readonly theirs: readonly string[]
}

/** The sides of conflicts that what is given is on, each with the other one. */
async function sidesOf(tx: Tx, given: Terms, grantable: GrantableActions): Promise<Side[]> {
  const conflicts = [...(await conflictsDeclared(tx)), ...shippedConflicts]
  const sides = conflicts.flatMap(({ name, stops, one, other }) => [
    { name, stops, mine: one, theirs: other },
    { name, stops, mine: other, theirs: one },
  ])
  return sides.filter((side) => isOn(side.mine, given, grantable))
}

/** The roles and single actions of which a grant must give one to be on a side with these words. */
export function wordsOn(side: readonly string[], grantable: GrantableActions): { readonly roles: string[]; readonly actions: string[] } {
  const names = new Set(side)
  const actions = [...grantable].filter(([action, of]) => names.has(action) || (of.length === 1 && names.has(of[0] ?? '')))
  return {
    roles: [...new Set([...names].flatMap((name) => [name, ...(grantable.get(name) ?? [])]))],
    actions: actions.map(([action]) => action),
  }
}

/** The live grants that any of these holders holds, directly or through groups, and that could be on one of these sides. */
async function grantsOn(tx: Tx, holders: readonly string[], sides: readonly Side[], grantable: GrantableActions) {
  const { roles, actions } = wordsOn(
    sides.flatMap(({ theirs }) => theirs),
    grantable,
  )
  const found = await sql<Selectable<GrantTable>>`
    with recursive above (id) as (
      select id from unnest(${[...holders]}::text[]) as t (id) union select m.group_id from group_member m join above a on m.member_id = a.id
    ) select g.* from "grant" g join above a on a.id = g.principal_id
    where g.revoked_at is null and (g.role = any(${roles}::text[]) or g.actions && ${actions}::text[]) order by g.id`.execute(tx)
  return found.rows
}

/** Who of these holders is, or is in, each of these principals. */
async function holdersOf(
  tx: Tx,
  holders: readonly string[],
  principals: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await sql<{ holder: string; principal: string }>`
    with recursive above (holder, id) as (
      select id, id from unnest(${[...holders]}::text[]) as t (id) union select a.holder, m.group_id from group_member m join above a on m.member_id = a.id
    ) select holder, id as principal from above where id = any(${[...principals]}::text[])`.execute(tx)
  const of = new Map<string, string[]>()
  for (const { holder, principal } of found.rows) {
    const these = of.get(holder) ?? []
    these.push(principal)
    of.set(holder, these)
  }
  return of
}

interface Clashing {
  readonly grant: Selectable<GrantTable>
  readonly sides: readonly Side[]
}

/** The conflicts that these holders would be in, were this given to them: in as few statements for many as for one. */
export async function conflictsMet(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly holders: readonly string[]
  readonly given: Terms
}): Promise<ConflictMet[]> {
  const { tx, ports, given, holders } = it
  const mine = await sidesOf(tx, given, ports.grantable)
  if (mine.length === 0 || holders.length === 0) return []
  const held = (await grantsOn(tx, holders, mine, ports.grantable)).filter((grant) => !isOver(grant, ports.clock.now()))
  const chainOf = chains(tx, ports)
  const clashing: Clashing[] = []
  for (const grant of held) {
    const sides = mine.filter((side) => isOn(side.theirs, grant, ports.grantable))
    if (sides.length > 0 && (await doMeet(chainOf, given, grant))) clashing.push({ grant, sides })
  }
  if (clashing.length === 0) return []
  const byPrincipal = Map.groupBy(clashing, ({ grant }) => grant.principal_id)
  const of = await holdersOf(tx, holders, [...byPrincipal.keys()])
  return holders.flatMap((holder) =>
    (of.get(holder) ?? [])
      .flatMap((principal) => byPrincipal.get(principal) ?? [])
      .flatMap(({ grant, sides }) => sides.map(({ name, stops }) => ({ name, stops, holder, grant: grant.id }))),
  )
}

/** These, the people who stand behind workloads among them, and the workloads that such people stand behind. What a workload holds, its owner has. */
export async function withWorkloads(tx: Tx, holders: readonly string[]): Promise<string[]> {
  const people = await standingBehind(tx, holders)
  const own = await sql<{ id: string }>`select id from workload where owner_id = any(${people}::text[]) and state <> 'ended'`.execute(tx)
  return [...new Set([...people, ...own.rows.map(({ id }) => id)])]
}

/** Everybody in whom what is given to somebody comes together with what else is held: himself and whoever is in him, with their workloads. */
export async function holdersBeside(tx: Tx, principal: string): Promise<string[]> {
  return withWorkloads(tx, await selfAndMembers(tx, principal))
}

/** Refuses what would make a declared conflict that is not named in `despite`; without that, none is passed over. Throws `conflict`. */
export function requireApart(met: readonly ConflictMet[], despite?: readonly string[]): void {
  const stopping = [...new Set(met.filter(({ stops, name }) => stops && despite?.includes(name) !== true).map(({ name }) => name))]
  if (stopping.length === 0) return
  throw fail('conflict', `Somebody would hold duties that are kept apart here: ${stopping.join(', ')}.`, {
    facts: { conflicts: stopping, grants: [...new Set(met.map(({ grant }) => grant))].slice(0, 50) },
    next: `Take the other grant away first${despite === undefined ? '' : ', or name the conflict in `despite`: that goes on the record'}.`,
  })
}

/** Requires that a person may stand behind what a workload holds, without holding together with it what is kept apart. Throws `conflict`. */
export async function requireHoldable(tx: Tx, ports: Ports, it: { readonly holder: string; readonly person: string }): Promise<void> {
  for (const given of await grantsHeld(tx, it.holder)) {
    if (isOver(given, ports.clock.now())) continue
    requireApart(await conflictsMet({ tx, ports, holders: [it.person], given }))
  }
}
