// Signing keys: made here, sealed at once, opened for signing and never handed out. The rows that hold them come from the database, so each is
// opened under the use that its caller names, and production signs identities only with a warrant.
import { createPrivateKey, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto'
import type { KeyToUse, ProductionWarrant, SealedFor, Side, Signers } from '../../credentials/index.ts'
import { concat, fail } from '../../kernel/index.ts'
import { RecentlyUsed } from '../crypto/recently-used.ts'
import { associatedData, openEnvelope, sealEnvelope } from './envelope.ts'
import { type KeyRing, keyOf } from './key-ring.ts'
import { isIssuedWarrant } from './warrant.ts'

type Algorithm = 'ES256' | 'Ed25519'
type MadeKey = ReturnType<Signers['create']>

const openedMax = 256
const keyTypes = { ES256: 'ec', Ed25519: 'ed25519' } as const satisfies Record<Algorithm, string>

function generate(algorithm: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  return algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
}

function publicJwk(key: KeyObject): MadeKey['publicJwk'] {
  const { kty, crv, x = '', y = '' } = key.export({ format: 'jwk' })
  if (kty === 'EC' && crv === 'P-256') return { kty, crv, x, y }
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x }
  throw new Error('A key was made that is neither P-256 nor Ed25519.')
}

function create(ring: KeyRing, side: Side, algorithm: Algorithm, binding: SealedFor): MadeKey {
  const { publicKey, privateKey } = generate(algorithm)
  const privateBytes = privateKey.export({ format: 'der', type: 'pkcs8' })
  try {
    return { publicJwk: publicJwk(publicKey), wrapped: sealEnvelope(ring[side], 'signing_key', binding, privateBytes) }
  } finally {
    privateBytes.fill(0)
  }
}

function open(ring: KeyRing, { side, binding, wrapped }: KeyToUse): KeyObject {
  const privateBytes = openEnvelope(keyOf(ring, side, wrapped), 'signing_key', binding, wrapped)
  try {
    // A view of the same memory, so that zeroing reaches what was handed over.
    return createPrivateKey({ key: Buffer.from(privateBytes.buffer), format: 'der', type: 'pkcs8' })
  } finally {
    privateBytes.fill(0)
  }
}

function rewrap(ring: KeyRing, { side, binding, wrapped }: KeyToUse): Uint8Array | undefined {
  const key = keyOf(ring, side, wrapped)
  if (key === ring[side]) return undefined
  const privateBytes = openEnvelope(key, 'signing_key', binding, wrapped)
  try {
    return sealEnvelope(ring[side], 'signing_key', binding, privateBytes)
  } finally {
    privateBytes.fill(0)
  }
}

function requireWarrant({ side, binding }: KeyToUse, warrant: ProductionWarrant | undefined): void {
  if (side !== 'production' || binding.purpose !== 'identity' || isIssuedWarrant(warrant)) return
  throw fail('not_promoted', 'Production signs no identity without a promotion that is committed as crossed.', {
    next: 'Promote the workload first.',
  })
}

/** The signers of this ring. `sign` throws `not_promoted` and `sealed_elsewhere`. */
export function createSigners(ring: KeyRing): Signers {
  const opened = new RecentlyUsed<KeyObject>(openedMax)
  // INVARIANT: the name of a remembered key covers its side and binding too, so that a key opened for one use never answers for another.
  const nameOf = ({ side, binding, wrapped }: KeyToUse) =>
    hash('sha256', concat(associatedData(ring[side], 'signing_key', binding), wrapped))
  return {
    create: (side, algorithm, binding) => create(ring, side, algorithm, binding),
    rewrap: (key) => rewrap(ring, key),
    sign(key, algorithm, bytes, warrant) {
      requireWarrant(key, warrant)
      const handle = opened.obtain(nameOf(key), () => open(ring, key))
      if (handle.asymmetricKeyType !== keyTypes[algorithm]) throw new Error(`This key does not sign with ${algorithm}.`)
      return new Uint8Array(
        algorithm === 'ES256' ? sign('sha256', bytes, { key: handle, dsaEncoding: 'ieee-p1363' }) : sign(null, bytes, handle),
      )
    },
  }
}
