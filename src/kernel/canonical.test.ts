import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Seeded, seeded } from '../../test/harness/seeded.ts'
import { canonicalBytes, canonicalText, type Json } from './canonical.ts'
import { isCoded } from './errors.ts'

const malformed = (error: unknown) => isCoded(error, 'malformed')

function anyText(random: Seeded): string {
  return random.text('abZ019 "\\/\b\f\n\r\t\u0000\u001f\u007f\u0080é€😀\ufb33\u2028', 0, 6)
}

function anyNumber(random: Seeded): number {
  const scale = 10 ** (random.below(60) - 30)
  const number = (random.below(2 ** 31) - 2 ** 30) * (random.once(3) ? 1 : scale)
  return Object.is(number, -0) ? 0 : number
}

function anyJson(random: Seeded, depth = 0): Json {
  const kind = random.below(depth > 4 ? 4 : 6)
  if (kind === 0) return null
  if (kind === 1) return random.once(2)
  if (kind === 2) return anyNumber(random)
  if (kind === 3) return anyText(random)
  if (kind === 4) return Array.from({ length: random.below(4) }, () => anyJson(random, depth + 1))
  return Object.fromEntries(Array.from({ length: random.below(5) }, () => [`k${anyText(random)}`, anyJson(random, depth + 1)]))
}

function shuffled(value: Json, random: Seeded): Json {
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item, random))
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value)
  for (let at = members.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    const [a, b] = [members[at], members[other]]
    if (a !== undefined && b !== undefined) [members[at], members[other]] = [b, a]
  }
  return Object.fromEntries(members.map(([name, member]) => [name, shuffled(member ?? null, random)]))
}

describe('canonical JSON', () => {
  it('is the text of RFC 8785 section 3.2.2', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    }
    assert.equal(
      canonicalText(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts names by UTF-16 code units, as RFC 8785 section 3.2.3 shows', () => {
    const value = { '€': 'Euro', '\r': 'CR', '\ufb33': 'Dalet', '1': 'One', '😀': 'Smiley', '\u0080': 'Control', ö: 'o' }
    const names = [...canonicalText(value).matchAll(/"([^"]+)":/g)].map((match) => match[1])
    assert.deepEqual(names, ['\\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33'])
  })

  it('writes numbers as RFC 8785 appendix B lists them', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [-0, '0'],
      [5e-324, '5e-324'],
      [-5e-324, '-5e-324'],
      [1.7976931348623157e308, '1.7976931348623157e+308'],
      [9007199254740992, '9007199254740992'],
      [295147905179352830000, '295147905179352830000'],
      [9.999999999999997e22, '9.999999999999997e+22'],
      [1e23, '1e+23'],
      [1.0000000000000001e23, '1.0000000000000001e+23'],
      [999999999999999700000, '999999999999999700000'],
      [1e21, '1e+21'],
      [9.999999999999997e-7, '9.999999999999997e-7'],
      [0.000001, '0.000001'],
      [333333333.33333325, '333333333.33333325'],
      [1424953923781206.2, '1424953923781206.2'],
    ]
    for (const [number, text] of cases) assert.equal(canonicalText(number), text)
  })

  it('reads back as the same value, and does not depend on the order in which names were written', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = seeded(seed)
      const value = anyJson(random)
      const text = canonicalText(value)
      assert.deepEqual(JSON.parse(text), value, `seed ${seed}`)
      assert.equal(canonicalText(JSON.parse(text)), text, `seed ${seed}`)
      assert.equal(canonicalText(shuffled(value, random)), text, `seed ${seed}`)
      assert.deepEqual(canonicalBytes(value), new TextEncoder().encode(text), `seed ${seed}`)
    }
  })

  it('sorts names that JavaScript would put in an order of its own, however deep they stand, and reads no text for what it is not', () => {
    const value = { b: [{ a: { 9: 1, 10: 2, a: 3, '!': 4, '01': 5 } }], a: '\\ud800', '\\udc00': '\\\\ud83d' }
    assert.equal(canonicalText(value), String.raw`{"\\udc00":"\\\\ud83d","a":"\\ud800","b":[{"a":{"!":4,"01":5,"10":2,"9":1,"a":3}}]}`)
  })

  it('leaves out what is undefined, and nothing else', () => {
    assert.equal(canonicalText({ b: undefined, a: null, c: '' }), '{"a":null,"c":""}')
    assert.equal(canonicalText(JSON.parse('{"b":1,"__proto__":{"a":2}}')), '{"__proto__":{"a":2},"b":1}')
  })

  it('refuses what JSON cannot say instead of dropping it', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '\ud800', { '\udc00': 1 }, [['\udbff']]]) {
      assert.throws(() => canonicalText(value), malformed, String(value))
    }
  })

  it('refuses more than 32 levels', () => {
    const nested = (levels: number): Json => (levels === 0 ? 1 : [nested(levels - 1)])
    assert.equal(canonicalText(nested(32)).length, 65)
    assert.throws(() => canonicalText(nested(33)), malformed)
  })
})
