// A real SAML identity provider in this process, on loopback: samlify reads and verifies our requests by our own metadata, and signs and encrypts answers. What an
// answer says, and what becomes of it on the way, is the test's: the provider may lie, and so may whoever holds the browser.
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import * as samlify from 'samlify'
import { metadataOf, pem, type SigningKey, signingKey } from './saml-metadata.ts'

/** What an answer says; every text of it can be another one. */
export interface SamlScript {
  readonly issuer?: string
  readonly nameId?: string
  readonly nameFormat?: string
  readonly email?: string
  readonly audience?: string
  readonly recipient?: string
  readonly destination?: string
  /** Undefined for an answer that nobody asked for. */
  readonly inResponseTo?: string | undefined
  readonly acr?: string
  readonly issuedAt?: number
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly signedInAt?: number
  readonly status?: string
  /** Changes what is about to be signed, and what was. */
  readonly before?: (xml: string) => string
  readonly after?: (xml: string) => string
  readonly isEncrypted?: boolean
  readonly algorithm?: string
  /** Whose key signs; the provider's own where nothing is said. */
  readonly key?: SigningKey
}

/** A provider that is running. */
export interface SamlIdentityProvider {
  readonly entityId: string
  readonly key: SigningKey
  /** What it says of itself, with these certificates; with a page for signing out, where that is asked for. */
  metadata(certificates?: readonly string[], signsOut?: boolean): string
  /** Who is sitting at the browser: the next sign-in is his. */
  script: SamlScript
  /** Takes what we say of ourselves. */
  register(metadata: string): void
  /** Reads a request that a browser was sent with, and verifies its signature; answers what it asks for. */
  asked(url: string): Promise<{ readonly id: string; readonly isForced: boolean; readonly xml: string }>
  /** Reads what a browser was sent with when somebody signed out, and verifies its signature: our own wish, or our answer to the provider's. */
  signedOut(url: string): Promise<{
    readonly nameId: string | undefined
    readonly session: string | undefined
    readonly inResponseTo: string | undefined
    readonly xml: string
  }>
  /** An answer in base64, in reply to a request where one is named. */
  answer(script: SamlScript): Promise<string>
  close(): Promise<void>
}

samlify.setSchemaValidator({ validate: async () => 'not looked at' })

const instant = (at: number): string => new Date(at).toISOString()

function rendered(script: SamlScript, it: { readonly issuer: string; readonly audience: string; readonly recipient: string }): string {
  const now = Date.now()
  const { issuedAt = now, notBefore = now - 5_000, notOnOrAfter = now + 300_000, signedInAt = now } = script
  const answering = script.inResponseTo === undefined ? '' : ` InResponseTo="${script.inResponseTo}"`
  const issuer = `<saml:Issuer>${script.issuer ?? it.issuer}</saml:Issuer>`
  const email =
    script.email === undefined
      ? ''
      : `<saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>${script.email}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${instant(issuedAt)}" Destination="${script.destination ?? it.recipient}"${answering}>` +
    `${issuer}<samlp:Status><samlp:StatusCode Value="${script.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'}"/></samlp:Status>` +
    `<saml:Assertion ID="_${randomUUID()}" Version="2.0" IssueInstant="${instant(issuedAt)}">${issuer}` +
    `<saml:Subject><saml:NameID Format="${script.nameFormat ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'}">${script.nameId ?? 'somebody'}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${instant(notOnOrAfter)}" Recipient="${script.recipient ?? it.recipient}"${answering}/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${instant(notBefore)}" NotOnOrAfter="${instant(notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${script.audience ?? it.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${instant(signedInAt)}" SessionIndex="_s1"><saml:AuthnContext><saml:AuthnContextClassRef>${script.acr ?? 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `${email}</saml:Assertion></samlp:Response>`
  )
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The provider listens on no port.')
  return address.port
}

const algorithm256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** Starts it. Its page signs whoever `script` names in at once, and posts the answer by itself. */
export async function startSamlProvider(): Promise<SamlIdentityProvider> {
  const key = await signingKey()
  let sp: ReturnType<typeof samlify.ServiceProvider> | undefined
  const server = createServer((request, response) => {
    const page = async () => {
      const { id } = await it.asked(`${origin}${request.url ?? ''}`)
      const answer = await it.answer({ ...it.script, inResponseTo: id })
      response.setHeader('content-type', 'text/html')
      response.end(
        `<!doctype html><form method="post" action="${ours()}"><input name="SAMLResponse" value="${answer}"></form><script>document.forms[0].submit()</script>`,
      )
    }
    page().catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  const entityId = `${origin}/metadata`
  const known = () => {
    if (sp === undefined) throw new Error('The provider knows nobody to answer.')
    return sp
  }
  const ours = () => String(known().entityMeta.getAssertionConsumerService('post'))
  const provider = ({ key: signing = key, isEncrypted = false, algorithm = algorithm256 }: SamlScript) =>
    samlify.IdentityProvider({
      entityID: entityId,
      signingCert: pem('CERTIFICATE', signing.certificate),
      privateKey: pem('PRIVATE KEY', signing.privateKey),
      isAssertionEncrypted: isEncrypted,
      requestSignatureAlgorithm: algorithm,
      wantAuthnRequestsSigned: true,
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
      singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: `${origin}/sign-in` }],
      singleLogoutService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: `${origin}/sign-out` }],
    })
  const it: SamlIdentityProvider = {
    entityId,
    key,
    script: {},
    metadata: (certificates = [key.certificate], signsOut = false) =>
      metadataOf(entityId, `${origin}/sign-in`, certificates, signsOut ? `${origin}/sign-out` : undefined),
    register(metadata) {
      sp = samlify.ServiceProvider({ metadata })
    },
    async asked(url) {
      const { searchParams, search } = new URL(url)
      const octetString = search.slice(1).replace(/&Signature=.*$/, '')
      const query = Object.fromEntries(searchParams)
      const { extract, samlContent } = await provider({}).parseLoginRequest(known(), 'redirect', { query, octetString })
      return { id: String(extract.request?.id), isForced: samlContent.includes('ForceAuthn="true"'), xml: samlContent }
    },
    async signedOut(url) {
      const { searchParams, search } = new URL(url)
      const octetString = search.slice(1).replace(/&Signature=.*$/, '')
      const it = { query: Object.fromEntries(searchParams), octetString }
      const isAsked = searchParams.has('SAMLRequest')
      const read = isAsked
        ? provider({}).parseLogoutRequest(known(), 'redirect', it)
        : provider({}).parseLogoutResponse(known(), 'redirect', it)
      const { extract, samlContent } = await read
      const text = (value: unknown) => (value === undefined ? undefined : String(value))
      return {
        nameId: text(extract.nameID),
        session: text(extract.sessionIndex),
        inResponseTo: text(extract.response?.inResponseTo),
        xml: samlContent,
      }
    },
    async answer(script) {
      const recipient = ours()
      const xml = rendered(script, { issuer: entityId, audience: String(known().entityMeta.getEntityID()), recipient })
      const context = (script.before ?? ((text: string) => text))(xml)
      const made = await provider(script).createLoginResponse(known(), { extract: {} }, 'post', {}, () => ({ id: 'unused', context }))
      const text = Buffer.from(made.context, 'base64').toString('utf8')
      return Buffer.from((script.after ?? ((one: string) => one))(text)).toString('base64')
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return it
}
