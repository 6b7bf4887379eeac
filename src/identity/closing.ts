// Whether an organization is to be deleted. Once two of its people have said so, nothing is launched, issued, fetched or exported in it any more; until its time
// is over, each of its administrators can keep it.
import type { Selectable } from 'kysely'
import { fail, type Tx } from '../kernel/index.ts'
import type { OrganizationDeletionTable } from './tables.ts'

/** How many days pass before a deletion that was confirmed takes effect, where the organization did not say. */
export const usualGraceDays = 30

/** The deletion that was asked for, if one was. */
export async function deletionOf(tx: Tx): Promise<Selectable<OrganizationDeletionTable> | undefined> {
  return tx.selectFrom('organization_deletion').selectAll().executeTakeFirst()
}

/** Requires that the organization is not about to be deleted. Throws `organization_closing`. */
export async function requireGoing(tx: Tx): Promise<void> {
  const closing = await tx.selectFrom('organization_deletion').select('due_at').where('confirmed_at', 'is not', null).executeTakeFirst()
  if (closing === undefined) return
  throw fail('organization_closing', 'This organization is to be deleted: nothing is launched, issued, fetched or exported in it.', {
    next: 'An administrator can keep it: `twinlock organization keep`.',
    facts: { due: closing.due_at?.toISOString() ?? '' },
  })
}
