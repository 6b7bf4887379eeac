// Requests for access at the door: from asking to the grant that ends by itself; who may decide, in how many steps; and what somebody tries who wants more than
// he would be given: to approve himself, twice, longer, elsewhere, too late.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asRun, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { closeOverdue } from '../../app/close-requests.ts'
import { withSecondAdministrator } from '../../app/starter/people.ts'
import { newId } from '../../kernel/index.ts'

interface Person {
  readonly id: string
  readonly act: Act
}

let world: World
let admin: Act
/** Nothing in it reaches production or a privileged twin. */
let quiet: { readonly scopeType: 'Project'; readonly scope: string; readonly environments: readonly string[] }
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
  const project = await admin('project:create', { slug: 'quiet', name: 'Quiet', owner: world.starter.people.owner })
  quiet = { scopeType: 'Project', scope: textAt(project, 'id'), environments: [world.starter.environments.staging] }
})
after(() => world.close())

let people = 0
async function person(...grants: readonly object[]): Promise<Person> {
  const slug = `p${++people}`
  const starter = world.part('starter')
  const id = textAt(await starter('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'confidential' }), 'id')
  for (const grant of grants) await starter('grant:create', { principal: id, reason: 'A test needs it.', ...grant })
  return { id, act: actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id)) }
}

const reason = 'The gripper slips, and I am on call.'
const ask = ({ act }: Person, input: object = {}) => act('request:create', { role: 'operator', minutes: 60, reason, ...quiet, ...input })
const approve = (act: Act, request: unknown, input: object = {}) =>
  act('request:approve', { request, reason: 'Seen and agreed.', ...input })
const dateOf = (value: unknown): number => (value instanceof Date ? value.getTime() : Number.NaN)
const grantsOf = ({ id }: Person) => world.rows('select * from "grant" where principal_id = $1 and revoked_at is null', [id])
const deciders = (request: unknown): readonly unknown[] => listAt(request, 'steps', 0, 'mayDecide').map((one) => at(one, 'id'))

