// The names of SAML 2.0, XML Signature and XML Encryption that we read and write, and the algorithms that we believe. What is not in these lists is refused:
// SHA-1, HMAC, RSA with PKCS#1 v1.5 for keys, and every transform but the two that SAML needs.

/** Namespaces. */
export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  encryption11: 'http://www.w3.org/2009/xmlenc11#',
} as const

/** Bindings (SAML 2.0 Bindings sections 3.4 and 3.5). */
export const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
} as const

/** Fixed texts of the protocol. */
export const texts = {
  success: 'urn:oasis:names:tc:SAML:2.0:status:Success',
  bearer: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
  entity: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity',
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  element: 'http://www.w3.org/2001/04/xmlenc#Element',
} as const

type Hash = 'sha256' | 'sha512'

/** What we sign with. */
export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** Signature algorithms that count (RFC 9231), with what each hashes by. */
export const signatureAlgorithms: ReadonlyMap<string, Hash> = new Map([
  [rsaSha256, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'sha512'],
])

/** Digest algorithms that count. */
export const digestAlgorithms: ReadonlyMap<string, Hash> = new Map([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
])

/** How signed information is written out, and nothing else; also the namespace of what a method says beside it. */
export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** The transforms of a signed reference, in their order (SAML 2.0 Core section 5.4.4): without the signature, then written out. */
export const transforms: readonly string[] = ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusive]
