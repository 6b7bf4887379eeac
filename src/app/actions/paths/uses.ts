// What sealing and launching take besides: whoever names an asset, or launches a scenario that names it, has to be allowed its use. The door decides that beside the
// act (`usesOf`); here it is asked of everybody at once: what the scenarios name, and who could use all of that. What is not there takes nothing, as at the door.
import { sql } from 'kysely'
import { breaksGlass, glassAction, rolesByGlass, type Supposed } from '../../../access/index.ts'
import {
  type EntityRef,
  type EnvironmentRef,
  type Ports,
  type Principal,
  type Sensitivity,
  sensitivityLevel,
  type Tx,
} from '../../../kernel/index.ts'
import { chainsOf } from './chains.ts'
import type { Grant } from './holders.ts'
import type { Open } from './open.ts'
import { Reach } from './reach.ts'

/** What naming an asset takes besides. */
export const useAction = 'asset:use'

/** How many different lists of assets are looked at of one twin's scenarios: those of the newest. */
const listsMax = 100

/** Ids of assets that are named together, in their order. */
export type Named = readonly string[]

interface NamedRow {
  /** The twin or the scenario. */
  readonly by: string
  readonly assets: unknown
}

function listIn(assets: unknown): Named {
  const ids = Array.isArray(assets) ? assets.map((one: { asset?: unknown } | null) => one?.asset) : []
  return [...new Set(ids.filter((id) => typeof id === 'string'))].sort()
}

function listsIn(rows: readonly NamedRow[]): ReadonlyMap<string, readonly Named[]> {
  const found = new Map<string, Map<string, Named>>()
  for (const { by, assets } of rows) {
    const [list, lists] = [listIn(assets), found.get(by) ?? new Map<string, Named>()]
    found.set(by, lists.set(list.join(), list))
  }
  return new Map([...found].map(([by, lists]) => [by, [...lists.values()]]))
}

/** What the scenarios of each of these twins name, each list once; only lists with `asset`, where one is told. A twin without such scenarios has none. */
export async function namedOfTwins(tx: Tx, twins: readonly string[], asset?: string): Promise<ReadonlyMap<string, readonly Named[]>> {
  const names = asset === undefined ? sql`true` : sql`manifest->'assets' @> ${JSON.stringify([{ asset }])}::jsonb`
  const found = await sql<NamedRow>`
    select by, assets from (
      select by, assets, row_number() over (partition by by order by newest desc) as place from (
        select twin_id as by, manifest->'assets' as assets, max(id) as newest from scenario
          where twin_id = any(${[...twins]}::text[]) and ${names} group by 1, 2
      ) as lists
    ) as placed where place <= ${listsMax} order by by, place`.execute(tx)
  return listsIn(found.rows)
}

/** What the scenarios on each of these scopes name: nothing at all, where some names nothing or there is none yet. By `type id`. */
export async function namedUnder(tx: Tx, scopes: readonly EntityRef[]): Promise<ReadonlyMap<string, readonly Named[]>> {
  const found = new Map<string, readonly Named[]>()
  for (const { type, id } of scopes) {
    const column = { Scenario: 's.id', Twin: 't.id', Project: 't.project_id', Organization: 't.org_id' }[type]
    if (column === undefined) continue
    const rows = await sql<NamedRow>`
      select '' as by, s.manifest->'assets' as assets from scenario s join twin t on t.id = s.twin_id where ${sql.ref(column)} = ${id}
        group by 2 order by max(s.id) desc limit ${listsMax}`.execute(tx)
    const lists = listsIn(rows.rows).get('') ?? []
    found.set(`${type} ${id}`, lists.every((list) => list.length > 0) && lists.length > 0 ? lists : [[]])
  }
  return found
}

/** What each of these scenarios names. */
export async function namedByScenarios(tx: Tx, scenarios: readonly string[]): Promise<ReadonlyMap<string, Named>> {
  if (scenarios.length === 0) return new Map()
  const found = await sql<NamedRow>`
    select id as by, manifest->'assets' as assets from scenario where id = any(${[...scenarios]}::text[])`.execute(tx)
  return new Map(found.rows.map(({ by, assets }) => [by, listIn(assets)]))
}

/** Scenarios that name assets on these scopes, each in its newest version, with what they name: `max` of them, and one more where there are more. */
export async function namingOn(tx: Tx, scopes: readonly EntityRef[], max: number): Promise<ReadonlyMap<string, Named>> {
  const of = (type: string) => sql`${[...new Set(scopes.filter((one) => one.type === type).map(({ id }) => id))]}::text[]`
  if (scopes.length === 0) return new Map()
  const found = await sql<NamedRow>`
    select distinct on (s.twin_id, s.slug) s.id as by, s.manifest->'assets' as assets from scenario s join twin t on t.id = s.twin_id
      where s.manifest->'assets' <> '[]'::jsonb and (t.org_id = any(${of('Organization')}) or t.project_id = any(${of('Project')})
        or exists (select from unnest(${of('Asset')}) as one (id) where s.manifest->'assets' @> jsonb_build_array(jsonb_build_object('asset', one.id))))
      order by s.twin_id, s.slug, s.version desc limit ${max + 1}`.execute(tx)
  return new Map(found.rows.map(({ by, assets }) => [by, listIn(assets)]))
}

