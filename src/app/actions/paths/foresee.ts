// What a change of grants or memberships comes to: for everybody whom it touches, the acts that his grants reach afterwards and did not before, and the other way
// round, as far as nothing stands in the way of them. Asked on things that are public and that nobody has had a hand in. Where the use of assets comes or goes, the
// scenarios that name them are asked about as well: they could be launched then, or not any more.
import { sql } from 'kysely'
import { givesAction, holdsAt } from '../../../access/index.ts'
import type { EntityRef, OrgId, Ports, Tx } from '../../../kernel/index.ts'
import { type Bounds, boundsHere, narrowed } from './bounds.ts'
import { chainsOf } from './chains.ts'
import { type Change, grantsThrough, standing, touchedBy } from './change.ts'
import { Comparison, differencesMax } from './comparison.ts'
import { type Actor, actorsAmong, type Grant } from './holders.ts'
import { environmentsOf, launchAction } from './legs.ts'
import { Open } from './open.ts'
import { actsOf, keyOf, type ScopeAct, scopeOf } from './scope-acts.ts'
import type { Difference } from './shown.ts'
import { namedByScenarios, namingOn, Using, useAction } from './uses.ts'

/** How many people and workloads one answer compares. */
export const changedMax = 1_000
const scopesMax = 200
/** How many scenarios are asked about that name assets whose use comes or goes. */
const launchesMax = 100

/** What a change comes to. */
export interface Foreseen {
  readonly gains: readonly Difference[]
  readonly loses: readonly Difference[]
  /** How many people and workloads it touches. */
  readonly touched: number
  readonly cut: boolean
}

/** Who asks, in which transaction, at which take-away version. */
export interface Foreseeing {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: OrgId
  readonly version: number
}

/** Launching the scenarios that name assets which these grants give the use of, and whether there are more. */
async function launchesBy(it: Foreseeing, grants: readonly Grant[]): Promise<{ readonly launches: ScopeAct[]; readonly cut: boolean }> {
  const { tx, ports, org } = it
  const scopes = grants.filter((grant) => givesAction(grant, useAction, ports.grantable)).map(scopeOf)
  const named = await namingOn(tx, scopes, launchesMax)
  const refs = [...named.keys()].map((id) => ({ type: 'Scenario', id }))
  const chains = await chainsOf(tx, org, refs)
  const environments = await environmentsOf(tx)
  const launches = refs.slice(0, launchesMax).flatMap((scope) =>
    environments.map((environment) => ({
      action: launchAction,
      scope,
      above: chains.get(keyOf(scope)) ?? [scope],
      known: {},
      environment,
      assets: named.get(scope.id) ?? [],
    })),
  )
  return { launches, cut: refs.length > launchesMax }
}

/**
 * The live grants of these principals on these scopes. Found by their scopes: of what is on those, a table of the principals says which they hold. Asked of a list
 * instead, each grant would be compared with a thousand of them one by one.
 */
async function grantsOf(tx: Tx, principals: readonly string[], scopes: readonly string[], now: number): Promise<readonly Grant[]> {
  const rows = await tx
    .selectFrom('grant')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where('principal_id', 'in', sql<string>`(select unnest(${[...principals]}::text[]))`)
    .where('scope_id', '=', sql<string>`any(${[...scopes]}::text[])`)
    .execute()
  return rows.filter((row) => holdsAt(row, now))
}

function byPrincipal(grants: readonly Grant[]): (ids: readonly string[]) => readonly Grant[] {
  const found = Map.groupBy(grants, ({ principal_id }) => principal_id)
  return (ids) => ids.flatMap((id) => found.get(id) ?? [])
}

/** The same grants after a change, each once and the same object where it stays as it is. */
function afterwards(before: readonly Grant[], { given, revoked, altering }: Change, now: number): readonly Grant[] {
  const gone = new Set(revoked.map(({ id }) => id))
  const kept = before.filter(({ id }) => !gone.has(id))
  const altered =
    altering === undefined ? kept : kept.flatMap((row) => (row[altering.column] === altering.name ? (altering.to(row) ?? []) : row))
  return [...altered, ...given.filter((row) => holdsAt(row, now))]
}

