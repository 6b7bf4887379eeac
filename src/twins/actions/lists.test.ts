// Lists of one place: whoever holds a role on a project or a twin alone, as a guest does, lists what lies there, and nothing beside it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, codeOf, listAt, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'

describe('what lies in one place', () => {
  let world: World
  let admin: Act
  let other: { readonly project: string; readonly twin: string }
  const nowhere = { project: 'prj_00000000000000000000000000', twin: 'twn_00000000000000000000000000' }
  const lists = ['run:list', 'batch:list', 'artifact:list', 'promotion:list'] as const

  async function holder(slug: string, scope: { readonly scopeType: string; readonly scope: string }): Promise<Act> {
    const starting = world.part('starter')
    const id = textAt(await starting('person:create', { slug, name: slug, email: `${slug}@people.example` }), 'id')
    await admin('grant:create', { principal: id, role: 'operator', ...scope, reason: 'The place alone.' })
    return actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id))
  }

  before(async () => {
    world = await openWorld({ isIdle: true })
    admin = await world.as('admin')
    const starting = world.part('starter')
    const { owner } = world.starter.people
    const project = textAt(await starting('project:create', { slug: 'elsewhere', name: 'Elsewhere', owner }), 'id')
    const twin = { project, slug: 'unseen', kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
    other = { project, twin: textAt(await starting('twin:create', twin), 'id') }
  })
  after(() => world.close())

  it('is listed by whoever holds the role on the project: its twins, and what became of each; not those of another, nor all', async () => {
    const act = await holder('of-project', { scopeType: 'Project', scope: world.starter.project })
    const { items } = await act('twin:list', { project: world.starter.project })
    const { payments } = world.starter.twins
    assert.ok(Array.isArray(items) && items.some((one) => textAt(one, 'id') === payments))
    for (const list of lists) assert.ok(listAt(await act(list, { twin: payments }), 'items'), list)
    for (const asked of [{}, { project: other.project }])
      assert.equal(await codeOf(act('twin:list', asked)), 'denied', JSON.stringify(asked))
    for (const list of lists)
      for (const asked of [{}, { twin: other.twin }])
        assert.equal(await codeOf(act(list, asked)), 'denied', `${list} ${JSON.stringify(asked)}`)
  })

  it('is, of a twin that somebody holds the role on alone, what became of it; its project is not his to list', async () => {
    const { payments } = world.starter.twins
    const act = await holder('of-twin', { scopeType: 'Twin', scope: payments })
    for (const list of lists) assert.ok(listAt(await act(list, { twin: payments }), 'items'), list)
    assert.equal(await codeOf(act('twin:list', { project: world.starter.project })), 'denied')
  })

  it('is listed by whoever may list all; in a place that is not there is nothing', async () => {
    const operator = await world.as('operator')
    assert.equal(listAt(await operator('twin:list', { project: other.project }), 'items').length, 1)
    assert.deepEqual(listAt(await operator('twin:list', { project: nowhere.project }), 'items'), [])
    for (const list of lists)
      for (const { twin } of [other, nowhere]) assert.deepEqual(listAt(await operator(list, { twin }), 'items'), [], list)
  })
})
