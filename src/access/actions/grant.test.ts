// Grants at the door: to groups, of single actions, on scopes, until a run ends; and what somebody could hope to give who does not have it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'

let world: World
let admin: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

let people = 0
async function person(): Promise<{ readonly id: string; readonly act: Act }> {
  const slug = `p${++people}`
  const id = textAt(await admin('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'confidential' }), 'id')
  return { id, act: actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id)) }
}

let groups = 0
const group = async (...members: readonly string[]) => {
  const id = textAt(await admin('group:create', { slug: `g${++groups}`, name: 'A group', owner: world.starter.people.owner }), 'id')
  for (const member of members) await admin('group:add', { group: id, member })
  return id
}

const give = (input: object, as: Act = admin) => as('grant:create', { reason: 'A test needs it.', ...input })
const may = async (act: Act, action: string, input: object) =>
  (listAt(await act('access:check', { questions: [{ action, input }] }), 'answers')[0] as { allowed: boolean }).allowed // its schema has checked it
const launch = () => ({ scenario: world.starter.scenario, environment: world.starter.environments.staging })
const launches = (act: Act) => may(act, 'run:launch', launch())
const onProject = () => ({ scopeType: 'Project', scope: world.starter.project })

describe('a grant', () => {
  it('to a group is held by everybody in it, through groups too, and by nobody else', async () => {
    const [direct, nested, other] = [await person(), await person(), await person()]
    const inner = await group(nested.id)
    const outer = await group(direct.id, inner)
    await give({ principal: outer, role: 'operator' })
    assert.deepEqual([await launches(direct.act), await launches(nested.act), await launches(other.act)], [true, true, false])
  })

  it('is given to a group as large as a directory may make one', async () => {
    const large = await group()
    await world.tamper(
      `insert into group_member (org_id, group_id, member_id, added_at) select $1, $2, 'per_of_a_test' || n, now() from generate_series(1, 70000) n`,
      [world.org, large],
    )
    await give({ principal: large, role: 'observer' })
    await world.tamper('delete from group_member where group_id = $1', [large])
  })

  it('to a group bites no more once somebody, or a group, is taken out of it', async () => {
    const [direct, nested] = [await person(), await person()]
    const inner = await group(nested.id)
    const outer = await group(direct.id, inner)
    await give({ principal: outer, role: 'operator' })
    const version = () => world.rows('select version from takeaway')
    const before = await version()
    await admin('group:remove', { group: outer, member: direct.id })
    assert.notDeepEqual(await version(), before, 'the counter of what was taken away has moved')
    assert.deepEqual([await launches(direct.act), await launches(nested.act)], [false, true])
    await admin('group:remove', { group: outer, member: inner })
    assert.equal(await launches(nested.act), false)
  })

  it('of single actions gives those and no others of the role that has them', async () => {
    const one = await person()
    const given = await give({ principal: one.id, actions: ['run:launch', 'run:launch'], ...onProject() })
    assert.deepEqual([given.role, given.actions], [null, ['run:launch']])
    assert.deepEqual([await launches(one.act), await may(one.act, 'run:list', { twin: world.starter.twins.payments })], [true, false])
  })

  it('holds at some time: what is over already, or before it begins, is refused', async () => {
    const one = await person()
    const at = (seconds: number): string => new Date(world.clock.now() + seconds * 1000).toISOString()
    for (const [times, pointer] of [
      [{ expiresAt: at(-60) }, '/expiresAt'],
      [{ notBefore: at(120), expiresAt: at(60) }, '/notBefore'],
      [{ notBefore: at(60), expiresAt: at(60) }, '/notBefore'],
    ] as const) {
      const refused = await refusalOf(give({ principal: one.id, role: 'operator', ...times }))
      assert.deepEqual([refused.code, refused.notes.pointer], ['invalid', pointer], JSON.stringify(times))
    }
    assert.match(String((await give({ principal: one.id, role: 'operator', notBefore: at(60), expiresAt: at(120) })).id), /^grt_/)
  })

  it('is of a role or of actions, never of both or neither, and of actions that can be granted', async () => {
    const one = await person()
    for (const [bad, pointer] of [
      [{}, '/role'],
      [{ role: 'operator', actions: ['run:launch'] }, '/role'],
      [{ actions: ['run:fly'] }, '/actions/0'],
      [{ actions: ['run:launch', 'run:claim'] }, '/actions/1'],
      [{ actions: ['session:end'] }, '/actions/0'],
    ] as const) {
      const refused = await refusalOf(give({ principal: one.id, ...bad }))
      assert.deepEqual([refused.code, refused.notes.pointer], ['invalid', pointer], JSON.stringify(bad))
    }
  })

  it('on a scenario reaches that scenario and no other thing', async () => {
    const one = await person()
    await give({ principal: one.id, role: 'operator', scopeType: 'Scenario', scope: world.starter.scenario })
    assert.deepEqual([await launches(one.act), await may(one.act, 'run:list', { twin: world.starter.twins.payments })], [true, false])
  })

  it('on something that is not there is refused, in whatever organization it may be', async () => {
    const one = await person()
    for (const scope of [
      { scopeType: 'Twin', scope: newId('twn', world.twinlock.outside) },
      { scopeType: 'Channel', scope: 'env/none' },
      { scopeType: 'Artifact', scope: newId('art', world.twinlock.outside) },
      { scopeType: 'Organization', scope: newId('org', world.twinlock.outside) },
    ]) {
      const refused = await refusalOf(give({ principal: one.id, role: 'operator', ...scope }))
      assert.deepEqual([refused.code, refused.notes.pointer], ['invalid', '/scope'], scope.scopeType)
    }
    assert.equal(await codeOf(give({ principal: newId('grp', world.twinlock.outside), role: 'operator' })), 'invalid')
  })

  it('is listed and shown with who gave it and why, narrowed, and with the policy that it is; to nobody who may not', async () => {
    const one = await person()
    const given = await give({ principal: one.id, role: 'observer', ...onProject(), reason: 'To look <b>closely</b>.' })
    const other = await give({ principal: one.id, role: 'author', expiresAt: new Date(world.clock.now() + 60_000).toISOString() })
    await admin('grant:revoke', { grant: other.id, reason: 'Enough.' })
    const idsOf = async (narrowed: object) =>
      listAt(await admin('grant:list', { principal: one.id, ...narrowed }), 'items').map((it) => textAt(it, 'id'))
    assert.deepEqual(await idsOf({}), [given.id, other.id])
    assert.deepEqual([await idsOf({ state: 'live' }), await idsOf({ state: 'over' })], [[given.id], [other.id]])
    assert.deepEqual([await idsOf({ role: 'observer' }), await idsOf({ scope: world.starter.project })], [[given.id], [given.id]])
    const shown = await admin('grant:show', { grant: given.id })
    assert.equal(shown.reason, 'To look <b>closely</b>.')
    assert.match(
      textAt(shown, 'policy'),
      /^permit\(principal == Person::"per_\w+", action in Action::"role:observer", resource in Project::"prj_\w+"\);$/,
    )
    assert.equal(await codeOf(one.act('grant:show', { grant: given.id })), 'denied')
  })

  it('is foreseen without a reason, for none is given, exactly as with one', async () => {
    const one = await person()
    await give({ principal: one.id, role: 'author', ...onProject() })
    const asked = { principal: one.id, role: 'operator', ...onProject() }
    const foreseen = await admin('grant:preview', asked)
    assert.deepEqual(foreseen, await admin('grant:preview', { ...asked, reason: 'A test needs it.' }))
    assert.deepEqual(
      (listAt(foreseen, 'conflicts') as { name: string }[]).map(({ name }) => name), // its schema has checked it
      ['shipped/author-operator'],
    )
  })

  it('until a run ends, ends with it, exactly at admission', async () => {
    const [one, operator] = [await person(), await world.as('operator')]
    const run = textAt(await operator('run:launch', launch()), 'id')
    await give({ principal: one.id, role: 'operator', untilRun: run })
    assert.equal(await launches(one.act), true)
    const [before] = await world.rows('select version from takeaway')
    await operator('run:cancel', { run, reason: 'Enough.' })
    assert.equal(await launches(one.act), false)
    assert.equal(Number((await world.rows('select version from takeaway'))[0]?.version), Number(before?.version) + 1)
    assert.equal((await refusalOf(give({ principal: one.id, role: 'operator', untilRun: run }))).notes.pointer, '/untilRun')
  })
})

