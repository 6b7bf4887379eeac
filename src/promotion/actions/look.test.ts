// What a reviewer sees before deciding, through the door, as the starter's people: lists with names, an artifact with its chain, a twin whole.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt } from '../../../test/harness/acting.ts'
import { rowsOf } from '../../../test/harness/database.ts'
import { crossOver, inReview, sealedRun } from '../../../test/harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, signInAs } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'

let h: Harness
let artifact: string
let unasked: string
let run: string
let promotion: string
let operator: SignedIn
let reviewer: SignedIn

before(async () => {
  h = await openStarter({ runsMax: 0 })
  operator = await signIn(h, 'operator')
  reviewer = await signIn(h, 'reviewer')
  const sealed = await sealedRun(h)
  artifact = sealed.artifact
  run = sealed.run.id
  promotion = (await inReview(h, operator, artifact)).id
  unasked = (await sealedRun(h)).artifact
})
after(() => h.close())

describe('lists', () => {
  it('carry names beside ids', async () => {
    const [promoted] = listAt(await reviewer.act('promotion:list', {}), 'items')
    const { environments, services, people } = h.starter
    assert.deepEqual(
      ['twinName', 'environmentSlug', 'environmentClass', 'serviceName', 'ownerName', 'requestedByName'].map((name) => at(promoted, name)),
      ['payments', 'production', 'production', 'payments-settler', 'Starter Owner', 'Starter Operator'],
    )
    assert.deepEqual(
      [
        at(promoted, 'environment'),
        at(promoted, 'service'),
        at(promoted, 'owner'),
        at(promoted, 'approvalsNeeded'),
        at(promoted, 'approvalsGiven'),
      ],
      [environments.production, services.payments.id, people.owner, 1, 0],
    )
    const [newest] = listAt(await reviewer.act('artifact:list', {}), 'items')
    assert.deepEqual(
      ['id', 'twinName', 'scenarioName', 'environmentSlug', 'environmentClass', 'operatorName'].map((name) => at(newest, name)),
      [unasked, 'payments', String(at(newest, 'scenarioName')), 'staging', 'staging', 'Starter Operator'],
    )
    assert.match(String(at(newest, 'scenarioName')), /^[a-z-]+@1$/)
    const twins = listAt(await reviewer.act('twin:list', {}), 'items')
    const payments = twins.find((one) => at(one, 'slug') === 'payments')
    assert.deepEqual(
      [at(payments, 'ownerName'), at(payments, 'projectName'), at(payments, 'scenarios')],
      ['Starter Owner', 'The starter’s twins', 1],
    )
    const [scenario] = listAt(await reviewer.act('scenario:list', { twin: h.starter.twins.payments }), 'items')
    assert.deepEqual([at(scenario, 'twinName'), at(scenario, 'authorName'), at(scenario, 'newest')], ['payments', 'Starter Author', true])
  })

  it('show what was asked for and nothing else', async () => {
    const count = async (action: string, filter: object) => listAt(await reviewer.act(action, filter), 'items').length
    const { environments, twins, people } = h.starter
    for (const [action, filter, expected] of [
      ['promotion:list', { state: 'in_review' }, 1],
      ['promotion:list', { state: 'crossed' }, 0],
      ['promotion:list', { twin: twins.payments, class: 'production' }, 1],
      ['promotion:list', { class: 'staging' }, 0],
      ['promotion:list', { artifact: unasked }, 0],
      ['promotion:list', { environment: environments.production, run }, 1],
      ['artifact:list', { state: 'quarantined' }, 2],
      ['artifact:list', { state: 'promoted' }, 0],
      ['artifact:list', { run }, 1],
      ['artifact:list', { class: 'production' }, 0],
      ['artifact:list', { twin: twins.payments, environment: environments.staging }, 2],
      ['twin:list', { state: 'retired' }, 0],
      ['twin:list', { owner: people.admin }, 0],
      ['scenario:list', { twin: twins.payments, slug: 'nothing' }, 0],
    ] as const)
      assert.equal(await count(action, filter), expected, `${action} ${JSON.stringify(filter)}`)
  })

  it('refuse filters that are none, and take no text of a filter for more than a value', async () => {
    for (const [action, filter] of [
      ['promotion:list', { state: "in_review' or '1'='1" }],
      ['promotion:list', { twin: "twn_' or true --" }],
      ['artifact:list', { class: { not: 'production' } }],
      ['artifact:list', { run: ['a', 'b'] }],
      ['twin:list', { state: '' }],
      ['scenario:list', { twin: h.starter.twins.payments, slug: '%' }],
    ] as const)
      await refused(reviewer.act(action, filter), 'invalid')
    assert.equal(listAt(await reviewer.act('promotion:list', { after: "' or true --" }), 'items').length, 0)
  })

  it('find nothing of another organization by its ids', async () => {
    const stranger = await strangerBeside(h)
    const theirs = await signIn(stranger, 'reviewer')
    for (const filter of [{ artifact }, { run }, { twin: h.starter.twins.payments }, { environment: h.starter.environments.production }])
      assert.deepEqual(await theirs.act('promotion:list', filter), { items: [], next: null })
    await refused(theirs.act('artifact:show', { artifact }), 'not_found')
    await refused(theirs.act('twin:show', { twin: h.starter.twins.payments }), 'not_found')
  })
})

