// Duties that are kept apart: shown before they are granted, refused where the organization said so, whichever way round somebody tries.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, at, codeOf, listAt, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { workloadKey } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { idsFrom } from '../../kernel/index.ts'

let world: World
let admin: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
  const reason = 'A test needs it.'
  await admin('conflict:declare', { slug: 'launch-and-link', one: ['run:launch'], other: ['person:link', 'reviewer'], reason })
})
after(() => world.close())

let people = 0
const person = async () =>
  textAt(await admin('person:create', { slug: `p${++people}`, name: 'P', email: `p${people}@people.example` }), 'id')
const group = async (...members: readonly string[]) => {
  const id = textAt(await admin('group:create', { slug: `g${++people}`, name: 'G', owner: world.starter.people.owner }), 'id')
  for (const member of members) await admin('group:add', { group: id, member })
  return id
}
const give = (input: object) => admin('grant:create', { reason: 'A test needs it.', ...input })
const preview = (input: object) => admin('grant:preview', { reason: 'A test needs it.', ...input })
const stopped = async (giving: Promise<unknown>) => {
  const { code, notes } = await refusalOf(giving)
  return [code, notes.facts?.conflicts]
}
const refused = ['conflict', ['launch-and-link']]

describe('duties that are kept apart', () => {
  it('stop a grant, by role or by action, whichever side comes first', async () => {
    const [one, two, three] = [await person(), await person(), await person()]
    await give({ principal: one, role: 'operator' })
    assert.deepEqual(await stopped(give({ principal: one, role: 'reviewer' })), refused)
    assert.deepEqual(await stopped(give({ principal: one, actions: ['person:link'] })), refused)
    await give({ principal: two, role: 'admin' })
    assert.deepEqual(await stopped(give({ principal: two, actions: ['run:launch'] })), refused)
    await give({ principal: three, role: 'reviewer' })
    assert.deepEqual(await stopped(give({ principal: three, role: 'operator' })), refused)
  })

  it('are shown before, with who holds what by which grant; and showing gives nothing', async () => {
    const one = await person()
    const grant = await give({ principal: one, role: 'operator' })
    const told = await preview({ principal: one, role: 'reviewer' })
    assert.deepEqual(told.missing, [])
    assert.deepEqual(listAt(told, 'conflicts'), [
      { name: 'launch-and-link', stops: true, holder: one, grant: grant.id },
      { name: 'shipped/reviewer-operator', stops: false, holder: one, grant: grant.id },
    ])
    assert.deepEqual(listAt(await preview({ principal: await person(), role: 'reviewer' }), 'conflicts'), [])
    assert.deepEqual(await world.rows('select id from "grant" where principal_id = $1', [one]), [{ id: grant.id }])
  })

  it('are shown before they are declared, with who holds both already: himself, through a group, or by a workload of his own', async () => {
    const look = async (one: string[], other: string[]) =>
      listAt(await admin('conflict:preview', { one, other }), 'items').map((met) => at(met, 'holder'))
    const [both, member, owner, apart] = [await person(), await person(), await person(), await person()]
    const given = async (principal: string, role: string, more: object = {}) =>
      textAt(await give({ principal, role, despite: ['launch-and-link'], ...more }), 'id')
    const [first, second] = [await given(both, 'author'), await given(both, 'exporter')]
    const writers = await group(member)
    await given(writers, 'author')
    await given(member, 'exporter')
    const { jwk } = workloadKey(world.clock.now)
    const pipeline = { kind: 'pipeline', slug: 'both', environment: world.starter.environments.staging, owner, clearance: 'internal', jwk }
    await given(textAt(await world.part('starter')('workload:create', pipeline), 'id'), 'author')
    await given(owner, 'exporter')
    const { staging, sandbox } = world.starter.environments
    await given(apart, 'author', { environments: [staging] })
    await given(apart, 'exporter', { environments: [sandbox] })

    const told = await look(['author'], ['exporter'])
    for (const one of [both, member, owner]) assert.ok(told.includes(one), one)
    assert.ok(!told.includes(apart), 'what meets nowhere is not held together')
    assert.ok(!told.includes(writers), 'the group itself holds one side alone')
    const preview = await admin('conflict:preview', { one: ['author'], other: ['exporter'] })
    const own = listAt(preview, 'items').find((met) => at(met, 'holder') === both)
    assert.deepEqual(own, { holder: both, name: 'P', one: first, other: second })
    assert.equal(preview.cut, false)
    // Single actions of a side are held by roles that hold them; one grant that is on both sides is not two.
    assert.ok((await look(['scenario:publish'], ['artifact:export'])).includes(both))
    const alone = await person()
    await given(alone, 'operator')
    assert.ok(!(await look(['run:launch'], ['run:cancel'])).includes(alone))
    await admin('grant:revoke', { grant: second, reason: 'A test takes it.' })
    assert.ok(!(await look(['exporter'], ['author'])).includes(both))
    for (const [bad, pointer] of [
      [{ one: ['root'], other: ['exporter'] }, '/one/0'],
      [{ one: ['author'], other: ['author'] }, '/other'],
    ] as const)
      assert.equal((await refusalOf(admin('conflict:preview', bad))).notes.pointer, pointer)
    assert.equal(await codeOf((await world.as('operator'))('conflict:preview', { one: ['author'], other: ['exporter'] })), 'denied')
  })

  it('are shown however many hold one side alone, and however much somebody holds that meets nothing', async () => {
    const late = await person()
    const given = async (role: string, more: object) =>
      textAt(await give({ principal: late, role, despite: ['launch-and-link'], ...more }), 'id')
    const project = { scopeType: 'Project', scope: world.starter.project }
    const [one, other] = [
      await given('deployer', project),
      await given('author', { scopeType: 'Twin', scope: world.starter.twins.payments }),
    ]
    // Older than these two, and put there past the product: more of each side than were ever looked at, for others and for himself, where nothing meets.
    const many = (role: string, principal: string, scope: string, count: number) =>
      world.tamper(
        `insert into "grant" (org_id, id, principal_type, principal_id, role, actions, scope_type, scope_id, environments, given_by, created_at, break_glass)
          select $1, $2 || lpad(n::text, 16, '0'), 'Person', $3, $4, '{}', 'Twin', $5 || n, '{}', 'per_x', now(), false from generate_series(1, $6::int) n`,
        [world.org, idsFrom('grt', ++people), principal, role, scope, count],
      )
    await many('deployer', await person(), 'twn_a', 2_500)
    await many('author', await person(), 'twn_b', 2_500)
    await many('deployer', late, 'twn_c', 100)
    await many('author', late, 'twn_d', 100)
    const told = await admin('conflict:preview', { one: ['deployer'], other: ['author'] })
    assert.deepEqual(
      listAt(told, 'items')
        .filter((met) => at(met, 'holder') === late)
        .map((met) => [at(met, 'one'), at(met, 'other')]),
      [[one, other]],
    )
    assert.equal(told.cut, false)
    // More of his own than is compared: that is said, and nobody is told that he holds nothing together.
    await admin('grant:revoke', { grant: one, reason: 'A test takes it.' })
    const without = async () => {
      const { items, cut } = await admin('conflict:preview', { one: ['deployer'], other: ['author'] })
      return [Array.isArray(items) && items.some((met) => at(met, 'holder') === late), cut]
    }
    assert.deepEqual(await without(), [false, false])
    await many('deployer', late, 'twn_e', 500)
    assert.deepEqual(await without(), [false, true])
  })

  it('do not stop what meets nowhere, in no environment, or no more', async () => {
    const { staging, sandbox } = world.starter.environments
    const [one, two, three] = [await person(), await person(), await person()]
    const elsewhere = textAt(await admin('project:create', { slug: 'elsewhere', name: 'Else', owner: world.starter.people.owner }), 'id')
    await give({ principal: one, role: 'operator', scopeType: 'Project', scope: elsewhere })
    await give({ principal: one, role: 'reviewer', scopeType: 'Twin', scope: world.starter.twins.payments })
    assert.deepEqual(await stopped(give({ principal: one, role: 'reviewer' })), refused, 'the organization is above both')
    await give({ principal: two, role: 'operator', environments: [staging] })
    await give({ principal: two, role: 'reviewer', environments: [sandbox] })
    assert.deepEqual(await stopped(give({ principal: two, role: 'reviewer', environments: [sandbox, staging] })), refused)
    const gone = await give({ principal: three, role: 'operator' })
    await admin('grant:revoke', { grant: gone.id, reason: 'A test takes it.' })
    await give({ principal: three, role: 'reviewer' })
  })

  it('cannot be brought together through a group', async () => {
    const [one, two] = [await person(), await person()]
    const launchers = await group(one)
    await give({ principal: launchers, role: 'operator' })
    assert.deepEqual(await stopped(give({ principal: one, role: 'reviewer' })), refused)
    const reviewers = await group()
    await give({ principal: reviewers, role: 'reviewer' })
    assert.deepEqual(await stopped(admin('group:add', { group: reviewers, member: one })), refused)
    assert.deepEqual(await stopped(admin('group:add', { group: reviewers, member: launchers })), refused)
    assert.deepEqual(await stopped(give({ principal: reviewers, role: 'operator' })), refused, 'not even an empty group holds both')
    await admin('group:add', { group: reviewers, member: two })
    assert.deepEqual(await stopped(give({ principal: two, actions: ['run:launch'] })), refused)
  })

  it('cannot be brought together through a workload of one’s own, whichever of the two comes first', async () => {
    const { staging: environment } = world.starter.environments
    const owned = async (owner: string) => {
      const { jwk } = workloadKey(world.clock.now)
      const more = { kind: 'pipeline', slug: `w${++people}`, environment, clearance: 'internal', jwk }
      return textAt(await world.part('starter')('workload:create', { ...more, owner }), 'id')
    }
    const [one, two] = [await person(), await person()]
    const its = await owned(one)
    await give({ principal: its, role: 'operator' })
    assert.deepEqual(await stopped(give({ principal: one, role: 'reviewer' })), refused)
    assert.deepEqual(
      listAt(await preview({ principal: one, role: 'reviewer' }), 'conflicts').map((met) => [at(met, 'name'), at(met, 'holder')])[0],
      ['launch-and-link', its],
    )
    const reviewers = await group()
    await give({ principal: reviewers, role: 'reviewer' })
    assert.deepEqual(await stopped(admin('group:add', { group: reviewers, member: one })), refused)
    await give({ principal: two, role: 'reviewer' })
    assert.deepEqual(await stopped(give({ principal: await owned(two), role: 'operator' })), refused)
  })

  it('cannot be brought together by giving both at the same moment', async () => {
    for (let round = 0; round < 4; round++) {
      const one = await person()
      const both = await Promise.allSettled([give({ principal: one, role: 'operator' }), give({ principal: one, role: 'reviewer' })])
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    }
  })

  it('are as many as there may be, also where two are declared at the same moment', async () => {
    await world.tamper(
      `insert into duty_conflict (org_id, slug, one_side, other_side, created_at)
       select $1, 'filled-' || n, '{author}', '{exporter}', now() from generate_series(1, 99 - (select count(*) from duty_conflict where ended_at is null)) n`,
      [world.org],
    )
    const declare = (slug: string) => admin('conflict:declare', { slug, one: ['author'], other: ['exporter'], reason: 'A test needs it.' })
    const both = await Promise.allSettled([declare('last-one'), declare('last-two')])
    await world.tamper(`update duty_conflict set ended_at = now() where slug <> 'launch-and-link'`)
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  })

  it('are passed over by name alone, and that is on the record', async () => {
    const one = await person()
    await give({ principal: one, role: 'operator' })
    assert.deepEqual(await stopped(give({ principal: one, role: 'reviewer', despite: ['another'] })), refused)
    const given = await give({ principal: one, role: 'reviewer', despite: ['launch-and-link'] })
    const [entry] = await world.rows('select e.body from entry e join entry_ref r on r.entry_id = e.id where r.ref_id = $1', [given.id])
    assert.match(String(entry?.body), /"conflicts":\["launch-and-link","shipped\/reviewer-operator"\]/)
  })

  it('are declared, listed and ended by those who manage, in words that there are', async () => {
    const reason = 'A test needs it.'
    const declare = (change: object, as: Act = admin) =>
      as('conflict:declare', { slug: 'c', one: ['author'], other: ['exporter'], reason, ...change })
    for (const [bad, pointer] of [
      [{ one: ['root'] }, '/one/0'],
      [{ other: ['exporter', 'run:claim'] }, '/other/1'],
      [{ other: ['author'] }, '/other'],
    ] as const)
      assert.equal((await refusalOf(declare(bad))).notes.pointer, pointer)
    const operator = await world.as('operator')
    assert.equal(await codeOf(declare({}, operator)), 'denied')
    assert.equal(await codeOf(operator('conflict:list')), 'denied')
    await declare({})
    assert.equal(await codeOf(declare({})), 'conflict')
    const one = await person()
    await give({ principal: one, role: 'author' })
    assert.equal(await codeOf(give({ principal: one, role: 'exporter' })), 'conflict')
    assert.equal(await codeOf(operator('conflict:end', { slug: 'c', reason })), 'denied')
    await admin('conflict:end', { slug: 'c', reason })
    assert.equal(await codeOf(admin('conflict:end', { slug: 'c', reason })), 'conflict')
    assert.equal(await codeOf(admin('conflict:end', { slug: 'none', reason })), 'not_found')
    await give({ principal: one, role: 'exporter' })
    assert.ok(listAt(await (await world.as('auditor'))('conflict:list'), 'items').length > 6)
  })
})
