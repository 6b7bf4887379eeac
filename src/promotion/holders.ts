// What twins hold in `promotion`: crossings that are under way end when the twin is retired, and what has crossed stops.
import { revokeTokensOf } from '../credentials/index.ts'
import { countOf, type Holder } from '../identity/index.ts'
import type { TwinPart } from '../twins/index.ts'

/** Promotions of a twin that is retired: pending ones are revoked; services that crossed are suspended. */
export const promotionsOfTwins: TwinPart = {
  what: 'promotions',
  async endForTwin(tx, { twin, at }) {
    const open = await tx
      .selectFrom('promotion')
      .select(['id', 'workload_id', 'state'])
      .where('twin_id', '=', twin)
      .where('state', 'not in', ['rejected', 'superseded', 'rolled_back', 'revoked'])
      // Whoever moves one of them at the same time is waited for: what he made of it ends as well.
      .forNoKeyUpdate()
      .execute()
    for (const promotion of open) {
      await tx.updateTable('promotion').set({ state: 'revoked' }).where('id', '=', promotion.id).execute()
      if (promotion.state !== 'crossed') continue
      await tx.updateTable('workload').set({ state: 'suspended' }).where('id', '=', promotion.workload_id).execute()
      await tx.deleteFrom('channel').where('promotion_id', '=', promotion.id).execute()
      await revokeTokensOf(tx, promotion.workload_id, at)
    }
    return open.length
  },
}

/** Reviews that a person who leaves has begun: his approvals of what is still in review no longer count. */
export const reviewsOfPeople: Holder = {
  what: 'reviews',
  becomes: 'taken_back',
  async endFor(tx, { person }) {
    const ended = await tx
      .deleteFrom('approval')
      .where('person_id', '=', person)
      .where('promotion_id', 'in', (eb) => eb.selectFrom('promotion').select('promotion.id').where('promotion.state', '=', 'in_review'))
      .executeTakeFirst()
    return Number(ended.numDeletedRows)
  },
  remaining: (tx, { person }) =>
    countOf(
      tx
        .selectFrom('approval')
        .where('person_id', '=', person)
        .where('promotion_id', 'in', (eb) => eb.selectFrom('promotion').select('promotion.id').where('promotion.state', '=', 'in_review')),
    ),
}
