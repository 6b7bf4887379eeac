// What people hold in `credentials`: the workloads that they own stop when they leave, until somebody takes them over.
import type { Holder } from '../identity/index.ts'
import { suspend } from './suspend.ts'

/** Workloads of a person who leaves: suspended, with everything that they keep going. */
export const workloadsOfPeople: Holder = {
  what: 'workloads',
  async endFor(tx, { person, at, ports }) {
    const owned = await tx
      .selectFrom('workload')
      .select('id')
      .where('owner_id', '=', person)
      .where('state', 'in', ['pending', 'active'])
      .execute()
    for (const { id } of owned) await suspend(tx, id, at, ports)
    return owned.length
  },
}
