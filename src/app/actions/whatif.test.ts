// What-if: what it says is what the door decides once the change is made, nothing is changed by asking, and only those who may ask are told.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, at, codeOf, listAt, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'

type Json = Readonly<Record<string, unknown>>

let world: World
let admin: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

const person = async (slug: string) => textAt(await admin('person:create', { slug, name: slug, email: `${slug}@people.example` }), 'id')
const whatIf = (change: Json) => admin('access:whatif', { change })
const actionsIn = (told: Json, which: 'gains' | 'loses', of: string) =>
  listAt(told, which)
    .flatMap((one) => (at(one, 'principal') === of ? [textAt(one, 'action')] : []))
    .sort()

/** Whether somebody may see the starter's payments twin, and launch its scenario in staging, by the door. */
async function may(id: string): Promise<readonly unknown[]> {
  const subject = { type: 'person', id }
  const launch = { name: 'run:launch', properties: { environment: world.starter.environments.staging } }
  const evaluations = [
    { subject, action: { name: 'twin:show', properties: {} }, resource: { type: 'twin', id: world.starter.twins.payments } },
    { subject, action: launch, resource: { type: 'scenario', id: world.starter.scenario } },
  ]
  return listAt(await admin('access:evaluate', { evaluations }), 'decisions').map((one) => at(one, 'decision'))
}

