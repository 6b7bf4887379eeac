// Freezing and thawing: a run that somebody doubts stands still until he knows more. Its credentials end and its epoch moves, as at its end, so nothing of it
// is admitted from the moment that this answers; the run itself lives, its deadline goes on, and a freeze that nobody lifts ends it.
import { z } from 'zod'
import { revokeTokensOf } from '../../credentials/index.ts'
import { action, fail, idOf, type Principal, reasonText } from '../../kernel/index.ts'
import { findRun, isFrozen, notFrozen, type RunFound, runType } from '../find-run.ts'
import { runOutput, showRunRow, stopOutput } from '../shown.ts'

const minutesMax = 7 * 24 * 60

/** Those who may stop a run: whoever runs it, reviews what comes of it, or answers for the platform. A stop takes something from the run alone. */
export const stoppers = ['operator', 'reviewer', 'admin'] as const

/** Freezes a run: nothing of it is admitted until it is thawed. */
export const freezeRun = action({
  name: 'run:freeze',
  summary: 'Freeze a run: nothing of it is admitted until it is thawed, and after the minutes it is ended.',
  effect: 'change',
  roles: stoppers,
  resource: runType,
  input: z.strictObject({
    run: idOf('run'),
    reason: reasonText,
    minutes: z.coerce
      .number()
      .int()
      .min(1)
      .max(minutesMax)
      .meta({ description: 'After so many minutes the run is ended, if nobody thawed it.' }),
  }),
  output: stopOutput,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports, principal }) {
    const began = ports.clock.monotonic()
    const at = new Date(ports.clock.now())
    const frozen = {
      frozen_at: at,
      frozen_until: new Date(at.getTime() + input.minutes * 60_000),
      frozen_by: principal.id,
      frozen_reason: input.reason,
    }
    ports.runFence.raise(tx, run.id)
    const moved = await tx
      .updateTable('run')
      .set((eb) => ({ ...frozen, epoch: eb('epoch', '+', 1) }))
      .where('id', '=', run.id)
      .where('state', 'in', ['queued', 'claimed', 'running'])
      .where('frozen_at', 'is', null)
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) {
      if (isFrozen(run)) throw fail('conflict', 'The run is frozen already.', { next: 'Thaw it first, or let the freeze run out.' })
      throw fail('run_not_live', 'The run is over.')
    }
    const credentials = await revokeTokensOf(tx, run.id, at)
    const result = { ...showRunRow({ ...run, ...frozen }), stopped: { credentials }, tookMs: ports.clock.monotonic() - began }
    return {
      result,
      facts: { until: frozen.frozen_until.toISOString(), tokensEnded: credentials },
      related: [{ rel: 'frozen by', type: 'Principal', id: principal.id }],
      texts: { reason: input.reason },
    }
  },
})

/** Whoever launched a run takes back a freeze of his own; what somebody else doubts, somebody else lets go on. Throws `denied`. */
function requireOtherHands({ run, entity }: RunFound, { id, chain }: Principal): void {
  const makers = entity.attributes.makers
  if (run.frozen_by === id || !Array.isArray(makers) || !chain.some((one) => makers.includes(one))) return
  throw fail('denied', 'Somebody else froze this run: whoever launched it does not let it go on.', {
    next: 'Have it thawed by whoever froze it, or by somebody else who may.',
  })
}

/** Thaws a run: it goes on under new credentials. */
export const thawRun = action({
  name: 'run:thaw',
  summary: 'Thaw a frozen run: it goes on, under new credentials.',
  effect: 'change',
  roles: stoppers,
  resource: runType,
  input: z.strictObject({ run: idOf('run'), reason: reasonText }),
  output: runOutput,
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found }
  },
  async perform({ input, found, tx, ports, principal }) {
    const { run } = found
    if (isFrozen(run)) requireOtherHands(found, principal)
    // The epoch has moved with the freeze: what the run held before it stays without worth.
    const moved = await tx
      .updateTable('run')
      .set(notFrozen)
      .where('id', '=', run.id)
      .where('state', 'in', ['queued', 'claimed', 'running'])
      .where('frozen_until', '>', new Date(ports.clock.now()))
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) {
      if (run.state === 'ending' || run.state === 'ended') throw fail('run_not_live', 'The run is over.')
      throw fail('conflict', isFrozen(run) ? 'The freeze has run out, and the run ends with it.' : 'The run is not frozen.')
    }
    return {
      result: showRunRow({ ...run, ...notFrozen }),
      facts: { frozenFor: run.frozen_at === null ? 0 : ports.clock.now() - run.frozen_at.getTime() },
      texts: { reason: input.reason },
    }
  },
})
