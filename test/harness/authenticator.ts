// A device that holds passkeys, by hand: it makes ES256 keys and signs what it is asked to (WebAuthn level 3 sections 6 and 7), and lies about any of it where a test
// says so. Its attestation is `none`, as it is with every device that our console asks.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { Act } from './acting.ts'

/** A passkey in the device. */
export interface HeldPasskey {
  readonly id: string
  readonly userHandle: string
  readonly privateKey: KeyObject
  counter: number
}

/** Where the browser is, and what the device does otherwise than it should. */
export interface Ceremony {
  readonly origin: string
  readonly rpId: string
  readonly challenge: string
  readonly isVerified?: boolean
  readonly isPresent?: boolean
  readonly crossOrigin?: boolean
  readonly type?: string
}

const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest()

// The few forms of CBOR (RFC 8949) that are needed: integers of one byte, byte strings, texts and maps.
const head = (major: number, length: number): Buffer =>
  length < 24
    ? Buffer.of((major << 5) | length)
    : length < 256
      ? Buffer.of((major << 5) | 24, length)
      : Buffer.of((major << 5) | 25, length >> 8, length & 255)
const integer = (value: number): Buffer => (value >= 0 ? head(0, value) : head(1, -1 - value))
const bytes = (value: Buffer): Buffer => Buffer.concat([head(2, value.length), value])
const text = (value: string): Buffer => Buffer.concat([head(3, value.length), Buffer.from(value)])
const map = (...pairs: readonly Buffer[]): Buffer => Buffer.concat([head(5, pairs.length / 2), ...pairs])

const client = (type: string, { origin, challenge, crossOrigin = false, type: said = type }: Ceremony): string =>
  Buffer.from(JSON.stringify({ type: said, challenge, origin, crossOrigin })).toString('base64url')

function authenticatorData({ rpId, isVerified = true, isPresent = true }: Ceremony, counter: number, made = Buffer.alloc(0)): Buffer {
  const flags = (isPresent ? 1 : 0) | (isVerified ? 4 : 0) | (made.length > 0 ? 0x40 : 0)
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(rpId), Buffer.of(flags), count, made])
}

/** Makes a passkey; answers it, and what the browser hands on. */
export function makePasskey(ceremony: Ceremony, userHandle: string, counter = 0) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const cose = map(
    ...[integer(1), integer(2), integer(3), integer(-7), integer(-1), integer(1)],
    ...[integer(-2), bytes(Buffer.from(x, 'base64url')), integer(-3), bytes(Buffer.from(y, 'base64url'))],
  )
  const id = randomBytes(32)
  const made = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, cose])
  const attestation = map(
    text('fmt'),
    text('none'),
    text('attStmt'),
    map(),
    text('authData'),
    bytes(authenticatorData(ceremony, counter, made)),
  )
  const held: HeldPasskey = { id: id.toString('base64url'), userHandle, privateKey, counter }
  const answer = {
    id: held.id,
    clientDataJSON: client('webauthn.create', ceremony),
    attestationObject: attestation.toString('base64url'),
    transports: ['internal'],
  }
  return { held, answer }
}

/** Signs with a passkey; its counter grows where the device counts. */
export function signWithPasskey(held: HeldPasskey, ceremony: Ceremony) {
  if (held.counter > 0) held.counter++
  const clientDataJSON = client('webauthn.get', ceremony)
  const data = authenticatorData(ceremony, held.counter)
  const signature = sign('sha256', Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]), held.privateKey)
  return {
    id: held.id,
    clientDataJSON,
    authenticatorData: data.toString('base64url'),
    signature: signature.toString('base64url'),
    userHandle: held.userHandle,
  }
}

/** Adds a passkey to whoever acts; answers its id here, and what the device holds. */
export async function addPasskey(act: Act, origin: string, counter = 0): Promise<{ readonly id: string; readonly held: HeldPasskey }> {
  const offer = await act('passkey:offer', {})
  const { challenge, rpId, state, user } = offer as { challenge: string; rpId: string; state: string; user: { id: string } } // the action's output
  const { held, answer } = makePasskey({ origin, rpId, challenge }, user.id, counter)
  const { id } = await act('passkey:add', { name: 'A key', state, answer })
  return { id: String(id), held }
}
