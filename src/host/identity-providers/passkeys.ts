// Checks what devices say of passkeys (WebAuthn level 3 sections 7.1 and 7.2) by @simplewebauthn/server. The browser hands it on, so all of it is hostile until the
// signature holds; no attestation is asked for, because who made a device decides nothing here.
import type { NewPasskey, PasskeyPlace, Passkeys, UsedPasskey } from '../../identity/index.ts'
import { fail } from '../../kernel/index.ts'

/** Algorithms of COSE (RFC 9053): ES256, EdDSA, RS256. */
const algorithms = [-7, -8, -257]

function refused(cause?: unknown): Error {
  return fail('sign_in_refused', 'What the device said does not hold.', { next: 'Begin again.', cause })
}

/** The library's words may repeat what the device said. */
async function coded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw refused(error)
  }
}

/** What the browser says of the page that asked: never from within another site's page (WebAuthn level 3 section 13.4.9). */
function requireOwnPage(clientDataJSON: string): void {
  const said: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))
  if (typeof said !== 'object' || said === null || Reflect.get(said, 'crossOrigin') === true) throw refused()
}

const shared = { type: 'public-key', clientExtensionResults: {} } as const

function expected({ origin, rpId }: PasskeyPlace, challenge: string) {
  return { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true }
}

async function register(place: PasskeyPlace, challenge: string, { id, clientDataJSON, attestationObject, transports }: NewPasskey) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  requireOwnPage(clientDataJSON)
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { ...shared, id, rawId: id, response: { clientDataJSON, attestationObject } },
    ...expected(place, challenge),
    supportedAlgorithmIDs: algorithms,
  })
  if (!verified || registrationInfo.fmt !== 'none') throw refused()
  const { credential, credentialBackedUp } = registrationInfo
  return {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports,
    isSynced: credentialBackedUp,
  }
}

async function check(place: PasskeyPlace, challenge: string, used: UsedPasskey, publicKey: Uint8Array) {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { id, clientDataJSON, authenticatorData, signature } = used
  requireOwnPage(clientDataJSON)
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...shared, id, rawId: id, response: { clientDataJSON, authenticatorData, signature } },
    ...expected(place, challenge),
    // A counter that went back is for the caller to see: it says that there are two of this key.
    credential: { id, publicKey: Uint8Array.from(publicKey), counter: 0 },
  })
  if (!verified) throw refused()
  return { counter: authenticationInfo.newCounter, isSynced: authenticationInfo.credentialBackedUp }
}

/** Makes it. */
export function createPasskeys(): Passkeys {
  return {
    register: (place, challenge, made) => coded(() => register(place, challenge, made)),
    check: (place, challenge, used, publicKey) => coded(() => check(place, challenge, used, publicKey)),
  }
}
