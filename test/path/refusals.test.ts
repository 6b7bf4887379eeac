// Refusals that say no more than they must, and no less than helps.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { actWith, codeOf } from '../harness/acting.ts'
import { workloadKey } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

describe('a refusal', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('does not tell whether an organization exists', async () => {
    const as = (org: string) => codeOf(actWith(world.twinlock.door, { kind: 'session', token: `tws_${org}.${'A'.repeat(43)}` })('run:list'))
    assert.equal(await as(`org_${'1'.repeat(26)}`), await as(world.org))
  })

  it('of a slug that is taken is a conflict', async () => {
    const admin = await world.as('admin')
    const { environments, people } = world.starter
    const again = {
      kind: 'service',
      slug: 'payments-settler',
      environment: environments.production,
      owner: people.owner,
      jwk: workloadKey().jwk,
    }
    assert.equal(await codeOf(admin('workload:create', again)), 'conflict')
  })
})
