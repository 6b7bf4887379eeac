// Single logout (SAML 2.0 Profiles section 4.4) over the HTTP-Redirect binding, both ways: a message is deflated into the query of an address and signed as that
// query stands. Whoever holds a browser can make it come here with anything; what counts is the provider's signature over the very octets that came, that it is
// for us and of now. That each message counts once is for the caller to see.
import { verify } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { SamlCertificate, SamlSettings, SamlSignedOut, SamlSignOut, SamlSignOutWish } from '../../../identity/index.ts'
import { answerRefused } from '../provider-failure.ts'
import { publicKeyOf } from './certificate.ts'
import { isOurIssuer, moment, plain, requireRecent } from './claims.ts'
import { ns, signatureAlgorithms, texts } from './names.ts'
import { childrenOf, type PlainElement, readPlainXml, XmlRefused } from './plain-xml.ts'
import { carried, escaped } from './redirect.ts'

/** The most characters of a query, and the most bytes of the message in it once it is inflated. */
const signOutQueryMax = 8_192
const messageBytesMax = 65_536
const relayBytesMax = 80
const sessionsMax = 20
const goodForMs = 5 * 60_000

/** The parameters of a query as they came, undecoded; one that comes twice could be read as either. */
function rawParameters(query: string): ReadonlyMap<string, string> {
  if (query.length > signOutQueryMax) throw answerRefused(`It is longer than ${signOutQueryMax} characters.`)
  const found = new Map<string, string>()
  for (const one of query.split('&')) {
    const at = one.indexOf('=')
    const name = at === -1 ? one : one.slice(0, at)
    if (found.has(name)) throw answerRefused('It says something twice.')
    found.set(name, at === -1 ? '' : one.slice(at + 1))
  }
  return found
}

function decoded(raw: string | undefined): string {
  try {
    return decodeURIComponent(raw ?? '')
  } catch (error) {
    throw answerRefused('It cannot be read.', error)
  }
}

function requireSigned(raw: ReadonlyMap<string, string>, certificates: readonly SamlCertificate[]): void {
  const algorithm = decoded(raw.get('SigAlg'))
  const digest = signatureAlgorithms.get(algorithm)
  if (digest === undefined) throw answerRefused('It is not signed, or not in a way that is strong enough.')
  // The octets that are signed are those that came, in the order of the binding (SAML 2.0 Bindings section 3.4.4.1).
  const signed = ['SAMLRequest', 'RelayState', 'SigAlg'].flatMap((name) => (raw.has(name) ? [`${name}=${raw.get(name)}`] : [])).join('&')
  const signature = Buffer.from(decoded(raw.get('Signature')), 'base64')
  const isOf = ({ certificate }: SamlCertificate) => verify(digest, Buffer.from(signed), publicKeyOf(certificate), signature)
  if (signature.length === 0 || !certificates.some(isOf)) throw answerRefused('Its signature is not one of this provider’s.')
}

function messageIn(raw: ReadonlyMap<string, string>): PlainElement {
  try {
    const bytes = inflateRawSync(Buffer.from(decoded(raw.get('SAMLRequest')), 'base64'), { maxOutputLength: messageBytesMax })
    return readPlainXml(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    throw answerRefused(error instanceof XmlRefused ? error.message : 'It cannot be read.', error)
  }
}

function requireForUs(settings: SamlSettings, message: PlainElement, now: number): void {
  const { name, namespace, attributes } = message
  if (name !== 'LogoutRequest' || namespace !== ns.protocol || attributes.get('Version') !== '2.0')
    throw answerRefused('It is no sign-out of SAML 2.0.')
  if (attributes.get('Destination') !== settings.signOutAddress) throw answerRefused('It was sent to another address.')
  const issuers = childrenOf(message, ns.assertion, 'Issuer')
  if (issuers.length !== 1 || !issuers.every((one) => isOurIssuer(settings, one)))
    throw answerRefused('It is of another provider than this connection’s.')
  requireRecent(moment(attributes.get('IssueInstant'), 'when it was made'), now)
  const until = attributes.get('NotOnOrAfter')
  if (until !== undefined && moment(until, 'until when it is good') <= now - 60_000) throw answerRefused('Its time is over.')
}

function idIn({ attributes }: PlainElement): string {
  const id = attributes.get('ID') ?? ''
  if (!/^[A-Za-z_][\w.-]{0,199}$/.test(id)) throw answerRefused('It has no id.')
  return id
}

/** Whom it is about: one name in the open, and the sessions of his, where it names some. */
function namedIn(message: PlainElement): Pick<SamlSignOut, 'subject' | 'sessions'> {
  const [id, another] = childrenOf(message, ns.assertion, 'NameID')
  const subject = plain(id?.text.trim())
  if (subject === undefined || another !== undefined || id?.children.length !== 0) throw answerRefused('It names nobody.')
  const said = childrenOf(message, ns.protocol, 'SessionIndex').map(({ text }) => plain(text.trim()))
  const sessions = said.filter((one) => one !== undefined)
  // One that is passed over could be the one that was meant.
  if (sessions.length !== said.length || sessions.length > sessionsMax)
    throw answerRefused(`It names more than ${sessionsMax} sessions, or none.`)
  return { subject, sessions }
}

/** Reads a sign-out as a browser brought it from the provider: the query as it came, which is attacker-controlled. Throws `sign_in_refused`. */
export function readSignOut(settings: SamlSettings, certificates: readonly SamlCertificate[], query: string, now: number): SamlSignOut {
  const raw = rawParameters(query)
  requireSigned(raw, certificates)
  const relayState = raw.has('RelayState') ? decoded(raw.get('RelayState')) : undefined
  if (relayState !== undefined && Buffer.byteLength(relayState) > relayBytesMax)
    throw answerRefused(`Its relay state is longer than ${relayBytesMax} bytes.`)
  const message = messageIn(raw)
  requireForUs(settings, message, now)
  return { id: idIn(message), ...namedIn(message), relayState }
}

/** Where a browser goes so that the provider ends its own session; undefined where the provider has no such place. */
export function signOutUrl(settings: SamlSettings, { id, subject, format, session }: SamlSignOutWish, now: number): string | undefined {
  const to = settings.signOutUrl
  if (to === undefined) return undefined
  const attributes = ` NotOnOrAfter="${new Date(now + goodForMs).toISOString()}"`
  const name = `<saml:NameID${format === undefined ? '' : ` Format="${escaped(format)}"`}>${escaped(subject)}</saml:NameID>`
  const index = session === undefined ? '' : `<samlp:SessionIndex>${escaped(session)}</samlp:SessionIndex>`
  return carried(settings, { name: 'LogoutRequest', id, to, now, attributes, elements: `${name}${index}` })
}

/** Where a browser goes with our answer to a sign-out of the provider's; undefined where the provider has no such place. */
export function signedOutUrl(settings: SamlSettings, { id, inResponseTo, relayState }: SamlSignedOut, now: number): string | undefined {
  const to = settings.signOutAnswerUrl ?? settings.signOutUrl
  if (to === undefined) return undefined
  const attributes = ` InResponseTo="${escaped(inResponseTo)}"`
  const elements = `<samlp:Status><samlp:StatusCode Value="${texts.success}"/></samlp:Status>`
  return carried(settings, { name: 'LogoutResponse', id, to, now, attributes, elements }, relayState)
}
