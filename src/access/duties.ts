// Separation of duties in grants: what nobody shall hold together where scopes and environments meet. Some conflicts ship with the product and are shown;
// those that an organization declares stop a grant, unless it is given despite them, by name. What somebody may do to a thing that he had a hand in is
// decided apart, along the whole chain of who acts for whom (`shipped-policies.ts`): that holds whatever was granted.
import type { Selectable } from 'kysely'
import { type EntityRef, fail, type Ports, type Tx } from '../kernel/index.ts'
import { holdAdmissions } from './admission.ts'
import { grantsHeld } from './grants.ts'
import type { GrantableActions } from './ports.ts'
import type { GrantTable } from './tables.ts'

/** How many holders of a group are looked at, groups among them; of more, the first are. */
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

type Terms = Pick<Selectable<GrantTable>, 'role' | 'actions' | 'scope_type' | 'scope_id' | 'environments'>

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

async function chainOf(tx: Tx, ports: Ports, { scope_type: type, scope_id: id }: Terms): Promise<readonly EntityRef[]> {
  return (await ports.scopes.above(tx, { type, id })) ?? [{ type, id }]
}

const isIn = (chain: readonly EntityRef[], { scope_type, scope_id }: Terms): boolean =>
  chain.some(({ type, id }) => type === scope_type && id === scope_id)

/** Whether there is a place where both grants count. */
async function doMeet(tx: Tx, ports: Ports, left: Terms, right: Terms): Promise<boolean> {
  const environments = left.environments.length === 0 || right.environments.length === 0
  if (!environments && !left.environments.some((one) => right.environments.includes(one))) return false
  return isIn(await chainOf(tx, ports, left), right) || isIn(await chainOf(tx, ports, right), left)
}

function isOver({ expires_at }: Pick<Selectable<GrantTable>, 'expires_at'>, now: number): boolean {
  return expires_at !== null && expires_at.getTime() <= now
}

/** The conflicts that these holders would be in, were this given to them. */
export async function conflictsMet(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly holders: readonly string[]
  readonly given: Terms
}): Promise<ConflictMet[]> {
  const { tx, ports, given } = it
  const conflicts = [...(await conflictsDeclared(tx)), ...shippedConflicts]
  const sides = conflicts.flatMap(({ name, stops, one, other }) => [
    { name, stops, mine: one, theirs: other },
    { name, stops, mine: other, theirs: one },
  ])
  const mine = sides.filter((side) => isOn(side.mine, given, ports.grantable))
  if (mine.length === 0) return []
  const met: ConflictMet[] = []
  for (const holder of it.holders.slice(0, holdersMax)) {
    const held = (await grantsHeld(tx, holder)).filter((grant) => !isOver(grant, ports.clock.now()))
    for (const grant of held) {
      const clashing = mine.filter((side) => isOn(side.theirs, grant, ports.grantable))
      if (clashing.length === 0 || !(await doMeet(tx, ports, given, grant))) continue
      met.push(...clashing.map(({ name, stops }) => ({ name, stops, holder, grant: grant.id })))
    }
  }
  return met
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
