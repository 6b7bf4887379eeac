// What people hold in `credentials`: the workloads that they own stop when they leave, until somebody takes them over.
import type { Holder } from '../identity/index.ts'
import { revokeTokensOf } from './mint.ts'

/** Workloads of a person who leaves: suspended, and their tokens taken away. */
export const workloadsOfPeople: Holder = {
  what: 'workloads',
  async endFor(tx, { person, at }) {
    const owned = await tx
      .selectFrom('workload')
      .select('id')
      .where('owner_id', '=', person)
      .where('state', 'in', ['pending', 'active'])
      .execute()
    for (const { id } of owned) {
      await tx.updateTable('workload').set({ state: 'suspended' }).where('id', '=', id).execute()
      await revokeTokensOf(tx, id, at)
    }
    return owned.length
  },
}
