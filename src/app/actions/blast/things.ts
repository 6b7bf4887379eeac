// What is behind what somebody reaches: the names and sensitivities of scopes, the twins below them, and what the asker may not know of them. Whoever asks is shown
// nothing that is more sensitive than his clearance; how much that is, he is told.
import { type RawBuilder, sql } from 'kysely'
import { type EntityRef, type Sensitivity, sensitivityLevel, type Tx } from '../../../kernel/index.ts'
import { type Leg, launchAction, legs } from '../paths/legs.ts'
import type { Launchable, Launches } from './launches.ts'
import type { ActGroup, Reach } from './reaches.ts'
import type { Stolen } from './stolen.ts'

/** A thing as it is shown, and how sensitive it is; null for what has no sensitivity. */
export interface Thing extends EntityRef {
  readonly name: string
  readonly level: number | null
}

const array = (ids: readonly string[]): RawBuilder<string[]> => sql<string[]>`${[...ids]}::text[]`

/** The names of these scopes, and how sensitive they are. */
export async function thingsOf(tx: Tx, refs: readonly EntityRef[]): Promise<ReadonlyMap<string, Thing>> {
  const ids = array([...new Set(refs.map(({ id }) => id))])
  const found = await sql<{ id: string; name: string; sensitivity: Sensitivity | null }>`
    select org_id as id, slug as name, null as sensitivity from organization where org_id = any(${ids})
    union all select id, slug, null from project where id = any(${ids})
    union all select id, slug, sensitivity from twin where id = any(${ids})
    union all select s.id, s.slug || ' ' || s.version, t.sensitivity from scenario s join twin t on t.id = s.twin_id where s.id = any(${ids})
    union all select id, slug || ' ' || version, sensitivity from asset where id = any(${ids})
    union all select id, digest, sensitivity from artifact where id = any(${ids})
    union all select id, slug, sensitivity from connection where id = any(${ids})`.execute(tx)
  const known = new Map(found.rows.map((row) => [row.id, row]))
  return new Map(
    refs.map(({ type, id }) => {
      const row = known.get(id)
      const level = row === undefined || row.sensitivity === null ? null : sensitivityLevel(row.sensitivity)
      return [id, { type, id, name: row?.name ?? id, level }]
    }),
  )
}

/** A twin that is reached. */
export interface TwinReached {
  readonly id: string
  readonly name: string
  readonly sensitivity: Sensitivity
  readonly legs: Leg[]
  /** Further legs that it takes breaking the glass for. */
  readonly glass: Leg[]
}

/** How many twins are named. */
export const twinsMax = 200

/** Twins by how they are reached: below the scopes of acts, by being stolen themselves, by a connection that feeds them. */
function reachedTwins(reaches: readonly Reach[], { twin, connection }: Stolen): RawBuilder<unknown> {
  const of = (type: string) => array([...new Set(reaches.filter(({ scope }) => scope.type === type).map(({ scope }) => scope.id))])
  const everything = reaches.some(({ scope, group }) => scope.type === 'Organization' && group !== 'manage')
  return sql`(select t.id, t.slug, t.project_id, t.sensitivity from twin t where t.state <> 'retired' and (${everything}
    or t.project_id = any(${of('Project')}) or t.id = any(${of('Twin')}) or t.id = ${twin ?? ''}
    or t.id in (select twin_id from scenario where id = any(${of('Scenario')}))
    or t.id in (select twin_id from artifact where id = any(${of('Artifact')}))
    or t.id in (select s.twin_id from scenario s, connection c
      where c.id = ${connection ?? ''} and s.manifest->'connections' @> jsonb_build_array(jsonb_build_object('connection', c.slug)))))`
}

interface TwinRow {
  readonly id: string
  readonly slug: string
  readonly project_id: string
  readonly sensitivity: Sensitivity
}

interface Standing {
  readonly stolen: Stolen
  readonly launches: Launches
  /** The twins of scenarios and artifacts. */
  readonly parents: ReadonlyMap<string, string>
}

/** Whether what can be done somewhere can be done to a twin. What only a scenario or an artifact of it was given for counts for it. */
function isDoneTo(row: TwinRow, { group, action, scope, upTo, isByGlass }: Reach, { launches, parents }: Standing): boolean {
  if (group === 'manage' || (upTo !== null && upTo < sensitivityLevel(row.sensitivity))) return false
  if (parents.get(scope.id) === row.id) return true
  if (action === launchAction && !(isByGlass ? launches.byGlass : launches.held).has(row.id)) return false
  return scope.type === 'Organization' || scope.id === row.project_id || scope.id === row.id
}

/** The legs on which somebody stands at a twin. */
function legsAt(row: TwinRow, reaches: readonly Reach[], it: Standing): Pick<TwinReached, 'legs' | 'glass'> {
  const [on, byGlass] = [new Set<ActGroup>(), new Set<ActGroup>()]
  for (const one of reaches) if (isDoneTo(row, one, it)) (one.isByGlass ? byGlass : on).add(one.group)
  if (it.stolen.twin === row.id) on.add('output')
  if (it.stolen.connection !== undefined) on.add('input')
  return { legs: legs.filter((leg) => on.has(leg)), glass: legs.filter((leg) => byGlass.has(leg) && !on.has(leg)) }
}

/** The twins that are reached, as far as somebody of this clearance may know. */
export async function twinsReached(
  tx: Tx,
  it: {
    readonly reaches: readonly Reach[]
    readonly stolen: Stolen
    readonly clearance: number
    launchesOf(twins: readonly Launchable[]): Promise<Launches>
  },
): Promise<{ readonly twins: TwinReached[]; readonly total: number; readonly withheld: number }> {
  const { reaches, stolen, clearance } = it
  const reached = reachedTwins(reaches, stolen)
  const known = array(['public', 'internal', 'confidential', 'restricted'].slice(0, clearance + 1))
  const counts = await sql<{ known: number; all: number }>`
    select count(*) filter (where sensitivity = any(${known}))::int as known, count(*)::int as all from ${reached} as t`.execute(tx)
  const rows = await sql<TwinRow>`select * from ${reached} as t where sensitivity = any(${known}) order by id limit ${twinsMax}`.execute(tx)
  const narrow = array(reaches.filter(({ scope }) => scope.type === 'Scenario' || scope.type === 'Artifact').map(({ scope }) => scope.id))
  const below = await sql<{ id: string; twin: string }>`
    select id, twin_id as twin from scenario where id = any(${narrow}) union all select id, twin_id from artifact where id = any(${narrow})`.execute(
    tx,
  )
  const parents = new Map(below.rows.map(({ id, twin }) => [id, twin]))
  const launches = await it.launchesOf(
    rows.rows.map(({ id, project_id: project, sensitivity }) => ({ id, project, level: sensitivityLevel(sensitivity) })),
  )
  const twins = rows.rows.map((row) => ({
    id: row.id,
    name: row.slug,
    sensitivity: row.sensitivity,
    ...legsAt(row, reaches, { stolen, launches, parents }),
  }))
  const { known: total = 0, all = 0 } = counts.rows[0] ?? {}
  return { twins: twins.filter((one) => one.legs.length + one.glass.length > 0), total, withheld: all - total }
}
