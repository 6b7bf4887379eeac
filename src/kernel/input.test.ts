import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { action } from './action.ts'
import { CodedError, fail, isCoded } from './errors.ts'
import { idOf, moment, pageInput, reasonText, slugText, titleText, toMoment, toPage } from './input.ts'
import { principalRef, principalType, systemPrincipal } from './principal.ts'
import { organizationEntity, organizationType } from './resources.ts'
import { highestSensitivity, sensitivities, sensitivityLevel } from './vocabulary.ts'

const org = 'org_00000000000000000000000000' as Parameters<typeof systemPrincipal>[0] // its form is an id's

describe('errors', () => {
  it('carry a code, a pointer and a next step, and keep their cause to themselves', () => {
    const cause = new Error('password=hunter2')
    const error = fail('invalid', 'It is too long.', { pointer: '/name', next: 'Shorten it.', facts: { max: 3 }, cause })
    assert.ok(isCoded(error) && isCoded(error, 'invalid'))
    assert.equal(isCoded(error, 'denied'), false)
    assert.equal(isCoded(new Error('invalid')), false)
    assert.equal(error.cause, cause)
    assert.deepEqual([error.name, error.code, error.message], ['CodedError', 'invalid', 'It is too long.'])
    assert.equal('cause' in new CodedError('busy', 'Later.'), false)
  })
})

describe('inputs', () => {
  const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

  it('take ids of the kind that is asked for', () => {
    const id = `run_${'0'.repeat(26)}`
    assert.ok(accepts(idOf('run'), id))
    for (const other of [`per_${'0'.repeat(26)}`, id.toUpperCase(), `${id} `, 7, null]) assert.equal(accepts(idOf('run'), other), false)
    assert.match(idOf('env').safeParse('x').error?.issues[0]?.message ?? '', /an environment: env_/)
  })

  it('take slugs that fit into one label of a DNS name', () => {
    for (const slug of ['a', '0', 'a-b', 'a--b', 'a'.repeat(40)]) assert.ok(accepts(slugText, slug), slug)
    for (const slug of ['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a/b', 'ä', 'a'.repeat(41), 'a\n'])
      assert.equal(accepts(slugText, slug), false, slug)
  })

  it('take texts for people in one line, with an end', () => {
    for (const [schema, max] of [
      [titleText, 120],
      [reasonText, 500],
    ] as const) {
      assert.equal(schema.parse('  why not 😀  '), 'why not 😀')
      assert.ok(accepts(schema, 'x'.repeat(max)))
      for (const text of ['', '   ', 'a\nb', 'a\u0000b', 'a\u0085b', 'x'.repeat(max + 1)])
        assert.equal(accepts(schema, text), false, JSON.stringify(text))
    }
  })

  it('take moments in UTC', () => {
    assert.ok(accepts(moment, '2026-01-02T03:04:05Z'))
    for (const text of ['2026-01-02', '2026-01-02T03:04:05', '2026-01-02T03:04:05+01:00', '2026-13-02T03:04:05Z', 'now'])
      assert.equal(accepts(moment, text), false)
    assert.equal(toMoment(new Date(0)), '1970-01-01T00:00:00.000Z')
    assert.equal(toMoment(null), null)
  })

  it('ask for 1 to 200 items, and go on after the last one', () => {
    const page = z.strictObject(pageInput)
    assert.deepEqual(page.parse({}), { limit: 50 })
    assert.equal(page.parse({ limit: '7' }).limit, 7)
    for (const limit of [0, 201, -1, 1.5, 'many']) assert.equal(accepts(page, { limit }), false, String(limit))
    const rows = ['a', 'b', 'c'].map((id) => ({ id }))
    assert.deepEqual(toPage(rows, 2), { items: rows.slice(0, 2), next: 'b' })
    assert.deepEqual(toPage(rows, 3), { items: rows, next: null })
    assert.deepEqual(toPage([], 3), { items: [], next: null })
  })
})

describe('words', () => {
  it('order sensitivities from public to restricted', () => {
    assert.deepEqual(sensitivities.map(sensitivityLevel), [0, 1, 2, 3])
    assert.equal(highestSensitivity([]), 'public')
    assert.equal(highestSensitivity(['internal', 'restricted', 'public']), 'restricted')
  })

  it('tell a run that acts from a run that is acted on', () => {
    assert.equal(principalType('run'), 'RunIdentity')
    assert.equal(principalType('person'), 'Person')
    assert.deepEqual(principalRef(systemPrincipal(org, 'worker')), { type: 'System', id: 'worker' })
  })

  it('declare an action by noun and verb, and refuse other names', () => {
    const declare = (name: string) =>
      action({
        name,
        summary: 'Try.',
        effect: 'read',
        roles: [],
        resource: organizationType,
        input: z.strictObject({}),
        output: z.object({}),
        locate: async () => ({ resource: organizationEntity(org), found: undefined }),
        perform: async () => ({ result: {} }),
      })
    assert.partialDeepStrictEqual(declare('thing:try'), { noun: 'thing', verb: 'try', by: [], system: [], context: {} })
    assert.throws(() => declare('thing'), /noun:verb/)
  })
})
