// The three things that matter about a twin: who can change what goes into it, who can observe what comes out, who can move that into production. Each is a few
// actions, supposed in each environment where they would happen, on the next thing of their kind, which nobody but the twin's owner has had a hand in yet. What is
// launched is a scenario as there are some: with the assets that those name.
import { sql } from 'kysely'
import type { Supposed } from '../../../access/index.ts'
import {
  type AttributeValue,
  type EntityRef,
  type EnvironmentRef,
  fail,
  isId,
  type Sensitivity,
  sensitivityLevel,
  type Tx,
} from '../../../kernel/index.ts'
import type { Named } from './uses.ts'

/** The three legs of the way to production. */
export const legs = ['input', 'output', 'production'] as const
/** One of `input`, `output`, `production`. */
export type Leg = (typeof legs)[number]

type Where = 'nowhere' | 'simulation' | 'production'

/** What shows an asset itself: it is beside the twins that it goes into, and a grant on one of those does not reach it. */
const readsAsset = 'asset:read'
/** What starts a run. */
export const launchAction = 'run:launch'

/** What leads over each leg. A run is launched with parameters, so that launching changes what goes in. */
const acts: readonly { readonly leg: Leg; readonly action: string; readonly where: Where }[] = [
  { leg: 'input', action: 'scenario:publish', where: 'nowhere' },
  { leg: 'input', action: 'asset:add', where: 'nowhere' },
  { leg: 'input', action: launchAction, where: 'simulation' },
  { leg: 'output', action: 'artifact:read', where: 'simulation' },
  { leg: 'output', action: 'artifact:export', where: 'simulation' },
  { leg: 'output', action: 'run:output', where: 'simulation' },
  { leg: 'output', action: 'run:tape', where: 'simulation' },
  { leg: 'production', action: 'promotion:approve', where: 'production' },
  { leg: 'production', action: 'promotion:cross', where: 'production' },
  { leg: 'production', action: 'promotion:roll-back', where: 'production' },
]

/** The actions that lead over a leg. */
export const pathActions: readonly string[] = [...acts.map(({ action }) => action), readsAsset]

/** A supposed act of one leg, with the assets whose use it takes besides. */
export interface Act extends Supposed {
  readonly leg: Leg
  readonly assets?: Named
}

/** The leg that an action leads over; nothing for the others. */
export function legOf(action: string): Leg | undefined {
  return action === readsAsset ? 'output' : acts.find((one) => one.action === action)?.leg
}

/** Where an action happens: in each of these environments, or in none that is known. */
export function whereOf(action: string, environments: readonly EnvironmentRef[]): readonly (EnvironmentRef | undefined)[] {
  const where = acts.find((one) => one.action === action)?.where ?? 'nowhere'
  if (where === 'nowhere') return [undefined]
  return environments.filter(({ class: one }) => (one === 'production') === (where === 'production'))
}

/** What paths are asked about: the thing itself, the twins that it is about, and how sensitive it is. */
export interface Target {
  readonly ref: EntityRef
  readonly name: string
  readonly twins: readonly string[]
  /** How many twins it is about that are more sensitive than whoever asks may know. */
  readonly withheld: number
  /** 0 to 3. */
  readonly sensitivity: number
  /** For an artifact: who made it. */
  readonly makers: readonly string[] | undefined
  /** For an artifact: the environment that it was made in, which looking at it happens in. */
  readonly environment?: string
}

const twinsMax = 50

/** Twins with a scenario that names this asset: those that `clearance` reaches, and how many others. */
async function twinsUsing(tx: Tx, asset: string, clearance: number): Promise<Pick<Target, 'twins' | 'withheld'>> {
  const names = JSON.stringify([{ asset }])
  const found = await sql<{ id: string; sensitivity: Sensitivity }>`
    select id, sensitivity from twin where id in (select twin_id from scenario where manifest->'assets' @> ${names}::jsonb)
      order by id limit ${twinsMax}`.execute(tx)
  const known = found.rows.filter((row) => sensitivityLevel(row.sensitivity) <= clearance)
  return { twins: known.map(({ id }) => id), withheld: found.rows.length - known.length }
}

/** Finds what paths are asked about: a twin, a dataset (asset) or an artifact. Throws `not_found`. */
export async function findTarget(
  tx: Tx,
  asked: { readonly id: string; readonly clearance: number },
  origin: (artifact: string) => Promise<Pick<Target, 'makers' | 'environment'>>,
): Promise<Target> {
  const { id, clearance } = asked
  if (isId('ast', id)) {
    const row = await tx.selectFrom('asset').select(['sensitivity', 'slug']).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no asset with this id.')
    const using = await twinsUsing(tx, id, clearance)
    return { ref: { type: 'Asset', id }, name: row.slug, ...using, sensitivity: sensitivityLevel(row.sensitivity), makers: undefined }
  }
  if (isId('art', id)) {
    const row = await tx.selectFrom('artifact').select(['sensitivity', 'twin_id', 'digest']).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no artifact with this id.')
    const of = { ref: { type: 'Artifact', id }, name: row.digest, twins: [row.twin_id], withheld: 0 }
    return { ...of, sensitivity: sensitivityLevel(row.sensitivity), ...(await origin(id)) }
  }
  const row = await tx.selectFrom('twin').select(['sensitivity', 'slug']).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no twin with this id.')
  const sensitivity = sensitivityLevel(row.sensitivity)
  return { ref: { type: 'Twin', id }, name: row.slug, twins: [id], withheld: 0, sensitivity, makers: undefined }
}

