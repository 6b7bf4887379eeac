// What is typed is read, or the field says what is wrong with it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readParameters, readSeeds } from './parameters.ts'

test('an object is read, and nothing is nothing', () => {
  assert.deepEqual(readParameters(' {"speed": 2} '), { value: { speed: 2 } })
  assert.deepEqual(readParameters('  '), { value: undefined })
})

test('anything else says what to write', () => {
  for (const text of ['[1]', '3', 'null', '"a"']) assert.match(JSON.stringify(readParameters(text)), /one JSON object/)
  assert.match(JSON.stringify(readParameters('{speed: 2}')), /not JSON/)
})

test('a seed is a whole number, or left open', () => {
  assert.deepEqual([readSeeds(''), readSeeds(' 42 ')], [{ one: undefined }, { one: 42 }])
  for (const text of ['-1', '1.5', '1e3', 'x', '99999999999999999999', '1..', '..3', '1,,2', '1..2..3'])
    assert.ok('error' in readSeeds(text), text)
})

test('several seeds are a batch, of at most a hundred runs', () => {
  assert.deepEqual(readSeeds('1..20'), { many: '1..20', count: 20 })
  assert.deepEqual(readSeeds('3, 5 ,9..10'), { many: '3,5,9..10', count: 4 })
  assert.deepEqual(readSeeds('0..99'), { many: '0..99', count: 100 })
  assert.match(JSON.stringify(readSeeds('0..99,7')), /101 runs. At most 100/)
  assert.match(JSON.stringify(readSeeds('1..2147483647')), /At most 100/)
  assert.match(JSON.stringify(readSeeds('9..3')), /backwards/)
  assert.match(JSON.stringify(readSeeds('4294967296')), /at most 2147483647/)
})
