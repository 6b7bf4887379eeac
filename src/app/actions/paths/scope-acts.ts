// Acts on scopes, supposed: everything that grants could give where they are, and how acts are told as differences between before and afterwards.
import type { EntityRef, EnvironmentRef, Ports } from '../../../kernel/index.ts'
import { ActionSets } from './action-sets.ts'
import type { Actor, Grant } from './holders.ts'
import { launchAction } from './legs.ts'
import type { Difference } from './shown.ts'
import type { Named } from './uses.ts'

/** An act on a scope, supposed. */
export interface ScopeAct {
  readonly action: string
  readonly scope: EntityRef
  readonly above: readonly EntityRef[]
  readonly known: Readonly<Record<string, never>>
  readonly environment?: EnvironmentRef
  /** The assets whose use it takes besides: of a scenario that is there. */
  readonly assets?: Named
}

/** Names a scope. */
export const keyOf = ({ type, id }: EntityRef): string => `${type} ${id}`
/** The scope that a grant is on. */
export const scopeOf = ({ scope_type: type, scope_id: id }: Grant): EntityRef => ({ type, id })

/** Everything that these grants could give, on their own scopes, in every environment and in none. */
export function actsOf(
  grants: readonly Grant[],
  chains: ReadonlyMap<string, readonly EntityRef[]>,
  it: { readonly ports: Ports; readonly environments: readonly EnvironmentRef[]; readonly namedBy: ReadonlyMap<string, Named> },
): ScopeAct[] {
  const wanted = new Map<string, { readonly scope: EntityRef; readonly actions: Set<string> }>()
  const sets = new ActionSets(it.ports)
  for (const grant of grants) {
    const scope = scopeOf(grant)
    const one = wanted.get(keyOf(scope)) ?? { scope, actions: new Set<string>() }
    for (const name of sets.of(grant)) if (it.ports.guardrails.words.get(name)?.reachedFrom.has(scope.type) === true) one.actions.add(name)
    wanted.set(keyOf(scope), one)
  }
  return [...wanted].flatMap(([key, { scope, actions }]) =>
    [...actions].flatMap((action) =>
      [undefined, ...it.environments].map((environment) => ({
        action,
        scope,
        above: chains.get(key) ?? [scope],
        known: {},
        ...(environment === undefined ? {} : { environment }),
        ...(scope.type === 'Scenario' && action === launchAction ? { assets: it.namedBy.get(scope.id) ?? [] } : {}),
      })),
    ),
  )
}

/** Acts, as differences of one actor: each action on each scope once, with the environments in which it differs. */
export function differencesOf(actor: Actor, acts: readonly ScopeAct[], through: string | null = null): Difference[] {
  const found = new Map<string, Difference>()
  for (const { action, scope, environment } of acts) {
    const key = `${action} ${keyOf(scope)}`
    const { id: principal, name } = actor.principal
    const one = found.get(key) ?? { principal, name, action, scope, environments: [] as string[], from: null, through }
    if (environment !== undefined) one.environments.push(environment.id)
    found.set(key, one)
  }
  return [...found.values()]
}
