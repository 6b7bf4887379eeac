// The service provider of SAML 2.0 (Web Browser SSO profile): asks a provider to sign somebody in, and reads what comes back. The shape of an answer is checked
// before its signature and the meaning after it, because a signature says who wrote something and nothing about where it lies or whom it was for. Whatever is taken
// here @node-saml/node-saml takes as well, and reads alike: the tests hold the two against each other (oracle.test.ts).
import type { SamlAnswer, SamlCertificate, SamlProvider, SamlSettings } from '../../../identity/index.ts'
import { type Clock, CodedError, fail } from '../../../kernel/index.ts'
import { answerRefused, providerFailed } from '../provider-failure.ts'
import { ownCertificate, publicKeyOf, readCertificate } from './certificate.ts'
import { answerOf } from './claims.ts'
import { closed } from './decrypt.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { readSignOut, signedOutUrl, signOutUrl } from './logout.ts'
import { ownMetadata, readMetadata } from './metadata.ts'
import { signInUrl } from './redirect.ts'
import { holds } from './signature.ts'

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

/** Requires that the provider signed the assertion of an answer. Throws `sign_in_refused`. */
function requireSigned(settings: SamlSettings, { signature, assertion, isEncrypted }: Envelope, now: number): void {
  const keys = requireGood(settings, now).map(({ certificate }) => publicKeyOf(certificate))
  try {
    if (!holds(signature, assertion, keys)) throw answerRefused('Its signature is not one of this provider’s.')
  } catch (error) {
    throw isEncrypted ? closed(error) : error
  }
}

function read(settings: SamlSettings, response: string, now: number): SamlAnswer {
  const envelope = readEnvelope(response, settings.privateKey)
  requireSigned(settings, envelope, now)
  // INVARIANT: what is read is what was signed, the very same elements.
  return answerOf(settings, envelope.response, envelope.assertion, now)
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
    async signInUrl(settings, question) {
      const now = clock.now()
      // What the provider will answer could not be verified.
      requireGood(settings, now)
      return signInUrl(settings, question, now)
    },
    async read(settings, response) {
      try {
        return read(settings, response, clock.now())
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
