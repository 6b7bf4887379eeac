// What leads over the legs of a target, and the grants that could give it: on the target, its twins, what is above those, what lies below them, and the assets that
// their scenarios name.
import { sql } from 'kysely'
import { glassAction } from '../../../access/index.ts'
import type { EntityRef, Ports, Tx } from '../../../kernel/index.ts'
import { type Grant, grantsOn } from './holders.ts'
import { type Act, actsFor, actsOnTarget, pathActions, type Target } from './legs.ts'
import { namedByScenarios, namedOfTwins, useAction } from './uses.ts'

/** Who asks about which target, at which take-away version. */
export interface Asking {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: string
  readonly version: number
  readonly target: Target
}

/** The scopes below the twins of a target that grants were given on: of an asset, what names it or came of what does. */
async function narrowScopes(
  tx: Tx,
  grants: ReadonlyMap<string, Grant>,
  { ref }: Target,
): Promise<{ readonly byTwin: ReadonlyMap<string, readonly EntityRef[]>; readonly scenarios: readonly string[] }> {
  const ids = [...grants.values()].flatMap((one) => (one.scope_type === 'Scenario' || one.scope_type === 'Artifact' ? [one.scope_id] : []))
  if (ids.length === 0) return { byTwin: new Map(), scenarios: [] }
  const named = ref.type === 'Asset' ? sql`s.manifest->'assets' @> ${JSON.stringify([{ asset: ref.id }])}::jsonb` : sql`true`
  const found = await sql<EntityRef & { readonly twin: string }>`
    select 'Scenario' as type, s.id, s.twin_id as twin from scenario s where s.id = any(${ids}::text[]) and ${named}
    union all select 'Artifact', a.id, a.twin_id from artifact a join run r on r.id = a.run_id join scenario s on s.id = r.scenario_id
      where a.id = any(${ids}::text[]) and ${named}`.execute(tx)
  const byTwin = Map.groupBy(found.rows, ({ twin }) => twin)
  return { byTwin, scenarios: found.rows.flatMap(({ type, id }) => (type === 'Scenario' ? [id] : [])) }
}

/** The acts over the legs of a target, and the grants that could give them. */
export async function actsAndGrants({
  tx,
  ports,
  target,
}: Asking): Promise<{ readonly acts: readonly Act[]; readonly grants: ReadonlyMap<string, Grant> }> {
  const isAsset = target.ref.type === 'Asset'
  const chains = await Promise.all(target.twins.map(async (id) => (await ports.scopes.above(tx, { type: 'Twin', id })) ?? []))
  const own = isAsset ? ((await ports.scopes.above(tx, target.ref)) ?? []) : []
  const named = await namedOfTwins(tx, target.twins, isAsset ? target.ref.id : undefined)
  const twins = sql`${[...target.twins]}::text[]`
  const assets = [...named.values()].flat(2)
  const scopes = sql`(select unnest(${[...new Set([...own.map(({ id }) => id), ...chains.flat().map(({ id }) => id), ...assets])]}::text[])
    union all select id from scenario where twin_id = any(${twins}) union all select id from artifact where twin_id = any(${twins}))`
  const grants = await grantsOn(tx, ports, scopes, [...pathActions, useAction, glassAction])
  const narrow = await narrowScopes(tx, grants, target)
  const namedBy = await namedByScenarios(tx, narrow.scenarios)
  const acts: Act[] = actsOnTarget(target, own)
  for (const [at, twin] of target.twins.entries())
    acts.push(
      ...(await actsFor(tx, {
        target,
        twin,
        chain: chains[at] ?? [],
        narrow: narrow.byTwin.get(twin) ?? [],
        named: named.get(twin) ?? [],
        namedBy,
        isPrivileged: await ports.scopes.isPrivileged(tx, { type: 'Twin', id: twin }),
      })),
    )
  return { acts, grants }
}
