// How a run is shown: the three identities, its state and its end. Parameters and summary are content and shown apart.
import { z } from 'zod'
import { environmentClass, idOf, sensitivity, type Tx, toMoment } from '../kernel/index.ts'
import { namesOf } from '../twins/index.ts'
import { reasonOf, runCauses } from './causes.ts'
import type { Run } from './find-run.ts'

/** A run as it is shown. */
export const runOutput = z.object({
  id: idOf('run'),
  twin: idOf('twn'),
  scenario: idOf('scn'),
  environment: idOf('env'),
  batch: idOf('bat').nullable().meta({ description: 'The batch that it was launched in.' }),
  state: z.enum(['queued', 'claimed', 'running', 'ending', 'ended']),
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'deadline', 'lost', 'pipeline_failed', 'revoked']).nullable(),
  cause: z.enum(runCauses).nullable().meta({ description: 'Why it ended, as a code.' }),
  reason: z.string().nullable().meta({ description: 'The same in words, which are the platform’s own.' }),
  identities: z.object({ operator: z.string(), orchestrator: z.string(), twin: z.string() }),
  sensitivity,
  seed: z.number(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  deadline: z.string(),
  endedAt: z.string().nullable(),
  closed: z.json(),
  frozen: z.object({ until: z.string(), by: z.string(), reason: z.string() }).nullable(),
})

/** A run that was stopped, for a while or for good: what that ended, and in how many milliseconds until it was ready to be committed. */
export const stopOutput = runOutput.extend({ stopped: z.object({ credentials: z.number() }), tookMs: z.number() })

/** A run in a list: with the names of what it names by id. A name is null where there is nothing of that name any more. */
export const runRow = runOutput.extend({
  twinName: z.string().nullable(),
  scenarioName: z.string().nullable(),
  environmentSlug: z.string(),
  environmentClass,
  operatorName: z.string().nullable(),
  /** The pipeline that started it, or `scheduler`. */
  orchestratorName: z.string().nullable(),
  /** Who froze it, while it is frozen. */
  frozenByName: z.string().nullable(),
})

/** The shown form of a run. */
export function showRunRow(run: Run): z.input<typeof runOutput> {
  return {
    id: run.id,
    twin: run.twin_id,
    scenario: run.scenario_id,
    environment: run.environment_id,
    batch: run.batch_id,
    state: run.state,
    outcome: run.outcome,
    cause: run.cause,
    reason: reasonOf(run),
    identities: { operator: run.operator_id, orchestrator: run.orchestrator_id, twin: run.spiffe_id },
    sensitivity: run.sensitivity,
    seed: run.seed,
    queuedAt: run.queued_at.toISOString(),
    startedAt: toMoment(run.started_at),
    deadline: run.deadline.toISOString(),
    endedAt: toMoment(run.ended_at),
    closed: run.closed as z.core.util.JSONType, // written by `run:close` alone
    frozen: frozenOf(run),
  }
}

function frozenOf({ frozen_until: until, frozen_by: by, frozen_reason: reason }: Run): z.input<typeof runOutput>['frozen'] {
  return until === null || by === null || reason === null ? null : { until: until.toISOString(), by, reason }
}

/** Runs as a list shows them, in their order. */
export async function showRunRows(tx: Tx, runs: readonly Run[]): Promise<z.input<typeof runRow>[]> {
  if (runs.length === 0) return []
  const [names, environments] = [
    await namesOf(
      tx,
      runs.flatMap((run) => [run.twin_id, run.scenario_id, run.operator_id, run.orchestrator_id, run.frozen_by]),
    ),
    await tx
      .selectFrom('environment')
      .select(['id', 'slug', 'class'])
      .where('id', 'in', [...new Set(runs.map((run) => run.environment_id))])
      .execute(),
  ]
  return runs.map((run) => {
    const environment = environments.find(({ id }) => id === run.environment_id)
    if (environment === undefined) throw new Error(`The environment of ${run.id} is missing.`)
    return {
      ...showRunRow(run),
      twinName: names(run.twin_id),
      scenarioName: names(run.scenario_id),
      environmentSlug: environment.slug,
      environmentClass: environment.class,
      operatorName: names(run.operator_id),
      orchestratorName: run.orchestrator_id === 'scheduler' ? 'scheduler' : names(run.orchestrator_id),
      frozenByName: names(run.frozen_by),
    }
  })
}
