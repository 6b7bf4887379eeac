// The rounds alone: what is done in them has tests of its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRecurring } from './recurring.ts'

const everyMs = 1

/** Resolves when something else that recurs as often has done so many rounds. */
async function othersDo(rounds: number): Promise<void> {
  let done = 0
  const round = async (): Promise<void> => {
    done++
  }
  const others = startRecurring({ everyMs, round, report: (error) => assert.fail(String(error)) })
  while (done < rounds) await new Promise(setImmediate)
  await others.stop()
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
  await othersDo(20)
  const stopped = recurring.stop()
  step.resolve()
  await stopped
  await othersDo(20)
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
  while (told.length < 3) await othersDo(1)
  await recurring.stop()
  assert.deepEqual(told.slice(0, 3), [failure, failure, failure])
})
