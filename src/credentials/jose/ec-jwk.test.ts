import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { base64url } from '../../kernel/index.ts'
import { EcJwk, thumbprint } from './ec-jwk.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = pair.publicKey.export({ format: 'jwk' })
const coordinate = base64url(new Uint8Array(32).fill(255))

describe('a public key', () => {
  it('is read, and what is not ours is dropped', () => {
    assert.deepEqual(EcJwk.parse({ ...jwk, kid: 'a', alg: 'ES256', use: 'sig', ext: true, key_ops: ['verify'] }), {
      ...jwk,
      kid: 'a',
      alg: 'ES256',
      use: 'sig',
    })
  })

  it('is refused with its private half, even an empty one', async () => {
    assert.equal(EcJwk.safeParse(await exportJWK(pair.privateKey)).success, false)
    for (const name of ['d', 'k', 'p', 'oth']) assert.equal(EcJwk.safeParse({ ...jwk, [name]: undefined }).success, false)
  })

  it('is refused on another curve, of another type, for another algorithm', () => {
    for (const bad of [{ crv: 'P-384' }, { crv: 'secp256k1' }, { kty: 'OKP' }, { kty: 'oct' }, { alg: 'ES384' }, { kid: '' }]) {
      assert.equal(EcJwk.safeParse({ ...jwk, ...bad }).success, false)
    }
  })

  it('is refused where a coordinate is short, long, padded, spelled otherwise or not base64url', () => {
    const loose = `${coordinate.slice(0, -1)}9`
    for (const x of [coordinate.slice(0, -1), `${coordinate}A`, `${coordinate}=`, loose, coordinate.replace('_', '/'), '', 7]) {
      assert.equal(EcJwk.safeParse({ ...jwk, x }).success, false, String(x))
    }
    assert.equal(EcJwk.safeParse({ ...jwk, x: coordinate }).success, true)
  })

  it('has the thumbprint that the jose package computes, whatever else it carries', async () => {
    assert.equal(thumbprint(EcJwk.parse({ ...jwk, kid: 'a' }), sha256), await calculateJwkThumbprint(jwk, 'sha256'))
  })
})
