// Explanations: they agree with the door, name what decided down to the policy, keep unknown apart from no, and tell nobody what is not his to know.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, at, codeOf, listAt, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'

let world: World
let admin: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

const launch = () => ({
  action: 'run:launch',
  input: { scenario: world.starter.scenario, environment: world.starter.environments.staging },
})
const explain = (act: Act, input: object) => act('access:explain', input)
const person = async (slug: string) =>
  textAt(await admin('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'confidential' }), 'id')

describe('access:explain', () => {
  it('names the grant that allows, through the group that it was given to, with the text of its policy', async () => {
    const id = await person('grouped')
    const group = textAt(await admin('group:create', { slug: 'launchers', name: 'L', owner: world.starter.people.owner }), 'id')
    await admin('group:add', { group, member: id })
    const given = await admin('grant:create', { principal: group, actions: ['run:launch'], reason: 'A test needs it.' })
    const told = await explain(admin, { principal: id, ...launch() })
    assert.deepEqual([told.outcome, told.code, told.principal, at(told, 'missing', 'roles')], ['allowed', null, id, []])
    const [policy] = listAt(told, 'policies')
    assert.deepEqual([at(policy, 'id'), at(policy, 'kind'), at(policy, 'grant', 'through')], [given.id, 'grant', group])
    assert.equal(at(policy, 'grant', 'givenBy'), world.starter.people.admin)
    assert.match(
      textAt(policy, 'text'),
      new RegExp(`^permit\\(principal == Person::"${id}", action in \\[Action::"run:launch"\\], resource in Organization::`),
    )
  })

  it('says what is missing, which grants come near and why they do not reach, and who could grant it', async () => {
    const id = await person('near')
    const day = 86_400_000
    const later = new Date(world.clock.now() + day).toISOString()
    const reason = 'A test needs it.'
    const { sandbox } = world.starter.environments
    const soon = await admin('grant:create', { principal: id, role: 'operator', notBefore: later, reason })
    const elsewhere = await admin('grant:create', { principal: id, role: 'operator', environments: [sandbox], reason })
    await admin('grant:create', { principal: id, role: 'observer', reason })
    const told = await explain(admin, { principal: id, ...launch() })
    assert.deepEqual([told.outcome, told.code, at(told, 'missing', 'roles')], ['denied', 'denied', ['operator']])
    assert.deepEqual(
      listAt(told, 'missing', 'near').map((one) => [at(one, 'grant', 'id'), at(one, 'why')]),
      [
        [soon.id, 'not-begun'],
        [elsewhere.id, 'another-scope-or-environment'],
      ],
    )
    assert.deepEqual(
      listAt(told, 'grantedBy').map((one) => at(one, 'slug')),
      ['admin'],
    )
  })

  it('names the guardrail that forbids, in words and in Cedar, and promises nothing of a grant', async () => {
    const input = { principal: world.starter.people.admin, role: 'operator', reason: 'Myself.' }
    const told = await explain(admin, { action: 'grant:create', input })
    assert.deepEqual([told.outcome, at(told, 'missing'), told.grantedBy], ['denied', { roles: [], near: [] }, []])
    const [policy] = listAt(told, 'policies')
    assert.deepEqual([at(policy, 'kind'), at(policy, 'meaning')], ['guardrail', 'nobody grants something to himself'])
    assert.match(textAt(policy, 'text'), /^forbid\(principal, action in \[Action::"grant:create"/)
  })

  it('answers unknown, neither yes nor no, where nothing can be decided about', async () => {
    const outside = world.twinlock.outside
    for (const [question, code] of [
      [{ action: 'run:fly' }, 'not_found'],
      [{ action: 'run:show', input: { run: newId('run', outside) } }, 'not_found'],
      [{ action: 'run:launch', input: { scenario: 7 } }, 'invalid'],
    ] as const) {
      const told = await explain(admin, question)
      assert.deepEqual([told.outcome, told.code, told.policies], ['unknown', code, []], question.action)
    }
    const gone = await person('gone')
    await admin('person:offboard', { person: gone })
    for (const principal of [gone, newId('per', outside), newId('svc', outside)])
      assert.equal(await codeOf(explain(admin, { principal, ...launch() })), 'not_found')
  })

  it('agrees with access:check and with trying, for everybody of the starter, and leaves nothing behind', async () => {
    const state = () => world.rows('select (select count(*) from entry) as entries, (select count(*) from run) as runs')
    const auditor = await world.as('auditor')
    for (const slug of ['author', 'operator', 'reviewer', 'deployer'] as const) {
      const as = await world.as(slug)
      const before = await state()
      const [checked] = listAt(await as('access:check', { questions: [launch()] }), 'answers')
      const told = await explain(auditor, { principal: world.starter.people[slug], ...launch() })
      assert.equal(told.outcome === 'allowed', at(checked, 'allowed'), slug)
      assert.deepEqual(await state(), before)
    }
  })

  it('is about oneself for everybody, who is not told by whom he was given something', async () => {
    const operator = await world.as('operator')
    for (const question of [launch(), { principal: world.starter.people.operator, ...launch() }]) {
      const told = await explain(operator, question)
      assert.equal(told.outcome, 'allowed')
      assert.equal(at(listAt(told, 'policies')[0], 'grant', 'givenBy'), null)
    }
  })

  it('shows nobody who asks about himself what a guardrail of the organization says, which may name others; its name and title he is told', async () => {
    const operator = await world.as('operator')
    const named = world.starter.people.reviewer
    const policy = `forbid(principal, action == Action::"run:launch", resource) unless { principal == Person::"${named}" };`
    await admin('guardrail:create', { slug: 'only-one', title: 'Runs are frozen this week', policy, reason: 'A test needs it.' })
    await admin('guardrail:activate', { guardrail: 'only-one', reason: 'A test needs it.' })
    const told = await explain(operator, launch())
    const [own] = listAt(told, 'policies')
    assert.deepEqual(
      [told.outcome, at(own, 'kind'), at(own, 'meaning'), at(own, 'text')],
      ['denied', 'guardrail', 'Runs are frozen this week', null],
    )
    assert.ok(!JSON.stringify(told).includes(named))
    const auditor = await explain(await world.as('auditor'), { principal: world.starter.people.operator, ...launch() })
    assert.match(textAt(listAt(auditor, 'policies')[0], 'text'), new RegExp(named))
    const shipped = await explain(operator, {
      ...launch(),
      input: { ...launch().input, environment: world.starter.environments.production },
    })
    assert.match(
      textAt(
        listAt(shipped, 'policies').find((one) => at(one, 'id') === 'guardrail/no-simulation-in-production'),
        'text',
      ),
      /^forbid/,
    )
    await admin('guardrail:retire', { guardrail: 'only-one', reason: 'A test needs it.' })
  })

  it('is about others for administrators and auditors alone: not for a person, nor for a pipeline about its owner, nor for a project’s administrator', async () => {
    const other = { principal: world.starter.people.reviewer, ...launch() }
    assert.equal(await codeOf(explain(await world.as('operator'), other)), 'denied')
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    assert.equal((await explain(pipeline, launch())).outcome, 'allowed')
    assert.equal(await codeOf(explain(pipeline, { principal: world.starter.people.operator, ...launch() })), 'denied')
    const id = await person('local')
    const scope = { scopeType: 'Project', scope: world.starter.project }
    await admin('grant:create', { principal: id, role: 'admin', ...scope, reason: 'A test needs it.' })
    const local = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id))
    assert.equal(await codeOf(explain(local, other)), 'denied')
  })

  it('knows nobody of another organization', async () => {
    const { door, outside } = world.twinlock
    const stranger = asPart(door, newId('org', outside), 'starter')
    await stranger('organization:create', { slug: 'elsewhere', name: 'Elsewhere' })
    const theirs = textAt(await stranger('person:create', { slug: 'theirs', name: 'Theirs', email: 'theirs@elsewhere.example' }), 'id')
    assert.equal(await codeOf(explain(admin, { principal: theirs, ...launch() })), 'not_found')
  })
})
