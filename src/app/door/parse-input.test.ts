import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { action, CodedError, isCoded, moment, organizationEntity, organizationType } from '../../kernel/index.ts'
import { parseInput } from './parse-input.ts'
import { translateStoreFailure } from './store-failure.ts'

const capability = action({
  name: 'thing:make',
  summary: 'Make.',
  effect: 'change',
  roles: [],
  resource: organizationType,
  input: z.strictObject({
    name: z.string().min(1).max(3),
    list: z
      .array(z.strictObject({ 'a/b': z.number().optional(), 'c~d': z.number().optional() }))
      .max(500)
      .default([]),
    limit: z.coerce.number().int().min(0).default(7),
    side: z.enum(['left', 'right']).optional(),
    until: moment.optional(),
    email: z.email().optional(),
  }),
  output: z.object({}),
  locate: async () => ({ resource: organizationEntity('org'), found: undefined }),
  perform: async () => ({ result: {} }),
})

function faultOf(input: unknown): CodedError {
  try {
    parseInput(capability, input)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  return assert.fail('It was accepted.')
}

describe('an input', () => {
  it('that fits is read, with defaults', () => {
    assert.deepEqual(parseInput(capability, { name: 'abc' }), { name: 'abc', list: [], limit: 7 })
    assert.deepEqual(parseInput(capability, { name: 'abc', limit: '3', list: [{ 'a/b': 1 }] }), {
      name: 'abc',
      limit: 3,
      list: [{ 'a/b': 1 }],
    })
  })

  it('that does not is said in words that a person can act on: what is missing, empty, too long, or none of the choices', () => {
    for (const [input, message] of [
      [{}, '`/name` is missing.'],
      [{ name: '' }, '`/name` must not be empty.'],
      [{ name: 'abcd' }, '`/name` must have at most 3 characters.'],
      [{ name: 'a', limit: -1 }, '`/limit` must be at least 0.'],
      [{ name: 'a', side: 'both' }, '`/side` must be one of left, right.'],
      [{ name: 'a', until: 'never' }, '`/until` must be a moment in UTC, such as 2027-03-31T18:00:00Z.'],
      [{ name: 'a', email: 'x' }, '`/email` must be an e-mail address.'],
      [{ name: 'a', list: Array.from({ length: 501 }, () => ({})) }, '`/list` must have at most 500 items.'],
    ] as const)
      assert.equal(faultOf(input).message, message)
  })

  it('that does not is refused as invalid, with a JSON pointer to the first fault', () => {
    for (const [input, pointer] of [
      [{}, '/name'],
      [undefined, '/name'],
      [null, '/name'],
      [{ name: 7 }, '/name'],
      [{ name: 'abcd' }, '/name'],
      [{ name: 'a', list: {} }, '/list'],
      [{ name: 'a', list: [{}, { 'a/b': 'x' }] }, '/list/1/a~1b'],
      [{ name: 'a', list: [{ 'c~d': 'x' }] }, '/list/0/c~0d'],
      [{ name: 'a', list: [{ 'e/f': 1 }] }, '/list/0/e~1f'],
      [{ name: 'a', extra: 1 }, '/extra'],
      [{ name: 'a', limit: 'many' }, '/limit'],
      [[], ''],
      ['text', ''],
      [7, ''],
    ] as const) {
      const fault = faultOf(input)
      assert.deepEqual([fault.code, fault.notes.pointer], ['invalid', pointer], JSON.stringify(input))
    }
  })

  it('names at most twenty faults, and says what the action takes', () => {
    const { notes } = faultOf({ name: 'a', list: Array.from({ length: 500 }, () => 7) })
    assert.equal((notes.facts?.errors as readonly string[] | undefined)?.length, 20)
    assert.match(notes.next ?? '', /twinlock thing make --help/)
  })

  it('cannot reach a prototype', () => {
    const fault = faultOf(JSON.parse('{"name":"a","__proto__":{"limit":1}}'))
    assert.equal(fault.code, 'invalid')
    assert.equal(Reflect.get({}, 'limit'), undefined)
  })
})

describe('a failure of the store', () => {
  const failure = (code: string) => Object.assign(new Error('duplicate key value: someone@example.test'), { code })

  it('that another try may not meet is stale', () => {
    for (const code of ['40001', '40P01', '23505', '55P03']) assert.ok(isCoded(translateStoreFailure(failure(code)), 'stale'), code)
  })

  it('is internal otherwise, and so is a bug; what the database said stays private', () => {
    for (const thrown of [
      failure('TW001'),
      failure('TW003'),
      failure('22P02'),
      failure('57014'),
      new TypeError('x is undefined'),
      'text',
      undefined,
      { code: 7 },
    ]) {
      const translated = translateStoreFailure(thrown)
      assert.equal(translated.code, 'internal')
      assert.equal(translated.notes.cause, thrown)
      assert.equal(JSON.stringify([translated.message, translated.notes.facts, translated.notes.next]).includes('someone'), false)
    }
  })

  it('that has a code keeps it', () => {
    const coded = new CodedError('denied', 'No.')
    assert.equal(translateStoreFailure(coded), coded)
  })
})
