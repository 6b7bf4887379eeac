// Passkeys in this browser (WebAuthn level 3): what the server asks for goes to the device, and what the device says goes back, all of it bytes in base64url. Nothing
// is judged here. A passkey belongs to a name: on a page that was reached by an address there can be none.
import { call } from './call.ts'
import { ownProblem, Problem } from './problem.ts'
import { ask, signInAt } from './session.ts'

/** Whether this browser, on this page, can have passkeys. */
export function canHavePasskeys(): boolean {
  return 'PublicKeyCredential' in window && !/^\[|^[\d.]+$/.test(window.location.hostname)
}

const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
const toText = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

function notDone(error: unknown): Problem {
  if (error instanceof Problem) return error
  const isThere = error instanceof DOMException && error.name === 'InvalidStateError'
  const detail = isThere
    ? 'This device has a passkey of yours here already.'
    : 'The device made or used no passkey, or nobody answered it in time.'
  return ownProblem('network', detail, isThere ? 'Use that one.' : 'Try again, or sign in another way.')
}

/** Asks the device. Throws a `Problem`. */
async function fromDevice(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const answer = await ask()
    if (answer instanceof PublicKeyCredential) return answer
  } catch (error) {
    throw notDone(error)
  }
  throw notDone(undefined)
}

const isAsked = (value: unknown): value is { challenge: string; rpId: string } =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'challenge') === 'string' &&
  typeof Reflect.get(value, 'rpId') === 'string'

/** Signs in with a passkey that the device finds by itself. Throws a `Problem`. */
export async function signInByPasskey(): Promise<void> {
  const asked = await ask('/console/session/passkey/begin', {})
  if (!isAsked(asked)) throw ownProblem('unreadable', 'The server asked for no passkey.', 'Load the page again.')
  const { id, response } = await fromDevice(() =>
    navigator.credentials.get({ publicKey: { challenge: toBytes(asked.challenge), rpId: asked.rpId, userVerification: 'required' } }),
  )
  if (!(response instanceof AuthenticatorAssertionResponse)) throw notDone(undefined)
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  await signInAt('/console/session/passkey', {
    id,
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle === null ? '' : toText(userHandle),
  })
}

/** Signs in with a recovery code. Throws a `Problem`. */
export function signInByCode(organization: string, code: string): Promise<void> {
  return signInAt('/console/session/recovery', { organization: organization.trim(), code: code.trim() })
}

/** Makes a passkey of one's own under this name. Throws a `Problem`. */
export async function makePasskey(name: string): Promise<void> {
  const { challenge, rpId, user, exclude, state } = await call('passkey:offer', {})
  const { id, response } = await fromDevice(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: toBytes(challenge),
        rp: { id: rpId, name: 'Twinlock' },
        user: { ...user, id: toBytes(user.id) },
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key' as const, alg })),
        excludeCredentials: exclude.map((one) => ({ type: 'public-key' as const, id: toBytes(one) })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
      },
    }),
  )
  if (!(response instanceof AuthenticatorAttestationResponse)) throw notDone(undefined)
  const answer = {
    id,
    clientDataJSON: toText(response.clientDataJSON),
    attestationObject: toText(response.attestationObject),
    transports: response.getTransports(),
  }
  await call('passkey:add', { name, state, answer })
}
