// Finding artifacts as resources: never less sensitive than the run that made them, and never released by their makers.
import type { Selectable } from 'kysely'
import { type Entity, type EnvironmentRef, fail, type ResourceType, sensitivityLevel, type Tx } from '../kernel/index.ts'
import { findRun, type Run } from '../runs/index.ts'
import { findScenario, findTwin, type ScenarioTable } from '../twins/index.ts'
import type { ArtifactTable } from './tables.ts'

/** An artifact as a resource. */
export const artifactType = {
  name: 'Artifact',
  attributes: { sensitivity: 'Long', makers: 'Set<String>', state: 'String' },
  parents: ['Twin'],
} as const satisfies ResourceType

/** An artifact with its run and the entities that decide over it. */
export interface ArtifactFound {
  readonly artifact: Selectable<ArtifactTable>
  readonly run: Run
  /** Where the run that made it ran. */
  readonly environment: EnvironmentRef
  /** Author (of a workload: its owners too), operator, orchestrator, the run, the twin's owners since it began: nothing leaves by these hands. */
  readonly makers: readonly string[]
  readonly entity: Entity
  readonly above: readonly Entity[]
}

/** Who owned something at a moment or later, and does no more. */
async function ownersBefore(tx: Tx, thing: string, since: Date): Promise<string[]> {
  const former = await tx.selectFrom('former_owner').select('person_id').where('thing_id', '=', thing).where('until', '>', since).execute()
  return former.map(({ person_id }) => person_id)
}

/** Whose hand a scenario is: its author's; where that is a workload, its owners' as well, for it writes on their behalf. */
async function authorsOf(tx: Tx, { author_id, created_at }: Selectable<ScenarioTable>): Promise<string[]> {
  const workload = await tx.selectFrom('workload').select('owner_id').where('id', '=', author_id).executeTakeFirst()
  return workload === undefined ? [author_id] : [author_id, workload.owner_id, ...(await ownersBefore(tx, author_id, created_at))]
}

/** Finds an artifact. Throws `not_found`. */
export async function findArtifact(tx: Tx, id: string): Promise<ArtifactFound> {
  const artifact = await tx.selectFrom('artifact').selectAll().where('id', '=', id).executeTakeFirst()
  if (artifact === undefined) throw fail('not_found', 'There is no artifact with this id.')
  const { run, environment, above } = await findRun(tx, artifact.run_id)
  const scenario = await findScenario(tx, run.scenario_id)
  const { twin } = await findTwin(tx, run.twin_id)
  // Whoever handed the twin over since had his hand in it as well.
  const owners = [twin.owner_id, ...(await ownersBefore(tx, twin.id, run.queued_at))]
  const authors = await authorsOf(tx, scenario)
  const makers = [...new Set([...authors, run.operator_id, run.orchestrator_id, run.id, ...owners])]
  const attributes = { sensitivity: sensitivityLevel(artifact.sensitivity), makers, state: artifact.state }
  return {
    artifact,
    run,
    environment,
    makers,
    entity: { type: 'Artifact', id, attributes, parents: [{ type: 'Twin', id: run.twin_id }] },
    above,
  }
}
