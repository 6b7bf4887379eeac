// A plain list is everybody's for whoever may see that; whoever may not is shown his own and told so, and nothing is tried that would be refused.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

let one: FakeTwinlock
let maySeeAll = false
const heard: unknown[] = []
const keep = ({ mine }: Readonly<Record<string, unknown>>) => {
  heard.push(mine)
  return { items: [], next: null }
}
before(async () => {
  one = await startFake({
    'access:check': ({ questions }) => ({
      answers: (questions as readonly unknown[]).map(() => ({ code: maySeeAll ? null : 'denied' })), // parsed
    }),
    'guest:list': keep,
    'engagement:list': keep,
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

describe('a plain list', () => {
  for (const noun of ['guest', 'engagement'])
    it(`of ${noun}s is one’s own where one may not see all, and all where one may, or where that was said`, async () => {
      heard.length = 0
      maySeeAll = false
      assert.match((await one.run(noun, 'list')).err, /What you answer for/)
      await one.run(noun, 'list', '--mine')
      maySeeAll = true
      assert.doesNotMatch((await one.run(noun, 'list')).err, /What you answer for/)
      assert.deepEqual(heard, [true, true, false])
    })
})