/** The grants of a role that any of these principals has. */
async function alteredOf(tx: Tx, { altering }: Change, principals: readonly string[]): Promise<readonly Grant[]> {
  if (altering === undefined) return []
  return tx
    .selectFrom('grant')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where(altering.column, '=', altering.name)
    .where('principal_id', '=', sql<string>`any(${[...principals]}::text[])`)
    .orderBy('id')
    .execute()
}

const distinct = (grants: readonly Grant[]): EntityRef[] => [...new Map(grants.map((row) => [keyOf(scopeOf(row)), scopeOf(row)])).values()]

/** Everything that a grant could be on which has to do with an act. */
const idsAround = ({ above, assets = [] }: ScopeAct): readonly string[] => [...above.map(({ id }) => id), ...assets]

/** What bounds any of these, where anything does. */
async function boundsAmong(tx: Tx, actors: readonly Actor[]): Promise<Bounds> {
  const ids = new Set(actors.map(({ principal }) => principal.id))
  return new Map([...(await boundsHere(tx))].filter(([id]) => ids.has(id)))
}

/** Foresees a change of grants and memberships. */
export async function foresee(it: Foreseeing, change: Change): Promise<Foreseen> {
  const { tx, ports, org, version } = it
  const now = ports.clock.now()
  const through = await grantsThrough(tx, change)
  const { ids, total } = await touchedBy(tx, change, through, changedMax)
  const actors = await actorsAmong(tx, ports, ids)
  const places = await standing(tx, change, ids)
  const principals = [...new Set([...places.before.values(), ...places.after.values()].flat())]
  const altered = await alteredOf(tx, change, principals)
  const changedTo = altered.flatMap((row) => change.altering?.to(row) ?? [])
  const bounds = await boundsAmong(tx, actors)
  const rows = new Set([...through, ...change.given, ...change.revoked, ...altered, ...changedTo].filter((row) => holdsAt(row, now)))
  const differing = [...rows.union(new Set(narrowed([...rows], [...bounds.values()].flat())))]
  const scopes = distinct(differing)
  const shown = new Set(scopes.slice(0, scopesMax).map(keyOf))
  const chains = await chainsOf(tx, org, scopes.slice(0, scopesMax))
  const compared = differing.filter((row) => shown.has(keyOf(scopeOf(row))))
  const scenarios = scopes.flatMap(({ type, id }) => (type === 'Scenario' ? [id] : []))
  const namedBy = await namedByScenarios(tx, scenarios)
  const acts = actsOf(compared, chains, { ports, environments: await environmentsOf(tx), namedBy })
  const { launches, cut: isMore } = await launchesBy(it, compared)
  const all = [...acts, ...launches]
  const open = await Open.now(tx, { ports, version, acts: all })
  const using = await Using.of(all, { tx, org, ports, open })
  const above = [...new Set([...[...chains.values()].flat().map(({ id }) => id), ...all.flatMap(idsAround)])]
  const heldNow = await grantsOf(tx, principals, above, now)
  const [before, after] = [byPrincipal(heldNow), byPrincipal(afterwards(heldNow, change, now))]
  const comparison = new Comparison({ acts, launches, ports, open, using })
  for (const actor of actors) {
    if (comparison.isFull) break
    const { id } = actor.principal
    const its = (grants: readonly Grant[]) => narrowed(grants, bounds.get(id))
    comparison.add(actor, { before: its(before(places.before.get(id) ?? [id])), after: its(after(places.after.get(id) ?? [id])) })
  }
  const { gains, loses } = comparison
  const cut = total > changedMax || scopes.length > scopesMax || isMore || comparison.isFull
  return { gains: gains.slice(0, differencesMax), loses: loses.slice(0, differencesMax), touched: total, cut }
}
