// Whose time and reach here are bounded, whatever was granted: guests, and everything of an engagement. Read at each decision, so that an end, a sponsor who left
// and a need to know that nobody confirmed are exact at admission.
import { sql } from 'kysely'
import type { Tx } from '../kernel/index.ts'

/** What bounds somebody: an invitation, or an engagement that he is of. */
export interface Bound {
  readonly kind: 'guest' | 'engagement'
  readonly id: string
  /** Whether it is neither paused, suspended, unconfirmed nor ended; its end may still have passed. */
  readonly isOn: boolean
  readonly until: Date
  readonly projects: readonly string[]
}

/** Everything that bounds a person or a workload; nothing for whoever is neither a guest nor of an engagement. */
export async function boundsOf(tx: Tx, id: string): Promise<readonly Bound[]> {
  const found = await sql<Bound>`
    select 'guest' as kind, id, state = 'active' as "isOn", until, projects from guest where person_id = ${id}
    union all select 'engagement', e.id, e.state = 'active', e.until, e.projects
      from engagement_member m join engagement e on e.org_id = m.org_id and e.id = m.engagement_id where m.member_id = ${id}
    order by id`.execute(tx)
  return found.rows
}

/** Whether a bound still lets anything through at `now` (milliseconds since the epoch). */
export function isInForce({ isOn, until }: Pick<Bound, 'isOn' | 'until'>, now: number): boolean {
  return isOn && until.getTime() > now
}
