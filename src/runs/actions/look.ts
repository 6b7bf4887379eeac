// Looking at runs: lists and states are metadata; summary and parameters are content.
import { z } from 'zod'
import { action, idOf, pageInput, pageOf, toPage } from '../../kernel/index.ts'
import { listType, locateList, twinsIn } from '../../twins/index.ts'
import { reasonOf } from '../causes.ts'
import { type ExitRecord, exitRecord } from '../exit.ts'
import { findRun, runType } from '../find-run.ts'
import { runDetail, showRunDetail } from '../run-detail.ts'
import { runOutput, runRow, showRunRows } from '../shown.ts'

/** Lists runs, newest first. */
export const listRuns = action({
  name: 'run:list',
  summary: 'List runs, newest first.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: listType,
  input: z.strictObject({
    state: runRow.shape.state.optional(),
    twin: idOf('twn').optional(),
    project: idOf('prj').optional().meta({ description: 'Of the twins of this project.' }),
    batch: idOf('bat').optional().meta({ description: 'Launched in this batch.' }),
    environment: idOf('env').optional(),
    operator: idOf('per').optional().meta({ description: 'Launched by this person.' }),
    live: z.stringbool().or(z.boolean()).optional().meta({ description: 'Only what has not ended.', type: 'boolean' }),
    outcome: runRow.shape.outcome.unwrap().optional(),
    ...pageInput,
  }),
  output: pageOf(runRow),
  locate: ({ input, tx, principal }) => locateList(tx, principal, input),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('run')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(input.limit + 1)
    const { state, twin, project, batch, environment, operator, live, outcome, after } = input
    if (after !== undefined) query = query.where('id', '<', after)
    if (state !== undefined) query = query.where('state', '=', state)
    if (twin !== undefined) query = query.where('twin_id', '=', twin)
    if (project !== undefined) query = query.where('twin_id', 'in', twinsIn(tx, project))
    if (batch !== undefined) query = query.where('batch_id', '=', batch)
    if (environment !== undefined) query = query.where('environment_id', '=', environment)
    if (operator !== undefined) query = query.where('operator_id', '=', operator)
    if (live !== undefined) query = query.where('state', live ? '!=' : '=', 'ended')
    if (outcome !== undefined) query = query.where('outcome', '=', outcome)
    const page = toPage(await query.execute(), input.limit)
    return { result: { items: await showRunRows(tx, page.items), next: page.next } }
  },
})

/** Shows a run with its three identities, until when they last, its claim and its progress. */
export const showRun = action({
  name: 'run:show',
  summary: 'Show a run: its three identities, state, progress and end.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'exporter', 'reviewer', 'auditor'],
  by: ['run'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: runDetail,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  perform: async ({ found: run, tx, ports }) => ({ result: await showRunDetail(tx, run, new Date(ports.clock.now())) }),
})

/** Shows what a run was given and what it said of itself: governed content. */
export const readRun = action({
  name: 'run:read',
  summary: 'Show a run’s parameters, its own summary, how its cell ended and what the run said last.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: runOutput.pick({ id: true, outcome: true, cause: true, reason: true }).extend({
    parameters: z.json(),
    summary: z.json(),
    exit: exitRecord.nullable().meta({ description: 'How its cell ended; null while it has not, and where nobody saw it.' }),
  }),
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  perform: async ({ found: run }) => ({
    result: {
      id: run.id,
      outcome: run.outcome,
      cause: run.cause,
      reason: reasonOf(run),
      // Written from JSON by `run:launch`, `run:end` and `run:close`.
      parameters: run.parameters as z.core.util.JSONType,
      summary: run.summary as z.core.util.JSONType,
      exit: run.exit as ExitRecord | null,
    },
  }),
})
