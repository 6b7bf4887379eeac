import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, it } from 'node:test'
import { concat, isCoded } from '../../kernel/index.ts'
import { derFromRaw, rawFromDer } from './ecdsa-der.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const data = new Uint8Array(16)

function refuses(der: Uint8Array): void {
  assert.throws(
    () => rawFromDer(der),
    (error: unknown) => isCoded(error, 'attestation_malformed'),
  )
}

describe('an ECDSA signature', () => {
  it('is the same signature in both spellings, for many signatures', () => {
    for (let count = 0; count < 300; count++) {
      const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
      assert.equal(verify('sha256', data, publicKey, derFromRaw(raw)), true)
      assert.deepEqual(rawFromDer(derFromRaw(raw)), new Uint8Array(raw))
      const der = sign('sha256', data, privateKey)
      assert.deepEqual(derFromRaw(rawFromDer(der)), new Uint8Array(der))
    }
  })

  it('keeps short numbers, zeros and high bits through both spellings', () => {
    const numbers = [[0], [1], [127], [128], [255], [1, 0], [128, 0]].map((tail) =>
      concat(new Uint8Array(32 - tail.length), Uint8Array.from(tail)),
    )
    numbers.push(new Uint8Array(32).fill(255))
    for (const r of numbers) for (const s of numbers) assert.deepEqual(rawFromDer(derFromRaw(concat(r, s))), concat(r, s))
  })

  it('is refused in any other spelling', () => {
    const one = [0x02, 0x01, 0x01]
    const bad = [
      [],
      [0x30],
      [0x30, 0x00],
      [0x31, 0x06, ...one, ...one],
      [0x30, 0x06, ...one, ...one, 0x00],
      [0x30, 0x07, ...one, ...one],
      [0x30, 0x81, 0x06, ...one, ...one],
      [0x30, 0x80, ...one, ...one, 0x00, 0x00],
      [0x30, 0x03, ...one],
      [0x30, 0x09, ...one, ...one, ...one],
      [0x30, 0x07, 0x02, 0x02, 0x00, 0x01, ...one],
      [0x30, 0x06, 0x02, 0x01, 0x80, ...one],
      [0x30, 0x05, 0x02, 0x00, ...one],
      [0x30, 0x06, 0x03, 0x01, 0x01, ...one],
      [0x30, 0x06, 0x02, 0x05, 0x01, ...one],
      [0x30, 0x26, 0x02, 0x21, ...new Array(33).fill(1), ...one],
      [0x30, 0x27, 0x02, 0x22, 0x00, ...new Array(33).fill(0xff), ...one],
    ]
    for (const der of bad) refuses(Uint8Array.from(der))
    assert.deepEqual(rawFromDer(Uint8Array.from([0x30, 0x06, ...one, ...one])).length, 64)
  })

  it('is not made from a raw one of another length', () => {
    assert.throws(() => derFromRaw(new Uint8Array(63)), /64 bytes/)
  })
})
