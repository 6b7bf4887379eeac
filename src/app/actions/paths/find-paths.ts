// Every way over the three legs of a target: the grants that reach it, who holds them, and whether anything stands in the way of what they give. The decision is
// the door's; only the thing is supposed. What was done and could not be done any more is shown beside it. Ways that no grant makes (the live runs, the services
// that were promoted, the connections that feed it) are found apart. Breaking the glass is a way of its own: what somebody could take by it, marked as such.
import { sql } from 'kysely'
import { breaksGlass, explained, glassAction, rolesByGlass } from '../../../access/index.ts'
import { type Ports, principalRef, type Tx } from '../../../kernel/index.ts'
import { type Asking, actsAndGrants } from './acts-and-grants.ts'
import { besideGrants } from './beside.ts'
import { type Conditions, conditionsNow } from './conditions.ts'
import { type Grant, type Holder, holdersOf } from './holders.ts'
import { type Act, type Leg, legs } from './legs.ts'
import { Open } from './open.ts'
import type { Path } from './path.ts'
import { Reach } from './reach.ts'
import { lastUsed } from './used.ts'
import { Using } from './uses.ts'
import { type Groups, glassStep, groupsOver, type Step } from './ways.ts'

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

/** What one holder can do by his grants, or by breaking the glass that they let him break. */
interface Reached {
  readonly holder: Holder
  readonly kind: 'grant' | 'break-glass'
  readonly leg: Leg
  readonly action: string
  readonly environments: Set<string>
  readonly grants: Set<Grant>
  /** The grants by which he may use what it names. */
  readonly uses: Set<Grant>
}

/** How somebody comes to an act: by which of his grants, where those reach, and whether anything stands in the way; and by which he uses what it names. */
interface By {
  readonly kind: Reached['kind']
  grantsOf(holder: Holder): readonly Grant[]
  readonly reach: Reach
  openTo(holder: Holder): (act: number) => boolean
  usesBehind(act: number, holder: Holder): readonly Grant[]
}

function reachedBy(holder: Holder, acts: readonly Act[], { kind, grantsOf, reach, openTo, usesBehind }: By): Reached[] {
  const found = new Map<string, Reached>()
  const grants = grantsOf(holder)
  if (grants.length === 0) return []
  const isOpen = openTo(holder)
  for (const grant of grants)
    for (const at of reach.of(grant)) {
      const act = acts[at]
      if (act === undefined || !isOpen(at)) continue
      const key = `${act.leg} ${act.action}`
      const one = found.get(key) ?? newlyReached(holder, kind, act)
      if (act.environment !== undefined) one.environments.add(act.environment.id)
      one.grants.add(grant)
      for (const use of usesBehind(at, holder)) one.uses.add(use)
      found.set(key, one)
    }
  return [...found.values()]
}

const newlyReached = (holder: Holder, kind: Reached['kind'], { leg, action }: Act): Reached => ({
  holder,
  kind,
  leg,
  action,
  environments: new Set(),
  grants: new Set(),
  uses: new Set(),
})

