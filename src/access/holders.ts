// What people hold in `access`: their grants end when they leave.
import type { Holder } from '../identity/index.ts'

/** Grants of a person who leaves. */
export const grantsOfPeople: Holder = {
  what: 'grants',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('grant')
      .set({ revoked_at: at })
      .where('principal_id', '=', person)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
}
