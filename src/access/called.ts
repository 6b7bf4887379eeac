// What people, workloads and groups are called, for lists that name them by id. Names are chosen by people: they are shown, and decide nothing.
import type { Tx } from '../kernel/index.ts'

/** The names of those among these ids that are there: of a person and a group the name, of a workload the slug. */
export async function called(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const found = [
    ...(await tx.selectFrom('person').select(['id', 'name']).where('id', 'in', wanted).execute()),
    ...(await tx.selectFrom('group').select(['id', 'name']).where('id', 'in', wanted).execute()),
    ...(await tx.selectFrom('workload').select(['id', 'slug as name']).where('id', 'in', wanted).execute()),
  ]
  return new Map(found.map(({ id, name }) => [id, name]))
}
