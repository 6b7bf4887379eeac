// The sides of a conflict are read from an address that anybody may have written, or it is said what is missing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf, sideIn, sidesIn, sideText, unknownIn } from './sides.ts'

test('two sides of roles and actions are read, each word once', () => {
  assert.deepEqual(sidesIn({ one: 'author run:launch author', other: 'exporter' }), { one: ['author', 'run:launch'], other: ['exporter'] })
  assert.deepEqual(partsOf(sideIn('run:launch author, run:cancel')), { roles: ['author'], actions: ['run:launch', 'run:cancel'] })
})

test('what is missing or wrong is said, one thing at a time', () => {
  for (const [search, said] of [
    [{}, /one side/],
    [{ one: 'author', other: '  ' }, /other side/],
    [{ one: 'author', other: 'run:lunch' }, /noun:verb/],
    [{ one: 'author', other: 'constructor' }, /noun:verb/],
    [{ one: 'author exporter', other: 'exporter' }, /same duty/],
  ] as const)
    assert.match(String(sidesIn(search)), said)
  assert.deepEqual(unknownIn(['author', 'run:launch', 'run:lunch']), ['run:lunch'])
})

test('a side has at most twenty words', () => {
  const many = ['run', 'twin', 'artifact', 'promotion', 'scenario', 'person', 'group', 'guest']
    .flatMap((noun) => [`${noun}:list`, `${noun}:show`])
    .concat(['run:launch', 'run:cancel', 'run:freeze', 'run:tape', 'grant:list'])
  assert.match(String(sidesIn({ one: many.join(' '), other: 'exporter' })), /at most 20/)
})

test('what is typed stays as it is typed, beside the roles; nothing of it leaves nothing', () => {
  assert.equal(sideText(['author'], 'run:launch '), 'author run:launch ')
  assert.equal(sideText([], ' '), undefined)
})
