// The envelope: bytes under a fresh data key (AES-256-GCM, NIST SP 800-38D), and the data key under a side's key-encryption key. Both layers
// authenticate what the bytes are for. Sealed bytes come from the database and may have been changed, moved or swapped by whoever can write there.
//
//   format (1) | key id (8) | nonce (12) | wrapped data key (32) | tag (16) | nonce (12) | ciphertext (n) | tag (16)
import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'
import type { SealedFor } from '../../credentials/index.ts'
import { canonicalBytes, concat, fail, hex } from '../../kernel/index.ts'
import { keyIdBytes, type SideKey } from './key-ring.ts'

/** What an envelope holds: secrets may be opened by their owner, signing keys never leave the signer. */
export type Content = 'secret' | 'signing_key'

const format = 1
const nonceBytes = 12
const tagBytes = 16
const dataKeyBytes = 32
const wrappedBytes = nonceBytes + dataKeyBytes + tagBytes
const headBytes = 1 + keyIdBytes + wrappedBytes

/** The most that is sealed at once: secrets and keys, not documents. */
export const sealedBytesMax = 1024 * 1024

/** The canonical bytes of what an envelope is for; both layers authenticate them. */
export function associatedData(key: SideKey, content: Content, binding: SealedFor): Uint8Array {
  const { org, environment, purpose, id, version } = binding
  return canonicalBytes({ format, key: hex(key.id), content, side: key.side, org, environment, purpose, id, version })
}

function encrypt(key: KeyObject | Uint8Array, associated: Uint8Array, bytes: Uint8Array): Uint8Array {
  const nonce = randomFillSync(new Uint8Array(nonceBytes))
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(associated)
  return concat(nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag())
}

function decrypt(key: KeyObject | Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  const opened = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes))
  try {
    decipher.final()
    return Uint8Array.from(opened)
  } finally {
    // Unauthenticated until `final` has returned; and after that, only the copy is the caller's.
    opened.fill(0)
  }
}

/** Seals bytes for one use. Throws `too_large` above 1 MiB. */
export function sealEnvelope(key: SideKey, content: Content, binding: SealedFor, bytes: Uint8Array): Uint8Array {
  if (bytes.length > sealedBytesMax) throw fail('too_large', `What is sealed may have ${sealedBytesMax} bytes at most.`)
  const associated = associatedData(key, content, binding)
  const dataKey = randomFillSync(new Uint8Array(dataKeyBytes))
  try {
    return concat(Uint8Array.of(format), key.id, encrypt(key.wrapping, associated, dataKey), encrypt(dataKey, associated, bytes))
  } finally {
    dataKey.fill(0)
  }
}

function sealedElsewhere(detail: string, cause?: unknown): Error {
  return fail('sealed_elsewhere', detail, { cause, next: 'Restore the key folder and the database from the same installation.' })
}

function refuseForm(key: SideKey, sealed: Uint8Array): void {
  if (sealed[0] !== format) throw sealedElsewhere('The sealed bytes have a format that is not known here.')
  if (sealed.length < headBytes + nonceBytes + tagBytes) throw sealedElsewhere('The sealed bytes are cut short.')
  if (hex(sealed.subarray(1, 1 + keyIdBytes)) !== hex(key.id))
    throw sealedElsewhere('The bytes were sealed under another key-encryption key.')
}

/** Opens what was sealed for exactly this use. Throws `sealed_elsewhere`. The caller zeroes the bytes after use. */
export function openEnvelope(key: SideKey, content: Content, binding: SealedFor, sealed: Uint8Array): Uint8Array {
  refuseForm(key, sealed)
  const associated = associatedData(key, content, binding)
  let dataKey: Uint8Array | undefined
  try {
    dataKey = decrypt(key.wrapping, associated, sealed.subarray(1 + keyIdBytes, headBytes))
    return decrypt(dataKey, associated, sealed.subarray(headBytes))
  } catch (error) {
    throw sealedElsewhere('The sealed bytes were changed, or belong to something else.', error)
  } finally {
    dataKey?.fill(0)
  }
}
