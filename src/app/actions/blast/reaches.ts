// What somebody reaches by the grants that he holds: each action on each scope, up to which sensitivity, in which environments, by which ways. Decided as the
// door decides, on the next thing of its kind that nobody has had a hand in. Only what does or shows something counts: names and lists are nobody's loss. What it
// takes breaking the glass for is beside that, marked as such.
import { sql } from 'kysely'
import { actionsGiven, breaksGlass, givesIn, glassAction, holdsAt, rolesByGlass } from '../../../access/index.ts'
import {
  type Capability,
  type EntityRef,
  type EnvironmentRef,
  type Ports,
  type Principal,
  sensitivities,
  type Tx,
} from '../../../kernel/index.ts'
import { boundsHere, narrowed } from '../paths/bounds.ts'
import { chainsOf } from '../paths/chains.ts'
import type { Grant } from '../paths/holders.ts'
import { environmentsOf, launchAction, legOf, legs, whereOf } from '../paths/legs.ts'
import { Open } from '../paths/open.ts'
import { type Named, namedUnder, Using } from '../paths/uses.ts'
import { glassStep, groupsOver, type Step } from '../paths/ways.ts'
import type { Wielded } from './stolen.ts'

/** What acts come to. */
export const actGroups = [...legs, 'manage'] as const
/** One of `input`, `output`, `production`, `manage`. */
export type ActGroup = (typeof actGroups)[number]

const making = new Set(['scenario', 'asset', 'twin'])
const made = new Set(['run', 'artifact', 'scenario', 'asset', 'twin'])

/** What an action comes to; nothing for what only names things. */
function groupOf(name: string, effect: Capability['effect']): ActGroup | undefined {
  if (effect === 'read' || effect === 'pulse') return undefined
  const leg = legOf(name)
  if (leg !== undefined) return leg
  const [noun = ''] = name.split(':')
  if (effect === 'content') return made.has(noun) ? 'output' : 'manage'
  return making.has(noun) ? 'input' : 'manage'
}

/** Something that can be done somewhere. */
export interface Reach {
  readonly group: ActGroup
  readonly action: string
  readonly scope: EntityRef
  /** Where; everywhere that it happens at all when `isEverywhere`. */
  readonly environments: Set<string>
  isEverywhere: boolean
  /** Whether it takes breaking the glass. */
  readonly isByGlass: boolean
  /** 0 to 3: the most sensitive thing that it can be done to; null where that makes no difference. */
  upTo: number | null
  readonly ways: Map<string, Step[]>
  readonly grants: Set<Grant>
}

/** The grants that these hold now, directly or through groups, by holder, as they count for him. */
export async function grantsHeldNow(tx: Tx, ports: Ports, holders: readonly string[]): Promise<ReadonlyMap<string, readonly Grant[]>> {
  if (holders.length === 0) return new Map()
  const pairs = await sql<{ holder: string; id: string }>`
    with recursive up (holder, at) as (
      select id, id from unnest(${[...holders]}::text[]) as own (id) union select up.holder, m.group_id from group_member m join up on m.member_id = up.at
    ) select up.holder, g.id from up join "grant" g on g.principal_id = up.at where g.revoked_at is null order by g.id`.execute(tx)
  const ids = [...new Set(pairs.rows.map(({ id }) => id))]
  const rows = await tx.selectFrom('grant').selectAll().where('id', '=', sql<string>`any(${ids}::text[])`).execute()
  const now = ports.clock.now()
  const byId = new Map(rows.filter((row) => holdsAt(row, now)).map((row) => [row.id, row]))
  const found = new Map<string, Grant[]>()
  for (const { holder, id } of pairs.rows) {
    const row = byId.get(id)
    if (row !== undefined) found.set(holder, [...(found.get(holder) ?? []), row])
  }
  const bounds = await boundsHere(tx)
  return new Map([...found].map(([holder, grants]) => [holder, narrowed(grants, bounds.get(holder))]))
}

interface Act {
  readonly action: string
  readonly above: readonly EntityRef[]
  readonly known: Readonly<Record<string, number | readonly string[]>>
  readonly environment?: EnvironmentRef
  readonly group: ActGroup
  readonly scope: EntityRef
  readonly level: number | null
  /** The assets whose use it takes besides. */
  readonly assets: Named
}

/** Who asks, in which transaction, of which organization. */
export interface Reaching {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: string
  readonly version: number
}

interface On {
  readonly scope: EntityRef
  readonly above: readonly EntityRef[]
  readonly actions: Iterable<string>
  /** What the scenarios name that launching could be about. */
  readonly named: readonly Named[]
}

/** The acts that could be meant by these actions on a scope. */
function actsOn({ ports }: Reaching, { scope, above, actions, named }: On, environments: readonly EnvironmentRef[]): Act[] {
  return [...actions].flatMap((action) => {
    const words = ports.guardrails.words.get(action)
    const group = words === undefined ? undefined : groupOf(action, words.effect)
    if (words === undefined || group === undefined || !words.reachedFrom.has(scope.type)) return []
    const levels = words.attributes.sensitivity === 'Long' ? [...sensitivities.keys()] : [null]
    const places = whereOf(action, environments)
    return (action === launchAction ? named : [[]]).flatMap((assets) =>
      levels.flatMap((level) =>
        places.map((environment) => ({
          action,
          above,
          known: level === null ? {} : { sensitivity: level },
          group,
          scope,
          level,
          assets,
          ...(environment === undefined ? {} : { environment }),
        })),
      ),
    )
  })
}

const keyOf = ({ type, id }: EntityRef): string => `${type} ${id}`

interface Supposed {
  readonly acts: readonly Act[]
  /** The acts on each scope, by their numbers. */
  readonly on: ReadonlyMap<string, readonly number[]>
}

