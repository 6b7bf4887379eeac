// Grants that end with an invitation or an engagement, and are prolonged with it: as far as whoever gave them could still give them so.
import { selfAndMembers, standingBehind } from '../../identity/index.ts'
import type { Ports, Principal, Tx } from '../../kernel/index.ts'
import { lacking } from '../bounds.ts'

/** Lets a grant end with an invitation or an engagement. */
export async function bindGrant(tx: Tx, grant: { readonly id: string; readonly org_id: string }, bound: string): Promise<void> {
  await tx.insertInto('bound_grant').values({ org_id: grant.org_id, grant_id: grant.id, bound_id: bound }).execute()
}

const grantsBoundTo = (tx: Tx, bound: string) => tx.selectFrom('bound_grant').select('grant_id').where('bound_id', '=', bound)

/** Lets the live grants of an invitation or an engagement last until its new end. */
export async function prolongGrants(tx: Tx, bound: string, until: Date): Promise<void> {
  await tx
    .updateTable('grant')
    .set({ expires_at: until })
    .where('id', 'in', grantsBoundTo(tx, bound))
    .where('revoked_at', 'is', null)
    .execute()
}

/** Ends the live grants of an invitation or an engagement; returns how many. */
export async function endGrantsBoundTo(tx: Tx, bound: string, at: Date): Promise<number> {
  const ended = await tx
    .updateTable('grant')
    .set({ revoked_at: at })
    .where('id', 'in', grantsBoundTo(tx, bound))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

/**
 * Lets the live grants of an engagement last until its new end, where whoever gave them could give them until then; the others end when they would have, and so
 * does what is given to whoever prolongs it, because nobody gives himself anything.
 */
export async function prolongGivable(
  it: { readonly tx: Tx; readonly ports: Ports; readonly principal: Principal },
  engagement: string,
  until: Date,
): Promise<number> {
  const { tx, ports, principal } = it
  const live = await tx
    .selectFrom('grant')
    .selectAll()
    .where('id', 'in', grantsBoundTo(tx, engagement))
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute()
  const givable: string[] = []
  for (const grant of live) {
    if ((await standingBehind(tx, await selfAndMembers(tx, grant.principal_id))).includes(principal.id)) continue
    const giver: Principal = { ...principal, kind: 'person', id: grant.given_by, chain: [grant.given_by] }
    if ((await lacking({ tx, ports, giver, given: { ...grant, expires_at: until } })).length === 0) givable.push(grant.id)
  }
  if (givable.length > 0) await tx.updateTable('grant').set({ expires_at: until }).where('id', 'in', givable).execute()
  return givable.length
}
