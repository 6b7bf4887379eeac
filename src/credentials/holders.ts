// What people hold in `credentials`: the workloads that they own stop when they leave, until somebody takes them over.
import { countOf, type Holder, type WorkloadStop } from '../identity/index.ts'
import { suspend } from './suspend.ts'

/** Workloads of a person who leaves: suspended, with everything that they keep going. */
export const workloadsOfPeople: Holder = {
  what: 'workloads',
  becomes: 'stopped',
  async endFor(tx, { person, at, ports }) {
    const owned = await tx
      .selectFrom('workload')
      .select(['id', 'state'])
      .where('owner_id', '=', person)
      .where('state', 'in', ['pending', 'active'])
      .execute()
    for (const { id, state } of owned) {
      await suspend(tx, id, at, ports)
      const resumes_as = state === 'pending' ? ('pending' as const) : ('active' as const)
      await tx.updateTable('workload').set({ resumes_as }).where('id', '=', id).execute()
    }
    return owned.length
  },
  // Those that go on, and whatever was issued to one of his and is good still.
  async remaining(tx, { person, at }) {
    const going = await countOf(tx.selectFrom('workload').where('owner_id', '=', person).where('state', 'in', ['pending', 'active']))
    const issued = tx
      .selectFrom('credential')
      .where('holder_id', 'in', (eb) => eb.selectFrom('workload').select('workload.id').where('workload.owner_id', '=', person))
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', at)
    return going + (await countOf(issued))
  },
}

/** Stops a workload whose own end has come, as with the engagement that it is of; nobody's taking it over lets it go on. */
export const workloadStop: WorkloadStop = {
  async stop(tx, { workload, at, ports }) {
    const there = await tx.selectFrom('workload').select('id').where('id', '=', workload).where('state', '!=', 'ended').executeTakeFirst()
    if (there !== undefined) await suspend(tx, there.id, at, ports)
  },
}
