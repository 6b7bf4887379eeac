// Review: people who had no hand in it approve or reject exactly the version that they saw.
import { z } from 'zod'
import { action, fail, idOf, reasonText, type Tx } from '../../kernel/index.ts'
import { findPromotion, holdPromotion, type PromotionFound, promotionType } from '../find-promotion.ts'
import { promotionOutput, showPromotionRow } from '../shown.ts'

const reviewInput = z.strictObject({
  promotion: idOf('prm'),
  version: z.coerce.number().int().min(1).optional().meta({ description: 'The version that was looked at; refused if it changed since.' }),
  reason: reasonText.optional().meta({ description: 'Why; kept erasable beside the entry.' }),
})

function requireReviewable({ promotion }: PromotionFound, version: number | undefined): void {
  if (version !== undefined && version !== promotion.version) {
    throw fail(
      'changed_since',
      `This promotion changed since you looked at it: you saw version ${version}, it is at ${promotion.version}.`,
      { next: 'Look at it again.' },
    )
  }
  if (promotion.state === 'requested' || promotion.state === 'checked') {
    throw fail('gate_failed', 'The gate has not passed this promotion yet.', {
      next: 'See `twinlock promotion show` for the checks that stop it.',
    })
  }
  if (promotion.state !== 'in_review') throw fail('wrong_state', `This promotion is ${promotion.state}; it is not in review.`)
}

async function keepDecision(
  tx: Tx,
  { promotion }: PromotionFound,
  person: string,
  decision: 'approved' | 'rejected',
  at: Date,
): Promise<void> {
  const before = await tx
    .selectFrom('approval')
    .select('decision')
    .where('promotion_id', '=', promotion.id)
    .where('person_id', '=', person)
    .where('promotion_version', '=', promotion.version)
    .executeTakeFirst()
  if (before !== undefined) throw fail('conflict', `You have ${before.decision} this promotion already.`)
  const row = {
    org_id: promotion.org_id,
    promotion_id: promotion.id,
    person_id: person,
    decision,
    promotion_version: promotion.version,
    at,
  }
  await tx.insertInto('approval').values(row).execute()
}

/** Approves a promotion; the last approval that it needs makes it ready to cross. */
export const approvePromotion = action({
  name: 'promotion:approve',
  summary: 'Approve a promotion, as somebody who had no hand in it.',
  effect: 'change',
  goesOnShowing: true,
  roles: ['reviewer'],
  resource: promotionType,
  input: reviewInput,
  output: promotionOutput,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.target, found }
  },
  async perform({ input, found, tx, ports, principal }) {
    await holdPromotion(tx, found.promotion)
    requireReviewable(found, input.version)
    const { promotion } = found
    await keepDecision(tx, found, principal.id, 'approved', new Date(ports.clock.now()))
    const given = await tx
      .selectFrom('approval')
      .select('person_id')
      .where('promotion_id', '=', promotion.id)
      .where('decision', '=', 'approved')
      // An approval of what was there before does not count for what is there now.
      .where('promotion_version', '=', promotion.version)
      .execute()
    const state = given.length >= promotion.approvals_needed ? ('approved' as const) : ('in_review' as const)
    await tx.updateTable('promotion').set({ state }).where('id', '=', promotion.id).execute()
    return {
      result: showPromotionRow({ ...promotion, state }),
      facts: { version: promotion.version, given: given.length, needed: promotion.approvals_needed, state },
      related: [{ rel: 'artifact', type: 'Artifact', id: promotion.artifact_id }],
      texts: input.reason === undefined ? {} : { reason: input.reason },
    }
  },
})

/** Rejects a promotion; it ends here. */
export const rejectPromotion = action({
  name: 'promotion:reject',
  summary: 'Reject a promotion; it ends here.',
  effect: 'change',
  roles: ['reviewer'],
  resource: promotionType,
  input: reviewInput,
  output: promotionOutput,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.target, found }
  },
  async perform({ input, found, tx, ports, principal }) {
    await holdPromotion(tx, found.promotion)
    requireReviewable(found, input.version)
    const { promotion } = found
    await keepDecision(tx, found, principal.id, 'rejected', new Date(ports.clock.now()))
    await tx.updateTable('promotion').set({ state: 'rejected' }).where('id', '=', promotion.id).execute()
    return {
      result: showPromotionRow({ ...promotion, state: 'rejected' }),
      facts: { version: promotion.version },
      related: [{ rel: 'artifact', type: 'Artifact', id: promotion.artifact_id }],
      texts: input.reason === undefined ? {} : { reason: input.reason },
    }
  },
})
