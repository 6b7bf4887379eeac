// What each type of signature signs, and how it is made and checked: type 01 signs the text of a note as it is, type 04 is a witness that signs it
// with the time of its observation (C2SP signed-note; tlog-cosignature, "Ed25519 signed message"). Signature bytes are attacker-controlled.
import { concatBytes, utf8 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import type { NoteSignature } from './note.ts'
import type { Ed25519Sign, Ed25519Verify } from './ports.ts'
import { SIGNATURE_TYPE, type VerifierKey } from './verifier-key.ts'

/** A key that can sign notes: what others trust it as, and the opaque signer that holds its private half. */
export interface NoteSigner {
  readonly key: VerifierKey
  readonly sign: Ed25519Sign
}

/** A signature that was verified: by which key and, for a witness, at which POSIX second it says that it saw the checkpoint. */
export interface VerifiedSignature {
  readonly key: VerifierKey
  readonly seenAtSeconds?: number
}

const ED25519_BYTES = 64
const TIME_BYTES = 8

/** Signs a note's text with a log's key (type 01); throws `key-type-unsupported` for a witness's key. */
export function signText({ key, sign }: NoteSigner, text: string): NoteSignature {
  assertType(key, SIGNATURE_TYPE.ed25519)
  return { name: key.name, keyId: key.keyId, signature: sign(utf8(text)) }
}

/**
 * Signs a checkpoint's text as a witness (type 04) that saw it at `seenAtSeconds`; throws `key-type-unsupported`, or `note-malformed` for a
 * time that is no POSIX second. The text must be a checkpoint that the witness found consistent with all that it signed before.
 */
export function cosignText({ key, sign }: NoteSigner, text: string, seenAtSeconds: number): NoteSignature {
  assertType(key, SIGNATURE_TYPE.cosignatureV1)
  if (!Number.isSafeInteger(seenAtSeconds) || seenAtSeconds < 0) {
    throw new LedgerError('note-malformed', `\`${seenAtSeconds}\` is not a time in whole seconds since 1970.`)
  }
  const time = new Uint8Array(TIME_BYTES)
  new DataView(time.buffer).setBigUint64(0, BigInt(seenAtSeconds))
  return { name: key.name, keyId: key.keyId, signature: concatBytes([time, sign(cosignedMessage(text, seenAtSeconds))]) }
}

/** Checks one signature of a note's text against the key that it names; throws `signature-invalid`. */
export function verifySignature(verify: Ed25519Verify, key: VerifierKey, text: string, signature: Uint8Array): VerifiedSignature {
  const found =
    key.type === SIGNATURE_TYPE.ed25519 ? checkText(verify, key, text, signature) : checkCosignature(verify, key, text, signature)
  if (found !== undefined) return found
  throw new LedgerError('signature-invalid', `The signature of \`${key.name}\` is not one of its key over this text.`)
}

function checkText(verify: Ed25519Verify, key: VerifierKey, text: string, signature: Uint8Array): VerifiedSignature | undefined {
  return signature.length === ED25519_BYTES && verify(key.publicKey, utf8(text), signature) ? { key } : undefined
}

function checkCosignature(verify: Ed25519Verify, key: VerifierKey, text: string, signature: Uint8Array): VerifiedSignature | undefined {
  if (signature.length !== TIME_BYTES + ED25519_BYTES) return undefined
  const time = Number(new DataView(signature.buffer, signature.byteOffset, TIME_BYTES).getBigUint64(0))
  if (!Number.isSafeInteger(time)) return undefined
  const isValid = verify(key.publicKey, cosignedMessage(text, time), signature.slice(TIME_BYTES))
  return isValid ? { key, seenAtSeconds: time } : undefined
}

function cosignedMessage(text: string, seenAtSeconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seenAtSeconds}\n${text}`)
}

function assertType(key: VerifierKey, type: VerifierKey['type']): void {
  if (key.type === type) return
  throw new LedgerError('key-type-unsupported', `The key \`${key.name}\` has signature type ${key.type}; this needs type ${type}.`)
}