describe('a grant on an asset', () => {
  const content = Buffer.from('a,b\n1,2\n').toString('base64')
  let assets: { readonly mine: string; readonly other: string }
  let scenario: string
  before(async () => {
    const { project, twins, people: own } = world.starter
    const starter = asPart(world.twinlock.door, world.org, 'starter')
    const add = async (slug: string) =>
      textAt(await starter('asset:add', { project, slug, mediaType: 'text/csv', sensitivity: 'internal', owner: own.owner, content }), 'id')
    assets = { mine: await add('mine'), other: await add('other') }
    const named = [{ name: 'input', asset: assets.mine }]
    scenario = textAt(
      await (await world.as('author'))('scenario:publish', { twin: twins.payments, slug: 'fed', manifest: { assets: named } }),
      'id',
    )
  })
  const on = (asset: string) => ({ scopeType: 'Asset', scope: asset })
  const launchFed = () => ({ scenario, environment: world.starter.environments.staging })
  const publish = (asset: string) => ({ twin: world.starter.twins.payments, slug: 'own', manifest: { assets: [{ name: 'input', asset }] } })

  it('shows this asset and what it holds, and no other of the project', async () => {
    const one = await person()
    assert.equal(await codeOf(one.act('asset:read', { asset: assets.mine })), 'denied')
    await give({ principal: one.id, role: 'observer', ...on(assets.mine) })
    assert.equal((await one.act('asset:read', { asset: assets.mine })).content, content)
    assert.equal((await one.act('asset:show', { asset: assets.mine })).slug, 'mine')
    for (const action of ['asset:read', 'asset:show']) assert.equal(await codeOf(one.act(action, { asset: assets.other })), 'denied')
    assert.equal(await codeOf(one.act('asset:list', { project: world.starter.project })), 'denied')
  })

  it('is reached by a wider one, and shows nothing above the clearance of whoever holds it', async () => {
    const one = await person()
    await give({ principal: one.id, role: 'observer', ...onProject() })
    assert.equal((await one.act('asset:read', { asset: assets.other })).content, content)
    await admin('person:change', { person: one.id, clearance: 'public', reason: 'A test needs it.' })
    assert.equal(await codeOf(one.act('asset:read', { asset: assets.other })), 'denied')
  })

  it('is what somebody lacks who may launch a scenario, and not use the data that it names', async () => {
    const one = await person()
    await give({ principal: one.id, role: 'operator', scopeType: 'Scenario', scope: scenario })
    const { code, notes, message } = await refusalOf(one.act('run:launch', launchFed()))
    assert.deepEqual([code, notes.facts?.action], ['denied', 'asset:use'])
    assert.match(message, /^It takes asset:use as well\. Nothing permits this\.$/)
    assert.equal(notes.next, 'It takes the role author or operator on what it names; an administrator can grant it.')
    const told = await (await world.as('author'))('scenario:show', { scenario })
    assert.equal(textAt(told, 'assets', 0, 'id'), assets.mine, 'what he did not name he is told by the scenario, if he may see it')
    assert.equal(await launches(one.act), false, 'and no other scenario')
    const why = await admin('access:explain', { principal: one.id, action: 'run:launch', input: launchFed() })
    assert.deepEqual([why.outcome, why.detail], ['denied', message])
    const [near] = listAt(why, 'missing', 'near')
    assert.equal(
      textAt(near, 'grant', 'role'),
      'operator',
      'the grant that would be of the right kind is on the scenario, not on what it names',
    )
    const given = await give({ principal: one.id, actions: ['asset:use'], ...on(assets.mine) })
    const run = textAt(await one.act('run:launch', launchFed()), 'id')
    const [entry] = await world.rows(
      `select body::jsonb -> 'policies' as policies from entry join entry_ref r on r.entry_id = id where r.ref_id = $1 and r.rel = 'run'`,
      [run],
    )
    assert.ok(listAt(entry, 'policies').includes(given.id), 'the entry names what allowed the asset too')
    await admin('grant:revoke', { grant: given.id, reason: 'No more of it.' })
    assert.deepEqual(await world.rows('select outcome from run where id = $1', [run]), [{ outcome: 'revoked' }])
    assert.equal(await codeOf(one.act('run:launch', launchFed())), 'denied')
  })

  it('cuts the time of a run that is given it, and counts in its environments alone', async () => {
    const one = await person()
    await give({ principal: one.id, role: 'operator', scopeType: 'Scenario', scope: scenario })
    const elsewhere = { environments: [world.starter.environments.sandbox] }
    await give({ principal: one.id, role: 'operator', ...on(assets.mine), ...elsewhere })
    assert.equal(await codeOf(one.act('run:launch', launchFed())), 'denied')
    const expiresAt = new Date(world.twinlock.outside.clock.now() + 60_000).toISOString()
    await give({ principal: one.id, role: 'operator', ...on(assets.mine), expiresAt })
    assert.equal((await one.act('run:launch', launchFed())).deadline, expiresAt)
  })

  it('seals a version that names it, and none that names another; an asset that is not there looks as it always did', async () => {
    const one = await person()
    await give({ principal: one.id, role: 'author', scopeType: 'Twin', scope: world.starter.twins.payments })
    await give({ principal: one.id, role: 'author', ...on(assets.mine) })
    await one.act('scenario:publish', publish(assets.mine))
    const { code, notes } = await refusalOf(one.act('scenario:publish', publish(assets.other)))
    assert.equal(code, 'denied')
    assert.match(String(notes.next), new RegExp(`request create --role author --scope-type Asset --scope ${assets.other} "<why>"`))
    assert.equal(await codeOf(one.act('scenario:publish', publish(newId('ast', world.twinlock.outside)))), 'invalid')
  })

  it('is given by nobody whose own scope does not cover the asset', async () => {
    const [one, other] = [await person(), await person()]
    await give({ principal: one.id, role: 'observer', ...on(assets.mine) })
    await give({ principal: one.id, actions: ['grant:create'], ...onProject() })
    assert.equal((await give({ principal: other.id, role: 'observer', ...on(assets.mine) }, one.act)).role, 'observer')
    assert.deepEqual((await refusalOf(give({ principal: other.id, role: 'observer', ...on(assets.other) }, one.act))).code, 'denied')
    const nowhere = await refusalOf(give({ principal: other.id, role: 'observer', ...on(newId('ast', world.twinlock.outside)) }))
    assert.deepEqual([nowhere.code, nowhere.notes.pointer], ['invalid', '/scope'])
  })

  it('is foreseen, explained, found among the paths of the asset and in the blast radius of whoever holds it', async () => {
    const one = await person()
    const asked = { principal: one.id, role: 'observer', ...on(assets.mine) }
    assert.deepEqual((await admin('grant:preview', { ...asked, reason: 'A test needs it.' })).missing, [])
    const gains = async (change: object) =>
      listAt(await admin('access:whatif', { change }), 'gains') as { action: string; scope: unknown }[] // its schema has checked it
    const foreseen = (await gains({ kind: 'give', ...asked })).find(({ action }) => action === 'asset:read')
    assert.deepEqual(foreseen?.scope, { type: 'Asset', id: assets.mine })
    const given = await give(asked)
    const why = await admin('access:explain', { principal: one.id, action: 'asset:read', input: { asset: assets.mine } })
    assert.deepEqual([why.outcome, (listAt(why, 'policies')[0] as { id: string }).id], ['allowed', given.id])
    const paths = listAt(await admin('access:paths', { target: assets.mine }), 'paths') as {
      action: string
      leg: string
      policies: string[]
    }[] // its schema has checked it
    assert.deepEqual(
      paths.filter(({ policies }) => policies.includes(String(given.id))).map(({ action, leg }) => [action, leg]),
      [['asset:read', 'output']],
    )
    const acts = listAt(await admin('access:blast', { of: one.id }), 'acts') as { action: string; scope: { id: string; name: string } }[] // its schema has checked it
    assert.deepEqual(
      acts.map(({ action, scope }) => [action, scope.id]),
      [['asset:read', assets.mine]],
    )
  })
})

