// What a schema says, its type says as well; what is not known is `unknown`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Schema, typeOf } from './schema-types.ts'

const cases: readonly (readonly [string, Schema, string])[] = [
  ['a text', { type: 'string', maxLength: 40, pattern: '^run_' }, 'string'],
  ['a whole number', { type: 'integer', minimum: 1 }, 'number'],
  ['a choice', { type: 'string', enum: ['queued', 'ended'] }, '"queued" | "ended"'],
  ['a constant', { const: null }, 'null'],
  ['something or nothing', { type: ['string', 'null'] }, 'string | null'],
  ['one of two', { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] }, '"a" | null'],
  ['both', { allOf: [{ type: 'string' }, { $ref: '#/components/schemas/Name' }] }, '(string) & (Name)'],
  ['a list', { type: 'array', items: { type: 'string' } }, 'readonly string[]'],
  ['a list of alternatives', { type: 'array', items: { type: ['string', 'null'] } }, 'readonly (string | null)[]'],
  ['a list of lists', { type: 'array', items: { type: 'array', items: { type: 'number' } } }, 'readonly (readonly number[])[]'],
  ['a reference', { $ref: '#/components/schemas/Json' }, 'Json'],
  [
    'a map',
    { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'number' } },
    '{ readonly [name: string]: number }',
  ],
  ['an object without members', { type: 'object', properties: {}, additionalProperties: false }, 'Record<string, never>'],
  [
    'an object',
    { type: 'object', properties: { id: { type: 'string' }, 'a-b': {} }, required: ['id'] },
    '{\n  readonly id: string\n  readonly "a-b"?: unknown\n}',
  ],
  ['anything', {}, 'unknown'],
  ['anything among alternatives', { anyOf: [{ type: 'string' }, {}] }, 'unknown'],
  ['a type that no schema has', { type: 'symbol' }, 'unknown'],
]

for (const [name, schema, type] of cases) test(`${name} is ${type.replaceAll('\n', ' ')}`, () => assert.equal(typeOf(schema), type))

test('an object within an object is indented', () => {
  const inner = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
  assert.equal(
    typeOf({ type: 'object', properties: { items: { type: 'array', items: inner } }, required: ['items'] }),
    '{\n  readonly items: readonly {\n    readonly id: string\n  }[]\n}',
  )
})
