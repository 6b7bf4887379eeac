// What came out of a session: one-time links that were made in it, the sessions that these opened, and what came out of those. Whoever makes a link for somebody
// else can open it himself, so that all of it ends with the time of whoever made it here, and with a session that is revoked because a stranger held it.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../kernel/index.ts'

/** Where it began: all sessions that a person ever had, or one session. */
export type Began = { readonly person: string } | { readonly session: string }

/** The sessions that it began in and those that came out of them, ended ones too, as a subquery of their ids. */
function sessionsFrom(began: Began): RawBuilder<string> {
  const first = 'person' in began ? sql`person_id = ${began.person}` : sql`id = ${began.session}`
  return sql<string>`(
    with recursive opened (id) as (
      select id from session where ${first}
      union select s.id from session s join opened o on s.opened_from = o.id
    ) select id from opened)`
}

/** The sessions that came out of it and have not ended, as a query. */
export const sessionsOpened = (tx: Tx, began: Began) =>
  tx.selectFrom('session').where('id', 'in', sessionsFrom(began)).where('ended_at', 'is', null)

/** The links that came out of it, or are for that person, and were not used, as a query. */
export const linksMade = (tx: Tx, began: Began) => tx.selectFrom('one_time_link').where('used_at', 'is', null).where(isLinkOf(began))

function isLinkOf(began: Began): RawBuilder<boolean> {
  const made = sql<boolean>`made_in in ${sessionsFrom(began)}`
  return 'person' in began ? sql<boolean>`(person_id = ${began.person} or ${made})` : made
}

/** Ends those sessions; answers their ids. */
export async function endSessionsOpened(tx: Tx, began: Began, at: Date): Promise<readonly string[]> {
  const ended = await tx
    .updateTable('session')
    .set({ ended_at: at })
    .where('id', 'in', sessionsFrom(began))
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  return ended.map(({ id }) => id)
}

/** Ends those links; answers how many. */
export async function endLinksMade(tx: Tx, began: Began, at: Date): Promise<number> {
  const ended = await tx
    .updateTable('one_time_link')
    .set({ used_at: at })
    .where('used_at', 'is', null)
    .where(isLinkOf(began))
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
