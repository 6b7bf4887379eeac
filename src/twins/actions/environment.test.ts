// Projects through the door, on a real PostgreSQL, as the starter's people.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { actWith, asPart, codeOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'

describe('project:show', () => {
  let world: World
  before(async () => {
    world = await openWorld({ isIdle: true })
  })
  after(() => world.close())

  it('shows a project to somebody whose grant is on this project alone', async () => {
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    const shown = await pipeline('project:show', { project: world.starter.project })
    assert.deepEqual([shown.slug, shown.owner, shown.twins], ['starter', world.starter.people.owner, 2])
  })

  it('is refused to somebody who holds no role, and says so in the ledger', async () => {
    const owner = await world.as('owner')
    assert.equal(await codeOf(owner('project:show', { project: world.starter.project })), 'denied')
    assert.deepEqual(await world.rows(`select outcome from entry where action = 'project:show'`), [{ outcome: 'denied' }])
  })

  it('does not tell a project of another organization from one that is not there', async () => {
    const { door, outside } = world.twinlock
    const stranger = asPart(door, newId('org', outside), 'starter')
    await stranger('organization:create', { slug: 'elsewhere', name: 'Elsewhere' })
    const owner = await stranger('person:create', { slug: 'owner', name: 'Owner', email: 'owner@elsewhere.example' })
    const project = textAt(await stranger('project:create', { slug: 'theirs', name: 'Theirs', owner: owner.id }), 'id')
    const admin = await world.as('admin')
    assert.equal(await codeOf(admin('project:show', { project })), 'not_found')
    assert.equal(await codeOf(admin('project:show', { project: newId('prj', outside) })), 'not_found')
  })
})
