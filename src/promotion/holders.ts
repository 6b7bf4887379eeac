// What twins hold in `promotion`: crossings that are under way end when the twin is retired, and what has crossed stops.
import { revokeTokensOf } from '../credentials/index.ts'
import { countOf, type Holder } from '../identity/index.ts'
import type { TwinPart } from '../twins/index.ts'

/** Promotions of a twin that is retired: pending ones and those that could be gone back to are revoked; services that crossed are suspended. */
export const promotionsOfTwins: TwinPart = {
  what: 'promotions',
  async endForTwin(tx, { twin, at }) {
    const open = await tx
      .selectFrom('promotion')
      .select(['id', 'workload_id', 'state'])
      .where('twin_id', '=', twin)
      // One that was superseded stands no more, and a roll back would bring it back.
      .where('state', 'not in', ['rejected', 'rolled_back', 'revoked'])
      // Whoever moves one of them at the same time is waited for: what he made of it ends as well.
      .forNoKeyUpdate()
      .execute()
    for (const promotion of open) {
      await tx.updateTable('promotion').set({ state: 'revoked' }).where('id', '=', promotion.id).execute()
      if (promotion.state !== 'crossed') continue
      // Whoever takes the service over does not let it go on either.
      await tx.updateTable('workload').set({ state: 'suspended', resumes_as: null }).where('id', '=', promotion.workload_id).execute()
      await tx.deleteFrom('channel').where('promotion_id', '=', promotion.id).execute()
      await revokeTokensOf(tx, promotion.workload_id, at)
    }
    return open.filter(({ state }) => state !== 'superseded').length
  },
}

/** What a person's approvals still count for: what has not begun to cross. */
const undecided = ['in_review', 'approved'] as const

/** Reviews of a person who leaves: his approvals of what has not crossed no longer count, and what was approved by them waits for another's. */
export const reviewsOfPeople: Holder = {
  what: 'reviews',
  becomes: 'taken_back',
  async endFor(tx, { person }) {
    const ended = await tx
      .deleteFrom('approval')
      .where('person_id', '=', person)
      .where('promotion_id', 'in', (eb) =>
        eb
          .selectFrom('promotion')
          .select('promotion.id')
          .where('promotion.state', 'in', [...undecided]),
      )
      .returning(['promotion_id', 'promotion_version'])
      .execute()
    for (const { promotion_id, promotion_version } of ended)
      await tx
        .updateTable('promotion')
        .set({ state: 'in_review' })
        .where('id', '=', promotion_id)
        .where('version', '=', promotion_version)
        .where('state', '=', 'approved')
        .execute()
    return ended.length
  },
  remaining: (tx, { person }) =>
    countOf(
      tx
        .selectFrom('approval')
        .where('person_id', '=', person)
        .where('promotion_id', 'in', (eb) =>
          eb
            .selectFrom('promotion')
            .select('promotion.id')
            .where('promotion.state', 'in', [...undecided]),
        ),
    ),
}
