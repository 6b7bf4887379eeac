// What becomes of requests for a role of the organization's own when that role becomes another: whoever looked at one has not seen what it would give now, so that it
// ends here, in the transaction that changes the role, and its asker is told.
import { sql } from 'kysely'
import type { Related, Tx } from '../../kernel/index.ts'

/** A role that changed: what it gives from now on, nothing where it is retired; by whom. */
export interface Changed {
  readonly role: string
  readonly actions: readonly string[] | undefined
  readonly by: string
  readonly at: Date
}

/** Ends the open requests for a role that gives more than when they were made, or is there no more; answers their ids. */
export async function endOutgrown(tx: Tx, { role, actions, by, at }: Changed): Promise<readonly string[]> {
  const isMore = actions === undefined ? sql<boolean>`true` : sql<boolean>`not actions @> ${[...actions]}::text[]`
  const ended = await tx
    .updateTable('access_request')
    .set({ state: 'ended', closed_at: at, closed_by: by })
    .where('custom_role', '=', role)
    .where('state', '=', 'open')
    .where(isMore)
    .returning('id')
    .execute()
  return ended.map(({ id }) => id).sort()
}

/** The requests that an act on a role ended, as its entry names them: the reason of the act is theirs. */
export function relatedRequests(ended: readonly string[]): Related[] {
  return ended.slice(0, 50).map((id) => ({ rel: 'request', type: 'AccessRequest', id }))
}
