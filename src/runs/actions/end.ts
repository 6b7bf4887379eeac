// The end of a run as actions: by a person, by a part of the product that noticed, and its closing once the cell is gone and the outputs are sealed.
import { z } from 'zod'
import { action, fail, idOf, reasonText, type Tx } from '../../kernel/index.ts'
import { causeOf, runCauses } from '../causes.ts'
import { endRun } from '../end-run.ts'
import { exitRecord } from '../exit.ts'
import { findRun, notFrozen, runType } from '../find-run.ts'
import { runOutput, showRunRow, stopOutput } from '../shown.ts'
import { stoppers } from './freeze.ts'

/** Stops a run; its identity ends before this returns. */
export const cancelRun = action({
  name: 'run:cancel',
  summary: 'Stop a run: its identity ends before this returns.',
  effect: 'change',
  roles: stoppers,
  resource: runType,
  input: z.strictObject({ run: idOf('run'), reason: reasonText }),
  output: stopOutput,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports }) {
    const began = ports.clock.monotonic()
    const cause = 'cancelled'
    const at = new Date(ports.clock.now())
    ports.runFence.raise(tx, run.id)
    const ended = await endRun(tx, { run: run.id, cause, at })
    if (!ended.first) throw fail('run_not_live', 'The run is over already.')
    const shown = showRunRow({ ...run, outcome: causeOf(cause).outcome, cause, ...notFrozen, state: 'ending', ending_at: at })
    const result = { ...shown, stopped: { credentials: ended.tokens }, tookMs: ports.clock.monotonic() - began }
    const facts = { outcome: 'cancelled', tokensEnded: ended.tokens }
    return { result, facts, texts: { reason: input.reason }, takesAway: ended.grants > 0 }
  },
})

/** A part of the product cancels a run for one cause alone: a freeze that ran out. Whoever thaws at the last moment is waited for, and wins. */
async function requireFrozenOut(tx: Tx, run: string, now: number): Promise<void> {
  const row = await tx.selectFrom('run').select('frozen_until').where('id', '=', run).forUpdate().executeTakeFirst()
  const until = row?.frozen_until ?? null
  if (until === null || until.getTime() > now) throw fail('conflict', 'The run is not frozen, or not for so long.')
}

/** Ends a run for a cause that a part of the product noticed. Never needs anybody's permission, and only the first cause counts. */
export const endRunAction = action({
  name: 'run:end',
  summary:
    'End a run for a cause that was noticed: success, failure, deadline, a lost claim, a failed pipeline, a revocation, a freeze that ran out.',
  effect: 'change',
  roles: [],
  system: ['worker', 'reaper'],
  resource: runType,
  input: z.strictObject({
    run: idOf('run'),
    cause: z.enum(runCauses),
    summary: z.json().optional(),
  }),
  output: z.object({ id: idOf('run'), first: z.boolean(), tokens: z.number() }),
  locate: async ({ input, tx, ports, principal }) => {
    // A part of the product may end any run, so nothing has to be decided before the run's acts are held back.
    if (principal.kind === 'system') ports.runFence.raise(tx, input.run)
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports }) {
    const { summary } = input
    // A run that waited for a worker until its deadline never had the time that it was given.
    const cause = input.cause === 'deadline' && run.state === 'queued' ? 'never_began' : input.cause
    const { outcome } = causeOf(cause)
    if (outcome === 'cancelled') await requireFrozenOut(tx, run.id, ports.clock.now())
    const ended = await endRun(tx, {
      run: run.id,
      cause,
      at: new Date(ports.clock.now()),
      ...(summary === undefined ? {} : { summary }),
    })
    const { first, tokens, grants } = ended
    return { result: { id: run.id, first, tokens }, facts: { outcome, cause, first, tokensEnded: tokens }, takesAway: grants > 0 }
  },
})

/** A pipeline says that it failed: the runs that it started end with it. */
export const failPipeline = action({
  name: 'run:abandon',
  summary: 'End a run because the pipeline that started it failed.',
  effect: 'change',
  roles: ['operator'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: runOutput,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ found: run, tx, ports, principal }) {
    if (run.orchestrator_id !== principal.id)
      throw fail('conflict', 'Only the pipeline that started a run can abandon it.', { next: 'Use `run cancel`.' })
    const at = new Date(ports.clock.now())
    ports.runFence.raise(tx, run.id)
    const ended = await endRun(tx, { run: run.id, cause: 'pipeline_failed', at })
    if (!ended.first) throw fail('run_not_live', 'The run is over already.')
    const result = showRunRow({ ...run, state: 'ending', outcome: 'pipeline_failed', cause: 'pipeline_failed', ending_at: at })
    return { result, facts: { outcome: 'pipeline_failed', tokensEnded: ended.tokens }, takesAway: ended.grants > 0 }
  },
})

/** Closes a run that is ending, after its cell is gone and its outputs are sealed; says how long the end took. */
export const closeRun = action({
  name: 'run:close',
  summary: 'Close a run that is ending: its cell is gone and its outputs are sealed.',
  effect: 'change',
  roles: [],
  system: ['worker', 'reaper'],
  resource: runType,
  input: z.strictObject({
    run: idOf('run'),
    closed: z.strictObject({
      /** Milliseconds from noticing the cause until nothing was admitted any more. */
      admissionMs: z.number().min(0).nullable(),
      /** Milliseconds until the cell was gone; null when a later worker found it gone. */
      cellMs: z.number().min(0).nullable(),
      tokens: z.number().int().min(0),
      callsUnknown: z.number().int().min(0),
    }),
    /** How its cell ended, where its worker saw it: content, which is in no entry. */
    exit: exitRecord.optional(),
  }),
  output: runOutput,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports }) {
    if (run.state !== 'ending') throw fail('conflict', 'Only a run that is ending can be closed.')
    const at = new Date(ports.clock.now())
    const moved = await tx
      .updateTable('run')
      .set({
        state: 'ended',
        ended_at: at,
        closed: JSON.stringify(input.closed),
        ...(input.exit === undefined ? {} : { exit: JSON.stringify(input.exit) }),
      })
      .where('id', '=', run.id)
      .where('state', '=', 'ending')
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) throw fail('conflict', 'Somebody else closed this run.')
    await tx.deleteFrom('run_claim').where('run_id', '=', run.id).execute()
    return {
      result: showRunRow({ ...run, state: 'ended', ended_at: at, closed: input.closed }),
      facts: { closed: input.closed, outcome: run.outcome },
    }
  },
})
