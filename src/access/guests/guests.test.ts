// Guests and engagements through the door, on a real PostgreSQL, with a clock that can be moved: tried as a contractor who prolongs himself, as one who is given
// more by another way, as a sponsor who leaves, as a service whose need to know nobody confirmed.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { baseUrl, workloadKey } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { endLapsed } from '../../app/end-lapsed.ts'
import { tokenEndpoint } from '../../app/index.ts'

const reason = 'A test needs it.'
const day = 86_400

let world: World
let admin: Act
let second: { readonly project: string; readonly twin: string }

before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
  const starter = world.part('starter')
  const { owner } = world.starter.people
  const project = textAt(await starter('project:create', { slug: 'second', name: 'Second', owner }), 'id')
  const twin = { project, slug: 'theirs', kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
  second = { project, twin: textAt(await starter('twin:create', twin), 'id') }
})
after(() => world.close())

let number = 0
const fresh = () => `g${++number}`
const inDays = (days: number) => new Date(world.clock.now() + days * day * 1000).toISOString()

const invitation = (more: object = {}) => {
  const slug = fresh()
  const { project } = world.starter
  return {
    slug,
    name: `Guest ${slug}`,
    address: `${slug}@partner.example`,
    role: 'observer',
    projects: [project],
    until: inDays(30),
    reason,
    ...more,
  }
}

async function invite(by: Act, more: object = {}) {
  const made = await by('guest:invite', invitation(more))
  return { guest: textAt(made, 'id'), person: textAt(made, 'person'), state: textAt(made, 'state') }
}

const signedIn = async (person: string): Promise<Act> =>
  actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, person))

/** Somebody who administers a project, and so may invite into it. */
async function administers(scope: string): Promise<{ readonly id: string; readonly act: Act }> {
  const slug = fresh()
  const made = await admin('person:create', { slug, name: slug, email: `${slug}@here.example` })
  const id = textAt(made, 'id')
  await admin('grant:create', { principal: id, role: 'admin', scopeType: 'Project', scope, reason })
  return { id, act: await signedIn(id) }
}

const sees = (act: Act, twin: string) => act('twin:show', { twin }).then(() => true)
const stateOf = async (run: string) => (await world.rows('select state, outcome from run where id = $1', [run]))[0]
const launch = (act: Act) =>
  act('run:launch', { scenario: world.starter.scenario, environment: world.starter.environments.staging }).then((run) => textAt(run, 'id'))
const untilOf = async (guest: string) => textAt(await admin('guest:show', { guest }), 'until')
const sweep = () => endLapsed({ door: world.twinlock.door, log: (line) => world.lines.push(line) }, world.org)