describe('a request', () => {
  it('gives nothing by being asked, says who could approve it, and gives for as long as was asked once it is approved', async () => {
    const asker = await person()
    const asked = await ask(asker)
    assert.deepEqual([asked.state, asked.approvalsNeeded, asked.second, asked.reason], ['open', 1, [], reason])
    assert.deepEqual(deciders(asked), [world.starter.people.admin])
    assert.deepEqual(await grantsOf(asker), [])
    const before = Math.floor(world.clock.now())
    const done = await approve(admin, asked.id)
    assert.deepEqual([done.state, at(done, 'answer', 'reason')], ['approved', 'Seen and agreed.'])
    const [grant, ...others] = await grantsOf(asker)
    assert.deepEqual(
      [grant?.id, grant?.role, grant?.given_by, grant?.request_id],
      [done.grant, 'operator', world.starter.people.admin, asked.id],
    )
    assert.deepEqual(others, [])
    const lasts = dateOf(grant?.expires_at) - before
    assert.ok(lasts >= 60 * 60_000 && lasts < 61 * 60_000, String(lasts))
    const held = listAt(await asker.act('session:show'), 'grants')
    assert.deepEqual(
      held.map((one) => [at(one, 'id'), at(one, 'reason')]),
      [[done.grant, 'Seen and agreed.']],
    )
    const entries = await world.rows(
      `select e.id from entry e join entry_ref r on r.org_id = e.org_id and r.entry_id = e.id where e.action = 'request:approve' and r.ref_id = $1`,
      [done.grant],
    )
    assert.equal(entries.length, 1, 'the entry of the approval names the grant')
  })

  it('is what a refusal names, with nothing in it that the caller did not name himself', async () => {
    const asker = await person()
    const { scenario, environments, twins } = world.starter
    const nextOf = async (work: Promise<unknown>) => (await refusalOf(work)).notes.next ?? ''
    const launch = { scenario, environment: environments.staging }
    const told = await nextOf(asker.act('run:launch', launch))
    const place = `--scope-type Scenario --scope ${scenario} --environments ${environments.staging}`
    assert.ok(told.includes(`\`twinlock request create --role operator ${place} "<why>"\``), told)
    const asked = await ask(asker, { role: 'operator', scopeType: 'Scenario', scope: scenario, environments: [environments.staging] })
    assert.equal(asked.state, 'open')
    const { id: run } = await (await person({ role: 'operator' })).act('run:launch', launch)
    const tape = await nextOf((await person()).act('run:tape', { run }))
    assert.match(tape, /`twinlock request create --role \w+ "<why>"`/)
    assert.ok(
      !tape.includes(twins.payments) && !tape.includes(environments.staging),
      'the twin of a run that somebody names is not his to learn',
    )
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    assert.doesNotMatch(await nextOf(pipeline('grant:list')), /request create/, 'only people ask')
  })

  it('is shortened by an approval and never lengthened', async () => {
    const asker = await person()
    const asked = await ask(asker)
    const refused = await refusalOf(approve(admin, asked.id, { minutes: 61 }))
    assert.deepEqual([refused.code, refused.notes.pointer], ['invalid', '/minutes'])
    await approve(admin, asked.id, { minutes: 5 })
    const [grant] = await grantsOf(asker)
    assert.ok(dateOf(grant?.expires_at) <= world.clock.now() + 5 * 60_000)
  })

  it('begins no earlier than was asked, and lasts from then on', async () => {
    const asker = await person()
    const notBefore = new Date(Math.floor(world.clock.now() / 1000) * 1000 + 3_600_000).toISOString()
    await approve(admin, (await ask(asker, { notBefore, minutes: 30 })).id)
    const [grant] = await grantsOf(asker)
    assert.deepEqual([grant?.not_before, grant?.expires_at], [new Date(notBefore), new Date(Date.parse(notBefore) + 30 * 60_000)])
    const far = new Date(world.clock.now() + 31 * 86_400_000).toISOString()
    assert.equal((await refusalOf(ask(asker, { notBefore: far }))).notes.pointer, '/notBefore')
  })

  it('is for what is there: a role or actions, a scope, environments', async () => {
    const asker = await person()
    for (const [bad, pointer] of [
      [{ role: undefined }, '/role'],
      [{ actions: ['run:launch'] }, '/role'],
      [{ role: undefined, actions: ['run:fly'] }, '/actions/0'],
      [{ role: undefined, customRole: 'nothing-like-it' }, '/customRole'],
      [{ scope: newId('prj', world.twinlock.outside) }, '/scope'],
      [{ environments: [newId('env', world.twinlock.outside)] }, '/environments/0'],
      [{ minutes: 7 * 1440 + 1 }, '/minutes'],
      [{ openMinutes: 1 }, '/openMinutes'],
      [{ principal: asker.id }, ''],
    ] as const) {
      const refused = await refusalOf(ask(asker, bad))
      assert.equal(refused.code, 'invalid', JSON.stringify(bad))
      if (pointer !== '') assert.equal(refused.notes.pointer ?? pointer, pointer, JSON.stringify(bad))
    }
  })

  it('can be looked at beforehand without leaving anything, and shows the duties that it would bring together', async () => {
    const asker = await person({ role: 'author', ...quiet, environments: [] })
    const seen = await asker.act('request:preview', { role: 'operator', ...quiet })
    assert.deepEqual(
      listAt(seen, 'conflicts').map((one) => at(one, 'name')),
      ['shipped/author-operator'],
    )
    assert.equal(seen.enough, true)
    assert.deepEqual((await asker.act('request:list')).items, [])
    await admin('conflict:declare', { slug: 'both', one: ['author'], other: ['operator'], reason: 'A test needs it.' })
    const asked = await ask(asker)
    assert.deepEqual(
      listAt(asked, 'conflicts')
        .filter((one) => at(one, 'stops'))
        .map((one) => at(one, 'name')),
      ['both'],
    )
    assert.equal(await codeOf(approve(admin, asked.id)), 'conflict')
    assert.deepEqual(await grantsOf(asker).then((all) => all.length), 1)
    await approve(admin, asked.id, { despite: ['both'] })
    await admin('conflict:end', { slug: 'both', reason: 'A test needs it.' })
  })

  it('is denied or withdrawn once, for a reason that its asker reads, and then nothing comes of it', async () => {
    const asker = await person()
    const denied = await ask(asker)
    await admin('request:deny', { request: denied.id, reason: 'Ask the owner first.' })
    assert.deepEqual(at(await asker.act('request:show', { request: denied.id }), 'answer', 'reason'), 'Ask the owner first.')
    const withdrawn = await ask(asker)
    await asker.act('request:withdraw', { request: withdrawn.id })
    for (const { id } of [denied, withdrawn]) {
      assert.equal(await codeOf(approve(admin, id)), 'request_closed')
      assert.equal(await codeOf(admin('request:deny', { request: id, reason: 'Again.' })), 'request_closed')
      assert.equal(await codeOf(asker.act('request:withdraw', { request: id })), 'request_closed')
    }
    assert.deepEqual(await grantsOf(asker), [])
  })

  it('is seen by its asker, and by those who administer or audit its scope; listed to whoever could decide it', async () => {
    const [asker, other] = [await person(), await person({ role: 'operator' })]
    const { id } = await ask(asker)
    const listed = async (act: Act, which: string) =>
      listAt(await act('request:list', { which, limit: 200 }), 'items').map((one) => at(one, 'id'))
    assert.ok((await listed(asker.act, 'mine')).includes(id))
    assert.ok((await listed(admin, 'to_decide')).includes(id))
    assert.ok((await listed(await world.as('auditor'), 'all')).includes(id))
    for (const which of ['mine', 'to_decide', 'all']) {
      assert.deepEqual(await listed(other.act, which), [], which)
      assert.equal((await other.act('request:list', { which, limit: 1 })).next, null, 'nor where those of others are')
    }
    assert.equal(await codeOf(other.act('request:show', { request: id })), 'denied')
    assert.deepEqual(await listed(await world.as('auditor'), 'to_decide'), [])
    await asker.act('request:withdraw', { request: id })
    assert.ok(!(await listed(admin, 'to_decide')).includes(id))
  })

  it('is told to whoever could decide it while it is open, and its answer to its asker for a day or while it gives something', async () => {
    const [asker, other] = [await person(), await person({ role: 'operator' })]
    const told = async (act: Act, id: unknown) =>
      listAt(await act('attention:list'), 'items').flatMap((item) => (at(item, 'subject', 'id') === id ? [at(item, 'kind')] : []))
    const [approved, denied] = [await ask(asker), await ask(asker)]
    for (const [who, kinds] of [
      [admin, ['request_to_decide']],
      [asker.act, []],
      [other.act, []],
    ] as const)
      assert.deepEqual(await told(who, approved.id), kinds)
    await approve(admin, approved.id)
    await admin('request:deny', { request: denied.id, reason })
    for (const { id } of [approved, denied]) {
      assert.deepEqual(await told(admin, id), [])
      assert.deepEqual(await told(asker.act, id), ['request_answered'])
    }
    world.clock.forward(61 * 60)
    assert.deepEqual([await told(asker.act, approved.id), await told(asker.act, denied.id)], [[], ['request_answered']])
    await world.tamper(`update access_request set closed_at = closed_at - interval '24 hours' where id = $1`, [denied.id])
    assert.deepEqual(await told(asker.act, denied.id), [])
    world.clock.forward(-61 * 60)
  })

  it('is one of at most twenty that somebody has open', async () => {
    const asker = await person()
    const { id } = await ask(asker)
    await world.tamper(
      `insert into access_request select r.*  from generate_series(1, 19) as n, lateral
       (select (jsonb_populate_record(a, jsonb_build_object('id', a.id || n))).* from access_request a where a.id = $1) r`,
      [id],
    )
    assert.equal(await codeOf(ask(asker)), 'too_large')
    await asker.act('request:withdraw', { request: id })
    await ask(asker)
  })
})

