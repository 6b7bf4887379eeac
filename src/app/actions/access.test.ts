// Asking instead of trying, and what an asker could hope to learn by it that trying would not tell. On a real PostgreSQL, as the starter's people.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, codeOf, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'
import { catalogue } from '../catalogue.ts'
import { questionsMax } from './access.ts'

interface Checked {
  readonly action: string
  readonly allowed: boolean
  readonly code: string | null
  readonly detail: string | null
  readonly policies: readonly string[]
  readonly roles: readonly string[]
  readonly grantedBy: readonly { readonly id: string; readonly slug: string; readonly name: string }[]
}

async function check(act: Act, action: string, input: unknown = {}): Promise<Checked> {
  const [one] = (await act('access:check', { questions: [{ action, input }] })).answers as Checked[] // the action's schema has checked it
  assert.ok(one !== undefined)
  return one
}

let world: World
before(async () => {
  world = await openWorld({ isIdle: true })
})
after(() => world.close())

const ids = () => ({ scenario: world.starter.scenario, environment: world.starter.environments.staging })
const state = () =>
  world.rows(
    'select (select count(*) from entry) as entries, (select version from takeaway) as version, (select count(*) from run) as runs',
  )

describe('access:check', () => {
  it('says what allows what the caller may do', async () => {
    const operator = await world.as('operator')
    const [grant] = (await operator('session:show')).grants as { id: string }[] // the action's schema has checked it
    const checked = await check(operator, 'run:launch', ids())
    assert.deepEqual([checked.allowed, checked.code, checked.detail, checked.policies], [true, null, null, [grant?.id]])
    assert.ok(checked.roles.includes('operator'))
    assert.deepEqual(checked.grantedBy, [])
  })

  it('says which role is missing, and who could grant it', async () => {
    const checked = await check(await world.as('author'), 'run:launch', ids())
    assert.deepEqual([checked.allowed, checked.code, checked.policies], [false, 'denied', []])
    assert.deepEqual(checked.roles, ['operator'])
    assert.deepEqual(checked.grantedBy, [{ id: world.starter.people.admin, slug: 'admin', name: 'Starter Admin' }])
  })

  it('names whoever could grant it where it is missing: who administers the project, for what lies in it and for nothing else', async () => {
    const admin = await world.as('admin')
    const local = textAt(await admin('person:create', { slug: 'local', name: 'Local', email: 'local@people.example' }), 'id')
    const on = { scopeType: 'Project', scope: world.starter.project }
    const given = await admin('grant:create', { principal: local, role: 'admin', ...on, reason: 'A test needs it.' })
    const author = await world.as('author')
    const slugs = async (action: string, input: object) => (await check(author, action, input)).grantedBy.map(({ slug }) => slug).sort()
    assert.deepEqual(await slugs('run:launch', ids()), ['admin', 'local'])
    assert.deepEqual(await slugs('person:list', {}), ['admin'])
    const questions = [{ action: 'person:list' }, { action: 'run:launch', input: ids() }, { action: 'person:list' }]
    const together = (await author('access:check', { questions })).answers as Checked[] // the action's schema has checked it
    assert.deepEqual(
      together.map(({ grantedBy }) => grantedBy.length),
      [1, 2, 1],
    )
    const told = await (await world.as('auditor'))('access:explain', {
      principal: world.starter.people.author,
      action: 'run:launch',
      input: ids(),
    })
    assert.deepEqual((told.grantedBy as { slug: string }[]).map(({ slug }) => slug).sort(), ['admin', 'local']) // the action's schema has checked it
    await admin('grant:revoke', { grant: given.id, reason: 'A test needs it.' })
  })

  it('names nobody as able to help himself, or somebody who left, or whose grant is over', async () => {
    const admin = await world.as('admin')
    assert.deepEqual((await check(admin, 'run:launch', ids())).grantedBy, [])
    const second = textAt(await admin('person:create', { slug: 'second', name: 'Second', email: 'second@people.example' }), 'id')
    const soon = new Date(world.clock.now() + 60_000).toISOString()
    await asPart(
      world.twinlock.door,
      world.org,
      'starter',
    )('grant:create', { principal: second, role: 'admin', expiresAt: soon, reason: 'For a minute.' })
    assert.deepEqual(
      (await check(admin, 'run:launch', ids())).grantedBy.map(({ slug }) => slug),
      ['second'],
    )
    world.clock.forward(120)
    assert.deepEqual((await check(admin, 'run:launch', ids())).grantedBy, [])
    await admin('person:offboard', { person: second })
  })

  it('says which guardrail forbids, and sends nobody to ask for a role then', async () => {
    const checked = await check(await world.as('operator'), 'run:launch', { ...ids(), environment: world.starter.environments.production })
    assert.deepEqual([checked.allowed, checked.code, checked.roles, checked.grantedBy], [false, 'denied', [], []])
    assert.deepEqual(checked.policies, ['guardrail/no-simulation-in-production'])
  })

  it('is told by workloads about themselves as well', async () => {
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    assert.equal((await check(pipeline, 'run:launch', ids())).allowed, true)
    assert.equal((await check(pipeline, 'person:list')).allowed, false)
  })

  it('answers each question on its own, in order, whatever is wrong with the others', async () => {
    const operator = await world.as('operator')
    const questions = [
      { action: 'run:launch', input: { scenario: 'nonsense', environment: ids().environment } },
      { action: 'no:such', input: {} },
      { action: 'run:launch', input: ids() },
      { action: 'run:launch', input: { ...ids(), more: true } },
      { action: 'run:show', input: { run: newId('run', world.twinlock.outside) } },
      { action: 'run:launch', input: ids() },
    ]
    const answers = (await operator('access:check', { questions })).answers as Checked[] // the action's schema has checked it
    assert.deepEqual(
      answers.map(({ code }) => code),
      ['invalid', 'not_found', null, 'invalid', 'not_found', null],
    )
    assert.deepEqual(
      answers.map(({ action }) => action),
      questions.map(({ action }) => action),
    )
  })
})

