import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, utf8 } from '../../kernel/index.ts'
import { sha256, systemClock, systemRandom } from './system-ports.ts'

test('digests are those of FIPS 180-4', () => {
  assert.equal(hex(sha256(new Uint8Array(0))), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  assert.equal(hex(sha256(utf8('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('a digest covers exactly the view that is given, and is a fresh plain array each time', () => {
  const around = utf8('xxabcxx')
  const first = sha256(around.subarray(2, 5))
  assert.deepEqual(first, sha256(utf8('abc')))
  assert.equal(Object.getPrototypeOf(first), Uint8Array.prototype)
  first.fill(0)
  assert.notDeepEqual(sha256(utf8('abc')), first)
})

test('random bytes are plain arrays of the length that was asked for, and differ', () => {
  for (const count of [0, 1, 16, 100_000]) assert.equal(systemRandom.bytes(count).length, count)
  assert.notDeepEqual(systemRandom.bytes(32), systemRandom.bytes(32))
  assert.equal(Object.getPrototypeOf(systemRandom.bytes(1)), Uint8Array.prototype)
})

test('few random bytes, however many are asked for, are never the same ones, nor kept when they are handed out', () => {
  const all = Array.from({ length: 2000 }, (_, at) => systemRandom.bytes(at % 3 === 0 ? 11 : 16))
  assert.equal(new Set(all.map(hex)).size, all.length)
  const [one, next] = [systemRandom.bytes(16), systemRandom.bytes(16)]
  const before = hex(next)
  one.fill(0)
  assert.equal(hex(next), before)
  assert.deepEqual([one.byteLength, one.buffer.byteLength], [16, 16], 'none that somebody else is given lies beside them')
})

test('the wall clock counts milliseconds since 1970, and the other one never goes back', () => {
  const before = Date.now()
  const now = systemClock.now()
  assert.ok(now >= before && now <= Date.now())
  let last = systemClock.monotonic()
  for (let at = 0; at < 1000; at++) {
    const next = systemClock.monotonic()
    assert.ok(next >= last)
    last = next
  }
})