describe('two people approve', () => {
  it('what reaches production, a privileged twin or the platform itself, however it is asked for', async () => {
    const { environments, twins, project } = world.starter
    const asker = await person()
    const second = async (input: object) => (await asker.act('request:preview', { role: 'operator', ...quiet, ...input })).second
    assert.deepEqual(await second({ environments: [environments.production] }), ['production'])
    assert.deepEqual(await second({ environments: [environments.staging, environments.production] }), ['production'])
    assert.deepEqual(await second({ environments: [] }), ['production'], 'everywhere is in production too')
    assert.deepEqual(await second({ scopeType: 'Twin', scope: twins.payments }), ['privileged'])
    assert.deepEqual(await second({ scopeType: 'Scenario', scope: world.starter.scenario }), ['privileged'])
    assert.deepEqual(await second({ scopeType: 'Project', scope: project }), ['privileged'], 'what holds it reaches it')
    assert.deepEqual(await second({ scopeType: 'Organization', scope: undefined }), ['privileged'])
    const [inStaging, inProduction] = await world.rows(
      `select distinct on (e.class) c.id from connection c join environment e on e.org_id = c.org_id and e.id = c.environment_id
       where c.secret_id is not null and e.class in ('staging', 'production') order by e.class desc`,
    )
    assert.deepEqual(await second({ scopeType: 'Connection', scope: inStaging?.id }), ['privileged'])
    assert.deepEqual(
      await second({ scopeType: 'Connection', scope: inProduction?.id }),
      ['production', 'privileged'],
      'wherever it is asked for',
    )
    assert.deepEqual(await second({ role: 'admin' }), ['admin'])
    assert.deepEqual(await second({ role: undefined, actions: ['grant:create'] }), ['admin'])
    assert.deepEqual(await second({}), [])
  })

  it('one step each, and no less: the same person twice, or one who could no longer give it, does not count', async () => {
    const { production } = world.starter.environments
    const asker = await person()
    const [one, two, three] = [await person({ role: 'admin' }), await person({ role: 'admin' }), await person({ role: 'admin' })]
    const asked = await ask(asker, { environments: [production] })
    assert.deepEqual([asked.approvalsNeeded, asked.second, asked.enough], [2, ['production'], true])
    const half = await approve(one.act, asked.id, { minutes: 30 })
    assert.deepEqual([half.state, half.approvalsGiven, half.grant], ['open', 1, null])
    assert.ok(!listAt(half, 'steps', 1, 'mayDecide').some((decider) => at(decider, 'id') === one.id))
    assert.deepEqual(await grantsOf(asker), [])

    const again = await refusalOf(approve(one.act, asked.id))
    assert.deepEqual([again.code, again.notes.facts?.policies], ['denied', ['guardrail/one-approval-each']])
    assert.equal(
      (await refusalOf(approve(two.act, asked.id, { minutes: 31 }))).notes.pointer,
      '/minutes',
      'nor longer than the first shortened it to',
    )

    await world.tamper(`update "grant" set revoked_at = now() where principal_id = $1`, [one.id])
    const taken = await approve(two.act, asked.id)
    assert.deepEqual([taken.state, taken.approvalsGiven], ['open', 1], 'the approval of somebody who may no longer give it is taken back')
    assert.deepEqual(
      listAt(taken, 'steps').map((step) => at(step, 'by')),
      [two.id, null],
    )
    const done = await approve(three.act, asked.id)
    assert.deepEqual([done.state, (await grantsOf(asker)).length], ['approved', 1])
  })

  it('nor does one who gave the first step and has lost the right to approve since, although what is asked for is still his', async () => {
    const asker = await person()
    const [one, two] = [await person({ actions: ['request:approve'] }, { role: 'operator' }), await person({ role: 'admin' })]
    const { id } = await ask(asker, { environments: [world.starter.environments.production] })
    await approve(one.act, id)
    const [right] = await world.rows(`select id from "grant" where principal_id = $1 and role is null`, [one.id])
    await admin('grant:revoke', { grant: right?.id, reason })
    const taken = await approve(two.act, id)
    assert.deepEqual([taken.state, taken.approvalsGiven], ['open', 1])
    assert.equal((await approve(admin, id)).state, 'approved')
  })

  it('what became privileged after it was asked for', async () => {
    const [asker, second] = [await person(), await person({ role: 'admin' })]
    const { id: project } = await admin('project:create', { slug: `later-${people}`, name: 'Later', owner: world.starter.people.owner })
    const asked = await ask(asker, { scope: project })
    assert.equal(asked.approvalsNeeded, 1)
    await world.tamper('update twin set project_id = $1 where id = $2', [project, world.starter.twins.payments])
    const half = await approve(admin, asked.id)
    await world.tamper('update twin set project_id = $1 where id = $2', [world.starter.project, world.starter.twins.payments])
    assert.deepEqual([half.state, half.approvalsNeeded], ['open', 2])
    assert.equal((await approve(second.act, asked.id)).state, 'approved', 'it never takes fewer than it took')
  })
})

