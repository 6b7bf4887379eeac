// The end of a run: one function for every cause. After its transaction commits, nothing is admitted under the run: its epoch has moved, its tokens are
// taken away. What follows (ending the cell, sealing, closing) only tidies up, is done by `closeRun`'s caller, and is finished after a crash by the same code.
// INVARIANT: the update below is the one commit point of a run's end; whoever comes second finds nothing to do.
import { sql } from 'kysely'
import { endGrantsUntil } from '../access/index.ts'
import { revokeTokensOf } from '../credentials/index.ts'
import type { Tx } from '../kernel/index.ts'
import { endBatchesOf } from './batches.ts'
import { causeOf, type RunCause } from './causes.ts'
import { notFrozen } from './find-run.ts'

/** Why a run ends. */
export interface RunEnding {
  readonly run: string
  /** Its outcome follows from it, and what is said of it. */
  readonly cause: RunCause
  readonly at: Date
  /** What the run said of itself, when it ended by itself. */
  readonly summary?: unknown
}

/** What ending took away. `first` is false when the run had been ended before. */
export interface RunEnded {
  readonly first: boolean
  readonly tokens: number
  /** Grants of others that were given until this run, or its batch, ends. Whoever ends a run says that something was taken away when there were any. */
  readonly grants: number
}

/** Ends a run, whatever the cause. Idempotent: only the first cause counts. */
export async function endRun(tx: Tx, ending: RunEnding): Promise<RunEnded> {
  const { runs, ...taken } = await endRuns(tx, [ending.run], ending)
  return { first: runs > 0, ...taken }
}

/** Ends runs of one cause, in as few statements as one takes; those that have ended are left as they are. */
export async function endRuns(
  tx: Tx,
  runs: readonly string[],
  ending: Omit<RunEnding, 'run'>,
): Promise<{ readonly runs: number; readonly tokens: number; readonly grants: number }> {
  const moved = await tx
    .updateTable('run')
    .set((eb) => ({
      state: 'ending',
      outcome: causeOf(ending.cause).outcome,
      cause: ending.cause,
      epoch: eb('epoch', '+', 1),
      ending_at: ending.at,
      ...notFrozen,
      ...(ending.summary === undefined ? {} : { summary: JSON.stringify(ending.summary) }),
    }))
    .where('id', '=', sql<string>`any(${[...runs]}::text[])`)
    .where('state', 'in', ['queued', 'claimed', 'running'])
    .returning('id')
    .execute()
  if (moved.length === 0) return { runs: 0, tokens: 0, grants: 0 }
  const ended = moved.map(({ id }) => id)
  const batches = await endBatchesOf(tx, ended, ending.at)
  const grants = await endGrantsUntil(tx, { runs: ended, batches }, ending.at)
  return { runs: ended.length, tokens: await revokeTokensOf(tx, ended, ending.at), grants }
}

/** Ends every live run that a condition names; returns how many. */
export async function endRunsBy(
  tx: Tx,
  column: 'operator_id' | 'orchestrator_id' | 'twin_id',
  value: string,
  cause: RunCause,
  at: Date,
): Promise<number> {
  const live = await tx
    .selectFrom('run')
    .select('id')
    .where(column, '=', value)
    .where('state', 'in', ['queued', 'claimed', 'running'])
    .orderBy('id')
    .execute()
  const ids = live.map(({ id }) => id)
  return ids.length === 0 ? 0 : (await endRuns(tx, ids, { cause, at })).runs
}
