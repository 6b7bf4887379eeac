// Sign-ins that somebody should know of: past the provider that the organization requires, by a recovery code, by what seems to be a copy of a passkey; whoever
// can end sessions is told of each for a week, whatever became of it, and so is the person himself. And providers whose last certificate is about to end.
import { certificateWarningMs, lastCertificateEnd, samlOf } from '../../identity/index.ts'
import { namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, mayDo, onlyWhere } from './item.ts'

const weekMs = 7 * 86_400_000

/**
 * Sessions of the last week that were opened by a break-glass link: one's own, because somebody else may have made and opened it, those that the caller could end, and
 * for auditors all, because a lone administrator is seen by no other.
 */
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
  const [isOverseer] = sessions.length === 0 ? [false] : await mayDo(it, 'organization:sign-in', [{}])
  const endable = new Set(await onlyWhere(it, 'session:revoke', sessions, ({ id }) => ({ session: id })))
  const shown = sessions.filter((one) => isOverseer === true || endable.has(one))
  const nameOf = await namesOf(
    it.tx,
    shown.map(({ person_id }) => person_id),
  )
  return shown.map((session) => {
    const { id, person_id, created_at, ended_at, expires_at } = session
    const isLive = ended_at === null && expires_at.getTime() > it.now
    const who = person_id === it.principal.id ? 'You' : (nameOf(person_id) ?? person_id)
    return {
      kind: 'broken_glass',
      subject: { type: 'Session', id },
      title: `${who} signed in past the provider`,
      why: isLive
        ? 'A break-glass link was used, and the session is live. End it if nobody can say why.'
        : 'A break-glass link was used; the session is over. See that somebody can say why.',
      since: created_at.toISOString(),
      until: null,
      action: endable.has(session) ? 'session:revoke' : 'person:show',
    }
  })
}

/** Sessions of the last week that were opened by a recovery code: one's own, and those that the caller could end. */
export async function recoveryCodesUsed(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('session')
    .select(['id', 'person_id', 'created_at'])
    .where('recovery', '=', true)
    .where('created_at', '>', new Date(it.now - weekMs))
    .orderBy('created_at')
    .limit(candidatesMax)
    .execute()
  const shown = await onlyWhere(it, 'session:revoke', bounded(it, rows), ({ id }) => ({ session: id }))
  const nameOf = await namesOf(
    it.tx,
    shown.map(({ person_id }) => person_id),
  )
  return shown.map(({ id, person_id, created_at }) => ({
    kind: 'recovery_code_used',
    subject: { type: 'Session', id },
    title:
      person_id === it.principal.id ? 'Your recovery code signed you in' : `${nameOf(person_id) ?? person_id} signed in by a recovery code`,
    why: 'If it was not you, end the session and make new codes; a list of codes may have been found.',
    since: created_at.toISOString(),
    until: null,
    action: 'session:revoke',
  }))
}

/** Passkeys whose counter went back, until they are removed: one's own, and those that the caller could remove. */
export async function passkeysCopied(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('passkey')
    .select(['id', 'person_id', 'name', 'used_at', 'created_at'])
    .where('state', '=', 'suspended')
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const shown = await onlyWhere(it, 'passkey:remove', bounded(it, rows), ({ id }) => ({ passkey: id }))
  const nameOf = await namesOf(
    it.tx,
    shown.map(({ person_id }) => person_id),
  )
  return shown.map(({ id, person_id, name, used_at, created_at }) => ({
    kind: 'passkey_copied',
    subject: { type: 'Passkey', id },
    title: `A passkey of ${nameOf(person_id) ?? person_id}: ${name}`,
    why: 'Its counter went back, which only a copy of it does. It signs nobody in any more, and what it had opened was ended: remove it.',
    since: (used_at ?? created_at).toISOString(),
    until: null,
    action: 'passkey:remove',
  }))
}

/** Connections whose provider's last certificate ends within 30 days, or has ended, for those who could give a new one. */
export async function certificatesEnding(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('sso')
    .select(['id', 'name', 'saml'])
    .where('protocol', '=', 'saml')
    .where('state', '=', 'active')
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const ending = bounded(it, rows).flatMap(({ id, name, saml }) => {
    const end = lastCertificateEnd(samlOf({ saml }))
    return end - it.now > certificateWarningMs ? [] : [{ id, name, end }]
  })
  const shown = await onlyWhere(it, 'sso:change', ending, ({ id, name }) => ({ sso: id, name }))
  return shown.map(({ id, name, end }) => ({
    kind: 'provider_certificate_ending',
    subject: { type: 'Sso', id },
    title: name,
    why:
      end <= it.now
        ? 'The last certificate of this provider has ended: nobody signs in through it. Give its new metadata to sso:change.'
        : 'The last certificate of this provider ends soon: from then on nobody signs in through it. Give its new metadata to sso:change.',
    since: new Date(end - certificateWarningMs).toISOString(),
    until: new Date(end).toISOString(),
    action: 'sso:change',
  }))
}
