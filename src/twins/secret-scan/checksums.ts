// Tokens that carry a checksum prove by it that they are tokens: a text that only looks like one fails. Bounded inputs, no failure modes.

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const checksumCharacters = 6

/** CRC-32 (IEEE 802.3) of ASCII text, unsigned. */
export function crc32(text: string): number {
  let crc = 0xffffffff
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** CRC-16 (XMODEM: polynomial 1021, from 0) of bytes. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc
}

/** A number as base 62 of six characters, as GitHub and npm write checksums. */
export function base62Checksum(value: number): string {
  let rest = value
  let text = ''
  for (let at = 0; at < checksumCharacters; at++) {
    text = base62.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** Whether a token `prefix_<random><checksum>` of GitHub or npm carries the right checksum: CRC-32 of its random part, in base 62. */
export function hasBase62Checksum(token: string): boolean {
  const body = token.slice(token.lastIndexOf('_') + 1)
  return base62Checksum(crc32(body.slice(0, -checksumCharacters))) === body.slice(-checksumCharacters)
}

/** Whether a NATS seed (58 characters of base 32) carries the right checksum: CRC-16 of all but its last two bytes, little-endian. */
export function hasNkeyChecksum(seed: string): boolean {
  const bytes = fromBase32(seed)
  const [low = 0, high = 0] = bytes.subarray(-2)
  return crc16(bytes.subarray(0, -2)) === ((high << 8) | low)
}

function fromBase32(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const character of text) {
    value = ((value << 5) | base32.indexOf(character)) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >>> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}
