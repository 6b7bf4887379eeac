// What it costs to listen to runs, and when those who listen are woken. The door is made up and counts what it is asked; timers are turned by hand.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { systemClock, systemRandom } from '../../host/crypto/system-ports.ts'
import { newId, type OrgId } from '../../kernel/index.ts'
import type { Act, Door } from '../door/govern.ts'
import { readPlace, writePlace } from './place-text.ts'
import { type RunEvent, type RunNews, RunTeller } from './run-events.ts'
import { watchRuns } from './watch-runs.ts'

const ports = { clock: systemClock, random: systemRandom }
const org = newId('org', ports)

function quietDoor() {
  const asked = new Map<string, number>()
  const state = { story: 'as it was', takeaway: 1 }
  const door: Pick<Door, 'govern'> = {
    async govern({ action, input }) {
      for (const key of [action, `${action} ${Object(input).run}`]) asked.set(key, (asked.get(key) ?? 0) + 1)
      const run = { state: 'running', frozen: null }
      const result =
        action === 'run:mark' ? { ...state, pulse: '' } : { watcher: 'per_x', run, outcomes: [], calls: [], outputs: [], more: false }
      return { result, entry: null }
    },
  }
  const count = (action: string, run?: string) => asked.get(run === undefined ? action : `${action} ${run}`) ?? 0
  return { door: door as Door, state, count } // nothing here reads its catalogue
}

/** The credential of one of several readers. */
const readerOf = (number: number, of = org) => ({ kind: 'channel', org: of, run: newId('run', ports), epoch: number }) as const

const settle = async () => {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve))
}

test('a thousand streams of ten people on a run that stands still cost one question a second together, and one for each of them when something is taken away', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  try {
    let now = 0
    const { door, state, count } = quietDoor()
    const limits = { all: 1000, perPerson: 1000 }
    const watch = watchRuns({ door, clock: { monotonic: () => now }, baseUrl: 'http://x', limits, log: assert.fail })
    const readers = Array.from({ length: 10 }, (_, number) => readerOf(number))
    const run = newId('run', ports)
    const streams = await Promise.all(
      Array.from({ length: 1000 }, (_, number) =>
        watch.open({ credential: readers[number % 10], run, after: undefined, requestId: 'test' }),
      ),
    )
    for (const stream of streams) await stream.next()
    const waiting = streams.map((stream) => stream.next())
    for (let round = 0; round < 200; round++) await settle()
    const [marks, follows] = [count('run:mark'), count('run:follow')]
    for (let second = 1; second <= 30; second++) {
      now += 1000
      mock.timers.tick(1000)
      await settle()
    }
    assert.deepEqual([count('run:mark') - marks, count('run:follow') - follows], [30, 0])
    state.takeaway = 2
    now += 1000
    mock.timers.tick(1000)
    for (let round = 0; round < 200; round++) await settle()
    assert.equal(count('run:follow') - follows, 10)
    await watch.stop()
    assert.deepEqual([...new Set(await Promise.all(waiting))], [undefined])
    assert.equal(watch.listening, 0)
  } finally {
    mock.timers.reset()
  }
})

test('those who listen to a run that something happens to all the time are woken a few times a second, and a lone one at once', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  try {
    let now = 0
    const { door, state, count } = quietDoor()
    const watch = watchRuns({
      door,
      clock: { monotonic: () => now },
      baseUrl: 'http://x',
      limits: { all: 1000, perPerson: 1000 },
      log: assert.fail,
    })
    const [busy, calm] = [newId('run', ports), newId('run', ports)]
    const listen = async (run: string, credential: ReturnType<typeof readerOf>) => {
      const stream = await watch.open({ credential, run, after: undefined, requestId: 'test' })
      await stream.next()
      return stream.next()
    }
    const happens = (run: string) =>
      watch.committed({ principal: { org, id: run }, resource: run, about: [], takesAway: false } as unknown as Act) // all that is looked at
    const pass = async (ms: number) => {
      now += ms
      mock.timers.tick(ms)
      for (let round = 0; round < 8; round++) await settle()
    }
    const waiting = Array.from({ length: 100 }, (_, number) => listen(busy, readerOf(number)))
    waiting.push(listen(calm, readerOf(0)))
    await pass(1000)
    const [follows, marks] = [count('run:follow'), count('run:mark')]
    happens(calm)
    await pass(20)
    assert.equal(count('run:follow') - follows, 1, 'who listens alone waits for nobody')
    state.story = 'goes on'
    for (let number = 0; number < 100; number++) {
      happens(busy)
      await pass(10)
    }
    const told = (count('run:follow') - follows) / 100
    assert.ok(told > 5 && told < 50, `woken ${told} times a second`)
    assert.ok(count('run:mark') - marks < 5, 'nobody looks for what everybody is told')
    await watch.stop()
    await Promise.all(waiting)
  } finally {
    mock.timers.reset()
  }
})

