// What a SAML identity provider says of itself, for tests: by a name, a page and its certificates.
import { ownCertificate } from '../../src/host/identity-providers/saml/certificate.ts'

/** A key to sign with, and its certificate: base64 of DER. */
export interface SigningKey {
  readonly certificate: string
  readonly privateKey: string
}

/** Base64 of DER as PEM. */
export function pem(label: 'CERTIFICATE' | 'PRIVATE KEY', base64: string): string {
  return `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, '$&\n').trim()}\n-----END ${label}-----\n`
}

/** A key of a size that providers use. */
export const signingKey = (): Promise<SigningKey> => ownCertificate('a provider', Date.now(), 2_048)

/** The metadata of a provider; `signOut` is its page for that, where it has one. */
export function metadataOf(entityId: string, page: string, certificates: readonly string[], signOut?: string): string {
  const keys = certificates.map(
    (one) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${one}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  const redirect = 'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
  const out = signOut === undefined ? '' : `<md:SingleLogoutService ${redirect} Location="${signOut}"/>`
  return (
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}">` +
    '<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
    `${keys.join('')}${out}<md:SingleSignOnService ${redirect} Location="${page}"/></md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

let sampleKey: Promise<SigningKey> | undefined

/** The metadata of a provider that nobody signs in through, of this name. */
export async function sampleMetadata(name: string): Promise<string> {
  sampleKey ??= signingKey()
  return metadataOf(`https://${name}.example/metadata`, `https://${name}.example/sign-in`, [(await sampleKey).certificate])
}
