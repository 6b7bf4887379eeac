// Looking at promotions: a list is metadata; the diff of identities and permissions shows topology, so it is governed content.
import { z } from 'zod'
import { action, environmentClass, idOf, pageInput, pageOf, toPage } from '../../kernel/index.ts'
import { listType, locateList, twinsIn } from '../../twins/index.ts'
import { findPromotion, promotionType } from '../find-promotion.ts'
import { promotionDetail, promotionOutput, promotionRow, showPromotion, showPromotionRows } from '../shown.ts'

const promotionFilters = {
  state: promotionOutput.shape.state.optional(),
  twin: idOf('twn').optional(),
  project: idOf('prj').optional().meta({ description: 'Of the twins of this project.' }),
  artifact: idOf('art').optional(),
  run: idOf('run').optional(),
  environment: idOf('env').optional(),
  class: environmentClass.optional().meta({ description: 'The class of the environment that it goes to.' }),
}

/** Lists promotions, newest first. */
export const listPromotions = action({
  name: 'promotion:list',
  summary: 'List promotions, newest first.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'deployer', 'auditor'],
  resource: listType,
  input: z.strictObject({ ...promotionFilters, ...pageInput }),
  output: pageOf(promotionRow),
  locate: ({ input, tx, principal }) => locateList(tx, principal, input),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('promotion')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '<', input.after)
    if (input.state !== undefined) query = query.where('state', '=', input.state)
    if (input.twin !== undefined) query = query.where('twin_id', '=', input.twin)
    if (input.project !== undefined) query = query.where('twin_id', 'in', twinsIn(tx, input.project))
    if (input.artifact !== undefined) query = query.where('artifact_id', '=', input.artifact)
    if (input.run !== undefined) query = query.where('run_id', '=', input.run)
    if (input.environment !== undefined) query = query.where('environment_id', '=', input.environment)
    const { class: wanted } = input
    if (wanted !== undefined)
      query = query.where('environment_id', 'in', (from) => from.selectFrom('environment').select('id').where('class', '=', wanted))
    const { items, next } = toPage(await query.execute(), input.limit)
    return { result: { items: await showPromotionRows(tx, items), next } }
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
