import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '../../kernel/index.ts'
import { formatSpiffeId, isSpiffeId, parseSpiffeId, parseTrustDomain } from './spiffe.ts'

describe('a SPIFFE ID', () => {
  it('is taken apart and put together again', () => {
    const id = 'spiffe://sandbox.acme.x1.twinlock.internal/twin/warehouse-robot/run/run_01'
    const name = parseSpiffeId(id)
    assert.equal(name.trustDomain, 'sandbox.acme.x1.twinlock.internal')
    assert.deepEqual(name.segments, ['twin', 'warehouse-robot', 'run', 'run_01'])
    assert.equal(formatSpiffeId(name.trustDomain, name.segments), id)
  })

  it('may be a trust domain alone', () => {
    assert.deepEqual(parseSpiffeId('spiffe://acme').segments, [])
  })

  const refused = [
    '',
    'acme/a',
    'http://acme/a',
    'SPIFFE://acme/a',
    'Spiffe://acme/a',
    'spiffe:/acme/a',
    'spiffe:acme',
    'spiffe://',
    'spiffe:///a',
    'spiffe://acme/',
    'spiffe://acme//a',
    'spiffe://acme/a/',
    'spiffe://acme/./a',
    'spiffe://acme/../a',
    'spiffe://acme/a/..',
    'spiffe://Acme/a',
    'spiffe://acme:8443/a',
    'spiffe://user@acme/a',
    'spiffe://acme/a?b',
    'spiffe://acme?b',
    'spiffe://acme/a#b',
    'spiffe://acme/%61',
    'spiffe://ac%6De/a',
    'spiffe://acme/a b',
    'spiffe://acme/ä',
    'spiffe://äcme/a',
    ' spiffe://acme/a',
    'spiffe://acme/a\n',
    'spiffe://acme\n/a',
    'spiffe://acme/a\0',
    'spiffe://acme/a\\b',
    `spiffe://${'a'.repeat(256)}/a`,
  ]
  for (const text of refused) {
    it(`is not ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.equal(isSpiffeId(text), false)
      assert.throws(
        () => parseSpiffeId(text),
        (error: unknown) => isCoded(error, 'malformed'),
      )
    })
  }

  it('has at most 2048 bytes, and the error says so', () => {
    const longest = `spiffe://acme/${'a'.repeat(2048 - 14)}`
    assert.equal(longest.length, 2048)
    assert.equal(isSpiffeId(longest), true)
    assert.equal(isSpiffeId(`${longest}a`), false)
    assert.throws(
      () => parseSpiffeId(`${longest}a`),
      (error: unknown) => isCoded(error, 'too_large') && error.message.includes('2048'),
    )
  })

  it('is not built from parts that move its borders', () => {
    for (const parts of [['a/b'], ['..'], [''], ['a', ''], ['a?b']]) {
      assert.throws(
        () => formatSpiffeId('acme', parts),
        (error: unknown) => isCoded(error, 'malformed'),
      )
    }
    assert.throws(
      () => formatSpiffeId('acme/twin', ['a']),
      (error: unknown) => isCoded(error, 'malformed'),
    )
  })

  it('has a trust domain of at most 255 lower-case characters', () => {
    assert.equal(parseTrustDomain('a'.repeat(255)).length, 255)
    for (const bad of ['', 'A', 'a b', 'a/b', 'a'.repeat(256)]) {
      assert.throws(
        () => parseTrustDomain(bad),
        (error: unknown) => isCoded(error, 'malformed'),
      )
    }
  })
})