/** Identities on more than one leg: what a workload can, its owner can. */
function toxicAmong(reached: readonly Pick<Reached, 'holder' | 'leg'>[]): Toxic[] {
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

interface Telling {
  readonly groups: Groups
  readonly used: ReadonlyMap<string, string>
  readonly credentials: ReadonlyMap<string, number>
  readonly conditions: Conditions
  readonly grantable: Ports['grantable']
}

/** The way by which somebody comes to it; where he has to break the glass, that is its last step. */
function wayOf({ holder, kind, action }: Reached, grant: Grant, { groups, grantable }: Telling): Step[] {
  const way = groups.wayTo(holder.principal.id, grant)
  if (kind === 'grant') return way
  return [...way, glassStep(grant, action, grantable)]
}

function told(reached: Reached, it: Telling): Path {
  const { holder, kind, leg, action, environments, grants, uses } = reached
  const { principal, owner } = holder
  const ref = principalRef(principal)
  const rows = [...grants].sort((one, other) => (one.id < other.id ? -1 : 1))
  return {
    leg,
    action,
    kind,
    principal: { ...ref, name: principal.name },
    owner,
    environments: [...environments],
    policies: [...new Set([...rows, ...uses].map(({ id }) => id))],
    ways: rows.map((row) => wayOf(reached, row, it)),
    grants: rows.map((row) => ({ ...explained(row, ref), customRole: row.custom_role })),
    conditions: [...it.conditions({ action, isByGlass: kind === 'break-glass' })],
    lastUsed: it.used.get(`${principal.id} ${action}`) ?? null,
    credentials: it.credentials.get(principal.id) ?? 0,
  }
}

/** What somebody can by a workload that he owns. */
function owned(path: Path, owner: { readonly id: string; readonly name: string }, credentials: ReadonlyMap<string, number>): Path {
  const step: Step = { kind: 'ownership', id: path.principal.id, name: path.principal.name }
  return {
    ...path,
    kind: 'ownership',
    principal: { type: 'Person', id: owner.id, name: owner.name },
    owner: null,
    ways: path.ways.map((way) => [step, ...way]),
    credentials: credentials.get(owner.id) ?? 0,
  }
}

/** How many live sessions and tokens each of these has. */
async function credentialsOf(tx: Tx, ids: readonly string[], now: Date): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const of = sql`${[...ids]}::text[]`
  const found = await sql<{ id: string; count: number }>`
    select id, count(*)::int as count from (
      select person_id as id from session where person_id = any(${of}) and ended_at is null and expires_at > ${now}
      union all select holder_id from credential where holder_id = any(${of}) and revoked_at is null and expires_at > ${now}
    ) as live group by id`.execute(tx)
  return new Map(found.rows.map(({ id, count }) => [id, count]))
}

/** Which paths are wanted. */
export interface Wanted {
  readonly leg?: Leg | undefined
  readonly principal?: string | undefined
  readonly limit: number
  readonly after?: string | undefined
  /** 0 to 3: up to where whoever asks may know of things. */
  readonly clearance: number
}

/** What was found about a target. */
export interface PathsFound {
  readonly paths: readonly Path[]
  readonly totals: Readonly<Record<Leg, Total>>
  readonly toxic: readonly Toxic[]
  /** What was done and is not possible any more. */
  readonly former: readonly { readonly principal: string; readonly action: string; readonly lastUsed: string }[]
  /** How many ways that no grant makes name something that is more sensitive than whoever asks may know. */
  readonly withheld: number
  readonly next: string | null
}

/** Everything that anybody can by grants, over all three legs. */
async function allReached(it: Asking): Promise<Reached[]> {
  const { tx, ports, version, org } = it
  const { acts, grants } = await actsAndGrants(it)
  const open = await Open.now(tx, { ports, version, acts })
  const using = await Using.of(acts, { tx, org, ports, open })
  const standing: By = {
    kind: 'grant',
    grantsOf: (holder) => holder.grants,
    reach: new Reach(acts, ports),
    openTo({ principal, grants: held }) {
      const [mayDo, mayUse] = [open.for(principal), using.for(principal, held)]
      return (at) => mayDo(at) && mayUse(at)
    },
    usesBehind: (act, holder) => using.behind(act, holder.grants),
  }
  const breaking = byGlass(acts, { open, using, ports })
  return (await holdersOf(tx, ports, grants)).flatMap((holder) => [
    ...reachedBy(holder, acts, standing),
    ...reachedBy(holder, acts, breaking),
  ])
}

interface Deciding {
  readonly open: Open
  readonly using: Using
  readonly ports: Ports
}

/** Breaking the glass where each act would be done, and then doing it. */
function byGlass(acts: readonly Act[], { open, using, ports }: Deciding): By {
  const breaking = acts.map((act) => ({ ...act, action: glassAction }))
  const mayBreak = open.about(breaking)
  const isTaken = acts.map(({ action }) => rolesByGlass(action, ports.grantable).length > 0)
  return {
    kind: 'break-glass',
    grantsOf: ({ grants }) => grants.filter((grant) => breaksGlass(grant, ports.grantable)),
    reach: new Reach(breaking, ports),
    openTo({ principal, grants }) {
      const [mayDo, may, mayUse] = [open.for(principal), mayBreak.for(principal), using.for(principal, grants, true)]
      return (at) => isTaken[at] === true && may(at) && mayDo(at) && mayUse(at)
    },
    usesBehind: () => [],
  }
}

