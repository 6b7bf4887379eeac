// Closing a run where several instances work over one database: once, and not before its cell is gone.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asPart } from '../harness/acting.ts'
import { openWorld, type World } from '../harness/world.ts'

describe('closing a run', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('waits for the cell, also when another instance could do it', async () => {
    const { promise: up, resolve } = Promise.withResolvers<void>()
    world.cells.next(async (cell) => {
      resolve()
      await cell.killed
    })
    const run = await world.launch()
    await up
    const second = await world.another()
    second.start()
    await (await world.as('operator'))('run:cancel', { run, reason: 'stop' })
    await world.until(async () => (await world.rows('select state from run where id = $1', [run]))[0]?.state === 'ended')
    const isAlive = world.cells.alive.has(run)
    await second.stop()
    assert.equal(isAlive, false, 'the run is closed and its cell executes')
  })

  it('happens once', async () => {
    await world.twinlock.stop()
    for (let round = 1; round <= 8; round++) {
      const run = await world.launch()
      await (await world.as('operator'))('run:cancel', { run, reason: 'stop' })
      const close = (cellMs: number | null) =>
        asPart(
          world.twinlock.door,
          world.org,
          'worker',
        )('run:close', { run, closed: { admissionMs: cellMs, cellMs, tokens: 0, callsUnknown: 0 } })
      const closed = await Promise.allSettled([close(12), close(null), close(null), close(null)])
      assert.equal(closed.filter(({ status }) => status === 'fulfilled').length, 1, `round ${round}`)
    }
  })
})
