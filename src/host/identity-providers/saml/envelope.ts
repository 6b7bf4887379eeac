// The envelope of an answer (SAML 2.0 Core section 3.3.3) before anybody checks its signature: one response, with one assertion in the one place where it may be,
// whose signature covers it and nothing else. What a signature-wrapping attack moves, doubles or hides (Somorovsky et al. 2012) has no place to be here, so that
// what is verified and what is read afterwards are one and the same.
import { answerRefused } from '../provider-failure.ts'
import { closed, openAssertion } from './decrypt.ts'
import { digestAlgorithms, exclusive, ns, signatureAlgorithms, texts, transforms } from './names.ts'
import { childrenOf, everyElement, type PlainElement, readPlainXml, XmlRefused } from './plain-xml.ts'

/** The most bytes of an answer, as it comes in a form. */
export const answerBytesMax = 262_144
/** The most elements of an answer: whoever sends one makes us look for what its signature covers before anybody knows whether that one holds. */
const answerElementsMax = 1_500

/** An answer whose shape holds; nothing in it is true yet. */
export interface Envelope {
  readonly response: PlainElement
  readonly assertion: PlainElement
  /** The assertion's own signature, which lies in it. */
  readonly signature: PlainElement
  /** Whether it came encrypted: then nothing is told of what was found in it before its signature held. */
  readonly isEncrypted: boolean
}

function read(xml: string): PlainElement {
  try {
    return readPlainXml(xml, answerElementsMax)
  } catch (error) {
    if (error instanceof XmlRefused) throw answerRefused(error.message, error)
    throw error
  }
}

function decoded(base64: string): string {
  const text = base64.replace(/[\r\n\t ]/g, '')
  if (text.length > answerBytesMax) throw answerRefused(`It is longer than ${answerBytesMax} bytes.`)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw answerRefused('It is not base64.')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64'))
  } catch (error) {
    throw answerRefused('It is not UTF-8.', error)
  }
}

const isSignature = ({ name }: PlainElement): boolean => name === 'Signature'
const isAssertion = ({ name }: PlainElement): boolean => name === 'Assertion' || name === 'EncryptedAssertion'

/** Whatever calls itself an assertion, anywhere: exactly one, directly in the response. */
function onlyAssertion(response: PlainElement): PlainElement {
  const [only, another] = [...everyElement(response)].filter(isAssertion)
  if (only === undefined || another !== undefined || only.parent !== response || only.namespace !== ns.assertion)
    throw answerRefused('It does not hold one assertion in its place.')
  return only
}

const cut = (xml: string, { start, end }: PlainElement, instead = ''): string => xml.slice(0, start) + instead + xml.slice(end)

/** Opens the assertion in its place. A signature around it then covers what nobody reads, and goes: the one within counts. */
function inTheOpen(xml: string, response: PlainElement, sealed: PlainElement, privateKey: string): string {
  const around = response.children.filter(isSignature)
  const changes = [{ at: sealed, instead: openAssertion(sealed, privateKey) }, ...around.map((at) => ({ at, instead: '' }))]
  return changes.sort((a, b) => b.at.start - a.at.start).reduce((text, { at, instead }) => cut(text, at, instead), xml)
}

/** Ids are what signatures point with: two of one name would let it point at either. */
function requireUniqueIds(response: PlainElement): void {
  const seen = new Set<string>()
  for (const { attributes } of everyElement(response))
    for (const [name, id] of attributes) {
      if (!/^(?:\w+:)?id$/i.test(name)) continue
      if (seen.has(id)) throw answerRefused('It uses an id twice.')
      seen.add(id)
    }
}

const algorithmsIn = (element: PlainElement | undefined, name: string): readonly string[] =>
  childrenOf(element, ns.signature, name).map(({ attributes }) => attributes.get('Algorithm') ?? '')

const isOnly = (found: readonly string[], allowed: Pick<ReadonlySet<string>, 'has'>): boolean =>
  found.length === 1 && found.every((one) => allowed.has(one))

function requireAlgorithms(info: PlainElement, reference: PlainElement): void {
  const used = childrenOf(reference, ns.signature, 'Transforms').flatMap((list) => algorithmsIn(list, 'Transform'))
  const holds =
    isOnly(algorithmsIn(info, 'SignatureMethod'), signatureAlgorithms) &&
    isOnly(algorithmsIn(reference, 'DigestMethod'), digestAlgorithms) &&
    isOnly(algorithmsIn(info, 'CanonicalizationMethod'), new Set([exclusive])) &&
    used.length === transforms.length &&
    used.every((one, at) => one === transforms[at])
  if (!holds) throw answerRefused('It is signed in a way that is not strong enough, or not meant for this.')
}

/** A signature lies in what it signs, points at it by its id, and holds nothing but what a signature needs (SAML 2.0 Core section 5.4). */
function requireFitting(signature: PlainElement, signed: PlainElement): void {
  const [info, ...infos] = childrenOf(signature, ns.signature, 'SignedInfo')
  const [reference, ...references] = childrenOf(info, ns.signature, 'Reference')
  const known = new Set(['SignedInfo', 'SignatureValue', 'KeyInfo'])
  if (
    info === undefined ||
    reference === undefined ||
    infos.length + references.length > 0 ||
    !signature.children.every(({ name }) => known.has(name))
  )
    throw answerRefused('Its signature is not built as one of SAML.')
  const id = signed.attributes.get('ID') ?? ''
  if (id === '' || reference.attributes.get('URI') !== `#${id}`) throw answerRefused('Its signature is about something else.')
  requireAlgorithms(info, reference)
}

/** Every signature in its place; the assertion's own is answered. */
function requireSignatures(response: PlainElement, assertion: PlainElement): PlainElement {
  const places = new Map<PlainElement | undefined, PlainElement>()
  for (const signature of [...everyElement(response)].filter(isSignature)) {
    const { parent, namespace } = signature
    if (namespace !== ns.signature || (parent !== response && parent !== assertion) || places.has(parent))
      throw answerRefused('It has a signature where none may be.')
    places.set(parent, signature)
    requireFitting(signature, parent)
  }
  const own = places.get(assertion)
  if (own === undefined) throw answerRefused('Its assertion is not signed.')
  return own
}

/** Reads an answer as it came in a form; it is hostile. Throws `sign_in_refused`. */
export function readEnvelope(base64: string, privateKey: string): Envelope {
  const came = decoded(base64)
  const outer = read(came)
  if (outer.name !== 'Response' || outer.namespace !== ns.protocol) throw answerRefused('It is no response of SAML 2.0.')
  const status = childrenOf(childrenOf(outer, ns.protocol, 'Status')[0], ns.protocol, 'StatusCode')[0]
  if (status?.attributes.get('Value') !== texts.success) throw answerRefused('The provider said that nobody was signed in.')
  const sealed = onlyAssertion(outer)
  if (sealed.name === 'Assertion') return checked(came)
  try {
    return { ...checked(inTheOpen(came, outer, sealed, privateKey)), isEncrypted: true }
  } catch (error) {
    throw closed(error)
  }
}

/** Checks the shape of an answer in the open. */
function checked(xml: string): Envelope {
  const response = read(xml)
  const assertion = onlyAssertion(response)
  if (assertion.name !== 'Assertion') throw answerRefused('It does not hold one assertion in its place.')
  requireUniqueIds(response)
  return { response, assertion, signature: requireSignatures(response, assertion), isEncrypted: false }
}
