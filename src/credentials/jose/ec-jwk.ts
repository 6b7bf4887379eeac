// Public keys as they travel: P-256 JSON Web Keys (RFC 7517, RFC 7518 section 6.2). The input is attacker-controlled.
// A key that brings its private half along is refused rather than stripped: whoever sent it has lost it.
import { z } from 'zod'
import type { Sha256 } from '../../kernel/index.ts'
import { base64url, canonicalBytes, fromBase64url } from '../../kernel/index.ts'

const coordinateBytes = 32
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

function isCoordinate(text: string): boolean {
  try {
    return fromBase64url(text).length === coordinateBytes
  } catch {
    return false // the only failure is the kernel's `malformed`, and the schema says so with the field's path
  }
}

const coordinate = z.string().max(64).refine(isCoordinate, `must be base64url of ${coordinateBytes} bytes`)

/** A P-256 public key as a JWK. Unknown members are dropped (RFC 7517 section 4); private ones make the key unacceptable. */
export const EcJwk = z
  .looseObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
    kid: z.string().min(1).max(128).optional(),
    alg: z.literal('ES256').optional(),
    use: z.string().max(32).optional(),
  })
  .refine((key) => secretMembers.every((name) => !Object.hasOwn(key, name)), 'must not hold private members')
  .transform(({ kty, crv, x, y, kid, alg, use }) => ({
    kty,
    crv,
    x,
    y,
    ...(kid === undefined ? {} : { kid }),
    ...(alg === undefined ? {} : { alg }),
    ...(use === undefined ? {} : { use }),
  }))

/** A P-256 public key: base64url coordinates of 32 bytes each; `kid`, `alg` and `use` where the sender gave them. */
export type EcJwk = z.output<typeof EcJwk>

/** The thumbprint of a public key: base64url of SHA-256 over its required members (RFC 7638 section 3). */
export function thumbprint(key: Pick<EcJwk, 'kty' | 'crv' | 'x' | 'y'>, sha256: Sha256): string {
  return base64url(sha256(canonicalBytes({ crv: key.crv, kty: key.kty, x: key.x, y: key.y })))
}

/** Signs bytes with ECDSA P-256 and SHA-256; answers r and s, 32 bytes each (RFC 7518 section 3.4). The key never passes through here. */
export type Es256Sign = (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array

/**
 * Whether a raw 64-byte signature over bytes is by this key (ECDSA P-256 with SHA-256). Must answer false, and not throw, for a point that is not
 * on the curve and for r or s out of range.
 */
export type Es256Verify = (key: EcJwk, bytes: Uint8Array, signature: Uint8Array) => boolean
