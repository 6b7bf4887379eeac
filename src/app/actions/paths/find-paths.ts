// Every way over the three legs of a target, told a page at a time: the grants that reach it and who holds them (reached.ts), what stands behind each, when it was
// used last. What was done and could not be done any more is shown beside it. Ways that no grant makes (the live runs, the services that were promoted, the
// connections that feed it) are found apart.
import { sql } from 'kysely'
import { explained } from '../../../access/index.ts'
import { type Ports, principalRef, type Tx } from '../../../kernel/index.ts'
import type { Asking } from './acts-and-grants.ts'
import { besideGrants } from './beside.ts'
import { type Conditions, conditionsNow } from './conditions.ts'
import type { Grant } from './holders.ts'
import type { Leg } from './legs.ts'
import type { Path } from './path.ts'
import { allReached, type Reached } from './reached.ts'
import { type Total, type Toxic, totalsOf, toxicAmong } from './tallied.ts'
import { deedOf, lastUsed } from './used.ts'
import { type Groups, glassStep, groupsOver, type Step } from './ways.ts'

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
    lastUsed: it.used.get(deedOf(principal.id, action)) ?? null,
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
  const used = new Map(done.map(({ actor, action, at }) => [deedOf(actor, action), at]))
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
    ...reached.map(({ holder, action }) => deedOf(holder.principal.id, action)),
    ...beside.map(({ principal, action }) => deedOf(principal.id, action)),
  ])
  const former = done.filter(({ actor, action }) => !possible.has(deedOf(actor, action)))
  return {
    paths: [...paths, ...beside],
    totals: totalsOf(reached, used),
    toxic: toxicAmong(reached.filter(({ kind }) => kind === 'grant')),
    former: former.map(({ actor, action, at }) => ({ principal: actor, action, lastUsed: at })),
    withheld: others.length - beside.length,
    next,
  }
}
