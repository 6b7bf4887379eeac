// Crossing and going back, as actions. Crossing is a consequence: the decision is in a signed checkpoint before it takes effect.
import { z } from 'zod'
import { type Also, action, fail, idOf, type Located, reasonText, type Tx } from '../../kernel/index.ts'
import { completeCrossing, requireGate } from '../cross.ts'
import { findPromotion, holdPromotion, locatedFor, type PromotionFound, promotionType } from '../find-promotion.ts'
import { displacedBy } from '../promoted-identity.ts'
import { proposalSchema } from '../proposal.ts'
import { notUndoneByRollBack, rollBack } from '../roll-back.ts'
import { promotionOutput, showPromotionRow } from '../shown.ts'

const promotionInput = z.strictObject({ promotion: idOf('prm') })

/** Decides to carry an approved promotion across. The gate is asked once more. */
export const crossPromotion = action({
  name: 'promotion:cross',
  summary: 'Carry an approved promotion across: a new production identity becomes active, the run’s lineage ends.',
  effect: 'consequence',
  roles: ['deployer'],
  takesEffectBy: { action: 'promotion:complete', as: 'crosser' },
  resource: promotionType,
  input: promotionInput,
  output: promotionOutput,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { ...(await locatedToCross(tx, found)), found: { ...found, displaced: await displacedBy(tx, found.promotion) } }
  },
  async perform({ found, tx, ports, principal, entry }) {
    const { promotion } = found
    await holdPromotion(tx, promotion)
    await requireDisplaced(tx, found)
    if (promotion.state !== 'approved') throw fail('wrong_state', `This promotion is ${promotion.state}; only an approved one crosses.`)
    await requireGate(tx, found, ports)
    await tx
      .updateTable('promotion')
      .set({ state: 'crossing', crossed_by: principal.id, cross_entry: entry })
      .where('id', '=', promotion.id)
      .execute()
    return {
      result: showPromotionRow({ ...promotion, state: 'crossing' }),
      facts: { version: promotion.version },
      related: [
        { rel: 'artifact', type: 'Artifact', id: promotion.artifact_id },
        { rel: 'service', type: 'Workload', id: promotion.workload_id },
      ],
    }
  },
})

/**
 * A promotion as the door locates it to carry it across. What holds the channel ends by that, whatever project it is of: whoever carries something over it
 * may roll it back as well.
 */
export async function locatedToCross(tx: Tx, found: PromotionFound): Promise<Located<undefined>> {
  const also: Also[] = []
  for (const id of await displacedBy(tx, found.promotion))
    also.push({ capability: rollBackPromotion, located: locatedFor(await findPromotion(tx, id)) })
  return also.length === 0 ? locatedFor(found) : { ...locatedFor(found), also }
}

/** Lets one cross into an environment after the other, and has it decided again where the channel is held by something else than was decided about. */
async function requireDisplaced(tx: Tx, found: PromotionFound & { readonly displaced: readonly string[] }): Promise<void> {
  await tx.selectFrom('environment').select('id').where('id', '=', found.target.id).forNoKeyUpdate().execute()
  const now = await displacedBy(tx, found.promotion)
  if (now.join() !== found.displaced.join()) throw fail('stale', 'Something else was carried over to this channel at the same time.')
}

/** Makes a crossing take effect, once the decision is in a checkpoint. Also run after a crash, for every promotion that is crossing. */
export const completePromotion = action({
  name: 'promotion:complete',
  summary: 'Make a crossing take effect, once the decision is in a signed checkpoint.',
  effect: 'change',
  roles: [],
  system: ['crosser'],
  resource: promotionType,
  input: promotionInput,
  output: promotionOutput.extend({ tokensEnded: z.number(), superseded: z.string().nullable(), rules: z.number() }),
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.target, found }
  },
  async perform({ found, tx, ports }) {
    const completed = await completeCrossing(tx, found, ports)
    // Whoever comes second, the deployer's own request or the crosser, finds it done: the same answer, and nothing taken away twice.
    const crossed = completed ?? { tokensEnded: 0, superseded: null, rules: proposalSchema.parse(found.promotion.proposal).rules.length }
    const { promotion } = found
    const at = new Date(ports.clock.now())
    return {
      result: { ...showPromotionRow({ ...promotion, state: 'crossed', crossed_at: promotion.crossed_at ?? at }), ...crossed },
      facts: {
        ...crossed,
        channel: `${promotion.channel}@${found.target.slug}`,
        thumbprint: promotion.thumbprint,
      },
      related: [
        { rel: 'artifact', type: 'Artifact', id: promotion.artifact_id },
        { rel: 'service', type: 'Workload', id: promotion.workload_id },
        { rel: 'run', type: 'Run', id: promotion.run_id },
      ],
      takesAway: completed !== undefined,
      isUnchanged: completed === undefined,
    }
  },
})

/** Names the promotions whose crossing was decided and has not taken effect. */
export const pendingCrossings = action({
  name: 'promotion:pending',
  summary: 'Name the promotions whose crossing was decided and has not taken effect.',
  effect: 'read',
  roles: [],
  system: ['crosser'],
  resource: { name: 'Crossings', attributes: {}, parents: [] },
  input: z.strictObject({}),
  output: z.object({ promotions: z.array(z.object({ id: idOf('prm') })) }),
  locate: async ({ principal }) => ({ resource: { type: 'Crossings', id: principal.org, attributes: {}, parents: [] }, found: undefined }),
  async perform({ tx }) {
    const promotions = await tx.selectFrom('promotion').select('id').where('state', '=', 'crossing').execute()
    return { result: { promotions } }
  },
})

/** Takes a crossing back: the channel moves to what it pointed at before, or to nothing; the new identity ends. */
export const rollBackPromotion = action({
  name: 'promotion:roll-back',
  summary: 'Take a crossing back: the channel moves back, the production identity ends; what was fetched stays fetched.',
  effect: 'consequence',
  roles: ['deployer'],
  resource: promotionType,
  input: z.strictObject({ promotion: idOf('prm'), reason: reasonText }),
  output: promotionOutput.extend({ tokensEnded: z.number(), channelNow: z.string().nullable(), notUndone: z.array(z.string()) }),
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.target, found }
  },
  async perform({ input, found: { promotion, target }, tx, ports }) {
    await holdPromotion(tx, promotion)
    if (promotion.state !== 'crossed')
      throw fail('wrong_state', `This promotion is ${promotion.state}; only a crossed one can be rolled back.`)
    const at = new Date(ports.clock.now())
    const { tokensEnded, previous } = await rollBack(tx, promotion, at)
    return {
      result: {
        ...showPromotionRow({ ...promotion, state: 'rolled_back' }),
        tokensEnded,
        channelNow: previous?.artifact_id ?? null,
        notUndone: [...notUndoneByRollBack],
      },
      facts: { channel: `${promotion.channel}@${target.slug}`, tokensEnded, channelNow: previous?.artifact_id ?? null },
      related: [
        { rel: 'artifact', type: 'Artifact', id: promotion.artifact_id },
        { rel: 'service', type: 'Workload', id: promotion.workload_id },
      ],
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})
