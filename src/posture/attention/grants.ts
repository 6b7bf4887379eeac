// Grants that end soon: one's own, and for those who give grants, everybody's.
import { namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

const soonMs = 14 * 86_400_000

/** Grants that end within two weeks and that the caller holds, or could give anew. */
export async function expiringGrants(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('grant')
    .select(['id', 'principal_id', 'role', 'created_at', 'expires_at'])
    .where('revoked_at', 'is', null)
    // What was asked for by the minute is meant to end.
    .where('request_id', 'is', null)
    .where('break_glass', '=', false)
    .where('expires_at', '>', new Date(now))
    .where('expires_at', '<=', new Date(now + soonMs))
    .orderBy('expires_at')
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const grants = bounded(it, rows)
  const reason = 'Whether it could be given anew.'
  const others = grants.filter(({ principal_id }) => principal_id !== principal.id)
  const givable = new Set(
    (await onlyWhere(it, 'grant:create', others, ({ principal_id, role }) => ({ principal: principal_id, role, reason }))).map(
      ({ id }) => id,
    ),
  )
  const shown = grants.filter(({ id, principal_id }) => principal_id === principal.id || givable.has(id))
  const nameOf = await namesOf(
    tx,
    shown.map(({ principal_id }) => principal_id),
  )
  return shown.map(({ id, principal_id, role, created_at, expires_at }) => {
    const isMine = principal_id === principal.id
    return {
      kind: 'grant_expiring',
      subject: { type: 'Grant', id },
      title: isMine ? `Your role ${role}` : `${role} of ${nameOf(principal_id) ?? principal_id}`,
      why: isMine ? 'It ends soon. Somebody else can give it to you anew.' : 'It ends soon. Give it anew if it is still needed.',
      since: created_at.toISOString(),
      until: expires_at?.toISOString() ?? null,
      action: 'grant:create',
    }
  })
}