describe('a guest', () => {
  it('has a role on the projects of the invitation, and an end that cannot be left out or be far', async () => {
    const { until: _, ...endless } = invitation()
    assert.equal(await codeOf(admin('guest:invite', endless)), 'invalid')
    assert.equal(await codeOf(admin('guest:invite', invitation({ until: inDays(181) }))), 'invalid')
    assert.equal(await codeOf(admin('guest:invite', invitation({ role: 'admin' }))), 'invalid')
    const { person, state } = await invite(admin)
    assert.equal(state, 'active')
    const act = await signedIn(person)
    assert.ok(await sees(act, world.starter.twins.payments))
    assert.equal(await codeOf(sees(act, second.twin)), 'denied')
    assert.equal(await codeOf(act('person:list')), 'denied')
    assert.deepEqual(
      listAt(await admin('guest:list', {}), 'items').map((one) => at(one, 'person')),
      [person],
    )
    assert.deepEqual(
      listAt(await admin('person:list', { kind: 'guest' }), 'items').map((one) => at(one, 'id')),
      [person],
    )
    const shown = await admin('person:show', { person })
    assert.deepEqual(
      listAt(shown, 'holds').map((one) => at(one, 'invitation')),
      listAt(shown, 'invitations').map((one) => at(one, 'id')),
    )
  })

  it('is nobody before a sponsor other than the inviter has accepted, and nobody else can accept for him', async () => {
    const sponsor = world.starter.people.owner
    const { guest, person } = await invite(admin, { sponsor })
    await assert.rejects(signedIn(person), /has not begun/)
    assert.equal(await codeOf(admin('guest:accept', { guest })), 'denied')
    const owner = await world.as('owner')
    const waits = listAt(await owner('attention:list'), 'items').find((one) => at(one, 'subject', 'id') === guest)
    assert.equal(at(waits, 'kind'), 'guest_to_accept')
    await owner('guest:accept', { guest })
    assert.ok(await sees(await signedIn(person), world.starter.twins.payments))
    assert.ok(listAt(await owner('guest:list', { mine: true }), 'items').some((one) => at(one, 'id') === guest))
    assert.equal(await codeOf(owner('guest:list', {})), 'denied')
  })

  it('prolongs nothing himself, nor does anybody but the sponsor, nor he for long', async () => {
    const owner = await world.as('owner')
    const { guest, person } = await invite(admin, { sponsor: world.starter.people.owner, until: inDays(2) })
    await owner('guest:accept', { guest })
    const contractor = await signedIn(person)
    const longer = { guest, until: inDays(60), reason }
    assert.equal(await codeOf(contractor('guest:extend', longer)), 'denied')
    assert.equal(await codeOf(contractor('guest:sponsor', { guest, sponsor: person, reason })), 'denied')
    assert.equal(await codeOf(contractor('guest:invite', invitation())), 'denied')
    assert.equal(await codeOf(admin('guest:extend', longer)), 'denied', 'not even an administrator')
    assert.equal(await codeOf(admin('guest:sponsor', { guest, sponsor: person, reason })), 'invalid', 'no guest answers for a guest')
    const near = listAt(await owner('attention:list'), 'items').find((one) => at(one, 'subject', 'id') === guest)
    assert.deepEqual([at(near, 'kind'), String(at(near, 'why')).startsWith('It ends within 3 days.')], ['guest_ending', true])
    assert.equal(await codeOf(owner('guest:extend', { ...longer, until: inDays(181) })), 'invalid')
    await owner('guest:extend', longer)
    assert.equal(await untilOf(guest), longer.until)
    const grants = await world.rows(`select 1 from "grant" where principal_id = $1 and expires_at = $2`, [person, longer.until])
    assert.equal(grants.length, 1)
  })

  it('is told of to his sponsor a fortnight before he ends, and again as urgent three days before; not sooner', async () => {
    const owner = await world.as('owner')
    const told = async (days: number): Promise<unknown> => {
      const { guest } = await invite(admin, { sponsor: world.starter.people.owner, until: inDays(days) })
      await owner('guest:accept', { guest })
      return at(
        listAt(await owner('attention:list'), 'items').find((one) => at(one, 'subject', 'id') === guest),
        'why',
      )
    }
    assert.match(String(await told(13)), /^It ends within 14 days\./)
    assert.match(String(await told(3)), /^It ends within 3 days\./)
    assert.equal(await told(15), undefined)
  })

  it('reaches no farther and lasts no longer by whatever else he is given', async () => {
    const { person } = await invite(admin)
    const { project } = world.starter
    const give = (more: object) => admin('grant:create', { principal: person, role: 'observer', reason, ...more })
    assert.equal(await codeOf(give({ expiresAt: inDays(5) })), 'conflict', 'the whole organization')
    assert.equal(await codeOf(give({ scopeType: 'Project', scope: second.project, expiresAt: inDays(5) })), 'conflict')
    assert.equal(await codeOf(give({ scopeType: 'Project', scope: project })), 'conflict', 'without an end')
    assert.equal(await codeOf(give({ scopeType: 'Project', scope: project, expiresAt: inDays(31) })), 'conflict')
    await give({ scopeType: 'Project', scope: project, role: 'operator', expiresAt: inDays(5) })
    const group = textAt(await admin('group:create', { slug: fresh(), name: 'All', owner: world.starter.people.owner }), 'id')
    await admin('grant:create', { principal: group, role: 'observer', reason })
    await admin('group:add', { group, member: person })
    const act = await signedIn(person)
    assert.equal(await codeOf(sees(act, second.twin)), 'denied', 'a group gives him nothing beyond')
    assert.ok(await sees(act, world.starter.twins.payments))
  })

  it('who is invited twice has two ends and two sponsors, and neither prolongs the other’s', async () => {
    const [one, other] = [await administers(world.starter.project), await administers(second.project)]
    const first = invitation({ until: inDays(10) })
    const made = await one.act('guest:invite', first)
    const again = await other.act('guest:invite', {
      ...first,
      address: first.address.toUpperCase(),
      projects: [second.project],
      until: inDays(20),
    })
    assert.equal(again.person, made.person, 'the same address is the same person')
    assert.equal(await codeOf(other.act('guest:extend', { guest: made.id, until: inDays(100), reason })), 'denied')
    assert.equal(await codeOf(one.act('guest:invite', { ...invitation(), projects: [second.project] })), 'denied')
    assert.equal(await codeOf(one.act('guest:invite', { ...invitation(), projects: [world.starter.project, second.project] })), 'denied')
    const act = await signedIn(textAt(made, 'person'))
    assert.ok((await sees(act, world.starter.twins.payments)) && (await sees(act, second.twin)))
    const ended = await one.act('guest:end', { guest: made.id, reason })
    assert.deepEqual([ended.left, ended.grants], [false, 1])
    assert.equal(await codeOf(sees(act, world.starter.twins.payments)), 'denied')
    assert.ok(await sees(act, second.twin))
    assert.equal((await other.act('guest:end', { guest: again.id, reason })).left, true)
    assert.equal(await codeOf(sees(act, second.twin)), 'unauthenticated')
  })

  it('is not somebody who works here, and clears nobody for more than the inviter is cleared for', async () => {
    assert.equal(await codeOf(admin('guest:invite', invitation({ address: 'OPERATOR@starter.example' }))), 'conflict')
    assert.equal(await codeOf(admin('guest:invite', invitation({ clearance: 'restricted' }))), 'denied')
  })

  it('has left when his sponsor leaves, until somebody else accepts to answer for him; his run ends at once', async () => {
    const { id: sponsor, act } = await administers(world.starter.project)
    const { guest, person } = await invite(act, { role: 'operator' })
    const contractor = await signedIn(person)
    const run = await launch(contractor)
    const { jwk } = workloadKey(world.clock.now)
    const owned = {
      kind: 'agent',
      slug: fresh(),
      environment: world.starter.environments.staging,
      owner: person,
      clearance: 'internal',
      jwk,
    }
    const agent = textAt(await world.part('starter')('workload:create', owned), 'id')
    await admin('person:offboard', { person: sponsor })
    assert.deepEqual(await world.rows('select state from workload where id = $1', [agent]), [{ state: 'suspended' }])
    assert.equal(await codeOf(launch(contractor)), 'unauthenticated')
    assert.deepEqual(await stateOf(run), { state: 'ending', outcome: 'revoked' })
    assert.equal(textAt(await admin('guest:show', { guest }), 'state'), 'paused')
    const waits = listAt(await admin('attention:list'), 'items').find((one) => at(one, 'subject', 'id') === guest)
    assert.equal(at(waits, 'kind'), 'guest_paused')
    await admin('guest:sponsor', { guest, sponsor: world.starter.people.owner, reason })
    assert.equal(await codeOf(launch(contractor)), 'unauthenticated', 'asking is not accepting')
    const owner = await world.as('owner')
    await owner('guest:accept', { guest })
    assert.ok(await launch(contractor))
  })

  it('gives nobody more, and nothing for longer, than he is here for himself, also by a group that administers his project', async () => {
    const { project, people } = world.starter
    const own = invitation()
    const made = await admin('guest:invite', own)
    const group = textAt(await admin('group:create', { slug: fresh(), name: 'Managers', owner: people.owner }), 'id')
    await admin('grant:create', { principal: group, role: 'admin', scopeType: 'Project', scope: project, reason })
    await admin('group:add', { group, member: textAt(made, 'person') })
    const act = await signedIn(textAt(made, 'person'))
    const { id: other } = await administers(second.project)
    const give = (more: object) =>
      act('grant:create', { principal: other, role: 'operator', scopeType: 'Project', scope: project, reason, ...more })
    assert.equal(await codeOf(give({})), 'denied', 'without an end')
    assert.equal(await codeOf(give({ expiresAt: inDays(31) })), 'denied', 'longer than he is here')
    assert.equal(await codeOf(act('guest:invite', invitation({ sponsor: people.owner, until: inDays(31) }))), 'denied')
    await give({ expiresAt: inDays(29) })
    const again = { ...own, role: 'reviewer', until: inDays(20), sponsor: people.owner }
    assert.equal(await codeOf(act('guest:invite', again)), 'denied', 'nor to himself')
    assert.equal(await codeOf(act('guest:sponsor', { guest: made.id, sponsor: people.operator, reason })), 'denied')
  })

  it('is let in anew with what is still somebody’s to give: the inviter’s, or else of whoever asks for the new sponsor', async () => {
    const { project, people } = world.starter
    const { id: inviter, act } = await administers(project)
    const slug = fresh()
    const sponsor = textAt(await admin('person:create', { slug, name: slug, email: `${slug}@here.example` }), 'id')
    const { guest } = await invite(act, { role: 'operator', sponsor, until: inDays(9) })
    const answers = await signedIn(sponsor)
    await answers('guest:accept', { guest })
    const [grant] = await world.rows('select id from "grant" where principal_id = $1', [inviter])
    await admin('grant:revoke', { grant: grant?.id, reason })
    const owner = await world.as('owner')
    await answers('guest:sponsor', { guest, sponsor: people.owner, reason })
    assert.equal(await codeOf(owner('guest:accept', { guest })), 'denied', 'it is nobody’s to give')
    await admin('guest:sponsor', { guest, sponsor: people.owner, reason })
    await owner('guest:accept', { guest })
    await owner('guest:extend', { guest, until: inDays(10), reason })
    assert.equal(textAt(await admin('guest:show', { guest }), 'invitedBy'), people.admin)
  })

  it('signs in through the provider where the organization requires that', async () => {
    const { person } = await invite(admin)
    await world.tamper(`insert into sign_in_rules (org_id, require_sso, step_up_seconds) values ($1, true, 43200)`, [world.org])
    assert.equal(await codeOf(admin('person:link', { person })), 'sso_required')
    await world.tamper('delete from sign_in_rules where org_id = $1', [world.org])
  })
})

