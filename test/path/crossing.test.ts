// Crossing beside another instance that completes it first, and going back to what can be fetched.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { actWith } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { openWorld, type World } from '../harness/world.ts'

describe('crossing', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const stateOf = async (promotion: string) => (await world.rows('select state from promotion where id = $1', [promotion]))[0]?.state

  async function approved(): Promise<{ promotion: string; artifact: string }> {
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
        organizations: sequencerStore.organizations,
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
