// A sign-out as a SAML provider sends it with a browser (SAML 2.0 Bindings section 3.4), written by hand, so that every part of it can be another one.
import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { pem, type SigningKey } from './saml-metadata.ts'

/** What it says. */
export interface SignOutScript {
  readonly issuer: string
  readonly destination: string
  readonly subject?: string
  readonly sessions?: readonly string[]
  readonly id?: string
  readonly issuedAt?: number
  readonly notOnOrAfter?: number
  readonly relayState?: string
  readonly algorithm?: string
  /** Changes the message before it is signed, and the query after it was. */
  readonly before?: (xml: string) => string
  readonly after?: (query: string) => string
}

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** The query that a browser brings. */
export function signOutQuery({ privateKey }: SigningKey, it: SignOutScript): string {
  const { issuedAt = Date.now(), id = `_${randomUUID()}`, subject = 'u-1', sessions = [], algorithm = rsaSha256 } = it
  const until = it.notOnOrAfter === undefined ? '' : ` NotOnOrAfter="${new Date(it.notOnOrAfter).toISOString()}"`
  const xml =
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0"` +
    ` IssueInstant="${new Date(issuedAt).toISOString()}" Destination="${it.destination}"${until}><saml:Issuer>${it.issuer}</saml:Issuer>` +
    `<saml:NameID>${subject}</saml:NameID>${sessions.map((one) => `<samlp:SessionIndex>${one}</samlp:SessionIndex>`).join('')}</samlp:LogoutRequest>`
  const message = deflateRawSync((it.before ?? ((one: string) => one))(xml)).toString('base64')
  const relay = it.relayState === undefined ? '' : `&RelayState=${encodeURIComponent(it.relayState)}`
  const signed = `SAMLRequest=${encodeURIComponent(message)}${relay}&SigAlg=${encodeURIComponent(algorithm)}`
  const digest = algorithm.endsWith('sha1') ? 'sha1' : 'sha256'
  const signature = sign(digest, Buffer.from(signed), createPrivateKey(pem('PRIVATE KEY', privateKey))).toString('base64')
  return (it.after ?? ((one: string) => one))(`${signed}&Signature=${encodeURIComponent(signature)}`)
}
