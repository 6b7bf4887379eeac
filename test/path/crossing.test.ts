// Crossing beside another instance that completes it first, and going back to what can be fetched.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isCoded } from '../../src/kernel/index.ts'
import { actWith } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { type InsideCell, write } from '../harness/scripted-cells.ts'
import { openWorld, type World } from '../harness/world.ts'

describe('crossing', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const stateOf = async (promotion: string) => (await world.rows('select state from promotion where id = $1', [promotion]))[0]?.state

  async function approved(script?: (cell: InsideCell) => Promise<void>): Promise<{ promotion: string; artifact: string }> {
    if (script !== undefined) world.cells.next(script)
    const run = await world.launch()
    await world.ended(run)
    const artifact = String((await world.rows('select id from artifact where run_id = $1', [run]))[0]?.id)
    const to = { service: world.starter.services.payments, key: world.keys.payments, channel: 'payments' }
    const promotion = await askToPromote(world.twinlock.door, await world.as('operator'), world.starter, artifact, to)
    await (await world.as('reviewer'))('promotion:approve', { promotion })
    return { promotion, artifact }
  }

  it('that a crosser completes first has succeeded for the deployer too', async () => {
    const { promotion } = await approved()
    const { store, sequencerStore } = world.twinlock.outside
    // Sees the checkpoint only after the other instance has completed the crossing.
    const slow = await world.another({
      sequencerStore: {
        ...sequencerStore,
        async transact(org, work) {
          if ((await stateOf(promotion)) === 'crossing')
            await world.until(async () => (await stateOf(promotion)) === 'crossed', [world.twinlock])
          return store.transact(org, work)
        },
      },
    })
    const crossed = await actWith(slow.door, await world.credentialOf('deployer'))('promotion:cross', { promotion })
    assert.equal(crossed.state, 'crossed')
  })

  it('gives the service the paths that the run called, with whatever query it asks', async () => {
    const read = async (cell: InsideCell) => {
      await cell.ask({ type: 'call', connection: 'accounts-data', method: 'GET', path: '/accounts?limit=2' })
      await write(cell, 'report.md', '# What came of it')
      cell.say({ type: 'finish', verdict: 'passed', summary: {} })
    }
    const { promotion } = await approved(read)
    await (await world.as('deployer'))('promotion:cross', { promotion }).catch(() => undefined) // see the test above
    const given = await world.rows('select methods, path from permission where origin_id = $1', [promotion])
    assert.deepEqual(given, [{ methods: ['GET'], path: '/accounts' }])
    const credential = await world.tokenOf('payments')
    const call = (path: string, connection = 'accounts-data-production') =>
      world.twinlock.broker.call({
        credential,
        connection,
        method: 'GET',
        path,
        headers: {},
        body: undefined,
        requestId: 'test',
      })
    for (const path of ['/accounts?limit=2', '/accounts?limit=500&after=7', '/accounts']) assert.equal((await call(path)).status, 200, path)
    const refused = (path: string, code: 'denied', connection?: string) =>
      assert.rejects(call(path, connection), (error) => isCoded(error, code), path)
    for (const path of ['/accounts/7?limit=2', '/accounts/', '/accounts;limit=2', '/accounts%3Flimit=2', '/']) await refused(path, 'denied')
    // The name that the run called by is another connection: the counterpart is what was given.
    await refused('/accounts?limit=2', 'denied', 'accounts-data')
  })

  it('lets a service get many tokens at the same moment, more than the store has connections', async () => {
    const credentials = await Promise.all(Array.from({ length: 16 }, () => world.tokenOf('payments')))
    assert.equal(credentials.length, 16)
  })

  it('that is rolled back leaves a channel whose artifact can be fetched', async () => {
    const second = await approved()
    await (await world.as('deployer'))('promotion:cross', { promotion: second.promotion }).catch(() => undefined) // see the test above
    const back = await (await world.as('deployer'))('promotion:roll-back', { promotion: second.promotion, reason: 'Back.' })
    assert.notEqual(back.channelNow, null)
    const pulled = await actWith(world.twinlock.door, await world.tokenOf('payments'))('artifact:pull', { channel: 'payments@production' })
    assert.equal(pulled.artifact, back.channelNow)
    assert.equal(await stateOf(String(pulled.promotion)), 'crossed')
  })
})
