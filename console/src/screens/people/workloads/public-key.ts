// The next public key of a workload as somebody pastes it: a P-256 JWK. A private half is refused here, before it leaves the browser. Pure but for the digest.
import type { InputOf } from '../../../api/call.ts'

/** A public key as the API takes it. */
export type PublicKey = InputOf<'workload:rotate'>['jwk']

/** What was pasted, read: a public key, nothing yet, or why it is neither. */
export type PastedKey = { readonly key: PublicKey } | { readonly error: string } | undefined

const secretMembers = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']
const coordinate = /^[A-Za-z0-9_-]{43}$/

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined // an object that is no list
  } catch {
    return undefined
  }
}

/** Reads a pasted public key. */
export function readPublicKey(text: string): PastedKey {
  if (text.trim() === '') return undefined
  const jwk = objectIn(text)
  if (jwk === undefined) return { error: 'Paste the public key as one JSON object: {"kty":"EC","crv":"P-256","x":…,"y":…}.' }
  if (secretMembers.some((name) => Object.hasOwn(jwk, name)))
    return { error: 'This holds the private half. It was not sent; empty the field, and paste kty, crv, x and y alone.' }
  const { kty, crv, x, y } = jwk
  if (kty !== 'EC' || crv !== 'P-256') return { error: 'The key must be of kty EC, on the curve P-256.' }
  if (typeof x !== 'string' || typeof y !== 'string' || !coordinate.test(x) || !coordinate.test(y))
    return { error: 'x and y must be 32 bytes each, in base64url without padding.' }
  return { key: { kty, crv, x, y } }
}

/** A key that nobody has, for asking whether one may be brought. */
export const noKey: PublicKey = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }

/** The thumbprint of a public key: base64url of SHA-256 over its required members (RFC 7638 section 3). */
export async function thumbprintOf({ crv, kty, x, y }: PublicKey): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify({ crv, kty, x, y })))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
