// DSSE: bytes, what they are, and a signature over both. The payload type is signed along, so that no bytes can be taken for another kind.
// What is read here is attacker-controlled until `verifyEnvelope` returns; a key id inside of an envelope is not signed and proves nothing.
import { z } from 'zod'
import { base64, CodedError, canonicalBytes, concat, fail, fromBase64, utf8 } from '../../kernel/index.ts'
import { derFromRaw, rawFromDer } from './ecdsa-der.ts'
import { readAs } from './read-json.ts'
import type { Statement } from './statement.ts'
import { statementPayloadType } from './statement.ts'

/** The largest payload that is made or read, in bytes. */
export const payloadBytesMax = 1024 * 1024
const keysMax = 32

const keyid = z.string().max(256)

/** A DSSE envelope with exactly one signature, as a Sigstore bundle demands (two approvers make two envelopes). */
export const Envelope = z.object({
  payloadType: z.string().min(1).max(256),
  payload: z.string().max(Math.ceil(payloadBytesMax / 3) * 4),
  signatures: z.tuple([z.object({ sig: z.string().min(1).max(128), keyid: keyid.optional() })]),
})

/** A DSSE envelope with one signature. */
export type Envelope = z.output<typeof Envelope>

/** Signs attestations with ECDSA P-256 and SHA-256; answers raw r and s, 64 bytes. */
export interface AttestationSigner {
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array
  /**
   * What goes into the envelope as `keyid`: nothing, or `SHA256:` and the key's OpenSSH fingerprint. Verifiers built on go-securesystemslib skip a
   * signature whose key id is not the one that they computed.
   */
  readonly keyid?: string
}

/** A key that the caller trusts for attestations. */
export interface AttestationKey {
  /** Our name of the key: told to the caller when it fits, and the hint in a bundle. */
  readonly id: string
  /** Whether a raw 64-byte signature over bytes is by this key. Answers false, and does not throw, for a signature that is out of range. */
  readonly verify: (bytes: Uint8Array, signature: Uint8Array) => boolean
}

/** A payload whose signature holds. */
export interface VerifiedPayload {
  readonly payload: Uint8Array
  readonly keyId: string
}

/** Pre-authentication encoding: what a DSSE signature covers (DSSE v1 protocol, "signature definition"). */
export function preAuthentication(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType)
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload)
}

/** Signs a statement's canonical bytes. Throws `too_large` over 1 MiB. */
export async function signStatement(statement: Statement, signer: AttestationSigner): Promise<Envelope> {
  const { keyid: id = '' } = signer
  if (!/^(SHA256:[A-Za-z0-9+/]{43})?$/.test(id)) throw new Error('The key id of an envelope is empty or an OpenSSH fingerprint.')
  const payload = canonicalBytes(statement)
  if (payload.length > payloadBytesMax) throw fail('too_large', `A statement has at most ${payloadBytesMax} bytes.`)
  const signature = await signer.sign(preAuthentication(statementPayloadType, payload))
  return { payload: base64(payload), payloadType: statementPayloadType, signatures: [{ keyid: id, sig: base64(derFromRaw(signature)) }] }
}

/**
 * Verifies an envelope: its payload type, its one signature, by one of the keys. Answers the payload, which still may be about anything: use
 * `verifyAttestation`. Throws `attestation_malformed`, `attestation_signature`.
 */
export function verifyEnvelope(
  value: unknown,
  keys: readonly AttestationKey[],
  payloadType: string = statementPayloadType,
): VerifiedPayload {
  if (keys.length > keysMax) throw new Error(`At most ${keysMax} keys are tried.`)
  const envelope = readAs('envelope', Envelope, value)
  if (envelope.payloadType !== payloadType) throw fail('attestation_malformed', 'The envelope holds another kind of payload.')
  const payload = decode('payload', envelope.payload)
  const signature = rawFromDer(decode('signature', envelope.signatures[0].sig))
  const signed = preAuthentication(payloadType, payload)
  const key = keys.find((candidate) => candidate.verify(signed, signature) === true)
  if (key === undefined) throw fail('attestation_signature', 'The attestation is signed by none of the keys that are trusted here.')
  return { payload, keyId: key.id }
}

function decode(what: string, text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch (error) {
    if (error instanceof CodedError) throw fail('attestation_malformed', `The ${what} of the envelope is not base64.`, { cause: error })
    throw error
  }
}
