// Bytes and their texts: UTF-8, base64url, hexadecimal, digests. Decoders are strict, so that one value has one spelling.
import { fail } from './errors.ts'
import type { Digest, Sha256 } from './ports.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes. Throws `malformed` where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw fail('malformed', 'The bytes are not UTF-8 text.')
  }
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hexadecimal of bytes. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += pairs[byte] ?? ''
  return text
}

function binary(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function base64(bytes: Uint8Array): string {
  return btoa(binary(bytes))
}

/** base64url without padding (RFC 4648 section 5, RFC 7515 section 2). */
export function base64url(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Decodes standard base64 strictly: other spellings of the same bytes are `malformed`. */
export function fromBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw fail('malformed', 'The value is not base64.')
  const decoded = decodeBase64(text)
  if (base64(decoded) !== text) throw fail('malformed', 'The value is not base64.')
  return decoded
}

/** Decodes base64url strictly: padding, foreign characters and loose trailing bits are `malformed`. */
export function fromBase64url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw fail('malformed', 'The value is not base64url.')
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  const decoded = decodeBase64(standard + '='.repeat((4 - (standard.length % 4)) % 4))
  if (base64url(decoded) !== text) throw fail('malformed', 'The value is not base64url.')
  return decoded
}

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    throw fail('malformed', 'The value is not base64.')
  }
}

/** The digest of bytes, as it is printed: `sha256:<hex>`. */
export function digestOf(bytes: Uint8Array, sha256: Sha256): Digest {
  return `sha256:${hex(sha256(bytes))}`
}

/** Whether a text is a well-formed digest. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text)
}

/** Joins byte arrays into one. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
