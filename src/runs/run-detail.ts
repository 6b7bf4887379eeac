// A run as `run:show` answers it, and as those who watch it get it: who its three identities are and until when, its claim, its credentials, its progress.
// Metadata alone: parameters and summary are content, and shown by `run:read`.
import { sql } from 'kysely'
import { z } from 'zod'
import { formatSpiffeId } from '../credentials/index.ts'
import { type Tx, toMoment } from '../kernel/index.ts'
import { causeOf } from './causes.ts'
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
  /** What to do about how it ended; null where there is nothing. */
  remedy: z.string().nullable(),
  progress: z.object({ done: z.number(), total: z.number(), note: z.string() }).nullable(),
  /** The worker's hold on the run: it is lost when it is not renewed until then. */
  claim: z.object({ until: z.string() }).nullable(),
  /** Tokens of the run: how many were issued, how many hold now, and when the last of those runs out by itself. */
  credentials: z.object({ issued: z.number(), live: z.number(), expiresAt: z.string().nullable() }),
})

type Detail = z.input<typeof runDetail>

type Orchestrator = Detail['identities']['orchestrator']

/** Who orchestrated runs, by id. One that is not there any more is a pipeline without a name. */
async function orchestratorsOf(tx: Tx, ids: readonly string[]): Promise<(id: string) => Orchestrator> {
  const rows = await tx
    .selectFrom('workload')
    .innerJoin('environment', (join) =>
      join.onRef('environment.org_id', '=', 'workload.org_id').onRef('environment.id', '=', 'workload.environment_id'),
    )
    .select(['workload.id', 'workload.kind', 'workload.slug', 'workload.expires_at', 'environment.trust_domain'])
    .where(sql<boolean>`workload.id = any(${ids}::text[])`)
    .execute()
  const known = new Map(rows.map((row) => [row.id, row]))
  return (id) => {
    const row = known.get(id)
    if (id === 'scheduler') return { kind: 'scheduler', id, name: 'scheduler', spiffeId: null, ends: null }
    if (row === undefined) return { kind: 'pipeline', id, name: null, spiffeId: null, ends: null }
    const { kind, slug, expires_at, trust_domain } = row
    return { kind, id, name: slug, spiffeId: formatSpiffeId(trust_domain, [kind, slug]), ends: toMoment(expires_at) }
  }
}

interface Tokens {
  readonly holder_id: string
  readonly issued: number
  readonly live: number
  readonly last: Date | null
}

/** The tokens of runs, counted. */
async function credentialsOf(tx: Tx, ids: readonly string[], now: Date): Promise<(id: string) => Detail['credentials']> {
  const { rows } = await sql<Tokens>`
    select holder_id, count(*) as issued, count(*) filter (where is_live) as live, max(expires_at) filter (where is_live) as last
    from (select holder_id, expires_at, revoked_at is null and expires_at > ${now} as is_live from credential where holder_id = any(${ids}::text[])) as c
    group by holder_id`.execute(tx)
  const known = new Map(rows.map((row) => [row.holder_id, row]))
  return (id) => {
    const { issued, live, last } = known.get(id) ?? { issued: 0, live: 0, last: null }
    return { issued, live, expiresAt: toMoment(last) }
  }
}

/** Reads the details of runs, in their order. */
export async function showRunDetails(tx: Tx, runs: readonly Run[], now: Date): Promise<Detail[]> {
  const ids = runs.map(({ id }) => id)
  const [rows, claims, orchestrator, credentials] = await Promise.all([
    showRunRows(tx, runs),
    tx
      .selectFrom('run_claim')
      .select(['run_id', 'done', 'total', 'note', 'expires_at'])
      .where(sql<boolean>`run_id = any(${ids}::text[])`)
      .execute(),
    orchestratorsOf(
      tx,
      runs.map((run) => run.orchestrator_id),
    ),
    credentialsOf(tx, ids, now),
  ])
  const held = new Map(claims.map(({ run_id, ...claim }) => [run_id, claim]))
  return runs.map((run, number) => {
    const [row, claim] = [rows[number], held.get(run.id)]
    if (row === undefined) throw new Error('A run that is shown has a row.')
    return {
      ...row,
      identities: {
        operator: { kind: 'person', id: run.operator_id, name: row.operatorName, spiffeId: null, ends: null },
        orchestrator: orchestrator(run.orchestrator_id),
        twin: { kind: 'run', id: run.id, name: row.twinName, spiffeId: run.spiffe_id, ends: run.deadline.toISOString() },
      },
      remedy: run.cause === null ? null : causeOf(run.cause).remedy,
      progress: claim === undefined ? null : { done: claim.done, total: claim.total, note: claim.note },
      claim: claim === undefined ? null : { until: claim.expires_at.toISOString() },
      credentials: credentials(run.id),
    }
  })
}

/** Reads the detail of a run. */
export async function showRunDetail(tx: Tx, run: Run, now: Date): Promise<Detail> {
  const [detail] = await showRunDetails(tx, [run], now)
  if (detail === undefined) throw new Error('A run that is shown has a detail.')
  return detail
}
