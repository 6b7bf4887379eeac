import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentlyUsed } from './recently-used.ts'

test('what was used least recently is forgotten first, and the bound is never passed', () => {
  const memory = new RecentlyUsed<string>(2)
  const made: string[] = []
  const ask = (key: string) =>
    memory.obtain(key, () => {
      made.push(key)
      return `value of ${key}`
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) assert.equal(ask(key), `value of ${key}`)
  assert.deepEqual(made, ['a', 'b', 'c', 'b'])
  assert.equal(memory.size, 2)
})

test('what could not be made is not remembered', () => {
  const memory = new RecentlyUsed<string>(2)
  const broken = () => {
    throw new Error('broken')
  }
  assert.throws(() => memory.obtain('a', broken), /broken/)
  assert.equal(memory.size, 0)
  assert.equal(
    memory.obtain('a', () => 'made'),
    'made',
  )
})
