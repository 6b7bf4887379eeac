// Texts for the rules' tests, made from a seed: no secret is written out in the repository, and every run sees the same ones.
import { base64, base64url, utf8 } from '../../kernel/index.ts'
import { base62Checksum, crc16, crc32 } from './checksums.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()
const digits = '0123456789'

/** Sets of characters that secrets are made of. */
export const sets = {
  lower,
  digits,
  hex: `${digits}abcdef`,
  upperDigits: upper + digits,
  lowerDigits: lower + digits,
  letters: upper + lower,
  base62: digits + upper + lower,
  base32: `${upper}234567`,
  base64: `${upper}${lower}${digits}+/`,
  url: `${upper}${lower}${digits}-_`,
  bech32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
} as const

/** Makes random-looking texts from a seed. */
export interface Maker {
  /** So many characters of a set. */
  readonly of: (set: string, count: number) => string
  readonly bytes: (count: number) => Uint8Array
  /** A password of 12 characters with all four kinds. */
  readonly password: () => string
  /** A token whose last six characters are the checksum that GitHub and npm use. */
  readonly checked: (prefix: string) => string
  readonly nkey: (role: string) => string
  readonly jwt: (claims: Readonly<Record<string, unknown>>, alg?: string) => string
}

/** A maker of texts: the same seed makes the same texts. */
export function maker(seed: number): Maker {
  let state = seed >>> 0 || 1
  const next = (below: number): number => {
    // xorshift32: short, and even enough to look like chance
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
  const of = (set: string, count: number): string => Array.from({ length: count }, () => set.charAt(next(set.length))).join('')
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => next(256))
  const json = (value: unknown): string => base64url(utf8(JSON.stringify(value)))
  return {
    of,
    bytes,
    password: () => `${of('GHJKMNPQ', 1)}${of(sets.lowerDigits, 8)}${of('#+=', 1)}${of(digits, 2)}`,
    checked: (prefix) => {
      const body = of(sets.base62, 30)
      return `${prefix}_${body}${base62Checksum(crc32(body))}`
    },
    nkey: (role) => nkey(role, bytes(32)),
    jwt: (claims, alg = 'ES256') => `${json({ alg, kid: of(sets.url, 8) })}.${json(claims)}.${base64url(bytes(64))}`,
  }
}

/** Base64 of random bytes: 32 bytes make 44 characters, 64 make 88. */
export function randomBase64(make: Maker, byteCount: number): string {
  return base64(make.bytes(byteCount))
}

// A seed's first two bytes are its kind and role; they are chosen so that base 32 of them begins with `S` and the role's letter.
function nkey(role: string, seed: Uint8Array): string {
  const roleBits = sets.base32.indexOf(role) << 3
  const body = Uint8Array.from([(18 << 3) | (roleBits >> 5), (roleBits & 31) << 3, ...seed])
  const checksum = crc16(body)
  return toBase32([...body, checksum & 0xff, checksum >> 8])
}

function toBase32(bytes: readonly number[]): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += sets.base32.charAt((value >>> (bits - 5)) & 31)
    value &= 0xff
  }
  return bits > 0 ? text + sets.base32.charAt((value << (5 - bits)) & 31) : text
}
