import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import { EcJwk } from '../../credentials/index.ts'
import { base64url, fromBase64url, isCoded, utf8 } from '../../kernel/index.ts'
import { ed25519Verify, rawEd25519Key, verifyEs256 } from './verify-signatures.ts'

const message = utf8('what was signed')
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = EcJwk.parse(pair.publicKey.export({ format: 'jwk' }))
const es256 = (key: KeyObject, bytes = message) => new Uint8Array(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }))
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

describe('an ES256 signature', () => {
  it('holds for its key and message alone', () => {
    const signature = es256(pair.privateKey)
    assert.equal(verifyEs256(jwk, message, signature), true)
    assert.equal(verifyEs256(jwk, flipped(message, 3), signature), false)
    assert.equal(verifyEs256(jwk, message, es256(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)), false)
  })

  it('does not hold when any of its bytes is another', () => {
    const signature = es256(pair.privateKey)
    for (let at = 0; at < 64; at++) assert.equal(verifyEs256(jwk, message, flipped(signature, at)), false)
  })

  it('does not hold in DER, cut, extended, or with r and s out of range', () => {
    const der = new Uint8Array(sign('sha256', message, pair.privateKey))
    const signature = es256(pair.privateKey)
    const wrong = [
      der,
      signature.slice(1),
      Uint8Array.from([...signature, 0]),
      new Uint8Array(0),
      new Uint8Array(64),
      new Uint8Array(64).fill(255),
    ]
    for (const one of wrong) assert.equal(verifyEs256(jwk, message, one), false)
  })

  it('does not hold, and nothing is thrown, for a point that is not on the curve', () => {
    const off = { ...jwk, y: base64url(flipped(fromBase64url(jwk.y), 31)) }
    const zero = { ...jwk, x: base64url(new Uint8Array(32)), y: base64url(new Uint8Array(32)) }
    for (const key of [off, zero]) assert.equal(verifyEs256(key, message, es256(pair.privateKey)), false)
  })

  it('holds for the example of RFC 7515 appendix A.3', () => {
    const key = EcJwk.parse({
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    })
    const signed = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
    const signature = 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
    assert.equal(verifyEs256(key, utf8(signed), fromBase64url(signature)), true)
  })
})

describe('an Ed25519 signature', () => {
  // RFC 8032 section 7.1, test 2.
  const secret = Buffer.from('302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex')
  const raw = new Uint8Array(Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex'))
  const signature = new Uint8Array(sign(null, Uint8Array.of(0x72), createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' })))

  it('holds for its key and message alone', () => {
    assert.equal(ed25519Verify(raw, Uint8Array.of(0x72), signature), true)
    assert.equal(ed25519Verify(raw, Uint8Array.of(0x73), signature), false)
    assert.equal(ed25519Verify(flipped(raw, 0), Uint8Array.of(0x72), signature), false)
  })

  it('does not hold when any of its bytes is another, or when it is cut', () => {
    for (let at = 0; at < 64; at++) assert.equal(ed25519Verify(raw, Uint8Array.of(0x72), flipped(signature, at)), false)
    assert.equal(ed25519Verify(raw, Uint8Array.of(0x72), signature.slice(1)), false)
  })

  it('does not hold, and nothing is thrown, for bytes that are no key', () => {
    for (const key of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33), new Uint8Array(32).fill(255)]) {
      assert.equal(ed25519Verify(key, message, signature), false)
    }
  })

  it('is checked with the raw form of a JWK, which must be whole', () => {
    assert.deepEqual(rawEd25519Key({ kty: 'OKP', crv: 'Ed25519', x: base64url(raw) }), raw)
    assert.throws(() => rawEd25519Key({ kty: 'OKP', crv: 'Ed25519', x: base64url(raw.slice(1)) }), /32 bytes/)
    assert.throws(
      () => rawEd25519Key({ kty: 'OKP', crv: 'Ed25519', x: '!' }),
      (error) => isCoded(error, 'malformed'),
    )
  })
})