describe('artifact:show', () => {
  it('says why it is as sensitive as it is: each thing that the run was of, was given or touched', async () => {
    const shown = await reviewer.act('artifact:show', { artifact })
    const chain = listAt(shown, 'sensitivityBecause').map((one) => `${at(one, 'of')} ${at(one, 'name')} ${at(one, 'sensitivity')}`)
    assert.ok(chain.includes('twin payments internal'), chain.join('; '))
    assert.ok(chain.some((one) => one.startsWith('connection accounts-data ')))
    assert.equal(at(shown, 'sensitivityBecause', 0, 'id'), run)
    for (const one of listAt(shown, 'sensitivityBecause')) assert.match(String(at(one, 'id')), /^(run|twn|con|ast)_/)
  })

  it('says what was checked: by the gate where somebody asked to promote it, else what can be said without reading every byte', async () => {
    const asked = await reviewer.act('artifact:show', { artifact })
    assert.deepEqual([at(asked, 'checks', 'of'), at(asked, 'checks', 'promotion')], ['promotion', promotion])
    assert.equal(at(asked, 'checks', 'items', 0, 'name'), 'run-succeeded')
    assert.ok(listAt(asked, 'checks', 'items').length > 10)
    const alone = await reviewer.act('artifact:show', { artifact: unasked })
    assert.deepEqual([at(alone, 'checks', 'of'), at(alone, 'checks', 'promotion')], ['artifact', null])
    const told = Object.fromEntries(listAt(alone, 'checks', 'items').map((one) => [at(one, 'name'), at(one, 'result')]))
    assert.deepEqual(told, {
      'run-succeeded': 'passed',
      provenance: 'passed',
      'no-secret-inside': 'passed',
      'run-credentials-ended': 'passed',
      digest: 'not_assessed',
    })
  })

  it('names exactly those whom the door lets read it, each with why', async () => {
    const shown = await reviewer.act('artifact:show', { artifact: unasked })
    const named = new Map(listAt(shown, 'visibleTo', 'principals').map((one) => [at(one, 'id'), at(one, 'via')]))
    for (const slug of ['admin', 'author', 'operator', 'reviewer', 'deployer', 'auditor', 'owner'] as const) {
      const one = await signIn(h, slug)
      const reads = await one.act('artifact:read', { artifact: unasked, file: 'report.md' }).then(
        () => true,
        () => false,
      )
      assert.equal(named.has(one.id), reads, slug)
    }
    assert.equal(named.get(reviewer.id), 'Holds the role reviewer here.')
    assert.equal(named.size >= 2, true)
  })

  it('does not name somebody whose clearance is too low, or who left', async () => {
    const seen = async () =>
      listAt(await reviewer.act('artifact:show', { artifact }), 'visibleTo', 'principals').map((one) => at(one, 'id'))
    const cleared = await newPerson(h, 'cleared', 'observer', { scopeType: 'Project', scope: h.starter.project })
    const starter = asSystem(h, 'starter')
    const person = { slug: 'uncleared', name: 'Uncleared', email: 'uncleared@people.example', clearance: 'public' }
    const uncleared = String((await starter('person:create', person)).id)
    await grant(h, uncleared, 'observer')
    const { act } = await signInAs(h.twinlock.door, h.starter.org, uncleared)
    await refused(act('artifact:show', { artifact }), 'denied')
    await refused(act('twin:show', { twin: h.starter.twins.payments }), 'denied')
    const before = await seen()
    assert.deepEqual([before.includes(cleared.id), before.includes(uncleared)], [true, false])
    await (await signIn(h, 'admin')).act('person:offboard', { person: cleared.id })
    assert.equal((await seen()).includes(cleared.id), false)
  })

  it('is refused to roles that may not, and says nothing but that', async () => {
    for (const slug of ['admin', 'deployer', 'auditor', 'owner'] as const)
      await refused((await signIn(h, slug)).act('artifact:show', { artifact }), 'denied')
  })

  it('says that it left quarantine once a promotion of it crossed, and that the service can fetch it', async () => {
    assert.match(String(at(await reviewer.act('artifact:show', { artifact }), 'quarantine', 'detail')), /in quarantine/)
    await reviewer.act('promotion:approve', { promotion })
    await crossOver(h, await signIn(h, 'deployer'), promotion)
    const shown = await reviewer.act('artifact:show', { artifact })
    assert.deepEqual([at(shown, 'state'), at(shown, 'quarantine', 'leftBy')], ['promoted', promotion])
    const via = listAt(shown, 'visibleTo', 'principals').find((one) => at(one, 'id') === h.starter.services.payments.id)
    assert.match(String(at(via, 'via')), /channel `payments`/)
    assert.equal(at(await reviewer.act('promotion:list', { state: 'crossed' }), 'items', 0, 'approvalsGiven'), 1)
  })
})

