// Looking at runs: lists and states are metadata; summary and parameters are content.
import { z } from 'zod'
import { action, idOf, organizationEntity, organizationType, pageInput, pageOf, toPage } from '../../kernel/index.ts'
import { findRun, runType } from '../find-run.ts'
import { runOutput, showRunRow } from '../shown.ts'

/** Lists runs, newest first. */
export const listRuns = action({
  name: 'run:list',
  summary: 'List runs, newest first.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(runOutput),
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('run')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '<', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { items: page.items.map(showRunRow), next: page.next } }
  },
})

/** Shows a run with its three identities and its progress. */
export const showRun = action({
  name: 'run:show',
  summary: 'Show a run: its three identities, state, progress and end.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'exporter', 'reviewer', 'auditor'],
  by: ['run'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: runOutput.extend({ progress: z.object({ done: z.number(), total: z.number(), note: z.string() }).nullable() }),
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ found: run, tx }) {
    const claim = await tx.selectFrom('run_claim').select(['done', 'total', 'note']).where('run_id', '=', run.id).executeTakeFirst()
    return { result: { ...showRunRow(run), progress: claim ?? null } }
  },
})

/** Shows what a run was given and what it said of itself: governed content. */
export const readRun = action({
  name: 'run:read',
  summary: 'Show a run’s parameters and its own summary.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: z.object({ id: idOf('run'), parameters: z.json(), summary: z.json() }),
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  perform: async ({ found: run }) => ({
    // Both columns were written from JSON by `run:launch` and `run:end`.
    result: { id: run.id, parameters: run.parameters as z.core.util.JSONType, summary: run.summary as z.core.util.JSONType },
  }),
})
