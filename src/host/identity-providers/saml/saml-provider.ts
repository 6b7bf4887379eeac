// The service provider of SAML 2.0 (Web Browser SSO profile): asks a provider to sign somebody in, and reads what comes back. Signatures and requests are
// node-saml's; the shape of an answer is checked before it and the meaning after it, because a signature says who wrote something and nothing about where it lies
// or whom it was for.
import type { SAML } from '@node-saml/node-saml'
import type { SamlAnswer, SamlCertificate, SamlProvider, SamlQuestion, SamlSettings } from '../../../identity/index.ts'
import { type Clock, CodedError, fail } from '../../../kernel/index.ts'
import { answerRefused, providerFailed } from '../provider-failure.ts'
import { ownCertificate, pem, readCertificate } from './certificate.ts'
import { answerOf } from './claims.ts'
import { closed } from './decrypt.ts'
import { readEnvelope } from './envelope.ts'
import { readSignOut, signedOutUrl, signOutUrl } from './logout.ts'
import { ownMetadata, readMetadata } from './metadata.ts'
import { readPlainXml } from './plain-xml.ts'

/** The certificates of a provider that are good at a moment, by their own dates. */
function goodAt(certificates: readonly SamlCertificate[], now: number): readonly SamlCertificate[] {
  return certificates.filter(({ notBefore, notAfter }) => Date.parse(notBefore) <= now + 60_000 && now < Date.parse(notAfter))
}

/** The same; throws `provider_failed` where none is. */
function requireGood({ certificates }: SamlSettings, now: number): readonly SamlCertificate[] {
  const good = goodAt(certificates, now)
  if (good.length === 0) throw providerFailed('None of its certificates is good at this time.')
  return good
}

async function clientFor(settings: SamlSettings, now: number, question?: SamlQuestion): Promise<SAML> {
  // Loaded when somebody signs in so: a start does not wait for it.
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml')
  const good = requireGood(settings, now)
  const { acr } = question ?? {}
  return new SAML({
    entryPoint: settings.signInUrl,
    issuer: settings.entityId,
    callbackUrl: settings.answerUrl,
    audience: settings.entityId,
    idpIssuer: settings.issuer,
    idpCert: good.map(({ certificate }) => pem('CERTIFICATE', certificate)),
    privateKey: pem('PRIVATE KEY', settings.privateKey),
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    identifierFormat: null,
    wantAssertionsSigned: true,
    // A signature around the whole is checked where there is one to rely on; the assertion's own is what counts.
    wantAuthnResponseSigned: false,
    // The question is the browser's: it is kept there, sealed, and compared when it comes back.
    validateInResponseTo: ValidateInResponseTo.never,
    // The time is ours (claims.ts), by the clock of the deployment.
    acceptedClockSkewMs: -1,
    forceAuthn: question?.isStepUp ?? false,
    ...(question === undefined ? {} : { generateUniqueId: () => question.id }),
    ...(acr === undefined ? { disableRequestedAuthnContext: true } : { authnContext: [acr], racComparison: 'exact' as const }),
  })
}

/** The text of the assertion that a signature was found to cover. Throws `sign_in_refused`. */
async function verified(client: SAML, xml: string): Promise<string> {
  try {
    const { profile } = await client.validatePostResponseAsync({ SAMLResponse: Buffer.from(xml).toString('base64') })
    const text = profile?.getAssertionXml?.()
    if (typeof text === 'string') return text
  } catch (error) {
    // Its words are about keys and nodes, and may repeat what the provider wrote: of them we only tell one thing from the rest.
    if (error instanceof Error && /audience/i.test(error.message)) throw answerRefused('It was made for somebody else.', error)
    throw answerRefused('Its signature is not one of this provider’s.', error)
  }
  throw answerRefused('Its signature is not one of this provider’s.')
}

async function read(settings: SamlSettings, response: string, now: number): Promise<SamlAnswer> {
  const envelope = readEnvelope(response, settings.privateKey)
  const client = await clientFor(settings, now)
  const text = await verified(client, envelope.xml).catch((error: unknown) => {
    throw envelope.isEncrypted ? closed(error) : error
  })
  const assertion = readPlainXml(text)
  // INVARIANT: what was verified is the one assertion of the envelope, and from here on nothing else is read of whom it speaks.
  if (assertion.name !== 'Assertion' || assertion.attributes.get('ID') !== envelope.assertion.attributes.get('ID'))
    throw answerRefused('Its signature is about something else.')
  return answerOf(settings, envelope.response, assertion, now)
}

/** How many certificates of ours are made at once: a key takes a core for about a second, and whoever asked for it holds a connection of the store meanwhile. */
const madeAtOnceMax = 3

/** Lets few be made at once; one more is refused and not kept waiting. */
function few(): <T>(make: () => Promise<T>) => Promise<T> {
  let making = 0
  return async (make) => {
    if (making >= madeAtOnceMax)
      throw fail('busy', `The server makes ${madeAtOnceMax} certificates already, which is the limit.`, {
        next: 'Try again in a few seconds.',
      })
    making++
    try {
      return await make()
    } finally {
      making--
    }
  }
}

/** Makes it. */
export function createSamlProvider({ clock }: { readonly clock: Clock }): SamlProvider {
  const oneOfFew = few()
  return {
    readMetadata,
    ownMetadata,
    async newCertificate(name) {
      const { certificate, privateKey } = await oneOfFew(() => ownCertificate(name, clock.now()))
      const own = readCertificate(certificate)
      if (own === undefined) throw new Error('Our own certificate cannot be read.')
      return { own, privateKey }
    },
    signInUrl: async (settings, question) =>
      (await clientFor(settings, clock.now(), question)).getAuthorizeUrlAsync(question.relayState ?? '', undefined, {}),
    async read(settings, response) {
      try {
        return await read(settings, response, clock.now())
      } catch (error) {
        if (error instanceof CodedError) throw error
        throw answerRefused('It cannot be read.', error)
      }
    },
    signOutUrl: (settings, wish) => signOutUrl(settings, wish, clock.now()),
    readSignOut: (settings, query) => readSignOut(settings, requireGood(settings, clock.now()), query, clock.now()),
    signedOutUrl: (settings, answer) => signedOutUrl(settings, answer, clock.now()),
  }
}
