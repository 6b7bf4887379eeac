// Verification of signatures by OpenSSL. Keys, messages and signatures are attacker-controlled: whatever cannot be a key or a signature is
// answered with `false`. Imported keys are remembered, because importing costs more than verifying.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Es256Verify, OkpJwk } from '../../credentials/index.ts'
import { base64url, fromBase64url } from '../../kernel/index.ts'
import type { Ed25519Verify } from '../../ledger/index.ts'
import { RecentlyUsed } from './recently-used.ts'

const signatureBytes = 64
const ed25519KeyBytes = 32
const importedMax = 512

const p256Keys = new RecentlyUsed<KeyObject>(importedMax)
const ed25519Keys = new RecentlyUsed<KeyObject>(importedMax)

function imported(keys: RecentlyUsed<KeyObject>, name: string, jwk: Readonly<Record<string, string>>): KeyObject | undefined {
  try {
    return keys.obtain(name, () => createPublicKey({ key: jwk, format: 'jwk' }))
  } catch {
    return undefined // OpenSSL refuses a point that is not on the curve: no signature is by such a key
  }
}

/** Whether a raw 64-byte ES256 signature (RFC 7518 section 3.4) over bytes is by this key; false for whatever is no key or signature. */
export const verifyEs256: Es256Verify = ({ x, y }, bytes, signature) => {
  if (signature.length !== signatureBytes) return false
  const key = imported(p256Keys, `${x}.${y}`, { kty: 'EC', crv: 'P-256', x, y })
  return key !== undefined && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

/** Whether a 64-byte Ed25519 signature (RFC 8032) over a message is by this raw 32-byte key; false for whatever is no key or signature. */
export const ed25519Verify: Ed25519Verify = (publicKey, message, signature) => {
  if (signature.length !== signatureBytes || publicKey.length !== ed25519KeyBytes) return false
  const x = base64url(publicKey)
  const key = imported(ed25519Keys, x, { kty: 'OKP', crv: 'Ed25519', x })
  return key !== undefined && verify(null, message, key, signature)
}

/** The raw 32 bytes of an Ed25519 public key in its JWK form (RFC 8037 section 2). Throws `malformed` for a text that is not base64url. */
export function rawEd25519Key(jwk: OkpJwk): Uint8Array {
  const raw = fromBase64url(jwk.x)
  if (raw.length !== ed25519KeyBytes) throw new Error(`An Ed25519 public key has ${ed25519KeyBytes} bytes, not ${raw.length}.`)
  return raw
}
