// What cannot be compiled exactly is refused, and what is compiled is exact: longs, limits, links.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOf } from './answers.ts'
import { asking } from './asked.ts'
import { EntityStore } from './entity-store.ts'
import { markLongs } from './exact-longs.ts'
import { expressionDepthMax, expressionPartsMax } from './expressions.ts'
import { Unsupported } from './faults.ts'
import { recordFrom, valueDepthMax, valueFromJson, valuePartsMax } from './json-values.ts'
import { compilePolicy, compilePolicyJson, compileTemplate, PolicyParseError } from './policies.ts'
import { emptyRecord } from './records.ts'
import { canonical, EntityUid, SetValue } from './values.ts'

const json = (body: unknown): object => ({
  effect: 'permit',
  principal: { op: 'All' },
  action: { op: 'All' },
  resource: { op: 'All' },
  conditions: [{ kind: 'when', body }],
})

function isSatisfied(expression: string): boolean {
  const entities = new EntityStore()
  const uid = asking(entities, 'A', 'a')
  const policy = compilePolicy('p', `permit(principal, action, resource) when { ${expression} };`)
  return answerOf([policy], { principal: uid, action: uid, resource: uid, context: emptyRecord, entities }).allowed
}

describe('longs beyond the safe integers', () => {
  it('are exact, wherever a policy says them', () => {
    for (const expression of [
      '9007199254740993 == 9007199254740992 + 1',
      '[9007199254740993].contains(9007199254740993)',
      '{a: 9007199254740993}.a - 9007199254740992 == 1',
      '-9223372036854775808 + 9223372036854775807 == -1',
      'if 9007199254740993 > 9007199254740992 then true else false',
      '!([9007199254740993] == [9007199254740992])',
      '-(9223372036854775807) == -9223372036854775807',
      '"9007199254740993" == "9007199254740993" // 9007199254740993',
      'ExactLong::"1" != ExactLong::"9007199254740993" && 9007199254740993 != 1',
    ]) {
      assert.equal(isSatisfied(`${expression}\n`), true, expression)
    }
  })

  it('are marked where they are numbers, and nowhere else', () => {
    assert.deepEqual(markLongs('a == 9007199254740991'), { text: 'a == 9007199254740991', marker: undefined })
    assert.deepEqual(markLongs('"9007199254740993\\"9007199254740993" // 9007199254740993').marker, undefined)
    assert.deepEqual(markLongs('x9007199254740993 == 9007199254740993').text, 'x9007199254740993 == ExactLong::"9007199254740993"')
    assert.deepEqual(markLongs('ExactLong == 9007199254740993').marker, 'ExactLong_')
  })

  it('that do not fit into 64 bits stay refused by Cedar', () => {
    assert.throws(() => isSatisfied('9223372036854775808 == 1'), PolicyParseError)
    assert.throws(() => isSatisfied('-9223372036854775809 == 1'), PolicyParseError)
  })

  it('are refused in JSON, where they are already rounded', () => {
    assert.throws(() => compilePolicyJson('p', json({ Value: 2 ** 53 })), Unsupported)
    assert.throws(() => compilePolicyJson('p', json({ Value: 1.5 })), Unsupported)
  })
})

describe('a policy that cannot be compiled', () => {
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((arg: unknown) => ({ '!': { arg } }), { Value: true })
  const refused: Readonly<Record<string, object>> = {
    'an unknown operator': json({ xor: { left: { Value: true }, right: { Value: true } } }),
    'an unknown variable': json({ Var: 'environment' }),
    'a slot in a condition': json({ Slot: '?principal' }),
    'two kinds in one expression': json({ Value: true, Var: 'principal' }),
    'no kind': json({}),
    'an operand that is missing': json({ '==': { left: { Value: 1 } } }),
    'an extension value that does not parse': json({ Value: { __extn: { fn: 'ip', arg: 'x' } } }),
    'an extension value of an unknown kind': json({ Value: { __extn: { fn: 'uuid', arg: 'x' } } }),
    null: json({ Value: null }),
    'ill-formed Unicode': json({ Value: '\udfff' }),
    'an expression that is nested too deep': json(nested(expressionDepthMax + 1)),
    'an expression of too many parts': json({ Set: Array.from({ length: expressionPartsMax }, () => ({ Value: 1 })) }),
    'a clause of another kind': { ...json({ Value: true }), conditions: [{ kind: 'where', body: { Value: true } }] },
    'another effect': { ...json({ Value: true }), effect: 'allow' },
    'a head that is open': { ...json({ Value: true }), principal: { op: '==', slot: '?principal' } },
    'a head of another kind': { ...json({ Value: true }), principal: { op: 'like' } },
    'no head': { ...json({ Value: true }), resource: undefined },
  }
  for (const [name, policy] of Object.entries(refused)) {
    it(`is refused: ${name}`, () => {
      assert.throws(() => compilePolicyJson('p', policy), Unsupported)
    })
  }

  it('is told from one that is deep but not too deep', () => {
    assert.equal(compilePolicyJson('p', json(nested(expressionDepthMax - 1))).effect, 'permit')
  })
})

describe('a template', () => {
  const template = compileTemplate('permit(principal == ?principal, action, resource in ?resource);')
  const slots = { '?principal': new EntityUid('A', 'a'), '?resource': new EntityUid('B', 'b') }

  it('is linked with exactly its slots', () => {
    assert.deepEqual(template.link('l', slots).head.principal, { op: 'equal', entity: slots['?principal'] })
    assert.throws(() => template.link('l', { '?principal': slots['?principal'] }), /neither an entity nor a linked slot/)
    assert.throws(() => template.link('l', { ...slots, '?other': slots['?principal'] }), /no slot \?other/)
  })

  it('is no policy, and a policy is no template', () => {
    assert.throws(() => compilePolicy('p', 'permit(principal == ?principal, action, resource);'), PolicyParseError)
    assert.throws(() => compileTemplate('permit(principal, action, resource'), PolicyParseError)
  })
})

describe('a value from outside', () => {
  it('has limits, and says which was hit', () => {
    const deep = Array.from({ length: valueDepthMax + 2 }).reduce((inner: unknown) => [inner], 1)
    assert.throws(() => valueFromJson(deep), /nested deeper than 64/)
    const wide = Array.from({ length: valuePartsMax / 2 + 1 }, (_, at) => [[at]])
    assert.throws(() => valueFromJson(wide), /more than 100000 parts/)
  })

  it('is equal to another exactly when their canonical texts are', () => {
    const values = [
      1,
      '1',
      true,
      [1],
      [1, 1],
      ['1'],
      { a: 1 },
      { a: '1' },
      { __entity: { type: 'A', id: '1' } },
      [],
      {},
      ',',
      ['a', 'b'],
      ['a,b'],
      0,
      -0,
    ]
    const made = values.map(valueFromJson)
    for (const left of made) {
      for (const right of made) {
        assert.equal(
          SetValue.of([left, right]).items.length === 1,
          canonical(left) === canonical(right),
          `${canonical(left)} ${canonical(right)}`,
        )
      }
    }
    assert.equal(new Set(made.map(canonical)).size, values.length - 2)
  })

  it('keeps names that JavaScript gives a meaning', () => {
    const record = recordFrom(JSON.parse('{"__proto__": 1, "constructor": 2}'))
    assert.deepEqual([record.get('__proto__'), record.get('constructor'), record.has('toString')], [1, 2, false])
  })
})
