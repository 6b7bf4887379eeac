// The list that one came from is read back from a store that anybody with the browser could have written to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cameFromIn, neighboursIn, withinConsole } from './came-from.ts'

const runs = { title: 'Runs', list: '/runs?show=failed', items: ['/runs/a', '/runs/b', '/runs/c'] }

test('an item knows its place, the former and the next', () => {
  assert.deepEqual(neighboursIn(runs, '/runs/b'), {
    title: 'Runs',
    list: '/runs?show=failed',
    at: 2,
    count: 3,
    former: '/runs/a',
    next: '/runs/c',
  })
  assert.equal(neighboursIn(runs, '/runs/a')?.former, undefined)
  assert.equal(neighboursIn(runs, '/runs/c')?.next, undefined)
})

test('what is not in the list, or alone in it, has no neighbours', () => {
  assert.equal(neighboursIn(runs, '/runs/d'), undefined)
  assert.equal(neighboursIn({ ...runs, items: ['/runs/a'] }, '/runs/a'), undefined)
  assert.equal(neighboursIn(undefined, '/runs/a'), undefined)
})

test('a list that was planted leads nowhere else than into the console', () => {
  assert.deepEqual(cameFromIn(JSON.stringify(runs)), runs)
  for (const planted of [
    '{',
    'null',
    '[]',
    '{"title":"x","list":"https://evil.example","items":[]}',
    '{"title":"x","list":"//evil.example","items":[]}',
  ])
    assert.equal(cameFromIn(planted), undefined, planted)
  assert.equal(cameFromIn(JSON.stringify({ ...runs, items: ['javascript:alert(1)'] })), undefined)
  assert.equal(cameFromIn(JSON.stringify({ ...runs, title: 7 })), undefined)
})

test('an address is read without the base, and only the base is taken off', () => {
  assert.equal(withinConsole('/console/runs/a?x=1'), '/runs/a?x=1')
  assert.equal(withinConsole('/console'), '/')
  assert.equal(withinConsole('/consoles'), '/consoles')
})