describe('an auditor who is a guest', () => {
  it('reads evidence of his project and changes nothing', async () => {
    const { person } = await invite(admin, { role: 'auditor' })
    const auditor = await signedIn(person)
    assert.equal((await auditor('project:show', { project: world.starter.project })).slug, 'starter')
    assert.equal(await codeOf(auditor('project:show', { project: second.project })), 'denied')
    const changing = world.twinlock.door.catalogue.filter(
      ({ effect, roles }) => /change|consequence/.test(effect) && roles.includes('auditor'),
    )
    assert.deepEqual(changing, [], 'his role changes nothing')
    const everything: Record<string, Record<string, unknown>> = {
      'grant:create': { principal: person, role: 'author', reason },
      'twin:retire': { twin: world.starter.twins.payments },
      'run:launch': { scenario: world.starter.scenario, environment: world.starter.environments.staging },
      'person:create': { slug: fresh(), name: 'Another', email: 'another@partner.example' },
      'mapping:create': {
        slug: fresh(),
        title: 'Mine',
        when: [{ attribute: 'title', oneOf: ['auditor'] }],
        gives: [{ role: 'admin' }],
        reason,
      },
      'guest:invite': invitation(),
      'engagement:create': { slug: fresh(), name: 'Mine', projects: [world.starter.project], until: inDays(9), reason },
    }
    for (const [name, input] of Object.entries(everything)) assert.equal(await codeOf(auditor(name, input)), 'denied', name)
  })
})

