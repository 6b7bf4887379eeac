// What people hold in `identity` itself: being in groups ends when they leave.
import { countOf } from './count-of.ts'
import type { Holder } from './holders.ts'

/** Memberships of a person who leaves. */
export const membershipsOfPeople: Holder = {
  what: 'memberships',
  becomes: 'ended',
  async endFor(tx, { person }) {
    const ended = await tx.deleteFrom('group_member').where('member_id', '=', person).executeTakeFirst()
    return Number(ended.numDeletedRows)
  },
  remaining: (tx, { person }) => countOf(tx.selectFrom('group_member').where('member_id', '=', person)),
}
