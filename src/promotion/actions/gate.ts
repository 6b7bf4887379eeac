// Before review: the service proves its key for this very promotion, and the gate looks at everything that it can.
import { z } from 'zod'
import { action, fail, idOf } from '../../kernel/index.ts'
import { findPromotion, holdPromotion, type PromotionFound, promotionType } from '../find-promotion.ts'
import { assessGate, stopping } from '../gate/gate.ts'
import { proposalSchema } from '../proposal.ts'
import { promotionDetail, showPromotion } from '../shown.ts'

/** States in which a promotion can still be checked. */
const checkable = new Set(['requested', 'checked', 'in_review'])

/** The audience of the assertion that proves a key for a promotion: the promotion's own URL and its nonce. */
export function keyProofAudience(baseUrl: string, promotion: string, nonce: string): string {
  return `${baseUrl}/v1/promotions/${promotion}/prove-key#${nonce}`
}

/** The service proves that it holds the key that production would trust. The assertion of this very request is the proof. */
export const proveKey = action({
  name: 'promotion:prove-key',
  summary: 'Prove, as the service, that it holds the key that production would trust.',
  effect: 'change',
  roles: [],
  by: ['service'],
  servedBy: 'oauth',
  resource: promotionType,
  input: z.strictObject({ promotion: idOf('prm'), nonce: z.string().max(64) }),
  output: z.object({ promotion: idOf('prm'), thumbprint: z.string() }),
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.target, found }
  },
  async perform({ input, found: { promotion }, tx, ports }) {
    await holdPromotion(tx, promotion)
    // The assertion's audience was built from this nonce, so a nonce that is not ours is a proof for something else.
    if (input.nonce !== promotion.nonce) throw fail('key_not_proved', 'The proof is for another promotion, or for an earlier request.')
    if (!checkable.has(promotion.state)) throw fail('wrong_state', `This promotion is ${promotion.state}; its key is no longer asked for.`)
    const workload = await tx.selectFrom('workload').select('thumbprint').where('id', '=', promotion.workload_id).executeTakeFirstOrThrow()
    const thumbprint = workload.thumbprint ?? ''
    await tx
      .updateTable('promotion')
      .set((eb) => ({ key_proved_at: new Date(ports.clock.now()), thumbprint, version: eb('version', '+', 1) }))
      .where('id', '=', promotion.id)
      .execute()
    return { result: { promotion: promotion.id, thumbprint }, facts: { thumbprint, nonce: promotion.nonce } }
  },
})

/** Makes every check of the gate again and keeps what it finds. A promotion that nothing stops goes into review. */
export const checkPromotion = action({
  name: 'promotion:check',
  summary: 'Make every check of the gate; a promotion that nothing stops goes into review.',
  effect: 'change',
  roles: ['operator', 'reviewer'],
  system: ['gate'],
  goesOnShowing: true,
  resource: promotionType,
  input: z.strictObject({ promotion: idOf('prm') }),
  output: promotionDetail,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.artifact.environment, found }
  },
  async perform({ input, found, tx, ports }) {
    const { promotion } = found
    await holdPromotion(tx, promotion)
    if (!checkable.has(promotion.state))
      throw fail('wrong_state', `This promotion is ${promotion.state}; the gate has nothing more to check.`)
    const assessed = await assessGate({ ...found, proposal: proposalSchema.parse(promotion.proposal), tx, ports })
    const at = new Date(ports.clock.now())
    for (const { name, blocking, result, detail, facts } of assessed) {
      const row = {
        org_id: promotion.org_id,
        promotion_id: promotion.id,
        name,
        result,
        blocking,
        detail,
        facts: JSON.stringify(facts ?? {}),
        at,
      }
      await tx
        .insertInto('promotion_check')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['org_id', 'promotion_id', 'name']).doUpdateSet({ result, blocking, detail, facts: row.facts, at }),
        )
        .execute()
    }
    const stops = stopping(assessed)
    const state = stops.length === 0 ? ('in_review' as const) : ('checked' as const)
    const moved = promotion.state === state ? promotion.version : promotion.version + 1
    await tx.updateTable('promotion').set({ state, version: moved }).where('id', '=', promotion.id).execute()
    const after: PromotionFound = { ...found, promotion: { ...promotion, state, version: moved } }
    return {
      result: await showPromotion(tx, after, ports),
      facts: { state, results: assessed.map((one) => `${one.name}: ${one.result}`), stopping: stops.map((one) => one.name) },
      related: [{ rel: 'promotion', type: 'Promotion', id: input.promotion }],
    }
  },
})
