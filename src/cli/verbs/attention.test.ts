// What waits for somebody on the command line: what, why, until when, and the command that answers it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const at = '2026-11-21T05:00:00.000Z'
const waiting = (action: string, type: string, id: string, more: object = {}) => ({
  kind: 'grant_expiring',
  subject: { type, id },
  title: `About ${action}\u001b[31m`,
  why: 'It waits.',
  since: at,
  until: null,
  action,
  ...more,
})

let one: FakeTwinlock
let items: object[] = []
before(async () => {
  one = await startFake({ 'attention:list': () => ({ items, checkedAt: at, truncated: items.length > 2 }) })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

describe('what waits', () => {
  it('says what it is and why, until when, and the command with the thing and what is left to fill in', async () => {
    items = [
      waiting('grant:review', 'Grant', fakeId('grt', 1), { until: '2026-11-23T00:00:00.000Z' }),
      waiting('ownership:accept', 'Twin', fakeId('twn', 1)),
      waiting('run:finish', 'Run', fakeId('run', 1)),
    ]
    const { out, exit } = await one.run('attention', 'list')
    assert.equal(exit, 0)
    assert.match(out, /^About grant:review.* until 2026-11-23 00:00:00Z \(24 hours left\)\n {2}It waits\.\n/)
    assert.match(out, /twinlock grant review grt_0+1 --verdict <justified\|not_justified> --reason …/)
    assert.match(out, /twinlock ownership accept --things twn_0+1\n/)
    assert.match(out, / {2}Run run_0+1\n\nThere may be more/)
    assert.doesNotMatch(out, /\u001b/)
  })

  it('or that nothing does', async () => {
    items = []
    assert.equal((await one.run('attention', 'list')).out, 'Nothing waits for you.\n')
  })
})