describe('an attacker who asks', () => {
  it('changes, records and consumes nothing', async () => {
    const admin = await world.as('admin')
    const before = await state()
    const person = { slug: 'ghost', name: 'Ghost', email: 'ghost@people.example' }
    assert.equal((await check(admin, 'person:create', person)).allowed, true)
    assert.equal((await check(admin, 'person:offboard', { person: world.starter.people.operator })).allowed, true)
    assert.equal((await check(await world.as('operator'), 'run:launch', ids())).allowed, true)
    assert.equal((await check(await world.as('author'), 'person:create', person)).code, 'denied')
    assert.deepEqual(await state(), before)
    assert.deepEqual(await world.rows(`select id from person where slug = 'ghost'`), [])
    assert.equal((await (await world.as('operator'))('session:show')).name, 'operator')
  })

  it('learns of another organization what he would learn by trying: that nothing is there', async () => {
    const { door, outside } = world.twinlock
    const stranger = asPart(door, newId('org', outside), 'starter')
    await stranger('organization:create', { slug: 'elsewhere', name: 'Elsewhere' })
    const owner = await stranger('person:create', { slug: 'owner', name: 'Owner', email: 'owner@elsewhere.example' })
    const project = textAt(await stranger('project:create', { slug: 'theirs', name: 'Theirs', owner: owner.id }), 'id')
    const admin = await world.as('admin')
    const theirs = await check(admin, 'project:show', { project })
    const nobodys = await check(admin, 'project:show', { project: newId('prj', outside) })
    assert.deepEqual(theirs, nobodys)
    assert.deepEqual([theirs.code, theirs.policies, theirs.roles, theirs.grantedBy], ['not_found', [], [], []])
    const granted = await check(admin, 'grant:create', { principal: owner.id, role: 'admin', reason: 'Mine.' })
    assert.deepEqual(granted, await check(admin, 'grant:create', { principal: newId('per', outside), role: 'admin', reason: 'Mine.' }))
  })

  it('is told of every action just what trying it tells', async () => {
    const operator = await world.as('operator')
    const inputs = [
      {},
      ids(),
      { person: world.starter.people.admin },
      { project: world.starter.project },
      { run: newId('run', world.twinlock.outside) },
    ]
    const readable = catalogue.filter((one) => one.effect === 'read' && one.by.length + one.roles.length > 0 && one.servedBy !== 'scim')
    for (const { name, effect } of readable)
      for (const input of inputs) {
        const checked = await check(operator, name, input)
        if (checked.allowed) {
          await operator(name, input)
          continue
        }
        const refusal = await refusalOf(operator(name, input))
        assert.deepEqual([checked.code, checked.detail], [refusal.code, refusal.message], `${name} (${effect}) ${JSON.stringify(input)}`)
      }
  })

  it('cannot ask about what he could not even try: the product’s own acts, and those of other doors', async () => {
    const admin = await world.as('admin')
    const own = catalogue.filter((one) => one.roles.length === 0 && one.by.length === 0)
    assert.ok(own.length > 5)
    for (const { name } of [...own, { name: 'connection:call' }, { name: 'token:issue' }, { name: 'directory:show-user' }])
      assert.deepEqual(await check(admin, name), {
        action: name,
        allowed: false,
        code: 'not_found',
        detail: 'There is no such action.',
        policies: [],
        roles: [],
        grantedBy: [],
      })
    assert.equal((await check(admin, 'session:create')).code, 'unauthenticated')
  })

  it('cannot ask in somebody else’s name', async () => {
    const owner = await world.as('owner')
    const question = { action: 'person:list', input: {} }
    for (const more of [{ principal: world.starter.people.admin }, { person: world.starter.people.admin }])
      assert.equal(await codeOf(owner('access:check', { questions: [question], ...more })), 'invalid')
    assert.equal(await codeOf(owner('access:check', { questions: [{ ...question, principal: world.starter.people.admin }] })), 'invalid')
    assert.equal((await check(owner, 'person:list')).allowed, false)
  })

  it('asks no more than thirty things at once, and none without being signed in', async () => {
    const owner = await world.as('owner')
    const many = (count: number) => ({ questions: Array.from({ length: count }, () => ({ action: 'session:show' })) })
    assert.equal(((await owner('access:check', many(questionsMax))).answers as unknown[]).length, questionsMax)
    const refusal = await refusalOf(owner('access:check', many(questionsMax + 1)))
    assert.deepEqual([refusal.code, /30/.test(refusal.message)], ['invalid', true])
    assert.equal(await codeOf(owner('access:check', { questions: [] })), 'invalid')
    const nobody = actWith(world.twinlock.door, { kind: 'session', token: `tws_${world.org}.${'A'.repeat(43)}` })
    assert.equal(await codeOf(nobody('access:check', many(1))), 'unauthenticated')
  })

  it('cannot make it ask itself without end', async () => {
    const owner = await world.as('owner')
    let input: Record<string, unknown> = { questions: [{ action: 'session:show' }] }
    for (let depth = 0; depth < 5; depth++) input = { questions: Array.from({ length: 2 }, () => ({ action: 'access:check', input })) }
    const answers = (await owner('access:check', input)).answers as Checked[] // the action's schema has checked it
    assert.deepEqual(
      answers.map(({ allowed, grantedBy }) => [allowed, grantedBy]),
      [
        [true, []],
        [true, []],
      ],
    )
  })

  it('is answered with no once what he had was taken away', async () => {
    const admin = await world.as('admin')
    const person = textAt(await admin('person:create', { slug: 'brief', name: 'Brief', email: 'brief@people.example' }), 'id')
    const grant = textAt(await admin('grant:create', { principal: person, role: 'operator', reason: 'For a while.' }), 'id')
    const link = textAt(await world.part('starter')('person:link', { person }), 'token')
    const session = textAt(await actWith(world.twinlock.door, { kind: 'link', token: link })('session:create'), 'token')
    const brief = actWith(world.twinlock.door, { kind: 'session', token: session })
    assert.equal((await check(brief, 'run:launch', ids())).allowed, true)
    await admin('grant:revoke', { grant, reason: 'The while is over.' })
    assert.equal((await check(brief, 'run:launch', ids())).code, 'denied')
  })
})
