// Runs that wait for the person who answers for them: they came to a bad end and nothing has succeeded since, or they are frozen.
import { reasonOf } from '../../runs/index.ts'
import { type Names, namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, mayDo, onlyWhere } from './item.ts'

const failedSinceMs = 7 * 86_400_000
const badEnds = ['failed', 'lost', 'deadline', 'pipeline_failed', 'revoked'] as const

/** What a run is called: its twin and its scenario. */
function titleOf({ twin_id, scenario_id }: { readonly twin_id: string; readonly scenario_id: string }, nameOf: Names): string {
  return `${nameOf(twin_id) ?? twin_id} · ${nameOf(scenario_id) ?? scenario_id}`
}

/** Runs of the last week that ended badly, that the caller is the operator of, and that no later run of the same scenario there made good. */
export async function failedRuns(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('run')
    .select(['id', 'twin_id', 'scenario_id', 'outcome', 'cause', 'ended_at', 'queued_at'])
    .where('operator_id', '=', principal.id)
    .where('state', '=', 'ended')
    .where('outcome', 'in', [...badEnds])
    .where('ended_at', '>', new Date(now - failedSinceMs))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('run as later')
            .select('later.id')
            .whereRef('later.scenario_id', '=', 'run.scenario_id')
            .whereRef('later.environment_id', '=', 'run.environment_id')
            .whereRef('later.queued_at', '>', 'run.queued_at')
            .where('later.outcome', '=', 'succeeded'),
        ),
      ),
    )
    .orderBy('id', 'desc')
    .limit(candidatesMax)
    .execute()
  const runs = bounded(it, rows)
  // Why a run failed is for those who may see the run; that it failed is for whoever answers for it.
  const may = await mayDo(
    it,
    'run:show',
    runs.map(({ id }) => ({ run: id })),
  )
  const nameOf = await namesOf(
    tx,
    runs.flatMap(({ twin_id, scenario_id }) => [twin_id, scenario_id]),
  )
  return runs.map((run, at) => ({
    kind: 'run_failed',
    subject: { type: 'Run', id: run.id },
    title: titleOf(run, nameOf),
    why: may[at] === true && run.cause !== null ? `${run.outcome}: ${reasonOf(run)}` : `It ended as ${run.outcome}.`,
    since: (run.ended_at ?? run.queued_at).toISOString(),
    until: null,
    action: 'run:launch',
  }))
}

/** Frozen runs that the caller is the operator of, or may thaw. */
export async function frozenRuns(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal } = it
  const rows = await tx
    .selectFrom('run')
    .select(['id', 'twin_id', 'scenario_id', 'operator_id', 'frozen_at', 'frozen_until'])
    .where('frozen_at', 'is not', null)
    .where('state', 'in', ['queued', 'claimed', 'running'])
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const runs = bounded(it, rows)
  const thawable = new Set(
    (await onlyWhere(it, 'run:thaw', runs, ({ id }) => ({ run: id, reason: 'Whether it could be thawed.' }))).map(({ id }) => id),
  )
  const mine = runs.filter(({ id, operator_id }) => operator_id === principal.id || thawable.has(id))
  const nameOf = await namesOf(
    tx,
    mine.flatMap(({ twin_id, scenario_id }) => [twin_id, scenario_id]),
  )
  return mine.map((run) => ({
    kind: 'run_frozen',
    subject: { type: 'Run', id: run.id },
    title: titleOf(run, nameOf),
    why: 'It is frozen: nothing of it is admitted, and at the end of that time it is cancelled.',
    since: (run.frozen_at ?? new Date(it.now)).toISOString(),
    until: run.frozen_until?.toISOString() ?? null,
    action: 'run:thaw',
  }))
}
