// The sensitivity of what a run produced: never below the twin's own or that of anything that the run was given or really touched.
import { highestSensitivity, type Sensitivity, type Tx } from '../kernel/index.ts'
import type { Run } from '../runs/index.ts'
import { findAsset, findScenario, findTwin, manifestSchema } from '../twins/index.ts'

/** A sensitivity and where it comes from. */
export interface SensitivityBecause {
  readonly sensitivity: Sensitivity
  readonly because: readonly { readonly source: string; readonly sensitivity: Sensitivity }[]
}

/** Works out the sensitivity of a run's outputs, at least the one that the run was launched with. */
export async function admittedSensitivity(tx: Tx, run: Run): Promise<SensitivityBecause> {
  const { twin } = await findTwin(tx, run.twin_id)
  const because: { source: string; sensitivity: Sensitivity }[] = [{ source: `twin ${twin.slug}`, sensitivity: twin.sensitivity }]
  const touched = await tx
    .selectFrom('connection')
    .select(['slug', 'sensitivity'])
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
  for (const connection of touched) because.push({ source: `connection ${connection.slug}`, sensitivity: connection.sensitivity })
  for (const { asset } of manifestSchema.parse((await findScenario(tx, run.scenario_id)).manifest).assets) {
    const found = await findAsset(tx, asset)
    because.push({ source: `asset ${found.slug}`, sensitivity: found.sensitivity })
  }
  return { because, sensitivity: highestSensitivity([run.sensitivity, ...because.map((one) => one.sensitivity)]) }
}