/** The environments in which something can happen. */
export async function environmentsOf(tx: Tx): Promise<readonly EnvironmentRef[]> {
  return tx.selectFrom('environment').select(['id', 'class']).where('state', '=', 'active').orderBy('id').execute()
}

function placesOf(action: string, target: Target, environments: readonly EnvironmentRef[]): readonly (EnvironmentRef | undefined)[] {
  if (target.environment !== undefined && action.startsWith('artifact:')) return environments.filter(({ id }) => id === target.environment)
  return whereOf(action, environments)
}

/** What a grant could name below the twin: an act on that very thing may be somebody's alone. */
function placesBelow(action: string, target: Target, narrow: readonly EntityRef[]): readonly EntityRef[] {
  const type = action.startsWith('artifact:') ? 'Artifact' : action === launchAction ? 'Scenario' : undefined
  if (target.ref.type === 'Artifact') return type === 'Artifact' ? [target.ref] : []
  return narrow.filter((one) => one.type === type)
}

/** A place of an act: where it lies, and which assets it names there. */
interface Place {
  readonly above: readonly EntityRef[]
  readonly assets: Named
}

/** What an act on the next thing below the twin names: a scenario that is launched, one of the lists that are named; one that is sealed, the asset that is asked about. */
function listsOf(action: string, { ref }: Target, named: readonly Named[]): readonly Named[] {
  if (action === launchAction) return named.length === 0 ? [[]] : named
  return [action === 'scenario:publish' && ref.type === 'Asset' ? [ref.id] : []]
}

function placesAt(action: string, it: TwinOfTarget): readonly Place[] {
  const { target, chain, narrow, named, namedBy } = it
  const below = placesBelow(action, target, narrow)
  const next = target.ref.type === 'Artifact' && below.length > 0 ? [] : listsOf(action, target, named)
  return [
    ...next.map((assets) => ({ above: chain, assets })),
    ...below.map((one) => ({ above: [one, ...chain], assets: namedBy.get(one.id) ?? [] })),
  ]
}

/** How sensitive what an act is done to is: what goes in is the twin's own, what comes out is as sensitive as what went in. */
function sensitivityOf(leg: Leg, own: number, { ref, sensitivity }: Target): number {
  if (leg === 'input') return own
  return ref.type === 'Asset' ? Math.max(own, sensitivity) : sensitivity
}

/** What leads over the legs of the target itself, beside its twins; `chain` is the target and everything above it. */
export function actsOnTarget({ ref, sensitivity }: Target, chain: readonly EntityRef[]): Act[] {
  return ref.type === 'Asset' ? [{ leg: 'output', action: readsAsset, above: chain, known: { sensitivity } }] : []
}

/** A twin that a target is about. */
export interface TwinOfTarget {
  readonly target: Target
  readonly twin: string
  /** The twin and everything above it. */
  readonly chain: readonly EntityRef[]
  /** The scopes below it that grants were given on. */
  readonly narrow: readonly EntityRef[]
  /** What its scenarios name, each list once; for an asset, of those that name it. */
  readonly named: readonly Named[]
  /** What each scenario among `narrow` names. */
  readonly namedBy: ReadonlyMap<string, Named>
  readonly isPrivileged: boolean
}

/** Everything that leads over the three legs for one twin of the target. */
export async function actsFor(tx: Tx, it: TwinOfTarget): Promise<Act[]> {
  const { target, twin } = it
  const environments = await environmentsOf(tx)
  const row = await tx.selectFrom('twin').select(['owner_id', 'sensitivity']).where('id', '=', twin).executeTakeFirstOrThrow()
  const [owner, own] = [row.owner_id, sensitivityLevel(row.sensitivity)]
  const makers = target.makers ?? [owner]
  const context = { privilegedTwin: it.isPrivileged }
  return acts.flatMap(({ leg, action }) => {
    const known: Record<string, AttributeValue> = { sensitivity: sensitivityOf(leg, own, target), makers, owner }
    return placesAt(action, it).flatMap((place) =>
      placesOf(action, target, environments).map((environment) => ({
        leg,
        action,
        known,
        context,
        ...place,
        ...(environment === undefined ? {} : { environment }),
      })),
    )
  })
}
