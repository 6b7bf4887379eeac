// Looking at promotions: a list is metadata; the diff of identities and permissions shows topology, so it is governed content.
import { z } from 'zod'
import { action, idOf, organizationEntity, organizationType, pageInput, pageOf, toPage } from '../../kernel/index.ts'
import { findPromotion, promotionType } from '../find-promotion.ts'
import { promotionDetail, promotionOutput, showPromotion, showPromotionRow } from '../shown.ts'

/** Lists promotions, newest first. */
export const listPromotions = action({
  name: 'promotion:list',
  summary: 'List promotions, newest first.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'deployer', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(promotionOutput),
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('promotion')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '<', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { items: page.items.map(showPromotionRow), next: page.next } }
  },
})

/** Shows what would change hands: the test identity and the production identity, what was granted, used and is proposed, and every check. */
export const showPromotionAction = action({
  name: 'promotion:show',
  summary: 'Show what would change hands: a diff of identities and permissions, and every check of the gate.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer', 'deployer'],
  resource: promotionType,
  input: z.strictObject({ promotion: idOf('prm') }),
  output: promotionDetail,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.artifact.environment, found }
  },
  perform: async ({ found, tx, ports }) => ({ result: await showPromotion(tx, found, ports), facts: { version: found.promotion.version } }),
})
