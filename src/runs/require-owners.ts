// Law 9 at admission: what a run would use, an export would show or a channel would hand out has an owner who is here. When one has left, what he held stops
// until somebody takes it over.
import { hereAmong } from '../identity/index.ts'
import { fail, type Tx } from '../kernel/index.ts'

/** Something that would be used, and who answers for it. */
export interface Owned {
  readonly what: string
  readonly owner: string
}

/** Requires that every owner is here at a moment (milliseconds since the epoch). Throws `owner_left` naming what has none. */
export async function requireOwners(tx: Tx, things: readonly Owned[], now: number): Promise<void> {
  const owners = [...new Set(things.map((thing) => thing.owner))]
  if (owners.length === 0) return
  const here = await hereAmong(tx, owners, now)
  const orphan = things.find((thing) => !here.has(thing.owner))
  if (orphan === undefined) return
  throw fail('owner_left', `The owner of ${orphan.what} has left, so nobody answers for it.`, {
    next: 'Hand it over to somebody who is here: `twinlock ownership offer`.',
  })
}
