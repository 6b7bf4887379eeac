// Who holds both, on a terminal: nobody reads a list that was cut short as a whole one.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

let one: FakeTwinlock | undefined
after(() => one?.stop())

const held = { holder: fakeId('per', 3), name: 'Lena', one: fakeId('grt', 1), other: fakeId('grt', 2) }

test('who holds both sides is told with a grant of each, and that there may be more where not all was looked at', async () => {
  let answer: object = {}
  one = await startFake({ 'conflict:preview': () => answer })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
  const preview = async (items: readonly object[], cut: boolean) => {
    answer = { items, cut }
    const { out, exit } = (await one?.run('conflict', 'preview', '--one', 'author', '--other', 'exporter')) ?? assert.fail('it runs')
    assert.equal(exit, 0)
    return out
  }
  const whole = await preview([held], false)
  for (const text of ['Lena', held.holder, held.one, held.other]) assert.ok(whole.includes(text), text)
  assert.doesNotMatch(whole, /There may be more/)
  assert.match(await preview([held], true), /There may be more/)
  assert.match(await preview([], false), /^Nobody holds both\.$/m)
  const none = await preview([], true)
  assert.doesNotMatch(none, /Nobody holds both/)
  assert.match(none, /There may be more/)
})