/** What a grant lets its holder take by breaking the glass. */
function takenByGlass(grant: Grant, { grantable }: Ports): readonly string[] {
  if (!breaksGlass(grant, grantable)) return []
  return [...grantable.keys()].filter((name) => rolesByGlass(name, grantable).length > 0)
}

/** Everything that these grants could be used for, each on its own scope. */
async function supposedOf(it: Reaching, grants: readonly Grant[]): Promise<Supposed> {
  const scopes = new Map<string, { readonly scope: EntityRef; readonly actions: Set<string> }>()
  for (const grant of grants) {
    const scope = { type: grant.scope_type, id: grant.scope_id }
    const on = scopes.get(keyOf(scope)) ?? { scope, actions: new Set<string>() }
    for (const name of [...actionsGiven(grant, it.ports.grantable), ...takenByGlass(grant, it.ports)]) on.actions.add(name)
    scopes.set(keyOf(scope), on)
  }
  const [first] = grants
  const chains =
    first === undefined
      ? new Map()
      : await chainsOf(
          it.tx,
          first.org_id,
          [...scopes.values()].map(({ scope }) => scope),
        )
  const environments = await environmentsOf(it.tx)
  const launching = [...scopes.values()].filter(({ actions }) => actions.has(launchAction)).map(({ scope }) => scope)
  const named = await namedUnder(it.tx, launching)
  const acts: Act[] = []
  const on = new Map<string, readonly number[]>()
  for (const [key, { scope, actions }] of scopes) {
    const own = actsOn(it, { scope, above: chains.get(key) ?? [scope], actions, named: named.get(key) ?? [[]] }, environments)
    on.set(
      key,
      own.map((_, number) => acts.length + number),
    )
    acts.push(...own)
  }
  return { acts, on }
}

/** What these reach together, and the grants by which each holds it. */
export async function reachesOf(
  it: Reaching,
  wielded: readonly Wielded[],
): Promise<{ readonly reaches: readonly Reach[]; readonly held: ReadonlyMap<string, readonly Grant[]> }> {
  const { tx, ports, org, version } = it
  const ids = wielded.map(({ principal }) => principal.id)
  const held = await grantsHeldNow(tx, ports, ids)
  const groups = await groupsOver(tx, ids)
  const { acts, on } = await supposedOf(it, [...held.values()].flat())
  const open = await Open.now(tx, { ports, version, acts })
  const using = await Using.of(acts, { tx, org, ports, open })
  const breaking = open.about(acts.map(({ above, known, environment }) => actOfGlass({ above, known, environment })))
  const found = new Map<string, Reach>()
  const reached = (principal: Principal, grant: Grant, isByGlass: boolean): readonly Act[] => {
    const given = new Set(isByGlass ? takenByGlass(grant, ports) : actionsGiven(grant, ports.grantable))
    const numbers = given.size === 0 ? [] : (on.get(`${grant.scope_type} ${grant.scope_id}`) ?? [])
    const mayUse = using.for(principal, held.get(principal.id) ?? [], isByGlass)
    return numbers.flatMap((number) => {
      const act = acts[number]
      const isGiven = act !== undefined && given.has(act.action) && givesIn(grant, act.environment?.id)
      return isGiven && mayUse(number) && open.to(principal, number) && (!isByGlass || breaking.to(principal, number)) ? [act] : []
    })
  }
  for (const { principal, steps } of wielded)
    for (const grant of held.get(principal.id) ?? []) {
      const way = [...steps, ...groups.wayTo(principal.id, grant)]
      for (const act of reached(principal, grant, false)) add(found, act, grant, { way, isByGlass: false })
      for (const act of reached(principal, grant, true))
        add(found, act, grant, { way: [...way, glassStep(grant, act.action, ports.grantable)], isByGlass: true })
    }
  return { reaches: [...found.values()].filter((one) => !isHeldAnyway(one, found)), held }
}

const actOfGlass = ({ environment, ...act }: Pick<Act, 'above' | 'known'> & { readonly environment: EnvironmentRef | undefined }) => ({
  action: glassAction,
  ...act,
  ...(environment === undefined ? {} : { environment }),
})

const reachKey = (act: Pick<Act, 'action' | 'scope'>, isByGlass: boolean): string =>
  `${act.action} ${keyOf(act.scope)}${isByGlass ? ' glass' : ''}`

/** Whether breaking the glass gives nothing here that is not held without. */
function isHeldAnyway(one: Reach, found: ReadonlyMap<string, Reach>): boolean {
  const held = one.isByGlass ? found.get(reachKey(one, false)) : undefined
  if (held === undefined || (one.upTo ?? 0) > (held.upTo ?? 0)) return false
  return held.isEverywhere || (!one.isEverywhere && one.environments.isSubsetOf(held.environments))
}

function add(
  found: Map<string, Reach>,
  act: Act,
  grant: Grant,
  { way, isByGlass }: { readonly way: Step[]; readonly isByGlass: boolean },
): void {
  const key = reachKey(act, isByGlass)
  const one = found.get(key) ?? {
    group: act.group,
    isByGlass,
    action: act.action,
    scope: act.scope,
    environments: new Set<string>(),
    isEverywhere: false,
    upTo: null,
    ways: new Map<string, Step[]>(),
    grants: new Set<Grant>(),
  }
  if (act.level !== null) one.upTo = Math.max(one.upTo ?? 0, act.level)
  for (const id of act.environment === undefined ? grant.environments : [act.environment.id]) one.environments.add(id)
  if (act.environment === undefined && grant.environments.length === 0) one.isEverywhere = true
  one.grants.add(grant)
  one.ways.set(way.map(({ id }) => id).join(' '), way)
  found.set(key, one)
}