describe('an engagement', () => {
  async function engaged() {
    const owner = await world.as('owner')
    const { project, people } = world.starter
    const slug = fresh()
    const made = await admin('engagement:create', {
      slug,
      name: slug,
      sponsor: people.owner,
      projects: [project],
      until: inDays(40),
      reason,
    })
    const engagement = textAt(made, 'id')
    const key = workloadKey(world.clock.now)
    const staging = world.starter.environments.staging
    const agent = await world.part('starter')('workload:create', {
      kind: 'pipeline',
      slug,
      environment: staging,
      owner: people.operator,
      clearance: 'internal',
      jwk: key.jwk,
    })
    const workload = textAt(agent, 'id')
    await admin('grant:create', { principal: workload, role: 'operator', scopeType: 'Project', scope: project, reason })
    await admin('engagement:add', { engagement, member: workload })
    const audience = tokenEndpoint(baseUrl, world.org, staging)
    const issue = async () => {
      const token = await key.assertion(audience, textAt(agent, 'spiffeId'))
      return actWith(world.twinlock.door, { kind: 'assertion', token, org: world.org, audience })('token:issue')
    }
    return { owner, engagement, workload, issue }
  }

  it('is refused until its sponsor confirms that it needs to know, and again at its next fetch when that is taken back', async () => {
    const { owner, engagement, issue } = await engaged()
    assert.ok(listAt(await owner('engagement:list', { mine: true }), 'items').every((one) => at(one, 'mine') === true))
    assert.ok(listAt(await owner('engagement:list', { mine: true }), 'items').some((one) => at(one, 'id') === engagement))
    assert.equal(await codeOf(owner('engagement:list', {})), 'denied', 'whoever has no role sees none but his own')
    const refused = await refusalOf(issue())
    assert.deepEqual([refused.code, refused.notes.facts?.policies], ['denied', [`engagement/${engagement}`]])
    assert.match(String(refused.notes.next), /when the sponsor confirms that the engagement needs to know/)
    assert.equal(await codeOf(admin('engagement:confirm', { engagement, reason })), 'denied', 'not by an administrator')
    await owner('engagement:confirm', { engagement, reason })
    const act = actWith(world.twinlock.door, { kind: 'token', token: textAt(await issue(), 'accessToken') })
    const run = await launch(act)
    await owner('engagement:suspend', { engagement, reason })
    assert.equal(await codeOf(launch(act)), 'denied')
    assert.equal(await codeOf(issue()), 'denied')
    assert.deepEqual(await stateOf(run), { state: 'ending', outcome: 'revoked' })
    await owner('engagement:confirm', { engagement, reason })
    assert.ok(await launch(act))
    await admin('person:offboard', { person: textAt(await administers(second.project), 'id') })
  })

  it('is prolonged by its sponsor with what others were given until its end, and not with what he was given himself', async () => {
    const { owner, engagement, workload } = await engaged()
    await owner('engagement:confirm', { engagement, reason })
    const until = { scopeType: 'Project', scope: world.starter.project, role: 'observer', untilEngagement: engagement, reason }
    const its = await admin('grant:create', { ...until, principal: workload })
    const own = await admin('grant:create', { ...until, principal: world.starter.people.owner })
    const later = inDays(80)
    await owner('engagement:extend', { engagement, until: later, reason })
    const longer = await world.rows('select id from "grant" where id = any($1) and expires_at = $2', [[its.id, own.id], later])
    assert.deepEqual(longer, [{ id: its.id }])
  })

  it('holds back at once whoever was a guest before he was invited into it: his run ends with the invitation', async () => {
    const { engagement } = await engaged()
    const first = invitation({ role: 'operator' })
    const run = await launch(await signedIn(textAt(await admin('guest:invite', first), 'person')))
    await admin('guest:invite', { ...first, engagement, until: inDays(20) })
    assert.deepEqual(await stateOf(run), { state: 'ending', outcome: 'revoked' })
  })

  it('ends on one day: guests, workloads and what was theirs, at admission by the clock and by an entry of its own', async () => {
    const { owner, engagement, workload, issue } = await engaged()
    const { guest, person } = await invite(admin, { engagement, role: 'operator', until: inDays(39) })
    assert.equal(await codeOf(admin('guest:invite', invitation({ engagement, until: inDays(41) }))), 'invalid')
    assert.equal(await codeOf(admin('guest:invite', invitation({ engagement, projects: [second.project] }))), 'invalid')
    await assert.rejects(signedIn(person), new RegExp(`engagement/${engagement}`), 'nobody has confirmed it')
    await owner('engagement:confirm', { engagement, reason })
    const contractor = await signedIn(person)
    const [by, its] = [
      await launch(contractor),
      await launch(actWith(world.twinlock.door, { kind: 'token', token: textAt(await issue(), 'accessToken') })),
    ]
    const observer = await admin('grant:create', {
      principal: workload,
      role: 'observer',
      scopeType: 'Project',
      scope: world.starter.project,
      untilEngagement: engagement,
      reason,
    })
    assert.equal(observer.expiresAt, textAt(await owner('engagement:show', { engagement }), 'until'))
    world.clock.forward(40 * day)
    const late = await signedIn(world.starter.people.owner)
    await assert.rejects(signedIn(person), /is over/)
    assert.equal(await codeOf(issue()), 'denied')
    await sweep()
    assert.deepEqual([(await stateOf(by))?.outcome, (await stateOf(its))?.outcome], ['revoked', 'revoked'])
    assert.equal(textAt(await late('engagement:show', { engagement }), 'state'), 'ended')
    assert.deepEqual(await world.rows('select state from guest where id = $1', [guest]), [{ state: 'ended' }])
    assert.deepEqual(await world.rows('select state from person where id = $1', [person]), [{ state: 'left' }])
    assert.deepEqual(await world.rows('select state from workload where id = $1', [workload]), [{ state: 'suspended' }])
    assert.deepEqual(
      await world.rows(`select count(*)::int as count from "grant" where principal_id = any($1) and revoked_at is null`, [
        [person, workload],
      ]),
      [{ count: 0 }],
    )
    const entries = await world.rows(
      `select action, actor_id from entry where action = 'engagement:lapse' and outcome = 'done' and resource_id = $1`,
      [engagement],
    )
    assert.deepEqual(entries, [{ action: 'engagement:lapse', actor_id: 'reaper' }])
    assert.equal(await codeOf(late('engagement:extend', { engagement, until: inDays(80), reason })), 'conflict')
  })

  it('and a guest of none are ended by the sweep as well, once', async () => {
    const fromNow = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, world.starter.people.admin))
    const until = new Date(world.clock.now() + 60_000).toISOString()
    const { guest, person } = await invite(fromNow, { until, role: 'operator' })
    const act = await signedIn(person)
    const run = await launch(act)
    assert.equal((await world.rows('select 1 from run where id = $1 and deadline = $2', [run, until])).length, 1, 'his run lasts no longer')
    world.clock.forward(60)
    assert.equal(await codeOf(act('session:show')), 'unauthenticated')
    await sweep()
    await sweep()
    const done = await world.rows(
      `select count(*)::int as count from entry where action = 'guest:lapse' and outcome = 'done' and resource_id = $1`,
      [guest],
    )
    assert.deepEqual(done, [{ count: 1 }])
    assert.deepEqual(await world.rows('select because from person_leaving where person_id = $1', [person]), [{ because: 'contract_ended' }])
  })
})
