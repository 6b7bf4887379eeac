// Differences that a change would make, put together by whoever gains or loses: what comes to the same on the same thing is one line. Pure.

import { routes } from '../../../api/generated/api.ts'

/** Somebody could do an action on a thing, or could not any more. */
export interface Differing {
  readonly principal: string
  readonly name: string
  readonly action: string
  readonly scope: { readonly type: string; readonly id: string }
  readonly environments: readonly string[]
  /** The least sensitive thing that it makes a difference for; null or missing for all. */
  readonly from?: string | null
  /** The workload that passes with its owner; null or missing for none. */
  readonly through?: string | null
}

/** What somebody gains or loses on one thing, in the same environments. */
export interface DifferenceLine {
  readonly key: string
  readonly scope: Differing['scope']
  readonly environments: readonly string[]
  readonly from: string | null
  readonly through: string | null
  readonly actions: readonly string[]
}

/** Somebody with what he gains or loses. */
export interface Differer {
  readonly id: string
  readonly name: string
  readonly count: number
  readonly lines: readonly DifferenceLine[]
}

const effects = ['consequence', 'change', 'content', 'read']
const known: Readonly<Record<string, readonly [string, string, string]>> = routes

/** What weighs more comes first: consequences, changes, content; then what is only read. */
const weightOf = (action: string): number => (Object.hasOwn(known, action) ? effects.indexOf(known[action]?.[2] ?? '') : effects.length)

/** Differences by whoever has them, each thing once. */
export function byPrincipal(all: readonly Differing[]): readonly Differer[] {
  const found = new Map<string, { name: string; count: number; lines: Map<string, DifferenceLine & { actions: string[] }> }>()
  for (const { principal, name, action, scope, environments, from = null, through = null } of all) {
    const own = found.get(principal) ?? { name, count: 0, lines: new Map() }
    const key = JSON.stringify([scope.type, scope.id, environments, from, through])
    const line = own.lines.get(key) ?? { key, scope, environments, from, through, actions: [] }
    line.actions.push(action)
    own.lines.set(key, line)
    own.count += 1
    found.set(principal, own)
  }
  return [...found].map(([id, { name, count, lines }]) => ({
    id,
    name,
    count,
    lines: [...lines.values()].map((line) => ({
      ...line,
      actions: [...line.actions].sort((one, other) => weightOf(one) - weightOf(other)),
    })),
  }))
}
