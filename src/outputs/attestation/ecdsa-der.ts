// The two spellings of an ECDSA P-256 signature: raw r and s (what our signer port answers) and DER (what DSSE and Sigstore carry).
// DER that comes in is attacker-controlled; one signature has one spelling here, so lengths and signs are checked to the bit.
import { concat, fail } from '../../kernel/index.ts'

const integerBytes = 32

/** DER of a raw signature of 64 bytes: SEQUENCE of two INTEGERs (RFC 3279 section 2.2.3, X.690). */
export function derFromRaw(raw: Uint8Array): Uint8Array {
  if (raw.length !== 2 * integerBytes) throw new Error('The signer did not answer with 64 bytes.')
  const body = concat(derInteger(raw.subarray(0, integerBytes)), derInteger(raw.subarray(integerBytes)))
  return concat(Uint8Array.of(0x30, body.length), body)
}

/** The raw signature in DER. Throws `attestation_malformed` for anything but the one DER spelling of two numbers from 0 to 2^256 - 1. */
export function rawFromDer(der: Uint8Array): Uint8Array {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) throw malformed()
  const r = readInteger(der, 2)
  const s = readInteger(der, r.end)
  if (s.end !== der.length) throw malformed()
  return concat(r.value, s.value)
}

function derInteger(value: Uint8Array): Uint8Array {
  const firstUsed = value.findIndex((byte) => byte !== 0)
  const minimal = value.subarray(firstUsed === -1 ? value.length - 1 : firstUsed)
  const isNegative = (minimal[0] ?? 0) >= 0x80
  return concat(Uint8Array.of(0x02, minimal.length + (isNegative ? 1 : 0)), isNegative ? Uint8Array.of(0) : new Uint8Array(0), minimal)
}

function readInteger(der: Uint8Array, at: number): { value: Uint8Array; end: number } {
  const length = der[at + 1] ?? 0
  const end = at + 2 + length
  if (der[at] !== 0x02 || length === 0 || end > der.length) throw malformed()
  const [first = 0, second = 0] = der.subarray(at + 2, end)
  const isPadded = first === 0 && length > 1
  if (first >= 0x80 || (isPadded && second < 0x80)) throw malformed()
  const digits = der.subarray(isPadded ? at + 3 : at + 2, end)
  if (digits.length > integerBytes) throw malformed()
  const value = new Uint8Array(integerBytes)
  value.set(digits, integerBytes - digits.length)
  return { value, end }
}

function malformed(): Error {
  return fail('attestation_malformed', 'The signature is not DER of an ECDSA P-256 signature.')
}