function totalsOf(reached: readonly Reached[], used: ReadonlyMap<string, string>): Record<Leg, Total> {
  const of = (leg: Leg): Total => {
    const own = reached.filter((one) => one.leg === leg && one.kind === 'grant')
    const ids = (isWorkload: boolean) =>
      new Set(own.filter(({ holder }) => (holder.owner !== null) === isWorkload).map(({ holder }) => holder.principal.id)).size
    const never = own.filter(({ holder, action }) => !used.has(`${holder.principal.id} ${action}`)).length
    const glass = reached.filter((one) => one.leg === leg && one.kind === 'break-glass').length
    return { paths: own.length, people: ids(false), workloads: ids(true), never, glass }
  }
  return { input: of('input'), output: of('output'), production: of('production') }
}

/** The paths of a page: all of one principal's, then the next one's, until there are enough. */
function pageOf(
  reached: readonly Reached[],
  { leg, principal, limit, after }: Wanted,
): { readonly page: Reached[]; readonly next: string | null } {
  const page: Reached[] = []
  let last = ''
  for (const one of reached) {
    const { id } = one.holder.principal
    if ((leg !== undefined && one.leg !== leg) || (after !== undefined && id <= after)) continue
    if (principal !== undefined && id !== principal && one.holder.owner !== principal) continue
    if (page.length >= limit && id !== last) return { page, next: last }
    page.push(one)
    last = id
  }
  return { page, next: null }
}

async function namesOf(tx: Tx, people: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (people.length === 0) return new Map()
  const rows = await tx
    .selectFrom('person')
    .select(['id', 'slug'])
    .where('id', 'in', [...people])
    .execute()
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}

/** Finds the paths of a target. */
export async function findPaths(it: Asking, wanted: Wanted): Promise<PathsFound> {
  const { tx, ports, target } = it
  const reached = await allReached(it)
  const done = await lastUsed(tx, target)
  const used = new Map(done.map(({ actor, action, at }) => [`${actor} ${action}`, at]))
  const { page, next } = pageOf(reached, wanted)
  const shown = [...new Set(page.flatMap(({ holder }) => [holder.principal.id, ...(holder.owner === null ? [] : [holder.owner])]))]
  const owners = await namesOf(tx, [...new Set(page.flatMap(({ holder }) => holder.owner ?? []))])
  const groups = await groupsOver(tx, shown)
  const credentials = await credentialsOf(tx, shown, new Date(ports.clock.now()))
  const conditions = await conditionsNow(tx, ports)
  const paths = page.flatMap((one) => {
    const path = told(one, { groups, used, credentials, conditions, grantable: ports.grantable })
    if (path.owner === null) return [path]
    return [path, owned(path, { id: path.owner, name: owners.get(path.owner) ?? path.owner }, credentials)]
  })
  const isFirst = wanted.after === undefined && wanted.principal === undefined
  const others = isFirst ? (await besideGrants(it)).filter(({ path }) => wanted.leg === undefined || path.leg === wanted.leg) : []
  const beside = others.flatMap(({ path, level }) => (level <= wanted.clearance ? [path] : []))
  const possible = new Set([
    ...reached.map(({ holder, action }) => `${holder.principal.id} ${action}`),
    ...beside.map(({ principal, action }) => `${principal.id} ${action}`),
  ])
  const former = done.filter(({ actor, action }) => !possible.has(`${actor} ${action}`))
  return {
    paths: [...paths, ...beside],
    totals: totalsOf(reached, used),
    toxic: toxicAmong(reached.filter(({ kind }) => kind === 'grant')),
    former: former.map(({ actor, action, at }) => ({ principal: actor, action, lastUsed: at })),
    withheld: others.length - beside.length,
    next,
  }
}
