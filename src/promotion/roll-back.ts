// Going back: the identity that a promotion made ends, and the channel points again at what it pointed at before, with the identity that belonged to it.
// What the service fetched and did in between stays fetched and done.
import type { Tx } from '../kernel/index.ts'
import { beginIdentity, endIdentity, type Promotion, pointChannel } from './promoted-identity.ts'

/** What going back changed. `previous` is the promotion that holds again, if there is one that has not expired. */
export interface RolledBack {
  readonly tokensEnded: number
  readonly previous: Promotion | undefined
}

/** What no roll back takes back. */
export const notUndoneByRollBack: readonly string[] = [
  'What the service fetched and did before stays fetched and done.',
  'Calls that it made to production connections are not taken back.',
]

/** The promotion that a channel goes back to: the last one that was superseded on it and has not expired. */
export async function previousOnChannel(tx: Tx, promotion: Promotion, at: Date): Promise<Promotion | undefined> {
  return tx
    .selectFrom('promotion')
    .selectAll()
    .where('environment_id', '=', promotion.environment_id)
    .where('channel', '=', promotion.channel)
    .where('state', '=', 'superseded')
    .where('expires_at', '>', at)
    .orderBy('crossed_at', 'desc')
    .executeTakeFirst()
}

/** Rolls a crossed promotion back. */
export async function rollBack(tx: Tx, promotion: Promotion, at: Date): Promise<RolledBack> {
  await tx.updateTable('promotion').set({ state: 'rolled_back' }).where('id', '=', promotion.id).execute()
  const tokensEnded = await endIdentity(tx, promotion, at)
  const previous = await previousOnChannel(tx, promotion, at)
  if (previous === undefined) {
    await tx.deleteFrom('channel').where('environment_id', '=', promotion.environment_id).where('slug', '=', promotion.channel).execute()
    return { tokensEnded, previous }
  }
  await tx.updateTable('promotion').set({ state: 'crossed' }).where('id', '=', previous.id).execute()
  await beginIdentity(tx, previous)
  await pointChannel(tx, previous, at)
  return { tokensEnded, previous }
}
