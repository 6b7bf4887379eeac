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

  async function holder(
    slug: string,
    scope: { readonly scopeType: string; readonly scope: string; readonly environments?: string[] },
  ): Promise<Act> {
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
    for (const list of lists)
      for (const asked of [{ twin: payments }, { project: world.starter.project }])
        assert.ok(listAt(await act(list, asked), 'items'), `${list} ${JSON.stringify(asked)}`)
    for (const asked of [{}, { project: other.project }, { twin: other.twin }])
      assert.equal(await codeOf(act('twin:list', asked)), 'denied', JSON.stringify(asked))
    for (const list of lists)
      for (const asked of [{}, { twin: other.twin }, { project: other.project }, { project: world.starter.project, twin: other.twin }])
        assert.equal(await codeOf(act(list, asked)), 'denied', `${list} ${JSON.stringify(asked)}`)
  })

  it('is, of a twin that somebody holds the role on alone, what became of it; its project is not his to list', async () => {
    const { payments } = world.starter.twins
    const act = await holder('of-twin', { scopeType: 'Twin', scope: payments })
    for (const list of lists) assert.ok(listAt(await act(list, { twin: payments }), 'items'), list)
    const { items } = await act('twin:list', { twin: payments })
    assert.ok(Array.isArray(items))
    assert.deepEqual(
      items.map((one) => textAt(one, 'id')),
      [payments],
    )
    for (const list of ['twin:list', ...lists]) assert.equal(await codeOf(act(list, { project: world.starter.project })), 'denied', list)
  })

  it('has the environments in which something was given to him, and no other', async () => {
    const { staging } = world.starter.environments
    const slugs = async (act: Act, asked: object) => listAt(await act('environment:list', asked), 'items').map((one) => textAt(one, 'slug'))
    const { project, twins } = world.starter
    const everywhere = await holder('of-everywhere', { scopeType: 'Project', scope: project })
    const narrow = await holder('of-staging', { scopeType: 'Twin', scope: twins.payments, environments: [staging] })
    const operator = await world.as('operator')
    assert.deepEqual(await slugs(everywhere, { project }), await slugs(operator, {}))
    assert.deepEqual(await slugs(narrow, { twin: twins.payments }), ['staging'])
    for (const asked of [{}, { project }, { twin: other.twin }]) assert.equal(await codeOf(narrow('environment:list', asked)), 'denied')
  })

  it('is narrowed to a project by whoever may list all: what ran in another is not in it', async () => {
    const operator = await world.as('operator')
    const { scenario } = world.starter
    const run = textAt(await operator('run:launch', { scenario, environment: world.starter.environments.staging }), 'id')
    const idsIn = async (project: string) => listAt(await operator('run:list', { project }), 'items').map((one) => textAt(one, 'id'))
    assert.deepEqual(await idsIn(world.starter.project), [run])
    assert.deepEqual(await idsIn(other.project), [])
  })

  it('is listed by whoever may list all; in a place that is not there is nothing', async () => {
    const operator = await world.as('operator')
    assert.equal(listAt(await operator('twin:list', { project: other.project }), 'items').length, 1)
    assert.deepEqual(listAt(await operator('twin:list', { project: nowhere.project }), 'items'), [])
    for (const list of lists)
      for (const { twin, project } of [other, nowhere])
        for (const asked of [{ twin }, { project }])
          assert.deepEqual(listAt(await operator(list, asked), 'items'), [], `${list} ${JSON.stringify(asked)}`)
  })
})