describe('the two administrators of the starter', () => {
  it('finish together what takes two: a request for production, and the review of a broken glass', async () => {
    const { people, environments } = await withSecondAdministrator(world.twinlock.door, world.starter)
    const security = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, people.security))
    const asker = await person()
    const { id } = await ask(asker, { environments: [environments.production] })
    assert.equal((await approve(admin, id)).state, 'open')
    assert.equal((await approve(security, id)).state, 'approved')
    const { id: grant } = await security('grant:break-glass', { role: 'operator', reason: 'The line stands still and nobody answers.' })
    const review = { grant, verdict: 'justified', reason: 'I have looked at what was done.' }
    assert.equal(await codeOf(security('grant:review', review)), 'denied')
    assert.equal(at(await admin('grant:review', review), 'review', 'verdict'), 'justified')
  })
})

describe('nobody gets by a request what nobody else would give:', () => {
  it('an administrator does not approve his own, nor does a pipeline that holds the role, nor a run', async () => {
    const own = await person({ role: 'admin' })
    const asked = await ask(own)
    const refused = await refusalOf(approve(own.act, asked.id))
    assert.deepEqual([refused.code, refused.notes.facts?.policies], ['denied', ['guardrail/granter-is-not-grantee']])
    assert.ok(!deciders(asked).includes(own.id))
    await world.part('starter')('grant:create', { principal: world.starter.pipeline.id, role: 'admin', reason: 'A test needs it.' })
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    const other = await ask(await person())
    assert.deepEqual((await refusalOf(approve(pipeline, other.id))).notes.facts?.policies, ['guardrail/people-review'])
    assert.equal(await codeOf(pipeline('request:create', { role: 'operator', reason })), 'denied')
    const id = await world.launch()
    const { epoch } = await world.part('worker')('run:claim', { run: id, worker: 'by-hand' })
    const run = asRun(world.twinlock.door, world.org, id, Number(epoch))
    for (const [action, input] of [
      ['request:create', { role: 'operator', reason }],
      ['request:approve', { request: other.id, reason }],
      ['request:withdraw', { request: other.id }],
      ['grant:break-glass', { role: 'operator', ...quiet, reason }],
    ] as const)
      assert.equal(await codeOf(run(action, input)), 'denied', action)
    await world.tamper(`update "grant" set revoked_at = now() where principal_id = $1`, [world.starter.pipeline.id])
  })

  it('whoever may only approve gives no more than he holds, in scope, environments and time', async () => {
    const until = new Date(world.clock.now() + 30 * 60_000).toISOString()
    const approver = await person({ actions: ['request:approve'] }, { role: 'operator', ...quiet, expiresAt: until })
    const asker = await person()
    const missing = async (input: object) => (await refusalOf(approve(approver.act, (await ask(asker, input)).id))).code
    assert.equal(await missing({ role: 'author' }), 'denied', 'another role')
    assert.equal(await missing({ environments: [world.starter.environments.sandbox] }), 'denied', 'another environment')
    assert.equal(await missing({ scope: world.starter.project }), 'denied', 'another scope')
    assert.equal(await missing({ minutes: 31 }), 'denied', 'longer than he has it himself')
    assert.ok(!deciders(await ask(asker)).includes(approver.id))
    const within = await ask(asker, { minutes: 20 })
    assert.ok(deciders(within).includes(approver.id))
    assert.equal((await approve(approver.act, within.id)).state, 'approved')
  })

  it('what somebody gave to himself by breaking the glass gives him nothing to approve with', async () => {
    const approver = await person({ actions: ['request:approve', 'grant:break-glass'] })
    await approver.act('grant:break-glass', {
      role: 'operator',
      ...quiet,
      minutes: 60,
      reason: 'Nobody answers, and the line stands still.',
    })
    const asked = await ask(await person(), { minutes: 5 })
    const refused = await refusalOf(approve(approver.act, asked.id))
    assert.equal(refused.code, 'denied')
    assert.ok(Array.isArray(refused.notes.facts?.missing))
  })

  it('a role that he widens while he asks for it gives him nothing: it is approved as it was asked for, or not at all', async () => {
    const asker = await person({ role: 'admin' })
    const role = { role: 'looker', reason }
    await admin('role:create', { slug: 'looker', title: 'Looks', actions: ['run:show', 'run:list'], reason })
    const asked = await ask(asker, { role: undefined, customRole: 'looker' })
    assert.deepEqual([asked.customRole, asked.actions], ['looker', ['run:show', 'run:list']])
    await asker.act('role:change', { ...role, actions: ['run:show', 'run:list', 'run:launch'] })
    assert.equal(await codeOf(approve(admin, asked.id)), 'request_closed')
    const { state, answer } = await admin('request:show', { request: asked.id })
    assert.deepEqual([state, at(answer, 'by'), at(answer, 'reason')], ['ended', asker.id, reason])
    const told = listAt(await asker.act('attention:list'), 'items').find((item) => at(item, 'subject', 'id') === asked.id)
    assert.match(String(at(told, 'why')), /^It ended: the role/)
    const again = await ask(asker, { role: undefined, customRole: 'looker' })
    await admin('role:change', { ...role, actions: ['run:show'] })
    await approve(admin, again.id)
    assert.deepEqual(
      (await grantsOf(asker)).flatMap(({ custom_role, actions }) => (custom_role === 'looker' ? actions : [])),
      ['run:show'],
      'of less it is less',
    )
  })

  it('a request of another organization is not there', async () => {
    const stranger = newId('req', world.twinlock.outside)
    for (const [action, more] of [
      ['request:show', {}],
      ['request:approve', { reason }],
      ['request:deny', { reason }],
      ['request:withdraw', {}],
    ] as const)
      assert.equal(await codeOf(admin(action, { request: stranger, ...more })), 'not_found', action)
  })

  it('nobody withdraws the request of another, and nobody who may not give denies it', async () => {
    const [asker, other] = [await person(), await person({ role: 'operator' })]
    const { id } = await ask(asker)
    assert.equal(await codeOf(other.act('request:withdraw', { request: id })), 'denied')
    assert.equal(await codeOf(other.act('request:deny', { request: id, reason })), 'denied')
    assert.equal(await codeOf(admin('request:withdraw', { request: id })), 'denied', 'not even an administrator')
  })
})

