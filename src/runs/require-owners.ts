// Law 9 at admission: what a run would use, an export would show or a channel would hand out has an owner who is here. When one has left, what he held stops
// until somebody takes it over.
import { fail, type Tx } from '../kernel/index.ts'

/** Something that would be used, and who answers for it. */
export interface Owned {
  readonly what: string
  readonly owner: string
}

/** Requires that every owner is here. Throws `owner_left` naming what has none. */
export async function requireOwners(tx: Tx, things: readonly Owned[]): Promise<void> {
  const owners = [...new Set(things.map((thing) => thing.owner))]
  if (owners.length === 0) return
  const here = await tx.selectFrom('person').select('id').where('id', 'in', owners).where('state', '=', 'active').execute()
  const active = new Set(here.map((person) => person.id))
  const orphan = things.find((thing) => !active.has(thing.owner))
  if (orphan === undefined) return
  throw fail('owner_left', `The owner of ${orphan.what} has left, so nobody answers for it.`, {
    next: 'Hand it over to somebody who is here: `twinlock ownership offer`.',
  })
}
