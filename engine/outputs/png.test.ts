import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { createRandom } from '../math/random.ts'
import { deflate } from './deflate.ts'
import { encodePng } from './png.ts'
import { decodePng } from './png-reading.ts'

const random = createRandom(5)
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.uint32() & 255)

test('what deflate writes, zlib reads back: noise, runs, rows that repeat, one byte and none', () => {
  const row = noise(100)
  const cases: readonly (readonly [Uint8Array, number[]])[] = [
    [noise(100_000), [1, 3]],
    [new Uint8Array(300_000).fill(7), [1]],
    [Uint8Array.from({ length: 30_000 }, (_, i) => row[i % 100] ?? 0), [1, 100]],
    [Uint8Array.of(9), [1]],
    [new Uint8Array(0), [1]],
    [Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) % 251), [1, 2, 32_768]],
  ]
  for (const [bytes, distances] of cases) assert.deepEqual(new Uint8Array(inflateSync(deflate(bytes, distances))), bytes)
})

test('counts that would need codes longer than fifteen bits are still readable', () => {
  const parts: number[] = []
  let [a, b] = [1, 1]
  for (let symbol = 0; symbol < 22; symbol++) {
    for (let i = 0; i < a; i++) parts.push(symbol * 7)
    ;[a, b] = [b, a + b]
  }
  const bytes = Uint8Array.from(parts)
  for (let i = bytes.length - 1; i > 0; i--) {
    const j = random.integer(0, i)
    const held = bytes[i] ?? 0
    bytes[i] = bytes[j] ?? 0
    bytes[j] = held
  }
  assert.deepEqual(new Uint8Array(inflateSync(deflate(bytes, [1]))), bytes)
})

test('a picture read back from its PNG has the same pixels, in colour, grey and sixteen bits', () => {
  for (const [kind, bytes] of [
    ['rgb', 3],
    ['grey', 1],
    ['grey16', 2],
  ] as const) {
    const pixels = Uint8Array.from({ length: 61 * 43 * bytes }, (_, i) => (i % 97) + (random.uint32() & 7))
    assert.deepEqual(decodePng(encodePng(61, 43, pixels, kind)).pixels, pixels)
  }
})

test('the same picture is the same file, byte for byte, wherever it is written', () => {
  const pixels = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 31 + (i >> 5)) & 255)
  const digest = createHash('sha256')
    .update(encodePng(64, 48, pixels))
    .digest('hex')
  assert.equal(digest, 'dfb46afcf2dc4d6ec1b6003c32d95ca0af7fe74b5adca8faedb2e25de6276f5f')
})

test('sizes that do not fit the bytes, and sides past the limit, are refused', () => {
  assert.throws(() => encodePng(2, 2, new Uint8Array(11)), { code: 'value/out-of-range' })
  assert.throws(() => encodePng(0, 2, new Uint8Array(0)), { code: 'value/out-of-range' })
  assert.throws(() => encodePng(20_000, 1, new Uint8Array(60_000)), { code: 'value/out-of-range' })
})
