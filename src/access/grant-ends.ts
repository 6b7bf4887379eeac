// With what else a grant ends than at its date, or with its run or batch, which its row says: an engagement, an invitation of a guest, a mapping. Each is a row of
// its own, which whatever gives such a grant writes with it. One statement finds them for a whole page of grants.
import { sql } from 'kysely'
import { isId, type Tx } from '../kernel/index.ts'

/** With what else a grant ends. */
export interface GrantEnds {
  readonly untilEngagement: string | null
  readonly untilGuest: string | null
  readonly mapping: string | null
}

/** With nothing else. */
export const noOtherEnds: GrantEnds = { untilEngagement: null, untilGuest: null, mapping: null }

/** With what else these grants end. */
export async function endsOf(tx: Tx, grants: readonly string[]): Promise<(grant: string) => GrantEnds> {
  if (grants.length === 0) return () => noOtherEnds
  const ids = sql`${[...grants]}::text[]`
  const { rows } = await sql<{ grant: string; bound: string | null; mapping: string | null }>`
    select grant_id as grant, bound_id as bound, null as mapping from bound_grant where grant_id = any(${ids})
    union all select grant_id, null, mapping_id from mapped_grant where grant_id = any(${ids})`.execute(tx)
  const found = new Map<string, GrantEnds>()
  for (const { grant, bound, mapping } of rows) {
    const before = found.get(grant) ?? noOtherEnds
    const isEngagement = isId('eng', bound ?? '')
    found.set(grant, {
      untilEngagement: isEngagement ? bound : before.untilEngagement,
      untilGuest: bound !== null && !isEngagement ? bound : before.untilGuest,
      mapping: mapping ?? before.mapping,
    })
  }
  return (grant) => found.get(grant) ?? noOtherEnds
}
