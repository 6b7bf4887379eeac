// Whether somebody still holds what something of his keeps going by, read from the rows: for those who end what depends on a grant. It decides nothing; what
// guardrails say is not asked, because one that speaks at night must not end what began by day.
import { boundsOf, isInForce } from '../identity/index.ts'
import type { EntityRef, Ports, Tx } from '../kernel/index.ts'
import { givesAction, givesIn, holdsAt } from './gives.ts'
import { grantsHeld } from './grants.ts'

/** What something keeps going by: an action, on a scope, in an environment. */
export interface Kept {
  readonly holder: string
  readonly action: string
  readonly scope: EntityRef
  /** Nothing for what happens in none, or in more than one. */
  readonly environment: string | undefined
}

/** Whether a holder has a grant for what he keeps going, and may still be here at all. */
export async function stillHolds(tx: Tx, ports: Ports, { holder, action, scope, environment }: Kept): Promise<boolean> {
  const now = ports.clock.now()
  const above = (await ports.scopes.above(tx, scope)) ?? []
  const bounds = await boundsOf(tx, holder)
  if (bounds.some((bound) => bound.kind === 'engagement' && !isInForce(bound, now))) return false
  const reaches = (bound: (typeof bounds)[number]) => isInForce(bound, now) && above.some(({ id }) => bound.projects.includes(id))
  if (bounds.length > 0 && !bounds.some(reaches)) return false
  const held = await grantsHeld(tx, holder)
  return held.some(
    (grant) =>
      holdsAt(grant, now) &&
      givesAction(grant, action, ports.grantable) &&
      givesIn(grant, environment) &&
      above.some(({ type, id }) => type === grant.scope_type && id === grant.scope_id),
  )
}
