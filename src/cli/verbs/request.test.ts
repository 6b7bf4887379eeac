// What a person reads of a request, and that `access request` is `request create`.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const at = '2026-11-22T05:00:00.000Z'
const waiting = { number: 2, state: 'waiting', by: null, byName: null, at: null, minutes: null, reason: null }
const request = {
  id: fakeId('req', 1),
  state: 'open',
  asker: fakeId('per', 1),
  askerName: 'Nadia',
  role: 'operator',
  customRole: null,
  actions: [],
  scope: { type: 'Project', id: fakeId('prj', 1) },
  environments: [],
  minutes: 60,
  notBefore: null,
  reason: 'The gripper slips.\u001b[31m',
  createdAt: at,
  expiresAt: at,
  closedAt: null,
  approvalsNeeded: 2,
  approvalsGiven: 1,
  grant: null,
  second: ['production'],
  steps: [
    { number: 1, state: 'given', by: fakeId('per', 2), byName: 'Kim', at, minutes: 30, reason: 'Agreed.', mayDecide: [] },
    { ...waiting, mayDecide: [{ id: fakeId('per', 3), slug: 'lee', name: 'Lee' }] },
  ],
  enough: true,
  conflicts: [{ name: 'shipped/author-operator', stops: false, holder: fakeId('per', 1), grant: fakeId('grt', 1) }],
  answer: null,
}

let one: FakeTwinlock
const heard: unknown[] = []
let answer: unknown = request
before(async () => {
  one = await startFake({
    'request:create': (input) => {
      heard.push(input)
      return answer
    },
    'request:show': () => answer,
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

describe('a request on the command line', () => {
  it('is asked for by `request create` and by `access request` alike', async () => {
    const asked = ['--role', 'operator', '--scope-type', 'Project', '--scope', fakeId('prj', 1), '--reason', 'The gripper slips.']
    for (const words of [
      ['request', 'create'],
      ['access', 'request'],
    ])
      assert.equal((await one.run(...words, ...asked)).exit, 0, words.join(' '))
    assert.equal(heard.length, 2)
    assert.deepEqual(heard[0], heard[1])
    assert.match((await one.run('access', 'request', '--help')).out, /twinlock request create/)
    assert.match((await one.run('help', 'access', 'request')).out, /twinlock request create/)
  })

  it('says its steps, who may give each, and why there are two; nothing in it speaks to the terminal', async () => {
    const { out } = await one.run('request', 'show', request.id)
    assert.match(out, /Two people must approve, because it reaches production\./)
    assert.match(out, /1 +given +Kim .*for 30 minutes: Agreed\./)
    assert.match(out, /2 +waits +for one of: lee/)
    assert.match(out, /how long +30 minutes, of 60 that were asked for/)
    assert.match(out, /open until +2026-11-22 05:00:00Z/)
    assert.match(out, /brings together +shipped\/author-operator/)
    assert.ok(!out.includes('\u001b'))
  })

  it('says that nobody could give a step, where that is so', async () => {
    answer = { ...request, enough: false, steps: [{ ...waiting, mayDecide: [] }] }
    assert.match((await one.run('request', 'show', request.id)).out, /nobody could give it\n.*not enough people/)
    answer = request
  })

  it('is the whole answer as JSON', async () => {
    assert.deepEqual(JSON.parse((await one.run('request', 'show', request.id, '--json')).out), request)
  })
})
