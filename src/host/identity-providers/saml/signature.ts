// Whether a signature holds (XML Signature 1.1 as SAML 2.0 Core section 5.4 narrows it): over the one element that it lies in, without itself, under one of the keys
// that the provider's metadata named; whatever key or certificate comes along is not looked at. Where the signature lies, what it points at and which algorithms
// it names was checked before (envelope.ts); whoever sent it is hostile until this holds.
import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { canonicalXml } from './canonical-xml.ts'
import { digestAlgorithms, exclusive, ns, signatureAlgorithms } from './names.ts'
import { childrenOf, type PlainElement } from './plain-xml.ts'

const base64 = /^[A-Za-z0-9+/]+={0,2}$/

function bytesIn(element: PlainElement | undefined, name: string): Buffer | undefined {
  const [only, another] = childrenOf(element, ns.signature, name)
  const text = only?.text.replace(/\s+/g, '') ?? ''
  return another === undefined && only?.children.length === 0 && base64.test(text) ? Buffer.from(text, 'base64') : undefined
}

const algorithmOf = (element: PlainElement | undefined): string => element?.attributes.get('Algorithm') ?? ''

/** The prefixes that a method says are to be written wherever they are declared (Exclusive XML Canonicalization section 3). */
function inclusiveOf(method: PlainElement | undefined): readonly string[] {
  const lists = childrenOf(method, exclusive, 'InclusiveNamespaces').map(({ attributes }) => attributes.get('PrefixList') ?? '')
  const prefixes = lists.flatMap((list) => list.split(/\s+/)).filter((prefix) => prefix !== '')
  return prefixes.map((prefix) => (prefix === '#default' ? '' : prefix))
}

function digestHolds(reference: PlainElement | undefined, signature: PlainElement, signed: PlainElement): boolean {
  const [transforms] = childrenOf(reference, ns.signature, 'Transforms')
  const method = childrenOf(transforms, ns.signature, 'Transform').find((one) => algorithmOf(one) === exclusive)
  const digest = digestAlgorithms.get(algorithmOf(childrenOf(reference, ns.signature, 'DigestMethod')[0]))
  const said = bytesIn(reference, 'DigestValue')
  if (method === undefined || digest === undefined || said === undefined) return false
  const found = createHash(digest)
    .update(canonicalXml(signed, { without: signature, inclusive: inclusiveOf(method) }))
    .digest()
  return found.length === said.length && timingSafeEqual(found, said)
}

/** Whether a signature that lies in an element covers all of it but itself, and is of one of these keys. */
export function holds(signature: PlainElement, signed: PlainElement, keys: readonly KeyObject[]): boolean {
  const [info] = childrenOf(signature, ns.signature, 'SignedInfo')
  const [reference] = childrenOf(info, ns.signature, 'Reference')
  const digest = signatureAlgorithms.get(algorithmOf(childrenOf(info, ns.signature, 'SignatureMethod')[0]))
  const value = bytesIn(signature, 'SignatureValue')
  if (info === undefined || digest === undefined || value === undefined) return false
  const [method] = childrenOf(info, ns.signature, 'CanonicalizationMethod')
  const text = Buffer.from(canonicalXml(info, { inclusive: inclusiveOf(method) }))
  return keys.some((key) => verify(digest, text, key, value)) && digestHolds(reference, signature, signed)
}