describe('twin:show', () => {
  it('shows who answers for it, its versions, what it may touch where, and why it is privileged', async () => {
    const shown = await operator.act('twin:show', { twin: h.starter.twins.payments })
    assert.deepEqual(
      [at(shown, 'ownerName'), at(shown, 'projectName'), at(shown, 'sensitivity'), at(shown, 'state')],
      ['Starter Owner', 'The starter’s twins', 'internal', 'active'],
    )
    assert.deepEqual([at(shown, 'scenarios', 0, 'newest'), at(shown, 'scenarios', 0, 'versions', 0, 'id')], [1, h.starter.scenario])
    const accounts = listAt(shown, 'connections').find((one) => at(one, 'slug') === 'accounts-data')
    assert.deepEqual(
      listAt(accounts, 'environments')
        .map((one) => at(one, 'environmentClass'))
        .sort(),
      ['staging'],
    )
    assert.equal(at(accounts, 'environments', 0, 'counterpartName'), 'accounts-data-production')
    assert.equal(at(shown, 'privileged', 'is'), true)
    assert.ok(listAt(shown, 'privileged', 'because').some((one) => /feeds production: the channel payments/.test(String(one))))
    assert.equal(JSON.stringify(shown).includes('127.0.0.1'), false, 'no address of an upstream is shown')
  })

  it('is governed content: recorded, and refused to roles and clearances that may not', async () => {
    for (const slug of ['admin', 'auditor', 'deployer', 'owner'] as const)
      await refused((await signIn(h, slug)).act('twin:show', { twin: h.starter.twins.payments }), 'denied')
    const recorded = await rowsOf(h.twinlock, `select outcome from entry where org_id = $1 and action = 'twin:show' order by id`, [
      h.starter.org,
    ])
    assert.ok(recorded.some((row) => row.outcome === 'done') && recorded.some((row) => row.outcome === 'denied'))
  })
})
