// The three things that matter about a twin: who can change what goes into it, who can observe what comes out, who can move that into production. Each is a few
// actions, supposed in each environment where they would happen, on the next thing of their kind, which nobody but the twin's owner has had a hand in yet.
import type { Supposed } from '../../../access/index.ts'
import {
  type AttributeValue,
  type EntityRef,
  type EnvironmentRef,
  environmentClasses,
  fail,
  isId,
  type Ports,
  sensitivityLevel,
  type Tx,
} from '../../../kernel/index.ts'

/** The three legs of the way to production. */
export const legs = ['input', 'output', 'production'] as const
/** One of `input`, `output`, `production`. */
export type Leg = (typeof legs)[number]

type Where = 'nowhere' | 'simulation' | 'production'

/** What leads over each leg. A run is launched with parameters, so that launching changes what goes in. */
const acts: readonly { readonly leg: Leg; readonly action: string; readonly where: Where }[] = [
  { leg: 'input', action: 'scenario:publish', where: 'nowhere' },
  { leg: 'input', action: 'asset:add', where: 'nowhere' },
  { leg: 'input', action: 'run:launch', where: 'simulation' },
  { leg: 'output', action: 'artifact:read', where: 'simulation' },
  { leg: 'output', action: 'artifact:export', where: 'simulation' },
  { leg: 'output', action: 'run:output', where: 'simulation' },
  { leg: 'output', action: 'run:tape', where: 'simulation' },
  { leg: 'production', action: 'promotion:approve', where: 'production' },
  { leg: 'production', action: 'promotion:cross', where: 'production' },
]

/** The actions that lead over a leg. */
export const pathActions: readonly string[] = acts.map(({ action }) => action)

/** A supposed act of one leg. */
export interface Act extends Supposed {
  readonly leg: Leg
}

/** What paths are asked about: the thing itself, the twins that it is about, and how sensitive it is. */
export interface Target {
  readonly ref: EntityRef
  readonly twins: readonly string[]
  /** 0 to 3. */
  readonly sensitivity: number
  /** For an artifact: who made it. */
  readonly makers: readonly string[] | undefined
  /** For an artifact: the environment that it was made in, which looking at it happens in. */
  readonly environment?: string
}

const twinsMax = 50

/** Twins with a scenario that names this asset. */
async function twinsUsing(tx: Tx, asset: string): Promise<string[]> {
  const rows = await tx.selectFrom('scenario').select(['twin_id', 'manifest']).orderBy('id', 'desc').execute()
  const using = rows.filter(({ manifest }) => JSON.stringify(manifest).includes(JSON.stringify(asset)))
  return [...new Set(using.map((row) => row.twin_id))].slice(0, twinsMax)
}

/** Finds what paths are asked about: a twin, a dataset (asset) or an artifact. Throws `not_found`. */
export async function findTarget(
  tx: Tx,
  id: string,
  origin: (artifact: string) => Promise<Pick<Target, 'makers' | 'environment'>>,
): Promise<Target> {
  if (isId('ast', id)) {
    const row = await tx.selectFrom('asset').select('sensitivity').where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no asset with this id.')
    const sensitivity = sensitivityLevel(row.sensitivity)
    return { ref: { type: 'Asset', id }, twins: await twinsUsing(tx, id), sensitivity, makers: undefined }
  }
  if (isId('art', id)) {
    const row = await tx.selectFrom('artifact').select(['sensitivity', 'twin_id']).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no artifact with this id.')
    return {
      ref: { type: 'Artifact', id },
      twins: [row.twin_id],
      sensitivity: sensitivityLevel(row.sensitivity),
      ...(await origin(id)),
    }
  }
  const row = await tx.selectFrom('twin').select('sensitivity').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no twin with this id.')
  return { ref: { type: 'Twin', id }, twins: [id], sensitivity: sensitivityLevel(row.sensitivity), makers: undefined }
}

async function environmentsOf(tx: Tx): Promise<readonly EnvironmentRef[]> {
  const rows = await tx.selectFrom('environment').select(['id', 'class']).where('state', '=', 'active').orderBy('id').execute()
  return rows.filter((row) => environmentClasses.includes(row.class))
}

function placesOf(
  where: Where,
  action: string,
  target: Target,
  environments: readonly EnvironmentRef[],
): readonly (EnvironmentRef | undefined)[] {
  if (where === 'nowhere') return [undefined]
  if (target.environment !== undefined && action.startsWith('artifact:')) return environments.filter(({ id }) => id === target.environment)
  return environments.filter(({ class: one }) => (one === 'production') === (where === 'production'))
}

/** What a grant could name below the twin: an act on that very thing may be somebody's alone. */
function placesBelow(action: string, target: Target, narrow: readonly EntityRef[]): readonly EntityRef[] {
  const type = action.startsWith('artifact:') ? 'Artifact' : action === 'run:launch' ? 'Scenario' : undefined
  if (target.ref.type === 'Artifact') return type === 'Artifact' ? [target.ref] : []
  return narrow.filter((one) => one.type === type)
}

async function ownerOf(tx: Tx, twin: string): Promise<string> {
  return (await tx.selectFrom('twin').select('owner_id').where('id', '=', twin).executeTakeFirstOrThrow()).owner_id
}

/** Everything that leads over the three legs for one twin of the target; `narrow` are the scopes below it that grants were given on. */
export async function actsFor(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly target: Target
  readonly twin: string
  readonly narrow: readonly EntityRef[]
}): Promise<Act[]> {
  const { tx, ports, target, twin, narrow } = it
  const chain = (await ports.scopes.above(tx, { type: 'Twin', id: twin })) ?? []
  const environments = await environmentsOf(tx)
  const owner = await ownerOf(tx, twin)
  const makers = target.makers ?? [owner]
  const known: Record<string, AttributeValue> = { sensitivity: target.sensitivity, makers, owner }
  return acts.flatMap(({ leg, action, where }) => {
    const below = placesBelow(action, target, narrow)
    const above = [...(target.ref.type === 'Artifact' && below.length > 0 ? [] : [chain]), ...below.map((one) => [one, ...chain])]
    return above.flatMap((one) =>
      placesOf(where, action, target, environments).map((environment) => ({
        leg,
        action,
        above: one,
        known,
        ...(environment === undefined ? {} : { environment }),
      })),
    )
  })
}
