// Sign-ins past the provider that the organization requires: whoever can end sessions is told of each for a week, whatever became of it.
import { namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

const weekMs = 7 * 86_400_000

/** Sessions of the last week that were opened by a break-glass link, for those who could end them. */
export async function brokenGlass(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('session')
    .select(['id', 'person_id', 'created_at', 'ended_at', 'expires_at'])
    .where('break_glass', '=', true)
    .where('created_at', '>', new Date(it.now - weekMs))
    .orderBy('created_at')
    .limit(candidatesMax)
    .execute()
  const sessions = bounded(it, rows)
  // His own session anybody may end; that makes him no administrator.
  const others = sessions.filter(({ person_id }) => person_id !== it.principal.id)
  const shown = await onlyWhere(it, 'session:revoke', others, ({ id }) => ({ session: id }))
  const nameOf = await namesOf(
    it.tx,
    shown.map(({ person_id }) => person_id),
  )
  return shown.map(({ id, person_id, created_at, ended_at, expires_at }) => {
    const isLive = ended_at === null && expires_at.getTime() > it.now
    return {
      kind: 'broken_glass',
      subject: { type: 'Session', id },
      title: `${nameOf(person_id) ?? person_id} signed in past the provider`,
      why: isLive
        ? 'A break-glass link was used, and the session is live. End it if nobody can say why.'
        : 'A break-glass link was used; the session is over. See that somebody can say why.',
      since: created_at.toISOString(),
      until: null,
      action: 'session:revoke',
    }
  })
}
