// Entry bundles hold exactly the entries that were put in, and a damaged one is never half believed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntryBundle, parseEntryBundle } from './entry-bundle.ts'
import { utf8 } from './fixtures/node-crypto.test.ts'
import { SeededRandom } from './fixtures/seeded-random.ts'

const seed = Number(process.env.TWINLOCK_TEST_SEED ?? 20260901)

test('a bundle is each entry behind its length in two big-endian bytes', () => {
  const bundle = encodeEntryBundle([utf8('ab'), new Uint8Array(0), new Uint8Array(258).fill(7)])
  assert.equal(bundle.slice(0, 8).toHex(), '0002616200000102')
  assert.equal(bundle.length, 2 + 2 + 2 + 2 + 258)
})

test('whatever is bundled comes back the same', () => {
  const random = new SeededRandom(seed)
  for (const count of [1, 2, 255, 256]) {
    const entries = Array.from({ length: count }, () => random.bytes(random.below(300)))
    assert.deepEqual(parseEntryBundle(encodeEntryBundle(entries), count), entries, `seed ${seed}`)
  }
  const largest = [new Uint8Array(65_535).fill(1)]
  assert.deepEqual(parseEntryBundle(encodeEntryBundle(largest), 1), largest)
})

test('entries that were read do not change when the bytes that they came from do', () => {
  const bytes = Buffer.from(encodeEntryBundle([utf8('entry')]))
  const entries = parseEntryBundle(bytes, 1)
  bytes.fill(0)
  assert.deepEqual(entries, [utf8('entry')])
})

test('an entry of 65,536 bytes is refused, as are no entries and more than 256', () => {
  assert.throws(() => encodeEntryBundle([new Uint8Array(65_536)]), { code: 'entry-too-large' })
  assert.throws(() => encodeEntryBundle([]), { code: 'bundle-malformed' })
  assert.throws(() => encodeEntryBundle(Array<Uint8Array>(257).fill(new Uint8Array(0))), { code: 'bundle-malformed' })
  for (const count of [0, 257, -1, 1.5]) assert.throws(() => parseEntryBundle(new Uint8Array(0), count), { code: 'bundle-malformed' })
})

test('a bundle that is cut off anywhere, or has anything left over, is refused', () => {
  const bundle = encodeEntryBundle([utf8('first'), utf8('second')])
  for (let length = 0; length < bundle.length; length++) {
    assert.throws(() => parseEntryBundle(bundle.slice(0, length), 2), { code: 'bundle-malformed' }, `${length} bytes`)
  }
  assert.throws(() => parseEntryBundle(new Uint8Array([...bundle, 0]), 2), { code: 'bundle-malformed' })
  assert.throws(() => parseEntryBundle(bundle, 1), { code: 'bundle-malformed' })
  assert.throws(() => parseEntryBundle(bundle, 3), { code: 'bundle-malformed' })
})
