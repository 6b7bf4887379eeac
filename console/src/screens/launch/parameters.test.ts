// What is typed is read, or the field says what is wrong with it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readParameters, readSeed } from './parameters.ts'

test('an object is read, and nothing is nothing', () => {
  assert.deepEqual(readParameters(' {"speed": 2} '), { value: { speed: 2 } })
  assert.deepEqual(readParameters('  '), { value: undefined })
})

test('anything else says what to write', () => {
  for (const text of ['[1]', '3', 'null', '"a"']) assert.match(JSON.stringify(readParameters(text)), /one JSON object/)
  assert.match(JSON.stringify(readParameters('{speed: 2}')), /not JSON/)
})

test('a seed is a whole number', () => {
  assert.deepEqual([readSeed(''), readSeed(' 42 ')], [{ value: undefined }, { value: 42 }])
  for (const text of ['-1', '1.5', '1e3', 'x', '99999999999999999999']) assert.ok('error' in readSeed(text), text)
})
