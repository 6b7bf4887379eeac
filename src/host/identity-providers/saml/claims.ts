// What a verified assertion says (SAML 2.0 Core sections 2.3 to 2.7, Profiles section 4.1.4.2): by whom, for whom, at which address, until when, in answer to what;
// and only then of whom. The assertion is the provider's own; that it was meant for us, now, is what is checked here.
import type { ProviderAnswer, SamlAnswer, SamlSettings } from '../../../identity/index.ts'
import { answerRefused } from '../provider-failure.ts'
import { ns, texts } from './names.ts'
import { childrenOf, type PlainElement } from './plain-xml.ts'

const skewMs = 60_000
const answerAgeMs = 10 * 60_000
const textCharactersMax = 320
const nameCharactersMax = 120

const emailNames: ReadonlySet<string> = new Set([
  'urn:oid:0.9.2342.19200300.100.1.3',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'email',
  'mail',
])
const nameNames: ReadonlySet<string> = new Set([
  'urn:oid:2.16.840.1.113730.3.1.241',
  'http://schemas.microsoft.com/identity/claims/displayname',
  'displayName',
  'name',
])

const child = (element: PlainElement | undefined, name: string): PlainElement | undefined => childrenOf(element, ns.assertion, name)[0]

/** A moment (XML Schema `dateTime` in UTC, SAML 2.0 Core section 1.3.3) in milliseconds. Throws where it is none. */
export function moment(text: string | undefined, what: string): number {
  const at = text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw answerRefused(`It does not say ${what}.`)
  return at
}

/** Requires that something was made just now. */
export function requireRecent(issuedAt: number, now: number): void {
  if (issuedAt > now + skewMs || issuedAt < now - answerAgeMs) throw answerRefused('It is of another time.')
}

/** Whether an issuer is the provider of a connection. */
export function isOurIssuer({ issuer }: Pick<SamlSettings, 'issuer'>, { text, attributes }: PlainElement): boolean {
  return text.trim() === issuer && (attributes.get('Format') ?? texts.entity) === texts.entity
}

function requireNow(from: number, until: number, now: number): void {
  if (from > now + skewMs) throw answerRefused('It is not good yet.')
  if (until <= now - skewMs) throw answerRefused('Its time is over.')
}

function requireIssuer(settings: SamlSettings, response: PlainElement, assertion: PlainElement): void {
  const around = child(response, 'Issuer')
  const own = childrenOf(assertion, ns.assertion, 'Issuer')
  const isOurs = (one: PlainElement) => isOurIssuer(settings, one)
  if (own.length !== 1 || !own.every(isOurs) || (around !== undefined && !isOurs(around)))
    throw answerRefused('It is of another provider than this connection’s.')
}

/** Where it was sent, and in answer to what. */
function requireAddress({ answerUrl }: SamlSettings, response: PlainElement): void {
  const destination = response.attributes.get('Destination')
  if (destination !== undefined && destination !== answerUrl) throw answerRefused('It was sent to another address.')
}

/** Until when the bearer may show it, at this address, in answer to this question. */
function confirmedUntil({ answerUrl }: SamlSettings, subject: PlainElement, inResponseTo: string | undefined, now: number): number {
  const bearers = childrenOf(subject, ns.assertion, 'SubjectConfirmation').filter((one) => one.attributes.get('Method') === texts.bearer)
  const [only, another] = bearers.flatMap((one) => childrenOf(one, ns.assertion, 'SubjectConfirmationData'))
  if (only === undefined || another !== undefined) throw answerRefused('It is not confirmed for whoever bears it.')
  const { attributes } = only
  if (attributes.get('Recipient') !== answerUrl) throw answerRefused('It is for another recipient.')
  if (attributes.get('InResponseTo') !== inResponseTo) throw answerRefused('It answers another question than the response around it.')
  if (attributes.has('NotBefore')) throw answerRefused('Its confirmation is not built as one of a sign-in.')
  const until = moment(attributes.get('NotOnOrAfter'), 'until when it is good')
  requireNow(now, until, now)
  return until
}

const knownConditions: ReadonlySet<string> = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'])

function requireConditions({ entityId }: SamlSettings, assertion: PlainElement, now: number): number {
  const [conditions, another] = childrenOf(assertion, ns.assertion, 'Conditions')
  if (conditions === undefined || another !== undefined) throw answerRefused('It has no conditions.')
  const unknown = conditions.children.some(({ name, namespace }) => namespace !== ns.assertion || !knownConditions.has(name))
  if (unknown) throw answerRefused('It has a condition that is not known here.')
  const restrictions = childrenOf(conditions, ns.assertion, 'AudienceRestriction')
  const isForUs = (one: PlainElement) => childrenOf(one, ns.assertion, 'Audience').some(({ text }) => text.trim() === entityId)
  if (restrictions.length === 0 || !restrictions.every(isForUs)) throw answerRefused('It was made for somebody else.')
  const before = conditions.attributes.get('NotBefore')
  const until = moment(conditions.attributes.get('NotOnOrAfter'), 'until when its conditions hold')
  requireNow(before === undefined ? now : moment(before, 'from when its conditions hold'), until, now)
  return until
}

