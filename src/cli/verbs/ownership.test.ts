// Who answers for what on the command line: the plain form is everybody's or one's own, and things are named where one answers for them.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const me = fakeId('per', 1)
const channel = `${fakeId('env', 1)}/payments`
const thing = (kind: string, id: string, name: string, more: object = {}) => ({
  id,
  kind,
  name,
  project: null,
  owner: { id: me, name: 'Ada\u001b[31m', state: 'active' },
  isOrphan: false,
  since: null,
  through: null,
  stops: 'Nothing.',
  fallback: { kind: 'administrators', id: null, name: 'The administrators', scope: 'organization' },
  offer: null,
  ...more,
})
const mine = [
  thing('twin', fakeId('twn', 1), 'payments'),
  thing('channel', channel, 'payments'),
  thing('service', fakeId('svc', 1), 'settler'),
]
const offered = [thing('twin', fakeId('twn', 2), 'robot')]
const others = [
  thing('agent', fakeId('agt', 1), 'watcher', { isOrphan: true, offer: { to: { id: me, name: 'Grace' }, at: '2026-11-20T05:00:00.000Z' } }),
]

let one: FakeTwinlock
let maySeeAll = false
const heard: Record<string, unknown>[] = []
const keep = (as: string, more: object) => (input: Record<string, unknown>) => {
  heard.push(input)
  return { to: input.to, [as]: (input.things as readonly string[]).map((id) => ({ id, kind: 'twin', ...more })) } // parsed
}
before(async () => {
  one = await startFake({
    'access:check': ({ questions }) => ({
      answers: (questions as readonly { input: Record<string, unknown> }[]).map(({ input: { person, offeredTo } }) => ({
        code: maySeeAll || person === me || offeredTo === me ? null : 'denied',
      })), // parsed
    }),
    'ownership:list': ({ person, offeredTo }) => ({
      items: offeredTo === me ? offered : person === me ? mine : maySeeAll ? [...mine, ...others] : assert.fail('It was asked for all.'),
      next: null,
    }),
    'ownership:offer': keep('offered', {}),
    'person:hand-over': () => ({ from: me, to: fakeId('per', 2), offered: [{ id: fakeId('twn', 1), kind: 'twin' }], left: 3 }),
    'ownership:fallbacks': () => ({
      items: [{ scope: 'project', project: { id: fakeId('prj', 1), name: 'Starter' }, group: { id: fakeId('grp', 1), name: 'Line' } }],
    }),
    'ownership:accept': keep('accepted', { resumed: true }),
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())
beforeEach(() => {
  maySeeAll = false
  heard.length = 0
})

const offer = (...things: readonly string[]) =>
  one.run('ownership', 'offer', '--to', fakeId('per', 2), '--reason', 'He builds it.', ...things.flatMap((name) => ['--things', name]))

describe('who answers for what, on the command line', () => {
  it('is one’s own in the plain form for whoever may not see everybody’s, and says so', async () => {
    const { exit, out, err } = await one.run('ownership', 'list')
    assert.equal(exit, 0, err)
    assert.match(out, /twin +payments +Ada/)
    assert.doesNotMatch(out, /\u001b|watcher/)
    assert.match(err, /What you answer for/)
    assert.equal(one.asked.filter(({ action, input }) => action === 'ownership:list' && !('person' in Object(input))).length, 0)
  })

  it('is everybody’s for whoever may see that, with what nobody answers for', async () => {
    maySeeAll = true
    const { out, err } = await one.run('ownership', 'list')
    assert.match(out, /agent +watcher .*has left: The administrators can hand it on; offered to Grace 2026-11-20/)
    assert.equal(err, '')
  })

  it('things are offered by the names of what one answers for, by their kinds where several have one, and never by a wrong one', async () => {
    const { exit, out, err } = await offer('settler', 'twin/payments', 'channel/payments', fakeId('con', 1))
    assert.equal(exit, 0)
    assert.match(out, /^Offered to per_\S+: nothing changes hands before it is accepted\.\n {2}twin +svc_/)
    assert.match(err, /twinlock ownership accept --things svc_\S+ --things twn_/)
    assert.deepEqual(heard[0]?.things, [fakeId('svc', 1), fakeId('twn', 1), channel, fakeId('con', 1)])
    const twice = await offer('payments')
    assert.equal(twice.exit, 2)
    assert.match(twice.err, /`payments` is the name of 2 things: twin twn_\S+, channel env_\S+\/payments\.\n.*--things twin\/payments/)
    const wrong = await offer('watcher')
    assert.equal(wrong.exit, 5)
    assert.match(wrong.err, /called `watcher`\.\n.*`--things`/)
    assert.equal(heard.length, 1)
    maySeeAll = true
    assert.equal((await offer('watcher')).exit, 0)
    assert.deepEqual(heard[1]?.things, [fakeId('agt', 1)])
  })

  it('all that somebody answers for is offered in one act, which says whether there is more; who stands in is shown by name', async () => {
    const { out } = await one.run('person', 'hand-over', '--from', me, '--to', fakeId('per', 2), '--reason', 'He leaves.')
    assert.match(out, /^Offered to per_\S+: nothing changes hands.*\n {2}twin +twn_\S+\nThere is more than one act takes/)
    assert.match((await one.run('ownership', 'fallbacks')).out, /project +Starter prj_\S+ +Line grp_/)
  })

  it('what was offered to one is accepted by its name, and nothing else is', async () => {
    const { exit, out } = await one.run('ownership', 'accept', '--things', 'robot')
    assert.equal(exit, 0)
    assert.match(out, /^You answer from now on for:\n {2}twin +twn_\S+ +stood still, and goes on\n/)
    assert.deepEqual(heard[0]?.things, [fakeId('twn', 2)])
    assert.equal((await one.run('ownership', 'accept', '--things', 'settler')).exit, 5)
    assert.equal(heard.length, 1)
  })
})
