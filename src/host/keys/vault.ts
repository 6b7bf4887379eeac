// The vault: secrets sealed under the key of their side, and fingerprints that tell equal secrets of one organization without showing them.
// It opens secrets alone; a signing key is sealed as such, and does not open here.
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Vault } from '../../credentials/index.ts'
import { utf8 } from '../../kernel/index.ts'
import { RecentlyUsed } from '../crypto/recently-used.ts'
import { openEnvelope, sealEnvelope } from './envelope.ts'
import { keyBytes } from './key-file.ts'
import { type KeyRing, keyOf } from './key-ring.ts'

const organizationsMax = 1024

function fingerprintKey(ring: KeyRing, org: string): KeyObject {
  const derived = new Uint8Array(hkdfSync('sha256', ring.ledger.fingerprints, new Uint8Array(0), utf8(org), keyBytes))
  const key = createSecretKey(derived)
  derived.fill(0)
  return key
}

/** The vault of this ring. `open` throws `sealed_elsewhere`, `seal` `too_large`. */
export function createVault(ring: KeyRing): Vault {
  const fingerprintKeys = new RecentlyUsed<KeyObject>(organizationsMax)
  return {
    seal: (side, binding, bytes) => sealEnvelope(ring[side], 'secret', binding, bytes),
    open: (side, binding, sealed) => openEnvelope(keyOf(ring, side, sealed), 'secret', binding, sealed),
    isCurrent: (side, sealed) => keyOf(ring, side, sealed) === ring[side],
    fingerprint(org, bytes) {
      const key = fingerprintKeys.obtain(org, () => fingerprintKey(ring, org))
      return createHmac('sha256', key).update(bytes).digest('hex')
    },
  }
}
