// The rounds alone: what is done in them has tests of its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRecurring } from './recurring.ts'

const everyMs = 1

/** Resolves when a timer like that of the rounds has come up so many times. */
function comesUp(times: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = times
  const timer = setInterval(() => {
    left--
    if (left > 0) return
    clearInterval(timer)
    resolve()
  }, everyMs)
  return promise
}

test('a round that takes long leaves out those that come due meanwhile; stopping waits for it alone, and it ends between two steps', async () => {
  let rounds = 0
  const step = Promise.withResolvers<void>()
  const recurring = startRecurring({
    everyMs,
    async round(isStopping) {
      rounds++
      await step.promise
      if (!isStopping()) assert.fail('it goes on with the next step')
    },
    report: (error) => assert.fail(String(error)),
  })
  await comesUp(20)
  const stopped = recurring.stop()
  step.resolve()
  await stopped
  await comesUp(20)
  assert.equal(rounds, 1)
})

test('a round that fails is told, and the next one comes; the first one need not wait for its time', async () => {
  const told: unknown[] = []
  const failure = new Error('The store is away.')
  const recurring = startRecurring({
    everyMs,
    atOnce: true,
    round: () => Promise.reject(failure),
    report: (error) => told.push(error),
  })
  while (told.length < 3) await comesUp(1)
  await recurring.stop()
  assert.deepEqual(told.slice(0, 3), [failure, failure, failure])
})