describe('nobody can grant what he does not have:', () => {
  const giver = async (...grants: readonly object[]) => {
    const one = await person()
    await give({ principal: one.id, actions: ['grant:create', 'grant:revoke'], ...onProject() })
    for (const grant of grants) await give({ principal: one.id, ...grant })
    return one
  }
  const refusedFor = async (giving: Promise<unknown>) => {
    const { code, notes } = await refusalOf(giving)
    return [code, notes.facts?.missing]
  }

  it('whoever may give on a project gives there what he holds there, and takes it away again', async () => {
    const [one, other] = [await giver({ role: 'operator', ...onProject() }), await person()]
    const given = await give({ principal: other.id, role: 'operator', ...onProject() }, one.act)
    assert.equal(await launches(other.act), true)
    await one.act('grant:revoke', { grant: given.id, reason: 'A test takes it.' })
    assert.equal(await launches(other.act), false)
  })

  it('neither another role, nor an action of one', async () => {
    const [one, other] = [await giver({ actions: ['run:launch'], ...onProject() }), await person()]
    await give({ principal: other.id, actions: ['run:launch'], ...onProject() }, one.act)
    assert.deepEqual(await refusedFor(give({ principal: other.id, actions: ['run:launch', 'run:cancel'], ...onProject() }, one.act)), [
      'denied',
      ['run:cancel'],
    ])
    for (const role of ['operator', 'admin', 'reviewer'])
      assert.equal(await codeOf(give({ principal: other.id, role, ...onProject() }, one.act)), 'denied', role)
  })

  it('not on a wider scope, nor on another', async () => {
    const [one, other] = [await giver({ role: 'operator', ...onProject() }), await person()]
    await give({ principal: other.id, role: 'operator', scopeType: 'Twin', scope: world.starter.twins.payments }, one.act)
    assert.equal(await codeOf(give({ principal: other.id, role: 'operator' }, one.act)), 'denied')
    const elsewhere = textAt(
      await admin('project:create', { slug: `e${people}`, name: 'Elsewhere', owner: world.starter.people.owner }),
      'id',
    )
    assert.equal(await codeOf(give({ principal: other.id, role: 'operator', scopeType: 'Project', scope: elsewhere }, one.act)), 'denied')
  })

  it('not in more environments, and not for longer', async () => {
    const { staging, sandbox } = world.starter.environments
    const expiresAt = new Date(world.clock.now() + 3_600_000).toISOString()
    const [one, other] = [await giver({ role: 'operator', environments: [staging], expiresAt, ...onProject() }), await person()]
    const wanted = { principal: other.id, role: 'operator', ...onProject() }
    await give({ ...wanted, environments: [staging], expiresAt }, one.act)
    for (const more of [
      { expiresAt },
      { environments: [sandbox], expiresAt },
      { environments: [staging, sandbox], expiresAt },
      { environments: [staging] },
    ])
      assert.equal(await codeOf(give({ ...wanted, ...more }, one.act)), 'denied', JSON.stringify(more))
  })

  it('not by a grant that is over, not yet there, or taken away', async () => {
    const other = await person()
    const soon = new Date(world.clock.now() + 3_600_000).toISOString()
    const [later, taken] = [await giver({ role: 'operator', notBefore: soon, ...onProject() }), await giver()]
    const grant = await give({ principal: taken.id, role: 'operator', ...onProject() })
    await admin('grant:revoke', { grant: grant.id, reason: 'A test takes it.' })
    for (const { act } of [later, taken])
      assert.equal(await codeOf(give({ principal: other.id, role: 'operator', ...onProject() }, act)), 'denied')
  })

  it('not through a group: neither by putting somebody into one that holds more, nor by giving to one that he is in', async () => {
    const [one, other] = [await giver({ role: 'operator', ...onProject() }), await person()]
    await give({ principal: one.id, actions: ['group:add'] })
    const strong = await group()
    await give({ principal: strong, role: 'reviewer', ...onProject() })
    assert.equal(await codeOf(one.act('group:add', { group: strong, member: other.id })), 'denied')
    const weak = await group()
    await give({ principal: weak, role: 'operator', ...onProject() })
    await one.act('group:add', { group: weak, member: other.id })
    assert.equal(await launches(other.act), true)
    await admin('group:add', { group: strong, member: weak })
    assert.equal(
      await codeOf(one.act('group:add', { group: weak, member: (await person()).id })),
      'denied',
      'what stands above the group counts',
    )
    const own = await group(await group(one.id))
    const refused = await refusalOf(give({ principal: own, role: 'operator', ...onProject() }, one.act))
    assert.deepEqual([refused.code, refused.notes.facts?.policies], ['denied', ['guardrail/granter-is-not-grantee']])
    assert.equal(
      await codeOf(admin('group:add', { group: strong, member: world.starter.people.admin })),
      'denied',
      'nor does an administrator join',
    )
  })

  it('but an administrator gives every role on his own scope, and only there', async () => {
    const [one, other] = [await person(), await person()]
    await give({ principal: one.id, role: 'admin', ...onProject() })
    for (const role of ['author', 'deployer', 'admin']) await give({ principal: other.id, role, ...onProject() }, one.act)
    assert.equal(await codeOf(give({ principal: other.id, role: 'author' }, one.act)), 'denied')
  })

  it('and the first administrator is made by the starter alone', async () => {
    const one = await person()
    await asPart(
      world.twinlock.door,
      world.org,
      'starter',
    )('grant:create', { principal: one.id, role: 'admin', reason: 'Somebody begins.' })
    assert.equal(await may(one.act, 'person:list', {}), true)
  })
})
