// A run as `run:show` answers it, and as those who watch it get it: who its three identities are and until when, its claim, its credentials, its progress.
// Metadata alone: parameters and summary are content, and shown by `run:read`.
import { z } from 'zod'
import { formatSpiffeId } from '../credentials/index.ts'
import { type Tx, toMoment } from '../kernel/index.ts'
import type { Run } from './find-run.ts'
import { runRow, showRunRows } from './shown.ts'

const identity = z.object({
  kind: z.enum(['person', 'pipeline', 'agent', 'service', 'scheduler', 'run']),
  id: z.string(),
  name: z.string().nullable(),
  spiffeId: z.string().nullable(),
  /** When it ends by itself: the run's own with the run, at its deadline; null where no end is set. */
  ends: z.string().nullable(),
})

/** A run with its three identities, its claim, its credentials and its progress. */
export const runDetail = runRow.extend({
  identities: z.object({ operator: identity, orchestrator: identity, twin: identity }),
  progress: z.object({ done: z.number(), total: z.number(), note: z.string() }).nullable(),
  /** The worker's hold on the run: it is lost when it is not renewed until then. */
  claim: z.object({ until: z.string() }).nullable(),
  /** Tokens of the run: how many were issued, how many hold now, and when the last of those runs out by itself. */
  credentials: z.object({ issued: z.number(), live: z.number(), expiresAt: z.string().nullable() }),
})

type Detail = z.input<typeof runDetail>

async function orchestratorOf(tx: Tx, run: Run): Promise<Detail['identities']['orchestrator']> {
  const id = run.orchestrator_id
  if (id === 'scheduler') return { kind: 'scheduler', id, name: 'scheduler', spiffeId: null, ends: null }
  const row = await tx
    .selectFrom('workload')
    .innerJoin('environment', (join) =>
      join.onRef('environment.org_id', '=', 'workload.org_id').onRef('environment.id', '=', 'workload.environment_id'),
    )
    .select(['workload.kind', 'workload.slug', 'workload.expires_at', 'environment.trust_domain'])
    .where('workload.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return { kind: 'pipeline', id, name: null, spiffeId: null, ends: null }
  return {
    kind: row.kind,
    id,
    name: row.slug,
    spiffeId: formatSpiffeId(row.trust_domain, [row.kind, row.slug]),
    ends: toMoment(row.expires_at),
  }
}

async function credentialsOf(tx: Tx, run: Run, now: Date): Promise<Detail['credentials']> {
  const tokens = tx.selectFrom('credential').where('holder_id', '=', run.id)
  const issued = await tokens.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const live = await tokens
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('expires_at').as('last')])
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return { issued: issued.count, live: live.count, expiresAt: live.last?.toISOString() ?? null }
}

/** Reads the detail of a run. */
export async function showRunDetail(tx: Tx, run: Run, now: Date): Promise<Detail> {
  const [row] = await showRunRows(tx, [run])
  if (row === undefined) throw new Error('A run that is shown has a row.')
  const held = await tx
    .selectFrom('run_claim')
    .select(['done', 'total', 'note', 'expires_at'])
    .where('run_id', '=', run.id)
    .executeTakeFirst()
  const { done, total, note } = held ?? { done: 0, total: 0, note: '' }
  return {
    ...row,
    identities: {
      operator: { kind: 'person', id: run.operator_id, name: row.operatorName, spiffeId: null, ends: null },
      orchestrator: await orchestratorOf(tx, run),
      twin: { kind: 'run', id: run.id, name: row.twinName, spiffeId: run.spiffe_id, ends: run.deadline.toISOString() },
    },
    progress: held === undefined ? null : { done, total, note },
    claim: held === undefined ? null : { until: held.expires_at.toISOString() },
    credentials: await credentialsOf(tx, run, now),
  }
}
