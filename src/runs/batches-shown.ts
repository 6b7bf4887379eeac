// How a batch is shown: what it is of, who launched it, and how far its runs are, counted from their own rows.
import { sql } from 'kysely'
import { z } from 'zod'
import { environmentClass, idOf, type Tx, toMoment } from '../kernel/index.ts'
import { namesOf } from '../twins/index.ts'
import type { Batch } from './batches.ts'

/** How far the runs of a batch are. */
const counts = z.object({
  live: z.number().meta({ description: 'Queued, claimed or running.' }),
  running: z.number(),
  /** Of those that have ended, by how. */
  succeeded: z.number(),
  failed: z.number().meta({ description: 'Ended in any other way than by themselves and well.' }),
})
type Counts = z.output<typeof counts>

/** A batch as it is shown. */
export const batchOutput = z.object({
  id: idOf('bat'),
  twin: idOf('twn'),
  twinName: z.string().nullable(),
  scenario: idOf('scn'),
  scenarioName: z.string().nullable(),
  environment: idOf('env'),
  environmentSlug: z.string(),
  environmentClass,
  launchedBy: z.string(),
  launchedByName: z.string().nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable().meta({ description: 'When its last run ended; null while one is live.' }),
  size: z.number(),
  runs: counts,
})

const nothing: Counts = { live: 0, running: 0, succeeded: 0, failed: 0 }

async function countsOf(tx: Tx, batches: readonly string[]): Promise<ReadonlyMap<string, Counts>> {
  const { rows } = await sql<Counts & { batch: string }>`
    select batch_id as batch, count(*) filter (where state in ('queued', 'claimed', 'running'))::int as live,
      count(*) filter (where state = 'running')::int as running, count(*) filter (where outcome = 'succeeded')::int as succeeded,
      count(*) filter (where outcome <> 'succeeded')::int as failed
    from run where batch_id = any(${[...batches]}::text[]) group by batch_id`.execute(tx)
  return new Map(rows.map(({ batch, ...row }) => [batch, row]))
}

/** Batches as they are shown, in their order. */
export async function showBatches(tx: Tx, batches: readonly Batch[]): Promise<z.input<typeof batchOutput>[]> {
  if (batches.length === 0) return []
  const counted = await countsOf(
    tx,
    batches.map(({ id }) => id),
  )
  const names = await namesOf(
    tx,
    batches.flatMap((one) => [one.twin_id, one.scenario_id, one.launched_by]),
  )
  const environments = await tx
    .selectFrom('environment')
    .select(['id', 'slug', 'class'])
    .where('id', 'in', [...new Set(batches.map((one) => one.environment_id))])
    .execute()
  return batches.map((one) => {
    const environment = environments.find(({ id }) => id === one.environment_id)
    if (environment === undefined) throw new Error(`The environment of ${one.id} is missing.`)
    return {
      id: one.id,
      twin: one.twin_id,
      twinName: names(one.twin_id),
      scenario: one.scenario_id,
      scenarioName: names(one.scenario_id),
      environment: one.environment_id,
      environmentSlug: environment.slug,
      environmentClass: environment.class,
      launchedBy: one.launched_by,
      launchedByName: names(one.launched_by),
      createdAt: one.created_at.toISOString(),
      endedAt: toMoment(one.ended_at),
      size: one.size,
      runs: counted.get(one.id) ?? nothing,
    }
  })
}