/** A text without control characters, and not too long; undefined for any other. */
export const plain = (text: string | undefined, max = textCharactersMax): string | undefined =>
  text !== undefined && text.length <= max && /^\P{Cc}+$/u.test(text) ? text : undefined

function attributeOf(assertion: PlainElement, names: ReadonlySet<string>): string | undefined {
  const all = childrenOf(assertion, ns.assertion, 'AttributeStatement').flatMap((one) => childrenOf(one, ns.assertion, 'Attribute'))
  const values = all
    .filter(({ attributes }) => names.has(attributes.get('Name') ?? ''))
    .flatMap((one) => childrenOf(one, ns.assertion, 'AttributeValue'))
    .map(({ text, children }) => (children.length === 0 ? text.replace(/\s+/g, ' ').trim() : ''))
  // Two that say different things: which one counts would be chosen by whoever can add one.
  return new Set(values).size === 1 ? values[0] : undefined
}

/** Everything that is said of the person, by name; of what is said twice, nothing. */
function claimsOf(assertion: PlainElement): Readonly<Record<string, unknown>> {
  const all = childrenOf(assertion, ns.assertion, 'AttributeStatement').flatMap((one) => childrenOf(one, ns.assertion, 'Attribute'))
  const names = new Set(all.map(({ attributes }) => attributes.get('Name') ?? ''))
  return Object.fromEntries([...names].map((name) => [name, attributeOf(assertion, new Set([name]))]))
}

interface Named {
  readonly subject: string
  readonly isAddress: boolean
  readonly format: string | undefined
}

function nameOf(subject: PlainElement): Named {
  const [id, another] = childrenOf(subject, ns.assertion, 'NameID')
  const name = plain(id?.text.trim())
  if (id === undefined || another !== undefined || name === undefined || id.children.length > 0) throw answerRefused('It names nobody.')
  const format = id.attributes.get('Format')
  if (format === texts.transient) throw answerRefused('It names somebody by a name that is another one each time.')
  return { subject: name, isAddress: format === texts.emailAddress, format: plain(format, 200) }
}

interface Said {
  readonly acr: string | undefined
  readonly authenticatedAt: number
  readonly session: string | undefined
}

function statementOf(assertion: PlainElement, now: number): Said {
  const [statement, another] = childrenOf(assertion, ns.assertion, 'AuthnStatement')
  if (statement === undefined || another !== undefined) throw answerRefused('It does not say that somebody signed in.')
  const at = moment(statement.attributes.get('AuthnInstant'), 'when the person signed in')
  const ends = statement.attributes.get('SessionNotOnOrAfter')
  requireNow(at, ends === undefined ? now : moment(ends, 'until when the session is'), now)
  return {
    acr: plain(child(child(statement, 'AuthnContext'), 'AuthnContextClassRef')?.text.trim(), 200),
    authenticatedAt: Math.min(at, now),
    session: plain(statement.attributes.get('SessionIndex')),
  }
}

/** Checks a verified assertion in its response against the connection that it came to, at `now`. Throws `sign_in_refused`. */
export function answerOf(settings: SamlSettings, response: PlainElement, assertion: PlainElement, now: number): SamlAnswer {
  requireIssuer(settings, response, assertion)
  requireAddress(settings, response)
  const issuedAt = moment(assertion.attributes.get('IssueInstant'), 'when it was made')
  requireRecent(issuedAt, now)
  const [subject, another] = childrenOf(assertion, ns.assertion, 'Subject')
  if (subject === undefined || another !== undefined) throw answerRefused('It names nobody.')
  const inResponseTo = response.attributes.get('InResponseTo')
  const until = Math.min(
    confirmedUntil(settings, subject, inResponseTo, now),
    requireConditions(settings, assertion, now),
    issuedAt + answerAgeMs,
  )
  const { subject: name, isAddress, format } = nameOf(subject)
  const email = plain(attributeOf(assertion, emailNames) ?? (isAddress ? name : undefined))?.toLowerCase()
  const answer: ProviderAnswer = {
    subject: name,
    ...(format === undefined ? {} : { nameFormat: format }),
    email,
    // SAML has no word for it: the provider is the one whom the organization gave its domains to.
    emailVerified: email !== undefined,
    name: plain(attributeOf(assertion, nameNames), nameCharactersMax),
    ...statementOf(assertion, now),
    claims: claimsOf(assertion),
  }
  return { answer, inResponseTo, assertion: assertion.attributes.get('ID') ?? '', until: until + skewMs }
}
