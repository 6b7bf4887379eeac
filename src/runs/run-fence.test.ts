import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Tx } from '../kernel/index.ts'
import { RunFence } from './run-fence.ts'

const transaction = (): Tx => ({}) as Tx // the fence asks nothing of it

describe('a fence before a run', () => {
  it('lets through at once where nothing is raised, or before another run', async () => {
    const fence = new RunFence()
    fence.raise(transaction(), 'run_a')
    await fence.passing('run_b', transaction())
  })

  it('holds back until the transaction that raised it is settled', async () => {
    const fence = new RunFence()
    const tx = transaction()
    const order: string[] = []
    fence.raise(tx, 'run_a')
    const passing = fence.passing('run_a', transaction()).then(() => order.push('passed'))
    await new Promise((resolve) => setImmediate(resolve))
    order.push('settled')
    fence.lower(tx)
    await passing
    assert.deepEqual(order, ['settled', 'passed'])
    await fence.passing('run_a', transaction())
  })

  it('is held by the transaction that was first; another that comes meanwhile lowers nothing of it', async () => {
    const fence = new RunFence()
    const [first, second] = [transaction(), transaction()]
    let isThrough = false
    fence.raise(first, 'run_a')
    fence.raise(second, 'run_a')
    const passing = fence.passing('run_a', transaction()).then(() => {
      isThrough = true
    })
    fence.lower(second)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(isThrough, false)
    fence.lower(first)
    await passing
  })

  it('does not hold back who holds others back: the end would wait for him, and he for the end', async () => {
    const fence = new RunFence()
    const holding = transaction()
    fence.raise(transaction(), 'run_a')
    fence.letPass(holding)
    await fence.passing('run_a', holding)
  })

  it('is raised before several runs by one transaction, and lowered before all of them', async () => {
    const fence = new RunFence()
    const tx = transaction()
    for (const run of ['run_a', 'run_b']) fence.raise(tx, run)
    fence.lower(tx)
    await Promise.all([fence.passing('run_a', transaction()), fence.passing('run_b', transaction())])
  })
})
