// What people hold in `identity` itself: being in groups ends when they leave.
import type { Holder } from './holders.ts'

/** Memberships of a person who leaves. */
export const membershipsOfPeople: Holder = {
  what: 'memberships',
  async endFor(tx, { person }) {
    const ended = await tx.deleteFrom('group_member').where('member_id', '=', person).executeTakeFirst()
    return Number(ended.numDeletedRows)
  },
}
