// Metadata both ways (SAML 2.0 Metadata): what a provider says of itself, given to us as a text by an administrator, and what we say of ourselves to it. Nothing
// is fetched: an address in metadata is only ever a page that a person's browser is sent to.

import type { SamlCertificate, SamlMetadata, SamlSettings } from '../../../identity/index.ts'
import { fail } from '../../../kernel/index.ts'
import { readCertificate } from './certificate.ts'
import { bindings, ns, texts } from './names.ts'
import { childrenOf, everyElement, type PlainElement, readPlainXml, XmlRefused } from './plain-xml.ts'
import { escaped } from './redirect.ts'

const certificatesMax = 8
const entityCharactersMax = 1024

function refused(detail: string, cause?: unknown): Error {
  return fail('invalid', `This is not the metadata of one identity provider. ${detail}`, { pointer: '/metadata', cause })
}

function rootOf(xml: string): PlainElement {
  try {
    return readPlainXml(xml.trim())
  } catch (error) {
    if (error instanceof XmlRefused) throw refused(error.message, error)
    throw error
  }
}

/** The one entity that is an identity provider: the root, or among those of a root that holds several. */
function providerIn(root: PlainElement): { entity: PlainElement; role: PlainElement } {
  const entities = root.name === 'EntitiesDescriptor' ? childrenOf(root, ns.metadata, 'EntityDescriptor') : [root]
  const found = entities.flatMap((entity) => {
    if (entity.name !== 'EntityDescriptor' || entity.namespace !== ns.metadata) return []
    return childrenOf(entity, ns.metadata, 'IDPSSODescriptor').map((role) => ({ entity, role }))
  })
  const [only, another] = found
  if (only === undefined || another !== undefined) throw refused('It has to describe exactly one identity provider of SAML 2.0.')
  return only
}

function locationOf(role: PlainElement, service: string, name: 'Location' | 'ResponseLocation' = 'Location'): string | undefined {
  const at = childrenOf(role, ns.metadata, service).find((one) => one.attributes.get('Binding') === bindings.redirect)
  return at?.attributes.get(name)
}

const loopbackNames = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** A page of the provider's: https, or http on this machine. */
function pageOf(text: string | undefined, what: string): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  const isPage = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackNames.has(url.hostname))
  if (url === null || !isPage || text.length > 500 || url.username !== '' || url.hash !== '')
    throw refused(`Its ${what} is no page behind TLS.`)
  return url.href
}

/** The certificates that it signs with: those for signing, and those for everything. */
function certificatesIn(role: PlainElement): readonly SamlCertificate[] {
  const signing = childrenOf(role, ns.metadata, 'KeyDescriptor').filter((key) => (key.attributes.get('use') ?? 'signing') === 'signing')
  const held = signing.flatMap((key) =>
    [...everyElement(key)].filter((one) => one.name === 'X509Certificate' && one.namespace === ns.signature),
  )
  if (held.length === 0 || held.length > certificatesMax) throw refused(`It has to hold 1 to ${certificatesMax} certificates to sign with.`)
  const read = held.map(({ text }) => readCertificate(text))
  const usable = read.filter((one) => one !== undefined)
  if (usable.length !== read.length) throw refused('One of its certificates cannot be read, or has no RSA key of 2,048 bits.')
  return usable.filter(({ sha256 }, at) => usable.findIndex((one) => one.sha256 === sha256) === at)
}

/** Reads a provider's metadata, which is hostile. Throws `invalid`. */
export function readMetadata(xml: string): SamlMetadata {
  const { entity, role } = providerIn(rootOf(xml))
  const issuer = entity.attributes.get('entityID') ?? ''
  if (issuer === '' || issuer.length > entityCharactersMax) throw refused('It has no entity id of at most 1,024 characters.')
  if (!(role.attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/).includes(ns.protocol))
    throw refused('It does not speak SAML 2.0.')
  const signInUrl = pageOf(locationOf(role, 'SingleSignOnService'), 'sign-in page')
  if (signInUrl === undefined) throw refused('It names no sign-in page for the HTTP-Redirect binding.')
  const signOutUrl = pageOf(locationOf(role, 'SingleLogoutService'), 'sign-out page')
  const signOutAnswerUrl = pageOf(locationOf(role, 'SingleLogoutService', 'ResponseLocation'), 'sign-out page')
  return { issuer, signInUrl, signOutUrl, signOutAnswerUrl, certificates: certificatesIn(role) }
}

const keyDescriptor = (use: 'signing' | 'encryption', certificate: string): string =>
  `<md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
  `${use === 'encryption' ? `<md:EncryptionMethod Algorithm="${ns.encryption11}aes256-gcm"/><md:EncryptionMethod Algorithm="${ns.encryption}rsa-oaep-mgf1p"/>` : ''}</md:KeyDescriptor>`

/** What we say of ourselves to one provider: an entity of its own for each connection, so that no answer to one counts for another. */
export function ownMetadata({
  entityId,
  answerUrl,
  signOutAddress,
  ownCertificate,
}: Pick<SamlSettings, 'entityId' | 'answerUrl' | 'signOutAddress' | 'ownCertificate'>): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor xmlns:md="${ns.metadata}" xmlns:ds="${ns.signature}" entityID="${escaped(entityId)}">`,
    `<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="${ns.protocol}">`,
    keyDescriptor('signing', ownCertificate),
    keyDescriptor('encryption', ownCertificate),
    `<md:SingleLogoutService Binding="${bindings.redirect}" Location="${escaped(signOutAddress)}"/>`,
    '<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>',
    `<md:NameIDFormat>${texts.emailAddress}</md:NameIDFormat>`,
    `<md:AssertionConsumerService index="0" isDefault="true" Binding="${bindings.post}" Location="${escaped(answerUrl)}"/>`,
    '</md:SPSSODescriptor>',
    '</md:EntityDescriptor>',
    '',
  ].join('\n')
}
