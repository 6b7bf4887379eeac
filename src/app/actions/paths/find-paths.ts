// Every way over the three legs of a target: each principal that holds anything is supposed to do each act, and the decision says whether he could, by which
// policy. The same decision as at the door; only the thing is supposed. What was done and could not be done any more is shown beside it.
import { type ExplainedGrant, explained, guardrails, meaningOf } from '../../../access/index.ts'
import { type EntityRef, type Ports, principalRef, type Tx } from '../../../kernel/index.ts'
import { type HolderFound, holdersFound } from './holders.ts'
import { type Act, actsFor, type Leg, legs, type Target } from './legs.ts'
import { lastUsed } from './used.ts'

/** One way: somebody, one action, the policies that allow it, and where. */
export interface Path {
  readonly leg: Leg
  readonly action: string
  readonly principal: { readonly type: string; readonly id: string; readonly name: string }
  /** Whoever owns it, where it is a workload. */
  readonly owner: string | null
  /** The environments that it is possible in; none where the action happens in none. */
  readonly environments: string[]
  readonly policies: string[]
  readonly grants: ExplainedGrant[]
  /** What guardrails say about the action, for people. */
  readonly conditions: string[]
  readonly lastUsed: string | null
}

/** One identity on two or three of the legs, alone or together with the workloads that it owns. */
export interface Toxic {
  readonly principal: string
  readonly name: string
  readonly legs: Leg[]
  readonly workloads: string[]
}

const scopesBelow = new Set(['Scenario', 'Artifact'])

async function narrowScopes(tx: Tx, ports: Ports, holders: readonly HolderFound[], twin: string): Promise<readonly EntityRef[]> {
  const scopes = new Map(holders.flatMap(({ grants }) => grants).map((one) => [one.scope_id, { type: one.scope_type, id: one.scope_id }]))
  const found: EntityRef[] = []
  for (const scope of scopes.values()) {
    if (!scopesBelow.has(scope.type)) continue
    const above = (await ports.scopes.above(tx, scope)) ?? []
    if (above.some(({ id }) => id === twin)) found.push(scope)
  }
  return found
}

function conditionsOn(action: string): string[] {
  return guardrails.filter(({ text }) => text.includes(`Action::"${action}"`)).flatMap(({ id }) => meaningOf(id) ?? [])
}

interface Finding {
  readonly ports: Ports
  readonly version: number
  readonly used: ReadonlyMap<string, string>
}

function pathsOf({ ports, version, used }: Finding, holder: HolderFound, acts: readonly Act[]): Path[] {
  const { principal, policies, grants, owner } = holder
  const found = new Map<string, Path>()
  for (const act of acts) {
    const { allowed, policies: by } = ports.examiner.suppose({ principal, version }, policies, act)
    if (!allowed) continue
    const key = `${act.leg} ${act.action}`
    const before = found.get(key)
    const all = [...new Set([...(before?.policies ?? []), ...by])]
    found.set(key, {
      leg: act.leg,
      action: act.action,
      principal: { ...principalRef(principal), name: principal.name },
      owner,
      environments: [...new Set([...(before?.environments ?? []), ...(act.environment === undefined ? [] : [act.environment.id])])],
      policies: all,
      grants: grants.filter(({ id }) => all.includes(id)).map((row) => explained(row, principalRef(principal))),
      conditions: conditionsOn(act.action),
      lastUsed: used.get(`${principal.id} ${act.action}`) ?? null,
    })
  }
  return [...found.values()]
}

/** Identities on more than one leg: what a workload can, its owner can. */
export function toxicAmong(paths: readonly Path[]): Toxic[] {
  const byIdentity = new Map<string, Path[]>()
  for (const path of paths) {
    const identity = path.owner ?? path.principal.id
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), path])
  }
  return [...byIdentity].flatMap(([identity, own]) => {
    const on = legs.filter((leg) => own.some((path) => path.leg === leg))
    if (on.length < 2) return []
    const workloads = [...new Set(own.filter(({ owner }) => owner !== null).map(({ principal }) => principal.id))]
    const name = own.find(({ principal }) => principal.id === identity)?.principal.name ?? identity
    return [{ principal: identity, name, legs: on, workloads }]
  })
}

/** What was found about a target. */
export interface PathsFound {
  readonly paths: readonly Path[]
  readonly toxic: readonly Toxic[]
  /** What was done and is not possible any more. */
  readonly former: readonly { readonly principal: string; readonly action: string; readonly lastUsed: string }[]
}

/** Finds every path of a target. */
export async function findPaths(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly version: number
  readonly target: Target
  readonly holders?: readonly HolderFound[]
}): Promise<PathsFound> {
  const { tx, ports, version, target } = it
  const holders = it.holders ?? (await holdersFound(tx, ports))
  const done = await lastUsed(tx, target.twins)
  const used = new Map(done.map(({ actor, action, at }) => [`${actor} ${action}`, at]))
  const acts: Act[] = []
  for (const twin of target.twins)
    acts.push(...(await actsFor({ tx, ports, target, twin, narrow: await narrowScopes(tx, ports, holders, twin) })))
  const paths = holders.flatMap((holder) => pathsOf({ ports, version, used }, holder, acts))
  const possible = new Set(paths.map(({ principal, action }) => `${principal.id} ${action}`))
  const former = done.filter(({ actor, action }) => !possible.has(`${actor} ${action}`))
  return {
    paths,
    toxic: toxicAmong(paths),
    former: former.map(({ actor, action, at }) => ({ principal: actor, action, lastUsed: at })),
  }
}
