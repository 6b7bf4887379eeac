// Verifier keys ("vkeys"): the name and public key under which a log or a witness is trusted, as one line of text (C2SP signed-note, "Verifier
// keys"). They come from the reader's own configuration, and are the only thing a proof is finally measured against.
import { concatBytes, decodeBase64, encodeBase64, utf8 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import type { Sha256 } from './ports.ts'

/** What a signature says, by the byte that C2SP assigned: `ed25519` over a note's text, `cosignatureV1` a witness's timestamped one. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignatureV1: 0x04 } as const

/** One of the signature types that this room verifies. */
export type SignatureType = (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE]

/** A trusted key: its name, what its signatures mean, the raw 32-byte Ed25519 public key, and the id (uint32) that follows from these. */
export interface VerifierKey {
  readonly name: string
  readonly type: SignatureType
  readonly publicKey: Uint8Array
  readonly keyId: number
}

const PUBLIC_KEY_BYTES = 32
const KEY_NAME_LENGTH_MAX = 255
const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,128})$/

/** Whether a text can be a key's name: 1 to 255 characters, no Unicode space, no `+`, no control character. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= KEY_NAME_LENGTH_MAX && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name)
}

/** A verifier key with its id: the first 4 bytes of SHA-256(name || 0x0A || type || public key); throws `key-malformed`. */
export function verifierKey(sha256: Sha256, key: { name: string; type: SignatureType; publicKey: Uint8Array }): VerifierKey {
  if (!isKeyName(key.name)) throw malformed('its name is empty, too long, or has a space, a control character or `+`')
  if (key.publicKey.length !== PUBLIC_KEY_BYTES)
    throw malformed(`an Ed25519 public key has ${PUBLIC_KEY_BYTES} bytes, not ${key.publicKey.length}`)
  const id = sha256(concatBytes([utf8(key.name), Uint8Array.of(0x0a, key.type), key.publicKey]))
  return { ...key, keyId: readKeyId(id) }
}

/** The first four bytes as a big-endian uint32. */
export function readKeyId(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
}

/** The line form of a key: `<name>+<id in hex>+<base64 of type and public key>`. */
export function formatVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}+${encodeBase64(concatBytes([Uint8Array.of(type), publicKey]))}`
}

/** Reads the line form; throws `key-malformed`, `key-type-unsupported`, or `key-id-mismatch` when the id does not follow from the key. */
export function parseVerifierKey(sha256: Sha256, line: string): VerifierKey {
  const [, name, idHex, material] = VKEY.exec(line) ?? []
  const bytes = material === undefined ? undefined : decodeBase64(material)
  if (name === undefined || idHex === undefined || bytes === undefined) throw malformed('it is not `<name>+<8 hex digits>+<base64>`')
  const key = verifierKey(sha256, { name, type: signatureType(bytes[0]), publicKey: bytes.slice(1) })
  if (key.keyId === Number.parseInt(idHex, 16)) return key
  throw new LedgerError('key-id-mismatch', `The id of verifier key \`${name}\` does not follow from its name and public key.`)
}

function signatureType(byte: number | undefined): SignatureType {
  if (byte === SIGNATURE_TYPE.ed25519 || byte === SIGNATURE_TYPE.cosignatureV1) return byte
  throw new LedgerError('key-type-unsupported', `Signature type ${byte} is not supported; 1 (Ed25519) and 4 (witness cosignature) are.`)
}

function malformed(why: string): LedgerError {
  return new LedgerError('key-malformed', `The verifier key is not usable: ${why}.`)
}
