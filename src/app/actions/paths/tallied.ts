// What the ways over a target come to: how many there are over each leg, and who is on more than one.
import { type Leg, legs } from './legs.ts'
import type { Reached } from './reached.ts'
import { deedOf } from './used.ts'

/** One identity on two or three of the legs, alone or together with the workloads that it owns. */
export interface Toxic {
  readonly principal: string
  readonly name: string
  readonly legs: Leg[]
  readonly workloads: string[]
}

/** How many paths there are over a leg. */
export interface Total {
  readonly paths: number
  readonly people: number
  readonly workloads: number
  readonly never: number
  /** What takes breaking the glass, beside these. */
  readonly glass: number
}

/** Identities on more than one leg: what a workload can, its owner can. */
export function toxicAmong(reached: readonly Pick<Reached, 'holder' | 'leg'>[]): Toxic[] {
  const byIdentity = new Map<string, { readonly on: Set<Leg>; readonly workloads: Set<string>; name: string }>()
  for (const { holder, leg } of reached) {
    const { principal, owner } = holder
    const identity = owner ?? principal.id
    const known = byIdentity.get(identity) ?? { on: new Set<Leg>(), workloads: new Set<string>(), name: identity }
    known.on.add(leg)
    if (owner === null) known.name = principal.name
    else known.workloads.add(principal.id)
    byIdentity.set(identity, known)
  }
  return [...byIdentity].flatMap(([principal, { on, workloads, name }]) =>
    on.size < 2 ? [] : [{ principal, name, legs: legs.filter((leg) => on.has(leg)), workloads: [...workloads] }],
  )
}

/** How many ways there are over each leg; `used` says when each act of somebody was done last. */
export function totalsOf(reached: readonly Reached[], used: ReadonlyMap<string, string>): Record<Leg, Total> {
  const of = (leg: Leg): Total => {
    const own = reached.filter((one) => one.leg === leg && one.kind === 'grant')
    const ids = (isWorkload: boolean) =>
      new Set(own.filter(({ holder }) => (holder.owner !== null) === isWorkload).map(({ holder }) => holder.principal.id)).size
    const never = own.filter(({ holder, action }) => !used.has(deedOf(holder.principal.id, action))).length
    const glass = reached.filter((one) => one.leg === leg && one.kind === 'break-glass').length
    return { paths: own.length, people: ids(false), workloads: ids(true), never, glass }
  }
  return { input: of('input'), output: of('output'), production: of('production') }
}
