// Promises of the queue: bounded, in turn by holder, and nothing is lost or let in twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairQueue } from './fair-queue.ts'
import { Room } from './room.ts'

const limits = { atOnce: 4, atOnceOfOne: 3, waiting: 20, waitingOfOne: 10, waitMs: 60_000 }
const here = new AbortController().signal

async function inside(queue: FairQueue, name: string): Promise<() => void> {
  const leave = await queue.enter(name, here)
  if (typeof leave !== 'function') assert.fail(`${name}: ${leave}`)
  return leave
}

test('one holder never has all places, so that another comes in at once', async () => {
  const queue = new FairQueue(limits)
  const greedy = Array.from({ length: 8 }, () => queue.enter('greedy', here))
  assert.deepEqual([queue.inside, queue.waiting], [3, 5])
  const leave = await inside(queue, 'modest')
  leave()
  assert.equal(queue.waiting, 5)
  for (const entering of greedy) {
    const left = await entering
    if (typeof left === 'function') left()
  }
  assert.deepEqual([queue.inside, queue.waiting], [0, 0])
})

test('those who wait are let in by turns, however many of one wait', async () => {
  const queue = new FairQueue({ ...limits, atOnce: 1 })
  const first = await inside(queue, 'first')
  const order: string[] = []
  const enter = async (name: string) => {
    const leave = await inside(queue, name)
    order.push(name)
    leave()
  }
  const all = ['a', 'a', 'a', 'a', 'b', 'c', 'b'].map(enter)
  first()
  await Promise.all(all)
  assert.deepEqual(order, ['a', 'b', 'c', 'a', 'b', 'a', 'a'])
})

test('what waits is bounded, of one and in all, and says which bound was hit', async () => {
  const queue = new FairQueue({ ...limits, atOnce: 1, waiting: 3, waitingOfOne: 2 })
  await inside(queue, 'first')
  const gone = new AbortController()
  const waiting = ['a', 'a', 'b'].map((name) => queue.enter(name, gone.signal))
  assert.equal(await queue.enter('a', here), 'full_of_own')
  assert.equal(await queue.enter('c', here), 'full')
  gone.abort()
  assert.deepEqual(await Promise.all(waiting), ['gone', 'gone', 'gone'])
  assert.deepEqual([queue.inside, queue.waiting], [1, 0])
})

test('where there is less room, nobody has more of it than his part, and when it is back as many are let in as there is room for', async () => {
  const room = { now: 4 }
  const queue = new FairQueue({ ...limits, atOnce: 8, atOnceOfOne: 4 }, room)
  const greedy = Array.from({ length: 5 }, () => queue.enter('greedy', here))
  assert.deepEqual([queue.inside, queue.waiting], [2, 3])
  const leave = await inside(queue, 'modest')
  room.now = 8
  leave()
  assert.deepEqual([queue.inside, queue.waiting], [4, 1])
  for (const entering of greedy) {
    const left = await entering
    if (typeof left === 'function') left()
  }
  assert.deepEqual([queue.inside, queue.waiting], [0, 0])
})

test('room is halved while the thread has no time left, never below the least, and given back one by one when it has', () => {
  const room = new Room({ most: 24, least: 8 })
  const after = (busy: number) => {
    room.hear(busy)
    return room.now
  }
  assert.deepEqual([0.9, 0.97, 1, 1].map(after), [24, 12, 8, 8])
  assert.deepEqual([0.9, 0.5, 0.5, 0.99].map(after), [8, 9, 10, 8])
  for (let look = 0; look < 40; look++) room.hear(0)
  assert.equal(room.now, 24)
})

test('whoever left while he waited takes no place, and leaving twice frees only one', async () => {
  const queue = new FairQueue({ ...limits, atOnce: 1 })
  const leave = await inside(queue, 'a')
  assert.equal(await queue.enter('b', AbortSignal.abort()), 'gone')
  const next = queue.enter('c', here)
  leave()
  leave()
  assert.equal(typeof (await next), 'function')
  assert.equal(queue.inside, 1)
})

test('whoever waits too long is told so', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const queue = new FairQueue({ ...limits, atOnce: 1, waitMs: 5_000 })
  await inside(queue, 'a')
  const waiting = queue.enter('b', here)
  t.mock.timers.tick(5_000)
  assert.equal(await waiting, 'waited')
  assert.equal(queue.waiting, 0)
})
