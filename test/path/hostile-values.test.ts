// Values that are well-formed and hostile, from a cell and from the door: none of them keeps a run alive or leaves one that cannot be closed.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asPart, codeOf, textAt } from '../harness/acting.ts'
import { write } from '../harness/scripted-cells.ts'
import { manifestOf } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

describe('values that are well-formed and hostile', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('in a summary do not keep the cell of a run alive after the run', async () => {
    world.cells.next(async (cell) => {
      cell.say({ type: 'finish', verdict: 'passed', summary: { text: 'a\u0000b' } })
      await Promise.race([cell.stopped, cell.killed])
    })
    const run = await world.launch()
    await world.until(
      async () =>
        world.lines.some((line) => line.includes(run)) ||
        (await world.rows('select state from run where id = $1', [run]))[0]?.state === 'ended',
    )
    world.clock.forward(16)
    await world.ended(run)
    assert.equal(world.cells.alive.has(run), false, 'the run is over and its cell executes')
  })

  it('in progress do not cost a run its claim', async () => {
    const run = await world.launch()
    await world.ended(run)
    const worker = asPart(world.twinlock.door, world.org, 'worker')
    assert.equal((await worker('run:heartbeat', { run, worker: 'any', done: 1e300, total: 1e300, note: '' })).live, false)
  })

  it('in parameters are refused at the door, and never leave a run that cannot be closed', async () => {
    const author = await world.as('author')
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
    const manifest = { ...Object(manifestOf('payments')), parameters: { deep: null } }
    const scenario = textAt(await author('scenario:publish', { twin: world.starter.twins.payments, slug: 'deep', manifest }), 'id')
    world.cells.next(async (cell) => void (await write(cell, 'a.txt', 'a')))
    assert.equal(await codeOf(world.launch({ scenario, parameters: { deep: nested(40) } })), 'invalid')
  })

  it('named like what every object inherits are unknown parameters', async () => {
    for (const name of ['toString', 'constructor', 'hasOwnProperty'])
      assert.equal(await codeOf(world.launch({ parameters: { [name]: 1 } })), 'invalid', name)
  })

  it('with a zero character are invalid, not an error of ours', async () => {
    const author = await world.as('author')
    const manifest = { ...Object(manifestOf('payments')), parameters: { text: 'a\u0000b' } }
    assert.equal(await codeOf(author('scenario:publish', { twin: world.starter.twins.payments, slug: 'zero', manifest })), 'invalid')
    assert.equal(await codeOf(world.launch({ parameters: { accounts: 'a\u0000b' } })), 'invalid')
  })
})
