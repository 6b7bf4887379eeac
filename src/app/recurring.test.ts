// The rounds alone, by the timers of the test: what is done in them has tests of its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRecurring } from './recurring.ts'

test('a round that takes long leaves out those that come due meanwhile; stopping waits for it alone, and it ends between two steps', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let rounds = 0
  const step = Promise.withResolvers<void>()
  const recurring = startRecurring({
    everyMs: 1_000,
    async round(isStopping) {
      rounds++
      await step.promise
      if (!isStopping()) assert.fail('it goes on with the next step')
    },
    report: (error) => assert.fail(String(error)),
  })
  t.mock.timers.tick(90_000)
  const stopped = recurring.stop()
  step.resolve()
  await stopped
  t.mock.timers.tick(90_000)
  assert.equal(rounds, 1)
})

test('a round that fails is told, and the next one comes', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const told: unknown[] = []
  const failure = new Error('The store is away.')
  const recurring = startRecurring({
    everyMs: 1_000,
    round: () => Promise.reject(failure),
    report: (error) => told.push(error),
  })
  for (let round = 0; round < 3; round++) {
    t.mock.timers.tick(1_000)
    await new Promise(setImmediate)
  }
  await recurring.stop()
  assert.deepEqual(told, [failure, failure, failure])
})