test('where too many listen to be woken at once, organizations take turns: who listens alone in one waits for a part of another', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  try {
    let now = 0
    const { door, count } = quietDoor()
    const limits = { all: 1000, perPerson: 1000 }
    const watch = watchRuns({ door, clock: { monotonic: () => now }, baseUrl: 'http://x', limits, log: assert.fail })
    const elsewhere = newId('org', ports)
    const [busy, lone] = [Array.from({ length: 4 }, () => newId('run', ports)), newId('run', ports)]
    const readers = new Map([org, elsewhere].map((of) => [of, readerOf(0, of)]))
    const listen = async (run: string, of: OrgId) => {
      const stream = await watch.open({ credential: readers.get(of), run, after: undefined, requestId: 'test' })
      await stream.next()
      return stream.next()
    }
    const happens = (run: string, of: OrgId) =>
      watch.committed({ principal: { org: of, id: run }, resource: run, about: [], takesAway: false } as unknown as Act) // all that is looked at
    const pass = async (ms: number) => {
      now += ms
      mock.timers.tick(ms)
      for (let round = 0; round < 8; round++) await settle()
    }
    const waiting = busy.flatMap((run) => Array.from({ length: 150 }, () => listen(run, org)))
    waiting.push(listen(lone, elsewhere))
    await pass(1000)
    const follows = () => busy.map((run) => count('run:follow', run))
    const [before, alone] = [follows(), count('run:follow', lone)]
    for (const run of busy) happens(run, org)
    happens(lone, elsewhere)
    await pass(20)
    assert.deepEqual([follows(), count('run:follow', lone)], [before.map((many, at) => (at < 2 ? many + 1 : many)), alone])
    await pass(300)
    assert.equal(count('run:follow', lone), alone + 1)
    await pass(20)
    assert.deepEqual(
      follows(),
      before.map((many) => many + 1),
    )
    await watch.stop()
    await Promise.all(waiting)
  } finally {
    mock.timers.reset()
  }
})

test('those who are told the same are given the same, and whoever was told something else before is told what is new to him', () => {
  const run = newId('run', ports)
  const news = (state: string, frozen: unknown = null) =>
    ({ run: { state, frozen }, outcomes: [], calls: [{ number: 1, state: 'settled' }], outputs: [], more: false }) as unknown as RunNews // all that is looked at
  const place = { calls: 0, outputs: 0, open: [] }
  const [one, other, late] = [new RunTeller(run, place), new RunTeller(run, place), new RunTeller(run, place)]
  const [first, second, third] = [news('running'), news('running', { reason: 'a test' }), news('running')]
  assert.equal(one.tell(first), other.tell(first))
  assert.deepEqual(one.place, { calls: 1, outputs: 0, open: [] })
  const names = (events: readonly RunEvent[]) => events.map(({ event }) => event)
  assert.equal(one.tell(second), other.tell(second))
  assert.deepEqual(names(late.tell(second)), ['call', 'run'], 'who never saw it otherwise is not told that it was frozen')
  assert.deepEqual(names(one.tell(third)), ['call', 'thawed', 'run'])
  assert.deepEqual(one.place, late.place)
})

test('a place reads back as it was written, and a place of another run does not', () => {
  const [run, other] = [newId('run', ports), newId('run', ports)]
  for (const place of [
    { calls: 0, outputs: 0, open: [] },
    { calls: 50_000, outputs: 12, open: [49_998, 49_999] },
  ]) {
    assert.deepEqual(readPlace(run, writePlace(run, place)), place)
    assert.throws(() => readPlace(other, writePlace(run, place)), { code: 'invalid' })
  }
})
