// Watching a run: opening a stream is a recorded read of content; every later part of it is decided again, at the moment when it is read; and a mark says
// whether there is anything new at all, so that those who wait for a run that stands still cost nothing.
import { z } from 'zod'
import { takeawayVersion } from '../../access/index.ts'
import { action, fail, idOf } from '../../kernel/index.ts'
import { findRun, runType } from '../../runs/index.ts'
import { readRunNews, requirePlace, runNews, runPlace } from '../run-news.ts'

const watching = {
  roles: ['operator', 'observer', 'reviewer'],
  servedBy: 'stream',
  resource: runType,
  input: z.strictObject({ run: idOf('run'), place: runPlace }),
  output: runNews,
} as const

/** Opens a stream of what happens to a run. */
export const watchRun = action({
  ...watching,
  name: 'run:watch',
  summary: 'Watch a run as it happens: its calls with what was decided, its files, its state.',
  effect: 'content',
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports, principal }) {
    await requirePlace(tx, run, input.place)
    const news = await readRunNews(tx, run, input.place, new Date(ports.clock.now()))
    return { result: { watcher: principal.id, ...news }, facts: { calls: input.place.calls, outputs: input.place.outputs } }
  },
})

/** Reads the next part of a stream that `run:watch` opened, if its reader may still see it. */
export const followRun = action({
  ...watching,
  name: 'run:follow',
  summary: 'Read the next part of what happens to a run, decided anew.',
  effect: 'pulse',
  goesOnShowing: true,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports, principal, allowed }) {
    const news = await readRunNews(tx, run, input.place, new Date(ports.clock.now()))
    // INVARIANT: nothing that was read here happened after a revocation that the decision did not know of: it would have moved the counter by now.
    if ((await takeawayVersion(tx)) !== allowed.version) throw fail('stale', 'Something was taken away while this was being read.')
    return { result: { watcher: principal.id, ...news } }
  },
})

/** Says how far a run is, as marks that differ when something happened. */
export const markRun = action({
  name: 'run:mark',
  summary: 'Say whether anything happened to a run that somebody watches.',
  effect: 'read',
  roles: [],
  system: ['watcher'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: z.object({
    /** Of what is told at once: state, calls, files. */
    story: z.string(),
    /** Of what is told now and then: progress and claim. */
    pulse: z.string(),
    /** What has been taken away in the organization. */
    takeaway: z.number(),
  }),
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ found: run, tx }) {
    const takeaway = await takeawayVersion(tx)
    const calls = await tx
      .selectFrom('call')
      .select((eb) => eb.fn.max('number').as('last'))
      .where('holder_id', '=', run.id)
      .executeTakeFirstOrThrow()
    const open = await tx
      .selectFrom('call')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('holder_id', '=', run.id)
      .where('state', '=', 'decided')
      .executeTakeFirstOrThrow()
    const files = await tx
      .selectFrom('output_file')
      .select((eb) => eb.fn.max('number').as('last'))
      .where('run_id', '=', run.id)
      .executeTakeFirstOrThrow()
    const tokens = await tx
      .selectFrom('credential')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('holder_id', '=', run.id)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow()
    const claim = await tx.selectFrom('run_claim').select('beat_at').where('run_id', '=', run.id).executeTakeFirst()
    const story = [run.state, run.epoch, run.frozen_until?.getTime() ?? 0, calls.last ?? 0, open.count, files.last ?? 0, tokens.count]
    return { result: { story: story.join(' '), pulse: String(claim?.beat_at.getTime() ?? 0), takeaway } }
  },
})
