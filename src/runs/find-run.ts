// Finding runs, as resources and as principals. A run is live while it is claimed or running and its deadline lies ahead.
import { type Selectable, sql } from 'kysely'
import {
  type Entity,
  type EnvironmentRef,
  fail,
  type OrgId,
  organizationEntity,
  type Ports,
  type Principal,
  prepared,
  projectEntity,
  type ResourceType,
  type RunId,
  sensitivityLevel,
  type Tx,
} from '../kernel/index.ts'
import { twinEntity } from '../twins/index.ts'
import type { RunTable } from './tables.ts'

/** A run as a resource. `makers` are those who had a hand in it; `self` lets the run act on itself. */
export const runType = {
  name: 'Run',
  attributes: { self: 'String', sensitivity: 'Long', makers: 'Set<String>', state: 'String' },
  parents: ['Twin'],
} as const satisfies ResourceType

/** A run's row. */
export type Run = Selectable<RunTable>

/** The columns of a run that is not frozen. */
export const notFrozen = { frozen_at: null, frozen_until: null, frozen_by: null, frozen_reason: null } as const

/** A run with the entities that decide over it. */
export interface RunFound {
  readonly run: Run
  /** Where it runs, or ran: a grant for other environments does not reach it. */
  readonly environment: EnvironmentRef
  readonly entity: Entity
  readonly above: readonly Entity[]
}

/** Reads runs, each with its twin and its environment, which every decision about it needs, in one statement. */
async function readRuns(tx: Tx, ids: readonly string[]) {
  const rows = await tx
    .selectFrom('run')
    .innerJoin('twin', (join) => join.onRef('twin.org_id', '=', 'run.org_id').onRef('twin.id', '=', 'run.twin_id'))
    .innerJoin('environment', (join) =>
      join.onRef('environment.org_id', '=', 'run.org_id').onRef('environment.id', '=', 'run.environment_id'),
    )
    .selectAll('run')
    .select(['twin.owner_id', 'twin.project_id', 'twin.sensitivity as twin_sensitivity', 'environment.class'])
    .where(sql<boolean>`run.id = any(${ids}::text[])`)
    .execute()
  return rows.map(({ owner_id, project_id, twin_sensitivity, class: environmentClass, ...run }) => ({
    run,
    twin: { id: run.twin_id, owner_id, project_id, sensitivity: twin_sensitivity },
    environmentClass,
  }))
}

/** Finds runs, each with what stands above it, by their ids. One that is not there is left out. */
export async function findRuns(tx: Tx, ids: readonly string[]): Promise<Map<string, RunFound>> {
  const rows = await readRuns(tx, ids)
  return new Map(rows.map((row) => [row.run.id, foundOf(row)]))
}

/** Finds a run with what stands above it. Throws `not_found`. */
export async function findRun(tx: Tx, id: string): Promise<RunFound> {
  const found = await findRuns(tx, [id])
  const run = found.get(id)
  if (run === undefined) throw fail('not_found', 'There is no run with this id.')
  return run
}

function foundOf({ run, twin, environmentClass }: Awaited<ReturnType<typeof readRuns>>[number]): RunFound {
  const attributes = {
    self: run.id,
    sensitivity: sensitivityLevel(run.sensitivity),
    makers: [run.operator_id, run.orchestrator_id, run.id],
    state: run.state,
  }
  const entity = { type: 'Run', id: run.id, attributes, parents: [{ type: 'Twin', id: run.twin_id }] }
  return {
    run,
    environment: { id: run.environment_id, class: environmentClass },
    entity,
    above: [twinEntity(twin), projectEntity(run.org_id, twin.project_id), organizationEntity(run.org_id)],
  }
}

/** Whether anything under this run still counts. */
export function isLive(run: Pick<Run, 'state'>): boolean {
  return run.state === 'claimed' || run.state === 'running'
}

/** Whether a run is frozen: it lives, and nothing of it is admitted. */
export function isFrozen(run: Pick<Run, 'frozen_at'>): boolean {
  return run.frozen_at !== null
}

const rowOf = prepared((tx, { id }: { id: string }) => tx.selectFrom('run').selectAll().where('id', '=', id))

/**
 * The principal of a live run, once no end of it is under way here. Throws `unauthenticated` for one that is not live, is past its deadline or moved on to another epoch, and `run_frozen` for one
 * that is frozen.
 */
export async function runPrincipal(
  tx: Tx,
  { clock, runFence }: Pick<Ports, 'clock' | 'runFence'>,
  { id, credential, epoch }: { readonly id: RunId; readonly credential: string; readonly epoch?: number },
): Promise<Principal> {
  await runFence.passing(id, tx)
  const [run] = await rowOf({ id }).execute(tx)
  if (run === undefined || !isLive(run) || run.deadline.getTime() <= clock.now()) {
    throw fail('unauthenticated', 'This run is not live: its identity ended with it.')
  }
  if (isFrozen(run)) throw fail('run_frozen', 'This run is frozen: nothing of it is admitted until somebody thaws it.')
  if (epoch !== undefined && epoch !== run.epoch) throw fail('unauthenticated', 'This credential of the run ended.')
  return {
    kind: 'run',
    id: run.id,
    org: run.org_id as OrgId, // the column holds nothing else
    name: run.id,
    spiffeId: run.spiffe_id,
    clearance: sensitivityLevel(run.sensitivity),
    chain: [run.id, run.orchestrator_id, run.operator_id],
    environment: run.environment_id,
    credential,
    epoch: run.epoch,
  }
}
