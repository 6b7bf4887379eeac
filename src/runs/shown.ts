// How a run is shown: the three identities, its state and its end. Parameters and summary are content and shown apart.
import { z } from 'zod'
import { idOf, sensitivity, toMoment } from '../kernel/index.ts'
import type { Run } from './find-run.ts'

/** A run as it is shown. */
export const runOutput = z.object({
  id: idOf('run'),
  twin: idOf('twn'),
  scenario: idOf('scn'),
  environment: idOf('env'),
  state: z.enum(['queued', 'claimed', 'running', 'ending', 'ended']),
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'deadline', 'lost', 'pipeline_failed', 'revoked']).nullable(),
  reason: z.string().nullable(),
  identities: z.object({ operator: z.string(), orchestrator: z.string(), twin: z.string() }),
  sensitivity,
  seed: z.number(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  deadline: z.string(),
  endedAt: z.string().nullable(),
  closed: z.json(),
})

/** The shown form of a run. */
export function showRunRow(run: Run): z.input<typeof runOutput> {
  return {
    id: run.id,
    twin: run.twin_id,
    scenario: run.scenario_id,
    environment: run.environment_id,
    state: run.state,
    outcome: run.outcome,
    reason: run.reason,
    identities: { operator: run.operator_id, orchestrator: run.orchestrator_id, twin: run.spiffe_id },
    sensitivity: run.sensitivity,
    seed: run.seed,
    queuedAt: run.queued_at.toISOString(),
    startedAt: toMoment(run.started_at),
    deadline: run.deadline.toISOString(),
    endedAt: toMoment(run.ended_at),
    closed: run.closed as z.core.util.JSONType, // written by `run:close` alone
  }
}