describe('a request that nobody decided in time', () => {
  it('is refused to whoever is late, whatever was swept, and is closed by an entry of its own', async () => {
    const asker = await person()
    const { id } = await ask(asker, { openMinutes: 5 })
    const later = await ask(asker, { openMinutes: 600 })
    world.clock.forward(301)
    try {
      assert.equal(await codeOf(approve(admin, id)), 'request_expired')
      assert.equal(await codeOf(asker.act('request:withdraw', { request: id })), 'request_expired')
      const { door } = world.twinlock
      const lines: string[] = []
      await closeOverdue({ door, log: (line) => lines.push(line) }, world.org as never) // the organization of the world
      await closeOverdue({ door, log: (line) => lines.push(line) }, world.org as never) // again: it finds nothing
      assert.deepEqual(lines, [])
      assert.equal((await asker.act('request:show', { request: id })).state, 'expired')
      assert.equal((await asker.act('request:show', { request: later.id })).state, 'open')
      const entries = await world.rows(`select actor_id, outcome from entry where action = 'request:expire' and resource_id = $1`, [id])
      assert.deepEqual(entries, [{ actor_id: 'reaper', outcome: 'done' }])
      assert.equal(await codeOf(approve(admin, id)), 'request_closed')
    } finally {
      world.clock.forward(-301)
    }
    assert.equal(await codeOf(approve(admin, id)), 'request_closed', 'a clock that goes back opens nothing again')
  })

  it('and none is decided by a clock from before it was asked', async () => {
    const { id } = await ask(await person())
    const wasAsked = world.clock.now()
    world.clock.forward(-120)
    try {
      assert.ok(world.clock.now() < wasAsked)
      assert.match(await codeOf(approve(admin, id)), /^(request_closed|unauthenticated)$/)
    } finally {
      world.clock.forward(120)
    }
    assert.equal((await approve(admin, id)).state, 'approved')
  })
})

describe('when somebody leaves', () => {
  it('what he asked for ends, and what he approved by half is taken back', async () => {
    const [leaver, asker, approver] = [await person(), await person(), await person({ role: 'admin' })]
    const own = await ask(leaver)
    const half = await ask(asker, { environments: [world.starter.environments.production] })
    await approve(approver.act, half.id)
    const { ended } = await admin('person:offboard', { person: leaver.id })
    assert.equal(at(ended, 'requests'), 1)
    assert.equal(await codeOf(approve(admin, own.id)), 'request_closed')
    assert.deepEqual(await grantsOf(leaver), [])
    assert.equal(at((await admin('person:offboard', { person: approver.id })).ended, 'request_approvals'), 1)
    const now = await asker.act('request:show', { request: half.id })
    assert.deepEqual([now.state, now.approvalsGiven], ['open', 0])
    assert.equal((await approve(admin, half.id)).state, 'open', 'it takes two again')
  })
})
