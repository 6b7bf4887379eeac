import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { seeded } from '../../test/harness/seeded.ts'
import { base64, base64url, concat, digestOf, fromBase64, fromBase64url, fromUtf8, hex, isDigest, utf8 } from './bytes.ts'
import { isCoded } from './errors.ts'

const malformed = (error: unknown) => isCoded(error, 'malformed')
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('bytes', () => {
  it('are written as Node writes them, and read back', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const bytes = Uint8Array.from({ length: random.below(70) }, () => random.below(256))
      const buffer = Buffer.from(bytes)
      assert.equal(base64(bytes), buffer.toString('base64'))
      assert.equal(base64url(bytes), buffer.toString('base64url'))
      assert.equal(hex(bytes), buffer.toString('hex'))
      assert.deepEqual(fromBase64(base64(bytes)), bytes)
      assert.deepEqual(fromBase64url(base64url(bytes)), bytes)
    }
  })

  it('have one spelling in base64url: whatever is read is written again as it was', () => {
    let accepted = 0
    for (let seed = 1; seed <= 4000; seed++) {
      const text = seeded(seed).text(urlAlphabet, 0, 7)
      try {
        assert.equal(base64url(fromBase64url(text)), text, `seed ${seed}`)
        accepted++
      } catch (error) {
        assert.ok(malformed(error), `seed ${seed}`)
      }
    }
    assert.ok(accepted > 500, 'the property was tried on texts that are accepted')
  })

  it('are refused in any other spelling', () => {
    for (const text of ['AA==', 'AB', 'A', 'AAF', 'AA=', 'AA+A', 'AA/A', 'AA A', 'AA\n', ' AAAA', 'AAAAA', 'ä', 'AA%3D']) {
      assert.throws(() => fromBase64url(text), malformed, JSON.stringify(text))
    }
    for (const text of ['AA', 'AB==', 'A===', 'AAA', 'AA-A', 'AA_A', 'AAAA=', 'AA==AA==', 'AA==\n', '====']) {
      assert.throws(() => fromBase64(text), malformed, JSON.stringify(text))
    }
  })

  it('that are not UTF-8 are no text', () => {
    assert.equal(fromUtf8(utf8('\ufeffé😀')), '\ufeffé😀')
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      assert.throws(() => fromUtf8(Uint8Array.from(bytes)), malformed)
    }
  })

  it('have digests in one form', () => {
    const digest = digestOf(utf8(''), sha256)
    assert.equal(digest, 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    assert.ok(isDigest(digest))
    for (const other of [
      digest.toUpperCase(),
      digest.slice(0, -1),
      `${digest}0`,
      `${digest}\n`,
      digest.slice(7),
      'sha512:',
      7,
      undefined,
    ]) {
      assert.equal(isDigest(other), false, String(other))
    }
  })

  it('are joined in order', () => {
    assert.deepEqual(concat(utf8('a'), utf8(''), utf8('bc')), utf8('abc'))
    assert.deepEqual(concat(), new Uint8Array())
  })
})