describe('access:whatif', () => {
  it('foresees a grant, environment by environment, and changes nothing by asking', async () => {
    const id = await person('given')
    const { staging } = world.starter.environments
    const state = () =>
      world.rows(
        'select (select count(*) from entry) as entries, (select count(*) from "grant") as grants, (select version from takeaway) as version',
      )
    const earlier = await state()
    const told = await whatIf({
      kind: 'give',
      principal: id,
      role: 'operator',
      scopeType: 'Twin',
      scope: world.starter.twins.payments,
      environments: [staging],
    })
    assert.deepEqual(await state(), earlier)
    assert.deepEqual(await may(id), [false, false])
    const gained = actionsIn(told, 'gains', id)
    assert.ok(gained.includes('run:launch') && gained.includes('twin:show') && !gained.includes('promotion:cross'), gained.join())
    const launch = listAt(told, 'gains').find((one) => at(one, 'action') === 'run:launch')
    assert.deepEqual(at(launch, 'environments'), [staging])
    assert.deepEqual([told.loses, told.cut], [[], false])
    await admin('grant:create', {
      principal: id,
      role: 'operator',
      scopeType: 'Twin',
      scope: world.starter.twins.payments,
      environments: [staging],
      reason: 'As foreseen.',
    })
    assert.deepEqual(await may(id), [true, true])
    const again = await whatIf({
      kind: 'give',
      principal: id,
      role: 'operator',
      scopeType: 'Twin',
      scope: world.starter.twins.payments,
      environments: [staging],
    })
    assert.deepEqual(again.gains, [], 'what is held already is not gained')
  })

  it('foresees what goes with a grant, and nothing where another one gives the same', async () => {
    const id = await person('taken')
    const [first, second] = [
      await admin('grant:create', { principal: id, role: 'operator', reason: 'One.' }),
      await admin('grant:create', { principal: id, actions: ['run:launch'], reason: 'Two.' }),
    ]
    const told = await whatIf({ kind: 'take', grant: first?.id })
    const lost = actionsIn(told, 'loses', id)
    assert.ok(lost.includes('twin:show') && !lost.includes('run:launch'), lost.join())
    assert.deepEqual((await whatIf({ kind: 'take', grant: second?.id })).loses, [])
    await admin('grant:revoke', { grant: first?.id, reason: 'As foreseen.' })
    assert.deepEqual(await may(id), [false, true])
  })

  it('foresees joining and leaving a group, through groups above it', async () => {
    const id = await person('joins')
    const group = async (slug: string) => textAt(await admin('group:create', { slug, name: slug, owner: world.starter.people.owner }), 'id')
    const [outer, inner] = [await group('outer'), await group('inner')]
    await admin('group:add', { group: outer, member: inner })
    await admin('grant:create', { principal: outer, role: 'operator', reason: 'For all.' })
    const joining = await whatIf({ kind: 'join', group: inner, member: id })
    assert.ok(actionsIn(joining, 'gains', id).includes('run:launch'))
    await admin('group:add', { group: inner, member: id })
    assert.deepEqual(await may(id), [true, true])
    const leaving = await whatIf({ kind: 'leave', group: inner, member: id })
    assert.deepEqual(actionsIn(leaving, 'loses', id), actionsIn(joining, 'gains', id))
    const unlinking = await whatIf({ kind: 'leave', group: outer, member: inner })
    assert.deepEqual(actionsIn(unlinking, 'loses', id), actionsIn(joining, 'gains', id))
  })

  it('refuses a group that would be in itself, or nested too deep, as putting it in would', async () => {
    const group = async (slug: string) => textAt(await admin('group:create', { slug, name: slug, owner: world.starter.people.owner }), 'id')
    const chain: string[] = []
    for (let depth = 0; depth < 16; depth++) {
      chain.push(await group(`chain-${depth}`))
      if (depth > 0) await admin('group:add', { group: chain[depth - 1], member: chain[depth] })
    }
    const [top, below, bottom, beside] = [chain[0], chain[1], chain.at(-1), await group('beside')]
    for (const [wanted, code] of [
      [{ group: bottom, member: top }, 'conflict'],
      [{ group: top, member: top }, 'conflict'],
      [{ group: bottom, member: beside }, 'too_large'],
    ] as const) {
      const [foreseen, done] = [await refusalOf(whatIf({ kind: 'join', ...wanted })), await refusalOf(admin('group:add', wanted))]
      assert.deepEqual([foreseen.code, foreseen.notes.pointer, foreseen.message], [code, '/change/member', done.message])
      assert.equal(done.code, code)
    }
    assert.deepEqual((await whatIf({ kind: 'leave', group: top, member: below })).gains, [])
  })

  it('foresees of a guest what he would hold in his projects by what is given on the whole organization, as the door decides it', async () => {
    const until = new Date(world.clock.now() + 86_400_000).toISOString()
    const words = { slug: 'visits', name: 'Visits', address: 'visits@partner.example', until, reason: 'A test needs it.' }
    const guest = await admin('guest:invite', { ...words, role: 'auditor', projects: [world.starter.project] })
    const id = textAt(guest, 'person')
    const group = textAt(await admin('group:create', { slug: 'whole', name: 'W', owner: world.starter.people.owner }), 'id')
    await admin('grant:create', { principal: group, role: 'operator', reason: 'For all.' })
    const joining = await whatIf({ kind: 'join', group, member: id })
    const launch = listAt(joining, 'gains').find((one) => at(one, 'action') === 'run:launch')
    assert.deepEqual([at(launch, 'principal'), at(launch, 'scope', 'id')], [id, world.starter.project])
    const beyond = world.twinlock.door.catalogue.filter(
      ({ roles, resource }) => roles.includes('operator') && resource.name === 'Organization',
    )
    const gained = actionsIn(joining, 'gains', id)
    assert.deepEqual(
      beyond.filter(({ name }) => gained.includes(name)),
      [],
      'what lies in no project is beyond him',
    )
    await admin('group:add', { group, member: id })
    assert.deepEqual(await may(id), [true, true])
    assert.deepEqual(actionsIn(await whatIf({ kind: 'leave', group, member: id }), 'loses', id), actionsIn(joining, 'gains', id))
    const policy = 'forbid(principal, action == Action::"run:launch", resource);'
    assert.deepEqual(actionsIn(await whatIf({ kind: 'policy', policy }), 'loses', id), ['run:launch'])
    const blast = await (await world.as('auditor'))('access:blast', { of: id })
    const reached = listAt(blast, 'acts').find((one) => at(one, 'action') === 'run:launch')
    assert.equal(at(reached, 'scope', 'id'), world.starter.project)
    await admin('guest:end', { guest: guest.id, reason: 'A test needs it.' })
  })

  it('does not promise what guardrails hold back, or what has not begun', async () => {
    const id = await person('held')
    const told = await whatIf({
      kind: 'give',
      principal: id,
      actions: ['run:launch'],
      environments: [world.starter.environments.production],
    })
    const launch = listAt(told, 'gains').find((one) => at(one, 'action') === 'run:launch')
    assert.ok(!listAt(launch ?? { environments: [] }, 'environments').includes(world.starter.environments.production))
    assert.deepEqual((await whatIf({ kind: 'give', principal: id, role: 'operator', notBefore: '2999-01-01T00:00:00Z' })).gains, [])
  })

  it('says what comes when something begins that has not begun, and that nothing comes of it before', async () => {
    const id = await person('later')
    const from = (hours: number) => new Date(Math.ceil(world.clock.now() / 1000) * 1000 + hours * 3_600_000).toISOString()
    const [notBefore, expiresAt, thereafter] = [from(1), from(2), from(3)]
    const term = { principal: id, actions: ['run:launch', 'twin:show'] }
    const told = await whatIf({ kind: 'give', ...term, notBefore, expiresAt })
    assert.deepEqual([told.gains, told.loses], [[], []])
    const [then, ...others] = listAt(told, 'later') as Json[] // its schema has checked it
    assert.deepEqual([then?.at, then?.loses, others, actionsIn(then ?? {}, 'gains', id)], [notBefore, [], [], ['run:launch', 'twin:show']])
    const set = await whatIf({
      kind: 'set',
      give: [
        { ...term, notBefore: thereafter },
        { principal: id, role: 'observer', notBefore, expiresAt },
      ],
    })
    assert.deepEqual(
      listAt(set, 'later').map((one) => [at(one, 'at'), actionsIn(one as Json, 'gains', id).includes('run:launch')]), // its schema has checked it
      [
        [notBefore, false],
        [thereafter, true],
      ],
    )
    const given = await admin('grant:create', { ...term, notBefore, expiresAt, reason: 'As foreseen.' })
    assert.deepEqual(await may(id), [false, false])
    const taking = await whatIf({ kind: 'take', grant: given.id })
    assert.deepEqual([taking.loses, actionsIn(listAt(taking, 'later')[0] as Json, 'loses', id)], [[], ['run:launch', 'twin:show']]) // its schema has checked it
    const group = textAt(await admin('group:create', { slug: 'later', name: 'L', owner: world.starter.people.owner }), 'id')
    await admin('grant:create', { ...term, principal: group, notBefore, reason: 'For all.' })
    const joining = await whatIf({ kind: 'join', group, member: id })
    assert.deepEqual([joining.gains, listAt(joining, 'later')], [[], []], 'what he will hold anyhow by then is not gained')
    const other = await person('later-too')
    assert.deepEqual(
      actionsIn(listAt(await whatIf({ kind: 'join', group, member: other }), 'later')[0] as Json, 'gains', other),
      term.actions,
    ) // its schema has checked it
    await admin('role:create', { slug: 'soon', title: 'S', actions: ['twin:show'], reason: 'A test needs it.' })
    await admin('grant:create', { principal: other, customRole: 'soon', notBefore, reason: 'One.' })
    const role = await whatIf({ kind: 'role', role: 'soon', add: ['run:launch'] })
    assert.deepEqual([role.gains, actionsIn(listAt(role, 'later')[0] as Json, 'gains', other)], [[], ['run:launch']]) // its schema has checked it
    world.clock.forward(3_601)
    assert.deepEqual(await may(id), [true, true], 'as it was foreseen')
    world.clock.forward(3_600)
    assert.deepEqual(await may(id), [false, false], 'and ended as it was said')
  })

  it('foresees a grant until a run, a batch or an engagement ends, as it would be given, and refuses what would never hold', async () => {
    const id = await person('until')
    const { scenario, environments, people, project } = world.starter
    const reason = 'A test needs it.'
    const operator = await world.as('operator')
    const launch = { scenario, environment: environments.staging }
    const run = textAt(await operator('run:launch', launch), 'id')
    const batch = textAt(await operator('batch:launch', { ...launch, seeds: '1' }), 'id')
    const until = new Date(world.clock.now() + 86_400_000).toISOString()
    const works = { slug: 'until', name: 'U', sponsor: people.owner, projects: [project], until, reason }
    const engagement = textAt(await admin('engagement:create', works), 'id')
    const give = { kind: 'give', principal: id, actions: ['run:launch'] }
    for (const ends of [{ untilRun: run }, { untilBatch: batch }, { untilEngagement: engagement }]) {
      assert.deepEqual(actionsIn(await whatIf({ ...give, ...ends }), 'gains', id), ['run:launch'], JSON.stringify(ends))
      await admin('grant:preview', { principal: id, actions: ['run:launch'], ...ends, reason })
    }
    await operator('run:cancel', { run, reason })
    const { outside } = world.twinlock
    const now = world.clock.now()
    for (const [ends, code, pointer] of [
      [{ untilRun: run }, 'not_found', '/change/untilRun'],
      [{ untilBatch: newId('bat', outside) }, 'not_found', '/change/untilBatch'],
      [{ untilEngagement: newId('eng', outside) }, 'not_found', '/change/untilEngagement'],
      [{ untilEngagement: engagement, expiresAt: until }, 'invalid', '/change/expiresAt'],
      [{ expiresAt: new Date(now - 1000).toISOString() }, 'invalid', '/change/expiresAt'],
      [{ notBefore: until, expiresAt: until }, 'invalid', '/change/notBefore'],
    ] as const) {
      const refused = await refusalOf(whatIf({ ...give, ...ends }))
      assert.deepEqual([refused.code, refused.notes.pointer], [code, pointer], JSON.stringify(ends))
    }
  })

  it('foresees what a role would gain or lose, one that ships as well as one of the organization’s own', async () => {
    const id = await person('roled')
    await admin('role:create', { slug: 'lookers', title: 'L', actions: ['twin:show'], reason: 'A test needs it.' })
    await admin('grant:create', { principal: id, customRole: 'lookers', reason: 'One.' })
    const gained = await whatIf({ kind: 'role', role: 'lookers', add: ['run:launch'] })
    assert.deepEqual([actionsIn(gained, 'gains', id), gained.loses], [['run:launch'], []])
    assert.deepEqual(actionsIn(await whatIf({ kind: 'role', role: 'lookers', retire: true }), 'loses', id), ['twin:show'])
    const lost = await whatIf({ kind: 'role', role: 'operator', remove: ['run:launch'] })
    assert.deepEqual(new Set(actionsIn(lost, 'loses', world.starter.people.operator)), new Set(['run:launch']))
    const row = listAt(await admin('access:matrix'), 'actions').find((one) => at(one, 'action') === 'run:launch')
    assert.deepEqual(at(row, 'may'), [{ role: 'operator', classes: ['sandbox', 'staging', 'preproduction'] }])
    assert.equal(await codeOf((await world.as('operator'))('access:matrix')), 'denied')
    assert.equal(await codeOf(whatIf({ kind: 'role', role: 'no-such-role', add: ['run:launch'] })), 'not_found')
    assert.equal(await codeOf(whatIf({ kind: 'role', role: 'lookers', add: ['run:fly'] })), 'invalid')
  })

  it('foresees a guardrail as trying one does, a group’s end, several grants at once, and another owner', async () => {
    const policy = 'forbid(principal, action == Action::"run:launch", resource) when { context.environmentClass == "staging" };'
    const forbidden = await whatIf({ kind: 'policy', policy })
    const launch = listAt(forbidden, 'loses').find((one) => at(one, 'principal') === world.starter.people.operator)
    assert.deepEqual([at(launch, 'action'), at(launch, 'environments')], ['run:launch', [world.starter.environments.staging]])
    assert.deepEqual(forbidden.looksAt, [])
    const permits = await refusalOf(whatIf({ kind: 'policy', policy: 'permit(principal, action, resource);' }))
    assert.deepEqual([permits.code, permits.notes.pointer, /^Line 1, column 1/.test(permits.message)], ['invalid', '/change/policy', true])
    const never = 'context.minute > 1440 && !(context.address like "10.*") && context.signedInSecondsAgo > 60'
    const looking = await whatIf({
      kind: 'policy',
      policy: `forbid(principal, action == Action::"run:launch", resource) when { ${never} };`,
    })
    assert.deepEqual(
      [looking.loses, looking.looksAt],
      [[], ['time', 'address', 'sign-in']],
      'what it comes to at another moment is not known',
    )
    const id = await person('dissolved')
    const group = textAt(await admin('group:create', { slug: 'ending', name: 'E', owner: world.starter.people.owner }), 'id')
    await admin('group:add', { group, member: id })
    const given = await admin('grant:create', { principal: group, role: 'operator', reason: 'For all.' })
    assert.ok(actionsIn(await whatIf({ kind: 'dissolve', group }), 'loses', id).includes('run:launch'))
    const both = await whatIf({ kind: 'set', give: [{ principal: id, role: 'observer' }], take: [given.id] })
    assert.ok(actionsIn(both, 'loses', id).includes('run:launch') && !actionsIn(both, 'loses', id).includes('artifact:read'))
    const heir = await person('takes-over')
    const owner = await whatIf({ kind: 'owner', of: world.starter.pipeline.id, to: heir })
    const passed = listAt(owner, 'gains').filter((one) => at(one, 'principal') === heir)
    assert.ok(passed.some((one) => at(one, 'action') === 'run:launch'))
    assert.ok(passed.every((one) => at(one, 'through') === world.starter.pipeline.id))
    await admin('grant:create', { principal: id, role: 'reviewer', reason: 'One.' })
    const twin = await whatIf({ kind: 'owner', of: world.starter.twins.payments, to: id })
    assert.ok(actionsIn(twin, 'loses', id).includes('promotion:approve'), 'whoever owns what is made does not review it')
    assert.equal(
      await codeOf(whatIf({ kind: 'owner', of: world.starter.pipeline.id, to: newId('per', world.twinlock.outside) })),
      'not_found',
    )
  })

  it('foresees the end of a mapping: whoever has by it what he has by nothing else loses it', async () => {
    const [mapped, twice] = [await person('mapped'), await person('mapped-twice')]
    const group = textAt(await admin('group:create', { slug: 'on-call', name: 'On call', owner: world.starter.people.owner }), 'id')
    for (const member of [mapped, twice]) await admin('group:add', { group, member })
    const given = { slug: 'on-call', title: 'On call', group, gives: [{ role: 'operator' }], reason: 'A test needs it.' }
    const { id: mapping } = await admin('mapping:create', given)
    assert.deepEqual(await may(mapped), [true, true])
    await admin('grant:create', { principal: twice, role: 'operator', reason: 'By hand as well.' })
    const told = await whatIf({ kind: 'mapping', mapping })
    assert.ok(actionsIn(told, 'loses', mapped).includes('run:launch'))
    assert.deepEqual([actionsIn(told, 'loses', twice), told.gains], [[], []])
    assert.deepEqual(await may(mapped), [true, true], 'nothing is changed by asking')
    await admin('mapping:retire', { mapping, reason: 'As foreseen.' })
    assert.deepEqual(
      [await may(mapped), await may(twice)],
      [
        [false, false],
        [true, true],
      ],
    )
    assert.equal(await codeOf(whatIf({ kind: 'mapping', mapping: newId('map', world.twinlock.outside) })), 'not_found')
  })

  it('is for administrators and auditors, refuses what is not there, and gives nobody anything', async () => {
    const { outside } = world.twinlock
    const change = { kind: 'give', principal: world.starter.people.operator, role: 'admin' }
    assert.equal(await codeOf((await world.as('operator'))('access:whatif', { change })), 'denied')
    await (await world.as('auditor'))('access:whatif', { change })
    assert.equal(await codeOf((await world.as('operator'))('person:list', {})), 'denied')
    for (const missing of [
      { kind: 'take', grant: newId('grt', outside) },
      { kind: 'join', group: newId('grp', outside), member: world.starter.people.operator },
      { kind: 'give', principal: newId('per', outside), role: 'operator' },
      { ...change, scopeType: 'Twin', scope: newId('twn', outside) },
    ])
      assert.equal(await codeOf(whatIf(missing)), 'not_found', JSON.stringify(missing))
    assert.equal(await codeOf(whatIf({ ...change, actions: ['run:launch'] })), 'invalid')
    assert.equal(await codeOf(whatIf({ kind: 'give', principal: world.starter.people.operator, actions: ['run:fly'] })), 'invalid')
  })
})
