// What somebody from elsewhere set up by an admin link and that counts for nothing yet: whoever may accept it is told.
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

/** Whether somebody may accept is asked before he has looked. */
const nothingSeen = `sha256:${'0'.repeat(64)}`

/** Admin links whose connection or directory is proposed. */
export async function setUpsToAccept(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('admin_link as l')
    .leftJoin('sso as s', (join) => join.onRef('s.org_id', '=', 'l.org_id').onRef('s.id', '=', 'l.sso_id'))
    .leftJoin('directory as d', (join) => join.onRef('d.org_id', '=', 'l.org_id').onRef('d.id', '=', 'l.directory_id'))
    .select(['l.id', 'l.name', 's.created_at as connected', 'd.created_at as opened', 'l.created_at'])
    .where((eb) => eb.or([eb('s.state', '=', 'proposed'), eb('d.state', '=', 'proposed')]))
    .orderBy('l.id')
    .limit(candidatesMax)
    .execute()
  const shown = await onlyWhere(it, 'link:accept', bounded(it, rows), ({ id }) => ({
    link: id,
    seen: nothingSeen,
    reason: 'To see whether he may.',
  }))
  return shown.map(({ id, name, connected, opened, created_at }) => ({
    kind: 'set_up_to_accept',
    subject: { type: 'AdminLink', id },
    title: name,
    why: 'What was set up by this admin link is not in use before somebody here accepts it. Look at what it is first.',
    since: (connected ?? opened ?? created_at).toISOString(),
    until: null,
    action: 'link:accept',
  }))
}
