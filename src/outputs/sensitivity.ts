// The sensitivity of what a run produced: never below the twin's own or that of anything that the run was given or really touched.
import { z } from 'zod'
import { highestSensitivity, type Sensitivity, sensitivity, type Tx } from '../kernel/index.ts'
import type { Run } from '../runs/index.ts'
import { findAsset, findScenario, findTwin, manifestSchema } from '../twins/index.ts'

/** One link of the chain: a thing that the run was of, was given or touched, and how sensitive that is. */
export const sensitivitySource = z.object({
  of: z.enum(['run', 'twin', 'connection', 'asset']),
  id: z.string(),
  name: z.string(),
  sensitivity,
})

/** A sensitivity and where it comes from. */
export interface SensitivityBecause {
  readonly sensitivity: Sensitivity
  readonly because: readonly z.output<typeof sensitivitySource>[]
}

/** Works out the sensitivity of a run's outputs, at least the one that the run was launched with. */
export async function admittedSensitivity(tx: Tx, run: Run): Promise<SensitivityBecause> {
  const { twin } = await findTwin(tx, run.twin_id)
  const because: z.output<typeof sensitivitySource>[] = [
    { of: 'run', id: run.id, name: 'as it was launched', sensitivity: run.sensitivity },
    { of: 'twin', id: twin.id, name: twin.slug, sensitivity: twin.sensitivity },
  ]
  const touched = await tx
    .selectFrom('connection')
    .select(['id', 'slug', 'sensitivity'])
    .where(
      'id',
      'in',
      tx
        .selectFrom('call')
        .select('connection_id')
        .where('holder_id', '=', run.id)
        .where('decision', '=', 'allowed')
        .where('connection_id', 'is not', null)
        .$castTo<{ connection_id: string }>(),
    )
    .execute()
  for (const connection of touched)
    because.push({ of: 'connection', id: connection.id, name: connection.slug, sensitivity: connection.sensitivity })
  for (const { asset } of manifestSchema.parse((await findScenario(tx, run.scenario_id)).manifest).assets) {
    const found = await findAsset(tx, asset)
    because.push({ of: 'asset', id: found.id, name: found.slug, sensitivity: found.sensitivity })
  }
  return { because, sensitivity: highestSensitivity(because.map((one) => one.sensitivity)) }
}
