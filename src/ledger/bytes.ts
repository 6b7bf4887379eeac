// Bytes, base64 and decimal numbers as the C2SP texts write them: exactly one spelling each, so that no proof has two forms.
// Every argument may be attacker-controlled; callers turn `undefined` into the error of their own format.

/** Whether two byte strings are the same; not constant-time, because everything compared in this room is public. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

/** The byte strings one after the other, in a fresh array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Standard base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return bytes.toBase64()
}

/** The bytes of a canonical base64 text, or `undefined` for any other spelling (spaces, missing padding, stray bits). */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const bytes = fromBase64(text)
  return bytes !== undefined && bytes.toBase64() === text ? bytes : undefined
}

/** The value of an ASCII decimal without leading zeroes, or `undefined`; larger than 2^53 - 1 is also `undefined`. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The text of valid UTF-8 bytes with a byte order mark kept as it is, or `undefined` when they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // The decoder has one reason to throw: the bytes are not UTF-8. The caller says so with the code of its own format.
    return undefined
  }
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' })
  } catch {
    // The one reason to throw is a text that is not base64; the caller names the format it was found in.
    return undefined
  }
}
