// Signing in through a SAML provider: it posts its answer to the connection's own address, from which the browser goes on by itself, so that the cookie of the
// sign-in that it began comes along (a cookie of SameSite=Lax does not come with the post of another site). Until then the answer is of nobody's browser.
import { findSso, type ProviderProof, proveSignIn, type SsoRow, samlOf, samlSettingsOf } from '../../identity/index.ts'
import { fail, hex, isCoded, isId, type OrgId, utf8 } from '../../kernel/index.ts'
import { type Attempt, readAttempt, samlQuestionOf, trialRelay } from './attempt.ts'
import type { SignInParts } from './parts.ts'
import { keepTold, readTold, type Told } from './told.ts'
import { keepFailure } from './trial.ts'

/** An answer as it was posted, and the connection that it was posted to. All of it is attacker-controlled but `baseUrl`. */
export interface Receive {
  readonly org: string
  readonly sso: string
  readonly response: string
  /** What came beside it; it says no more than that an answer is to a trial. */
  readonly relayState?: string | undefined
  readonly baseUrl: string
}

/** Where the browser goes on; `isRefused` where it only hears there why the answer to its trial does not hold. */
export interface Received {
  readonly url: string
  readonly isRefused: boolean
}

/** Whose metadata of ours is asked for. */
export type ShowMetadata = Omit<Receive, 'response' | 'relayState'>

type Parts = Pick<SignInParts, 'ports' | 'glance'>

const isTrial = ({ relayState }: Receive): boolean => relayState === trialRelay

/** A connection to a SAML provider, whatever its state. */
async function anyConnection({ glance }: Parts, org: string, id: string): Promise<{ org: OrgId; row: SsoRow } | undefined> {
  if (!isId('org', org) || !isId('sso', id)) return undefined
  const row = await glance(org, (tx) => tx.selectFrom('sso').selectAll().where('id', '=', id).executeTakeFirst())
  return row?.protocol === 'saml' ? { org, row } : undefined
}

/** An active connection to a SAML provider; nothing where there is none. */
export async function samlConnection(parts: Parts, org: string, id: string): Promise<{ org: OrgId; row: SsoRow } | undefined> {
  const found = await anyConnection(parts, org, id)
  return found?.row.state === 'active' ? found : undefined
}

const unasked = () =>
  fail('sign_in_refused', 'Nobody asked for this answer, and this connection takes none that nobody asked for.', {
    next: 'Begin at the sign-in page here.',
  })

interface Connection {
  readonly org: OrgId
  readonly row: SsoRow
}

async function told({ ports }: Parts, { org, row }: Connection, request: Receive): Promise<string> {
  const { answer, inResponseTo, assertion, until } = await ports.samlProvider.read(
    samlSettingsOf(row, ports, request.baseUrl),
    request.response,
  )
  if (inResponseTo === undefined && !samlOf(row).unsolicited) throw unasked()
  const once = { hash: hex(ports.sha256(utf8(`assertion ${row.id} ${assertion}`))), until }
  return keepTold(org, { sso: request.sso as Told['sso'], answer, inResponseTo: inResponseTo ?? null, once }, ports) // it was found by it
}

/** The connection that an answer was posted to: one that is in use, or for a trial one that is proposed. */
async function connectionAsked(parts: Parts, request: Receive): Promise<Connection> {
  const found = await anyConnection(parts, request.org, request.sso)
  const isThere = found?.row.state === 'active' || (found?.row.state === 'proposed' && isTrial(request))
  if (found === undefined || !isThere) throw fail('sign_in_refused', 'There is no such connection.')
  return found
}

/** Checks an answer and sends the browser on with what it said; in a trial, with why it does not hold. */
export async function receive(parts: SignInParts, request: Receive, found: (org: OrgId) => void): Promise<Received> {
  const connection = await connectionAsked(parts, request)
  const { org, row } = connection
  found(org)
  const onWith = (query: Record<string, string>) => `${request.baseUrl}/sso/callback?${new URLSearchParams(query)}`
  try {
    return { url: onWith({ saml: await told(parts, connection, request) }), isRefused: false }
  } catch (error) {
    if (!isTrial(request) || !isCoded(error)) throw error
    parts.refused(org, error.code)
    return { url: onWith({ tried: keepFailure(org, row.id, error, parts) }), isRefused: true }
  }
}

interface Shown {
  readonly told: string
  readonly kept: string | undefined
  readonly baseUrl: string
}

/** The sign-in that this browser began, where the answer is to a question: to this very one. */
function attemptAsked(parts: Parts, { kept, baseUrl }: Shown, org: OrgId, { sso, inResponseTo }: Told): Attempt | undefined {
  if (inResponseTo === null) return undefined
  const begun = readAttempt(kept, parts.ports)
  const { attempt } = begun
  const isThisOne = begun.org === org && attempt.sso === sso && samlQuestionOf(attempt, null).id === inResponseTo
  if (!isThisOne || attempt.redirectUri !== `${baseUrl}/sso/callback`)
    throw fail('sign_in_refused', 'It answers another question than this browser asked.', { next: 'Begin again.' })
  return attempt
}

/** What was proved, of whom, and what the browser began; nothing where it began nothing and its provider sent it. */
export interface Proved {
  readonly proof: ProviderProof
  readonly attempt: Attempt | undefined
}

/** A proof of what a SAML provider told, for the browser that asked; or for any, where the connection takes what nobody asked for. */
export async function proveTold(parts: Parts, shown: Shown, found: (org: OrgId) => void): Promise<Proved> {
  const { org, told } = readTold(shown.told, parts.ports)
  found(org)
  const attempt = attemptAsked(parts, shown, org, told)
  if (attempt === undefined) await requireUnsolicited(parts, org, told)
  const { sso, answer, once } = told
  return { proof: proveSignIn({ org, sso, state: attempt?.state ?? once.hash, answer, once }, parts.ports), attempt }
}

/** A connection whose provider may send somebody who did not begin here. One that is retired lets nobody in either way: the session is refused. */
async function requireUnsolicited({ glance }: Parts, org: OrgId, { sso }: Told): Promise<void> {
  const row = await glance(org, (tx) => findSso(tx, sso))
  if (row.state !== 'active') throw fail('sign_in_refused', 'This sign-in connection is retired.')
  if (!samlOf(row).unsolicited) throw unasked()
}

/** What we say of ourselves to the provider of a connection that is in use or proposed. It is as public as our address; throws `not_found`. */
export async function showMetadata(parts: Parts, { org, sso, baseUrl }: ShowMetadata): Promise<string> {
  const connection = await anyConnection(parts, org, sso)
  if (connection === undefined || connection.row.state === 'retired') throw fail('not_found', 'There is no SAML connection here.')
  const { row } = connection
  return parts.ports.samlProvider.ownMetadata(samlSettingsOf(row, parts.ports, baseUrl))
}
