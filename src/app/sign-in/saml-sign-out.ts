// Signing out together with a SAML provider: a browser that signs out here goes on to the provider, which ends its own session; and where the provider says that
// somebody signed out there, his sessions here are over before it is answered. A browser carries both; what the provider says is believed by its signature, once.
import { type SsoRow, samlSettingsOf } from '../../identity/index.ts'
import { base64url, fail, hex, type OrgId, utf8 } from '../../kernel/index.ts'
import { asSignIn, type SignInParts } from './parts.ts'
import { type ShowMetadata, samlConnection } from './saml.ts'

/** A sign-out as a browser brought it: the query as it came. All of it is attacker-controlled but `baseUrl` and `requestId`. */
export interface SamlSignOutAsked extends ShowMetadata {
  readonly query: string
  readonly requestId: string
}

// An id of XML may not begin with a digit.
const newMessageId = ({ ports }: Pick<SignInParts, 'ports'>): string => `_${base64url(ports.random.bytes(32))}`

/** Where a browser goes whose session has just ended here; undefined where the provider has no such place, or named nobody. */
export async function samlSignOutUrl(
  parts: SignInParts,
  { org, session, baseUrl }: { readonly org: OrgId; readonly session: string; readonly baseUrl: string },
  sso: SsoRow,
): Promise<string | undefined> {
  const { ports, glance } = parts
  const row = await glance(org, (tx) =>
    tx
      .selectFrom('session')
      .select(['sso_subject', 'sso_session', 'sso_name_format'])
      .where('id', '=', session)
      .where('sso_id', '=', sso.id)
      .executeTakeFirst(),
  )
  if (row === undefined || row.sso_subject === null) return undefined
  const { sso_subject: subject, sso_session: index, sso_name_format: format } = row
  const wish = { id: newMessageId(parts), subject, format: format ?? undefined, session: index ?? undefined }
  return ports.samlProvider.signOutUrl(samlSettingsOf(sso, ports, baseUrl), wish)
}

/** Ends the sessions that a provider says are over, and answers where the browser takes our answer. */
export async function samlSignOut(
  parts: SignInParts,
  asked: SamlSignOutAsked,
  found: (org: OrgId) => void,
): Promise<{ readonly url: string }> {
  const { door, ports } = parts
  const connection = await samlConnection(parts, asked.org, asked.sso)
  if (connection === undefined) throw fail('sign_in_refused', 'There is no such connection.')
  const { org, row } = connection
  found(org)
  const settings = samlSettingsOf(row, ports, asked.baseUrl)
  const { id, subject, sessions, relayState } = ports.samlProvider.readSignOut(settings, asked.query)
  const ends: readonly { readonly session?: string }[] = sessions.length === 0 ? [{}] : sessions.map((session) => ({ session }))
  for (const end of ends) {
    const token = hex(ports.sha256(utf8(['sign-out', row.id, id, end.session ?? ''].join(' '))))
    const input = { sso: row.id, token, subject, ...end }
    await door.govern({ action: 'sso:sign-out', credential: asSignIn(org), input, requestId: asked.requestId })
  }
  const answer = { id: newMessageId(parts), inResponseTo: id, relayState }
  return { url: ports.samlProvider.signedOutUrl(settings, answer) ?? `${asked.baseUrl}/login` }
}