/** An act, with the assets that it names. */
export interface Taking {
  readonly above: readonly EntityRef[]
  readonly environment?: EnvironmentRef
  readonly assets?: Named
}

type Asset = Pick<Supposed, 'above' | 'known'>

async function assetsAmong(tx: Tx, org: string, ids: readonly string[]): Promise<ReadonlyMap<string, Asset>> {
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: string; owner: string; sensitivity: Sensitivity }>`
    select id, owner_id as owner, sensitivity from asset where id = any(${[...ids]}::text[])`.execute(tx)
  const chains = await chainsOf(
    tx,
    org,
    found.rows.map(({ id }) => ({ type: 'Asset', id })),
  )
  return new Map(
    found.rows.map(({ id, owner, sensitivity }) => [
      id,
      { above: chains.get(`Asset ${id}`) ?? [], known: { owner, sensitivity: sensitivityLevel(sensitivity) } },
    ]),
  )
}

const isOfOneProject = (asset: Asset, above: readonly EntityRef[]): boolean =>
  above.some(({ type, id }) => type === 'Project' && asset.above.some((one) => one.id === id))

/** The uses that acts take, each once, and which of them each act takes. */
function usesIn(acts: readonly Taking[], assets: ReadonlyMap<string, Asset>) {
  const numbers = new Map<string, number>()
  const uses: Supposed[] = []
  const taken = acts.map(({ above, environment, assets: named = [] }) =>
    named.flatMap((id) => {
      const asset = assets.get(id)
      if (asset === undefined || !isOfOneProject(asset, above)) return []
      const key = `${id} ${environment?.id ?? ''}`
      const number =
        numbers.get(key) ?? uses.push({ action: useAction, ...asset, ...(environment === undefined ? {} : { environment }) }) - 1
      numbers.set(key, number)
      return [number]
    }),
  )
  return { uses, taken }
}

/** How somebody would come to a use. */
interface By {
  readonly reach: Reach
  readonly open: Open
}

/** Answers for some acts whether somebody could use every asset that they name. */
export class Using {
  readonly #taken: readonly (readonly number[])[]
  readonly #standing: By
  readonly #glass: By
  readonly #grantable: Ports['grantable']

  private constructor(it: {
    readonly taken: readonly (readonly number[])[]
    readonly standing: By
    readonly glass: By
    readonly ports: Ports
  }) {
    this.#taken = it.taken
    this.#standing = it.standing
    this.#glass = it.glass
    this.#grantable = it.ports.grantable
  }

  /** About these acts, which `open` knows the rules and bounds for. */
  static async of(
    acts: readonly Taking[],
    it: { readonly tx: Tx; readonly org: string; readonly ports: Ports; readonly open: Open },
  ): Promise<Using> {
    const { tx, org, ports, open } = it
    const { uses, taken } = usesIn(acts, await assetsAmong(tx, org, [...new Set(acts.flatMap(({ assets = [] }) => assets))]))
    const breaking = uses.map((use) => ({ ...use, action: glassAction }))
    const by = (supposed: readonly Supposed[]): By => ({ reach: new Reach(supposed, ports), open: open.about(supposed) })
    return new Using({ taken, standing: by(uses), glass: by(breaking), ports })
  }

  /** Whether somebody with these grants could use what an act names: by what they give, and with `isByGlass` by breaking the glass as well. */
  for(principal: Principal, grants: readonly Grant[], isByGlass = false): (act: number) => boolean {
    let able: ReadonlySet<number> | undefined
    return (act) => {
      const taken = this.#taken[act] ?? []
      if (taken.length === 0) return true
      able ??= this.#able(principal, grants, isByGlass)
      return taken.every((use) => able?.has(use))
    }
  }

  /** Which of these grants give the use of something that an act names. */
  behind(act: number, grants: readonly Grant[]): readonly Grant[] {
    const taken = new Set(this.#taken[act])
    return taken.size === 0 ? [] : grants.filter((grant) => this.#standing.reach.of(grant).some((use) => taken.has(use)))
  }

  #able(principal: Principal, grants: readonly Grant[], isByGlass: boolean): ReadonlySet<number> {
    const [{ reach, open }, glass] = [this.#standing, this.#glass]
    const isOpen = open.for(principal)
    const able = new Set(grants.flatMap((grant) => reach.of(grant)).filter(isOpen))
    if (!isByGlass || rolesByGlass(useAction, this.#grantable).length === 0) return able
    const mayBreak = glass.open.for(principal)
    for (const grant of grants)
      if (breaksGlass(grant, this.#grantable)) for (const use of glass.reach.of(grant)) if (mayBreak(use) && isOpen(use)) able.add(use)
    return able
  }
}
