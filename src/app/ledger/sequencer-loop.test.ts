// The loop alone, over a store that is scripted: what the rounds do is tested where there is a real one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntryId, OrgId, Ports } from '../../kernel/index.ts'
import { type SequencerLoop, startSequencer } from './sequencer-loop.ts'

const org = 'org_1' as OrgId
const entry = 'ent_1' as EntryId

/** A loop over a store that answers every transaction alike, and does something besides each time. */
function looping(answer: boolean, besides: (loop: SequencerLoop, transactions: number) => void): SequencerLoop {
  let transactions = 0
  const loop: SequencerLoop = startSequencer({
    ports: { clock: { monotonic: () => performance.now(), now: () => Date.now() } } as unknown as Ports, // nothing else of it is used without a store
    transact: async <T>() => {
      besides(loop, ++transactions)
      return answer as T // what `sequence` and `isInCheckpoint` ask for is truthy or falsy
    },
    organizations: async () => [],
    log: assert.fail,
  })
  return loop
}

test('who waits for an entry is answered while commits keep coming without a pause', async () => {
  const loop = looping(true, (it) => it.wake(org))
  loop.wake(org)
  await loop.included(org, entry)
  await loop.stop()
})

test('an entry that no round brings is told after the time, not for ever', async () => {
  const loop = looping(false, (it) => it.wake(org))
  await assert.rejects(loop.included(org, entry, 30), { code: 'busy' })
  await loop.stop()
})

test('who waits for an entry is told after the time, also where a round does not come to its end', async () => {
  let transactions = 0
  const endless = Promise.withResolvers<never>()
  const loop = startSequencer({
    ports: { clock: { monotonic: () => performance.now(), now: () => Date.now() } } as unknown as Ports, // nothing else of it is used without a store
    transact: async <T>() => (transactions++ === 0 ? endless.promise : (false as T)), // the round never ends; what `isInCheckpoint` asks for is not there
    organizations: async () => [],
    log: () => undefined,
  })
  await assert.rejects(loop.included(org, entry, 30), { code: 'busy' })
  endless.reject(new Error('The store is away.'))
  await loop.stop()
})

test('a loop that is stopped in the space between two rounds ends without another', async () => {
  let seen = 0
  const loop = looping(true, (it, transactions) => {
    seen = transactions
    if (transactions < 3) it.wake(org)
  })
  await loop.included(org, entry)
  await loop.stop()
  const atTheEnd = seen
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(seen, atTheEnd)
})
