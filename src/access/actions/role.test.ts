// Roles of an organization's own: what may be one, who may make it, and that live grants follow it exactly.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { workloadKey } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { isCoded } from '../../kernel/index.ts'

let world: World
let admin: Act
let names = 0
const reason = 'A test needs it.'

before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

async function person(): Promise<{ id: string; act: Act }> {
  const slug = `p${++names}`
  const id = textAt(await admin('person:create', { slug, name: 'P', email: `${slug}@people.example`, clearance: 'restricted' }), 'id')
  return { id, act: actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id)) }
}
const make = async (actions: readonly string[], as: Act = admin) =>
  textAt(await as('role:create', { slug: `r${++names}`, title: 'Of a test', actions, reason }), 'role')
const give = (principal: string, customRole: string, as: Act = admin, more: object = {}) =>
  as('grant:create', { principal, customRole, reason, ...more })
const change = (role: string, actions: readonly string[], as: Act = admin) => as('role:change', { role, actions, reason })
const may = (act: Act, action: string) =>
  act(action).then(
    () => true,
    (error: unknown) => !isCoded(error, 'denied') && assert.fail(String(error)),
  )

describe('a role of one’s own', () => {
  it('is given like one that ships, and does what its actions do, on its scope', async () => {
    const role = await make(['twin:list', 'run:list', 'twin:list'])
    const { id, act } = await person()
    assert.equal(await may(act, 'twin:list'), false)
    const grant = await give(id, role)
    assert.deepEqual([grant.role, grant.customRole, grant.actions], [null, role, ['twin:list', 'run:list']])
    assert.deepEqual([await may(act, 'twin:list'), await may(act, 'run:list'), await may(act, 'person:list')], [true, true, false])
    assert.equal(at(await admin('role:show', { role }), 'grants'), 1)
    assert.equal(listAt(await admin('role:list'), 'shipped').length, 8)
  })

  it('never has two of author, run, export and hand off, however small the parts', async () => {
    for (const actions of [
      ['scenario:publish', 'run:launch'],
      ['run:launch', 'artifact:export'],
      ['promotion:cross', 'artifact:export'],
      ['twin:list', 'asset:add', 'run:list', 'promotion:roll-back'],
      ['promotion:request', 'twin:create'],
    ]) {
      const { code, notes } = await refusalOf(make(actions))
      assert.deepEqual([code, notes.pointer, listAt(notes.facts, 'hands').length], ['invalid', '/actions', 2], actions.join())
    }
    const role = await make(['run:launch', 'run:list', 'artifact:read'])
    assert.equal((await refusalOf(change(role, ['run:launch', 'artifact:export']))).notes.pointer, '/actions')
  })

  it('has no name that ships, no action that nobody can be granted, and no more than fifty', async () => {
    const bad = [
      [{ slug: 'operator' }, '/slug'],
      [{ actions: ['twin:list', 'run:claim'] }, '/actions/1'],
      [{ actions: ['twin:fly'] }, '/actions/0'],
      [{ actions: [] }, '/actions'],
      [{ actions: Array.from({ length: 51 }, () => 'twin:list') }, '/actions'],
    ] as const
    for (const [more, pointer] of bad)
      assert.equal(
        (await refusalOf(admin('role:create', { slug: 'fine', title: 'T', actions: ['twin:list'], reason, ...more }))).notes.pointer,
        pointer,
      )
  })

  it('is made of what its maker has, and of no more', async () => {
    const { id, act } = await person()
    await admin('grant:create', { principal: id, actions: ['role:create', 'role:change', 'grant:create', 'twin:list'], reason })
    const { code, notes } = await refusalOf(make(['twin:list', 'person:list'], act))
    assert.deepEqual([code, notes.facts?.missing], ['denied', ['person:list']])
    const role = await make(['twin:list'], act)
    assert.equal(await codeOf(change(role, ['twin:list', 'person:list'], act)), 'denied')
    const other = await person()
    await give(other.id, role, act)
    const strong = await make(['person:list'])
    assert.equal(await codeOf(give(other.id, strong, act)), 'denied')
  })

  it('is not widened by somebody who holds it, himself or through a group', async () => {
    const { id, act } = await person()
    await admin('grant:create', { principal: id, role: 'admin', reason })
    const role = await make(['twin:list'])
    const group = textAt(await admin('group:create', { slug: `g${++names}`, name: 'G', owner: world.starter.people.owner }), 'id')
    await admin('group:add', { group, member: id })
    await give(group, role)
    const { code, notes } = await refusalOf(change(role, ['twin:list', 'artifact:export'], act))
    assert.deepEqual([code, notes.facts?.policies], ['denied', ['guardrail/granter-is-not-grantee']])
    await change(role, ['twin:list', 'run:list'])
    await change(role, ['run:list'], act)
  })

  it('that loses an action takes it from everybody at once, and with its end everything ends', async () => {
    const role = await make(['twin:list', 'run:list'])
    const { id, act } = await person()
    await give(id, role)
    const version = async () => Number((await world.rows('select version from takeaway'))[0]?.version)
    const before = await version()
    await change(role, ['twin:list'])
    assert.deepEqual([await may(act, 'run:list'), await may(act, 'twin:list'), await version()], [false, true, before + 1])
    await change(role, ['twin:list', 'connection:list'])
    assert.deepEqual([await may(act, 'connection:list'), await version()], [true, before + 1])
    const ended = await admin('role:retire', { role, reason })
    assert.deepEqual([ended.ended, await may(act, 'twin:list'), await version()], [1, false, before + 2])
    assert.equal(await codeOf(change(role, ['twin:list'])), 'conflict')
    assert.equal((await refusalOf(give(id, role))).notes.pointer, '/customRole')
    assert.equal((await refusalOf(give(id, 'none'))).notes.pointer, '/customRole')
    assert.equal((await refusalOf(give(id, role, admin, { role: 'observer' }))).notes.pointer, '/role')
  })

  it('loses actions and ends however often it was given, and gains none then', async () => {
    const role = await make(['twin:list', 'run:list'])
    const { id, act } = await person()
    const { id: grant } = await give(id, role)
    await world.tamper(
      `insert into "grant" select (jsonb_populate_record(g, jsonb_build_object('id', g.id || n, 'principal_id', 'per_of_a_test' || n))).*
       from "grant" g, generate_series(1, 500) n where g.id = $1`,
      [grant],
    )
    assert.equal(await codeOf(change(role, ['twin:list', 'run:list', 'run:show'])), 'too_large')
    await change(role, ['run:list'])
    assert.deepEqual([await may(act, 'twin:list'), await may(act, 'run:list')], [false, true])
    assert.equal((await admin('role:retire', { role, reason })).ended, 501)
    assert.equal(await may(act, 'run:list'), false)
  })

  it('that gains a duty which is kept apart from what a holder has is not changed', async () => {
    await admin('conflict:declare', { slug: 'link-and-export', one: ['person:link'], other: ['exporter'], reason })
    const role = await make(['twin:list'])
    const { id, act } = await person()
    await give(id, role)
    await admin('grant:create', { principal: id, role: 'exporter', reason })
    const { code, notes } = await refusalOf(change(role, ['twin:list', 'person:link']))
    assert.deepEqual([code, notes.facts?.conflicts], ['conflict', ['link-and-export']])
    assert.deepEqual([at(await admin('role:show', { role }), 'actions'), await may(act, 'person:list')], [['twin:list'], false])
    // Nor where it is his own workload that has the other one.
    const [other, mine] = [await make(['twin:list']), await person()]
    await give(mine.id, other)
    const { jwk } = workloadKey(world.clock.now)
    const its = { kind: 'pipeline', slug: `w${++names}`, environment: world.starter.environments.staging, clearance: 'internal', jwk }
    const workload = await world.part('starter')('workload:create', { ...its, owner: mine.id })
    await admin('grant:create', { principal: workload.id, role: 'exporter', reason })
    assert.equal(await codeOf(change(other, ['twin:list', 'person:link'])), 'conflict')
  })

  it('is held to its examples', async () => {
    const role = await make(['artifact:read', 'run:list'])
    const about = { role, action: 'artifact:read', environmentClass: 'staging' }
    const reads = await admin('example:add', { slug: `e${++names}`, ...about, sensitivity: 'internal', expected: 'allowed' })
    await admin('example:add', { slug: `e${++names}`, ...about, sensitivity: 'restricted', clearance: 'internal', expected: 'denied' })
    const { code, notes } = await refusalOf(change(role, ['run:list']))
    assert.deepEqual([code, notes.facts?.example, notes.facts?.policies], ['example_broken', reads.example, []])
    await change(role, ['artifact:read'])
    const guardrail = textAt(
      await admin('guardrail:create', {
        slug: 'nobody-reads',
        title: 'Nobody reads',
        policy: 'forbid(principal, action == Action::"artifact:read", resource);',
        reason,
      }),
      'guardrail',
    )
    assert.equal((await refusalOf(admin('guardrail:activate', { guardrail, reason }))).notes.facts?.example, reads.example)
    await admin('role:retire', { role, reason })
    await admin('guardrail:activate', { guardrail, reason })
    await admin('guardrail:retire', { guardrail, reason })
  })
})
