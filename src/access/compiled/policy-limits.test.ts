// The limits hold back what would end cedar-wasm, and let through what people write.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { chanceFrom } from './fixtures/chance.ts'
import { makeSet } from './fixtures/generated-worlds.ts'
import { checkPolicyLimits, nestingOf, PolicyLimitError, policyNestingMax, policyTextMax } from './policy-limits.ts'

const schema = 'entity A; action "a" appliesTo { principal: A, resource: A, context: { a: Bool } };'
const policy = (condition: string): string => `permit(principal, action, resource) when { ${condition} };`
const times = (count: number, text: string, between = ''): string => Array.from({ length: count }, () => text).join(between)

/** Conditions of any depth, and the depth at which cedar-wasm 4.13 was measured to fail for good. */
const shapes: readonly { readonly name: string; readonly fatal: number; make(depth: number): string }[] = [
  { name: 'brackets', fatal: 130, make: (depth) => `${times(depth, '(')}1${times(depth, ')')} > 0` },
  { name: 'sums in brackets', fatal: 119, make: (depth) => `${times(depth, '(1 + ')}1${times(depth, ')')} > 0` },
  { name: 'sums', fatal: 364, make: (depth) => `${times(depth, '1', ' + ')} > 0` },
  { name: 'products', fatal: 364, make: (depth) => `${times(depth, '1', ' * ')} > 0` },
  { name: 'branches', fatal: 364, make: (depth) => `${times(depth, 'if context.a then true else ')}true` },
  { name: 'attributes', fatal: 365, make: (depth) => `context${times(depth, '.a')}` },
  { name: 'quoted attributes', fatal: 365, make: (depth) => `context${times(depth, '["a"]')}` },
  { name: 'methods', fatal: 364, make: (depth) => `context.a${times(depth, '.contains(1)')}` },
  { name: 'sets', fatal: 127, make: (depth) => `${times(depth, '[')}${times(depth, ']')} == []` },
  { name: 'records', fatal: 118, make: (depth) => `${times(depth, '{a:')}1${times(depth, '}')} == 1` },
  { name: 'negations', fatal: 130, make: (depth) => `${times(depth, '!(')}true${times(depth, ')')}` },
  { name: 'calls', fatal: 122, make: (depth) => `${times(depth, 'ip(')}"1"${times(depth, ')')} == 1` },
  { name: 'junctions', fatal: 3127, make: (depth) => times(depth, 'true', ' && ') },
  { name: 'brackets with chains before them', fatal: 60, make: (depth) => `${times(depth, '(1 + 1 + 1 + 1 + ')}1${times(depth, ')')} > 0` },
]

describe('the limits of a policy', () => {
  for (const { name, fatal, make } of shapes) {
    it(`refuse ${name} long before the parser fails, and take what is nested a little`, () => {
      assert.throws(() => checkPolicyLimits(policy(make(fatal))), PolicyLimitError)
      const deepest =
        Array.from({ length: fatal }, (_, depth) => depth + 1).findLast((depth) => nestingOf(policy(make(depth))) <= policyNestingMax) ?? 0
      assert.ok(deepest > 8 && deepest * 1.4 < fatal, `${deepest} of ${fatal}`)
      const text = policy(make(deepest))
      assert.equal(cedar.policyToJson(text).type, 'success', `cedar-wasm parses ${deepest} of them`)
      const validated = cedar.validate({ schema, policies: { staticPolicies: { one: text } }, validationSettings: { mode: 'strict' } })
      assert.equal(validated.type, 'success', `cedar-wasm validates ${deepest} of them`)
    })
  }

  it('count what is nested, not what stands side by side', () => {
    assert.ok(nestingOf(policy(times(200, 'principal.a.b == resource.c && [1, 2].contains(context.d)', ' && '))) < policyNestingMax)
    assert.ok(nestingOf(policy(`[${times(2000, '"a"', ', ')}].contains(context.a)`)) < policyNestingMax)
  })

  it('do not read what stands in strings and comments', () => {
    assert.equal(nestingOf(policy(`"${times(999, '(')}\\"((" == "" // ${times(999, '[')}\n`)), nestingOf(policy('"" == ""')))
  })

  it('let every generated policy through', () => {
    const { policies } = makeSet(chanceFrom(3), 200, 20)
    for (const text of Object.values(policies)) assert.doesNotThrow(() => checkPolicyLimits(text), text)
  })

  it('refuse a text that is too long, and say which limit was hit', () => {
    assert.throws(() => checkPolicyLimits(policy(`"${times(policyTextMax, 'a')}" == ""`)), /longer than 65536/)
    assert.throws(() => checkPolicyLimits(policy(times(500, '('))), /nested deeper than 180/)
  })
})
