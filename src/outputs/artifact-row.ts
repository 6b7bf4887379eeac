// How an artifact is shown in a list: what it is, where it stands, and the names of what it came from.
import { z } from 'zod'
import { digestText, environmentClass, idOf, sensitivity, type Tx } from '../kernel/index.ts'
import { namesOf, twinsIn } from '../twins/index.ts'

/** An artifact in a list. Names are null for what is not there any more. */
export const artifactRow = z.object({
  id: idOf('art'),
  run: idOf('run'),
  twin: idOf('twn'),
  twinName: z.string().nullable(),
  scenario: idOf('scn'),
  scenarioName: z.string().nullable(),
  /** Where the run that made it ran. */
  environment: idOf('env'),
  environmentSlug: z.string(),
  environmentClass,
  /** The person who answers for the run that made it. */
  operator: idOf('per'),
  operatorName: z.string().nullable(),
  digest: digestText,
  sensitivity,
  state: z.enum(['quarantined', 'promoted', 'destroyed']),
  /** How many places in it look like a secret. */
  findingsCount: z.number(),
  sealedAt: z.string(),
})

/** Which artifacts a list shows. */
export const artifactFilters = {
  state: artifactRow.shape.state.optional(),
  twin: idOf('twn').optional(),
  project: idOf('prj').optional().meta({ description: 'Of the twins of this project.' }),
  run: idOf('run').optional(),
  environment: idOf('env').optional(),
  class: environmentClass.optional().meta({ description: 'The class of the environment that it was made in.' }),
}

function rowsWithOrigin(tx: Tx) {
  return tx
    .selectFrom('artifact')
    .innerJoin('run', (join) => join.onRef('run.org_id', '=', 'artifact.org_id').onRef('run.id', '=', 'artifact.run_id'))
    .innerJoin('environment', (join) =>
      join.onRef('environment.org_id', '=', 'run.org_id').onRef('environment.id', '=', 'run.environment_id'),
    )
    .select(['artifact.id', 'artifact.run_id', 'artifact.twin_id', 'artifact.digest', 'artifact.sensitivity', 'artifact.state'])
    .select(['artifact.findings', 'artifact.sealed_at', 'run.scenario_id', 'run.operator_id'])
    .select(['environment.id as environment_id', 'environment.slug as environment_slug', 'environment.class as environment_class'])
}

/** What a page of artifacts is chosen by. */
export interface ArtifactChoice {
  readonly limit: number
  readonly after?: string | undefined
  readonly id?: string | undefined
  readonly state?: z.output<typeof artifactRow>['state'] | undefined
  readonly twin?: string | undefined
  readonly project?: string | undefined
  readonly run?: string | undefined
  readonly environment?: string | undefined
  readonly class?: z.output<typeof environmentClass> | undefined
}

/** The rows of artifacts that were chosen, newest first, with their names. */
export async function artifactRows(tx: Tx, chosen: ArtifactChoice): Promise<z.input<typeof artifactRow>[]> {
  let query = rowsWithOrigin(tx).orderBy('artifact.id', 'desc').limit(chosen.limit)
  if (chosen.id !== undefined) query = query.where('artifact.id', '=', chosen.id)
  if (chosen.after !== undefined) query = query.where('artifact.id', '<', chosen.after)
  if (chosen.state !== undefined) query = query.where('artifact.state', '=', chosen.state)
  if (chosen.twin !== undefined) query = query.where('artifact.twin_id', '=', chosen.twin)
  if (chosen.project !== undefined) query = query.where('artifact.twin_id', 'in', twinsIn(tx, chosen.project))
  if (chosen.run !== undefined) query = query.where('artifact.run_id', '=', chosen.run)
  if (chosen.environment !== undefined) query = query.where('run.environment_id', '=', chosen.environment)
  if (chosen.class !== undefined) query = query.where('environment.class', '=', chosen.class)
  const rows = await query.execute()
  const names = await namesOf(
    tx,
    rows.flatMap((row) => [row.twin_id, row.scenario_id, row.operator_id]),
  )
  return rows.map((row) => ({
    id: row.id,
    run: row.run_id,
    twin: row.twin_id,
    twinName: names(row.twin_id),
    scenario: row.scenario_id,
    scenarioName: names(row.scenario_id),
    environment: row.environment_id,
    environmentSlug: row.environment_slug,
    environmentClass: row.environment_class,
    operator: row.operator_id,
    operatorName: names(row.operator_id),
    digest: row.digest,
    sensitivity: row.sensitivity,
    state: row.state,
    findingsCount: Array.isArray(row.findings) ? row.findings.length : 0,
    sealedAt: row.sealed_at.toISOString(),
  }))
}
