// Batches: runs that were launched together, by one decision each, of one twin in one environment. A batch holds nothing and decides nothing: its runs live and
// end as every run does, and it is over with the last of them. Then what was given until its end is gone, in the same transaction.
import { type Selectable, sql } from 'kysely'
import { type Entity, type EnvironmentRef, fail, organizationEntity, projectEntity, type ResourceType, type Tx } from '../kernel/index.ts'
import { findTwin } from '../twins/index.ts'
import type { BatchTable } from './tables.ts'

/** How many runs one batch launches at most. */
export const batchRunsMax = 100

/** A batch as a resource. */
export const batchType = { name: 'Batch', attributes: { launcher: 'String' }, parents: ['Twin'] } as const satisfies ResourceType

/** A batch's row. */
export type Batch = Selectable<BatchTable>

/** A batch with the entities that decide over it. */
export interface BatchFound {
  readonly batch: Batch
  readonly environment: EnvironmentRef
  readonly entity: Entity
  readonly above: readonly Entity[]
}

/** Finds a batch with what stands above it. Throws `not_found`. */
export async function findBatch(tx: Tx, id: string): Promise<BatchFound> {
  const batch = await tx.selectFrom('batch').selectAll().where('id', '=', id).executeTakeFirst()
  if (batch === undefined) throw fail('not_found', 'There is no batch with this id.')
  const environment = await tx
    .selectFrom('environment')
    .select(['id', 'class'])
    .where('id', '=', batch.environment_id)
    .executeTakeFirstOrThrow()
  const { twin, entity } = await findTwin(tx, batch.twin_id)
  return {
    batch,
    environment,
    entity: { type: 'Batch', id, attributes: { launcher: batch.launched_by }, parents: [{ type: 'Twin', id: batch.twin_id }] },
    above: [entity, projectEntity(batch.org_id, twin.project_id), organizationEntity(batch.org_id)],
  }
}

/** The live runs of a batch, each held until this transaction ends, in the order of their ids. */
export async function holdLiveRunsOf(tx: Tx, batch: string): Promise<string[]> {
  const live = tx.selectFrom('run').select('id').where('batch_id', '=', batch).where('state', 'in', ['queued', 'claimed', 'running'])
  return (await live.orderBy('id').forUpdate().execute()).map(({ id }) => id)
}

/**
 * Ends the batches whose last live run has just ended; answers which. INVARIANT: the batch's row is held before its runs are counted, by a statement of its own:
 * of two that end its last two runs at once, the second sees what the first did.
 */
export async function endBatchesOf(tx: Tx, runs: readonly string[], at: Date): Promise<string[]> {
  const touched = await tx
    .selectFrom('batch')
    .select('id')
    .where('ended_at', 'is', null)
    .where(sql<boolean>`id in (select batch_id from run where id = any(${[...runs]}::text[]) and batch_id is not null)`)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (touched.length === 0) return []
  const over = await tx
    .updateTable('batch')
    .set({ ended_at: at })
    .where(
      'id',
      'in',
      touched.map(({ id }) => id),
    )
    .where(sql<boolean>`not exists (select from run where run.batch_id = batch.id and run.state in ('queued', 'claimed', 'running'))`)
    .returning('id')
    .execute()
  return over.map(({ id }) => id)
}
