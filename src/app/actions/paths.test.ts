// Paths: they agree with the door for everybody, name what is toxic, know what was done, and are nobody's to see who may not see topology.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, codeOf, listAt, textAt } from '../../../test/harness/acting.ts'
import { liveRun, sealedRun } from '../../../test/harness/live-run.ts'
import { seeded } from '../../../test/harness/seeded.ts'
import { asSystem, grant, newPerson, type SignedIn, signIn, signInAs } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { newId } from '../../kernel/index.ts'

type Json = Readonly<Record<string, unknown>>

const seed = 20_261_122
let h: Harness
let auditor: SignedIn
let admin: SignedIn
let artifact: string
let run: string
const people: string[] = []

const choices = {
  what: [
    { role: 'author' },
    { role: 'operator' },
    { role: 'observer' },
    { role: 'exporter' },
    { role: 'reviewer' },
    { role: 'deployer' },
    { actions: ['artifact:read'] },
    { actions: ['run:launch', 'asset:add'] },
  ],
  ends: [{}, {}, { expiresAt: '2999-01-01T00:00:00Z' }, { notBefore: '2999-01-01T00:00:00Z' }],
}

async function populate(): Promise<void> {
  const random = seeded(seed)
  const { starter } = h
  const groups: string[] = []
  for (let n = 0; n < 3; n++)
    groups.push(textAt(await admin.act('group:create', { slug: `g${n}`, name: 'G', owner: starter.people.owner }), 'id'))
  await admin.act('group:add', { group: String(groups[1]), member: String(groups[0]) })
  for (let n = 0; n < 8; n++) people.push((await newPerson(h, `p${n}`)).id)
  for (const person of people.slice(1))
    if (random.below(2) === 0) await admin.act('group:add', { group: random.pick(groups), member: person })
  await admin.act('group:add', { group: String(groups[0]), member: String(people[0]) })
  await grant(h, String(groups[1]), 'observer')
  const scopes = [
    { scopeType: 'Organization' },
    { scopeType: 'Project', scope: starter.project },
    { scopeType: 'Twin', scope: starter.twins.payments },
    { scopeType: 'Twin', scope: starter.twins.assembly },
    { scopeType: 'Artifact', scope: artifact },
    { scopeType: 'Scenario', scope: starter.scenario },
  ]
  const environments = [[], [], [starter.environments.staging], [starter.environments.production], [starter.environments.sandbox]]
  for (const principal of [...people, ...groups, ...people]) {
    const given = {
      ...random.pick(choices.what),
      ...random.pick(choices.ends),
      ...random.pick(scopes),
      environments: random.pick(environments),
    }
    await asSystem(h, 'starter')('grant:create', { principal, ...given, reason: 'A seeded case.' })
  }
}

before(async () => {
  h = await openStarter({ runsMax: 0 })
  auditor = await signIn(h, 'auditor')
  admin = await signIn(h, 'admin')
  await grant(h, auditor.id, 'auditor')
  const sealed = await sealedRun(h)
  artifact = sealed.artifact
  run = sealed.run.id
  await populate()
})
after(() => h.close())

const pathsTo = (target: string) => auditor.act('access:paths', { target })
const byGrants = (told: Json) => listAt(told, 'paths').filter((path) => at(path, 'kind') === 'grant')
const possible = (told: Json) => new Set(byGrants(told).map((path) => `${textAt(path, 'principal', 'id')} ${textAt(path, 'action')}`))

/** What the door itself says about doing these to real things of the twin. */
async function atTheDoor(person: string): Promise<Set<string>> {
  const { scenario, environments, twins, project, people: known } = h.starter
  const type = person.startsWith('per') ? 'person' : 'pipeline'
  const content = 'YQ=='
  const asset = { slug: 'x', mediaType: 'text/csv', sensitivity: 'internal', owner: known.owner, content }
  const launch = (environment: string) => ({
    action: { name: 'run:launch', properties: { environment } },
    resource: { type: 'scenario', id: scenario },
  })
  const questions = [
    { action: { name: 'scenario:publish', properties: { slug: 'x', manifest: {} } }, resource: { type: 'twin', id: twins.payments } },
    { action: { name: 'asset:add', properties: asset }, resource: { type: 'project', id: project } },
    launch(environments.staging),
    launch(environments.sandbox),
    { action: { name: 'artifact:read', properties: { file: 'report.md' } }, resource: { type: 'artifact', id: artifact } },
    { action: { name: 'artifact:export', properties: { file: 'report.md', reason: 'x' } }, resource: { type: 'artifact', id: artifact } },
    { action: { name: 'run:output', properties: { path: 'report.md' } }, resource: { type: 'run', id: run } },
    { action: { name: 'run:tape', properties: {} }, resource: { type: 'run', id: run } },
  ]
  const evaluations = questions.map((one) => ({ ...one, subject: { type, id: person } }))
  const decisions = listAt(await auditor.act('access:evaluate', { evaluations }), 'decisions')
  assert.equal(decisions.length, questions.length)
  for (const one of decisions) assert.ok([null, 'denied'].includes(at(one, 'code') as string | null), JSON.stringify(one)) // a code is a text or null
  return new Set(questions.flatMap(({ action }, n) => (at(decisions[n], 'decision') === true ? [`${person} ${action.name}`] : [])))
}

describe('access:paths', () => {
  it(`agrees with the door about each person and each action on the artifact and the run that are there (seed ${seed})`, async () => {
    const told = possible(await pathsTo(artifact))
    const real = ['artifact:read', 'artifact:export']
    const twin = possible(await pathsTo(h.starter.twins.payments))
    let yes = 0
    for (const person of [...people, ...Object.values(h.starter.people)]) {
      const door = await atTheDoor(person)
      for (const name of real) assert.equal(told.has(`${person} ${name}`), door.has(`${person} ${name}`), `${person} ${name}`)
      for (const name of ['scenario:publish', 'asset:add', 'run:launch']) {
        assert.equal(twin.has(`${person} ${name}`), door.has(`${person} ${name}`), `${person} ${name}`)
      }
      // what is possible on a real run is possible on the next one, and a grant for another environment makes more of that possible
      for (const name of ['run:output', 'run:tape'])
        assert.ok(!door.has(`${person} ${name}`) || twin.has(`${person} ${name}`), `${person} ${name}`)
      yes += door.size
    }
    assert.ok(yes > 10, `${yes} were allowed`)
  })

  it('names the grant and the group behind a path, where it counts, what holds it back, and when it was last walked', async () => {
    const told = await pathsTo(h.starter.twins.payments)
    const paths = listAt(told, 'paths')
    const own = paths.find((path) => at(path, 'principal', 'id') === h.starter.people.operator && at(path, 'action') === 'run:launch')
    assert.equal(at(own, 'grants', 0, 'role'), 'operator')
    assert.ok(!listAt(own, 'environments').includes(h.starter.environments.production))
    assert.deepEqual(at(own, 'conditions'), ['simulation never runs in a production environment'])
    for (const [action, said] of [
      ['artifact:read', 'it is more sensitive than this clearance reaches'],
      ['promotion:approve', 'it takes having signed in lately'],
      ['promotion:approve', 'whoever had a hand in making something does not review it'],
    ]) {
      const path = paths.find((one) => at(one, 'action') === action && at(one, 'kind') === 'grant')
      assert.ok(listAt(path, 'conditions').includes(said), `${action}: ${said}`)
    }
    const launched = paths.find((path) => at(path, 'action') === 'run:launch' && at(path, 'lastUsed') !== null)
    assert.equal(at(launched, 'principal', 'id'), h.starter.pipeline.id)
    assert.equal(typeof at(launched, 'owner'), 'string')
    const crossing = paths.filter((path) => at(path, 'leg') === 'production')
    assert.ok(
      crossing.some((path) => at(path, 'principal', 'id') === h.starter.people.deployer && at(path, 'action') === 'promotion:cross'),
    )
    assert.ok(crossing.every((path) => at(path, 'lastUsed') === null))
    assert.ok(paths.some((path) => listAt(path, 'grants').some((one) => String(at(one, 'through')).startsWith('grp_'))))
  })

  it('names an identity that stands on two legs or three, the workloads that it owns among its own', async () => {
    const all = await newPerson(h, 'all-three')
    for (const role of ['author', 'observer', 'deployer']) await grant(h, all.id, role)
    const toxic = listAt(await pathsTo(h.starter.twins.payments), 'toxic')
    const own = toxic.find((one) => at(one, 'principal') === all.id)
    assert.deepEqual(at(own, 'legs'), ['input', 'output', 'production'])
    assert.equal(
      toxic.some((one) => at(one, 'principal') === h.starter.people.deployer),
      false,
    )
    const owned = toxic.flatMap((one) => listAt(one, 'workloads'))
    for (const id of owned) assert.match(String(id), /^(pip|agt|svc)_/)
  })

  it('forgets a path when its grant is taken away, and keeps what was done beside what is possible', async () => {
    const gone = await newPerson(h, 'gone')
    const given = await grant(h, gone.id, 'observer')
    await gone.act('artifact:read', { artifact, file: 'report.md' })
    const before = await pathsTo(artifact)
    assert.ok(possible(before).has(`${gone.id} artifact:read`))
    await admin.act('grant:revoke', { grant: given, reason: 'A test needs it.' })
    const told = await pathsTo(artifact)
    assert.equal(possible(told).has(`${gone.id} artifact:read`), false)
    const former = listAt(told, 'former').find((one) => at(one, 'principal') === gone.id)
    assert.equal(at(former, 'action'), 'artifact:read')
  })

  it('knows when a dataset itself was last read, and of an artifact what was done to it and to nothing else that came of its twin', async () => {
    const { people: known, project, twins } = h.starter
    const words = { project, slug: 'read-once', mediaType: 'text/csv', sensitivity: 'internal', owner: known.owner, content: 'YQ==' }
    const asset = textAt(await asSystem(h, 'starter')('asset:add', words), 'id')
    const reader = await newPerson(h, 'reads-one')
    await grant(h, reader.id, 'observer')
    const usedBy = async (target: string, action: string) => {
      const own = byGrants(await pathsTo(target)).find((path) => at(path, 'principal', 'id') === reader.id && at(path, 'action') === action)
      assert.notEqual(own, undefined, `${action} is possible`)
      return at(own, 'lastUsed') !== null
    }
    assert.equal(await usedBy(asset, 'asset:read'), false)
    await reader.act('asset:read', { asset })
    assert.equal(await usedBy(asset, 'asset:read'), true)
    const other = await sealedRun(h)
    await reader.act('artifact:read', { artifact: other.artifact, file: 'report.md' })
    await reader.act('run:output', { run: other.run.id, path: 'report.md' })
    for (const [target, done] of [
      [twins.payments, true],
      [other.artifact, true],
      [artifact, false],
    ] as const)
      for (const action of ['artifact:read', 'run:output']) assert.equal(await usedBy(target, action), done, `${action} ${target}`)
  })

  it('follows a dataset to every twin whose scenario names it, and to none that does not', async () => {
    const { people: known, project } = h.starter
    const added = await asSystem(h, 'starter')('asset:add', {
      project,
      slug: 'alone',
      mediaType: 'text/csv',
      sensitivity: 'internal',
      owner: known.owner,
      content: 'YQ==',
    })
    assert.deepEqual(listAt(await pathsTo(String(added.id)), 'twins'), [])
    const manifest = { assets: [{ name: 'input', asset: added.id }] }
    await (await signIn(h, 'author')).act('scenario:publish', { twin: h.starter.twins.payments, slug: 'with-data', manifest })
    const told = await pathsTo(String(added.id))
    assert.deepEqual(listAt(told, 'twins'), [h.starter.twins.payments])
    assert.ok(listAt(told, 'paths').length > 0)
  })

  it('shows each way step by step, what an owner can by his workload, what feeds it, and page by page the same as at once', async () => {
    const target = h.starter.twins.payments
    const told = await pathsTo(target)
    const nested = byGrants(told).find((path) => at(path, 'principal', 'id') === people[0] && at(path, 'action') === 'artifact:read')
    const ways = listAt(nested, 'ways').map((way) => (way as unknown[]).map((step) => at(step, 'kind'))) // as its shape has it
    assert.ok(
      ways.some((way) => way.join() === 'group,group,role'),
      JSON.stringify(ways),
    )
    const owned = listAt(told, 'paths').find((path) => at(path, 'kind') === 'ownership' && at(path, 'action') === 'run:launch')
    assert.deepEqual([at(owned, 'principal', 'type'), at(owned, 'ways', 0, 0, 'id')], ['Person', h.starter.pipeline.id])
    const feeds = listAt(told, 'paths').filter((path) => at(path, 'kind') === 'credential')
    assert.ok(feeds.length > 0 && feeds.every((path) => at(path, 'leg') === 'input' && at(path, 'ways', 0, 0, 'kind') === 'credential'))
    const whole = byGrants(told).map((path) => `${textAt(path, 'leg')} ${textAt(path, 'principal', 'id')} ${textAt(path, 'action')}`)
    const totals = ['input', 'output', 'production'].map((leg) => Number(at(told, 'totals', leg, 'paths')))
    assert.equal(
      totals.reduce((sum, one) => sum + one, 0),
      whole.length,
    )
    const paged: string[] = []
    for (let after: unknown; after !== null; ) {
      const page = await auditor.act('access:paths', { target, limit: 3, ...(after === undefined ? {} : { after }) })
      paged.push(...byGrants(page).map((path) => `${textAt(path, 'leg')} ${textAt(path, 'principal', 'id')} ${textAt(path, 'action')}`))
      after = at(page, 'next')
    }
    assert.deepEqual(paged, whole)
    const one = await auditor.act('access:paths', { target, principal: String(people[0]), leg: 'output' })
    assert.ok(listAt(one, 'paths').every((path) => at(path, 'principal', 'id') === people[0] && at(path, 'leg') === 'output'))
  })

  it('counts breaking the glass as a way, marked as such and with its terms, of whoever may break it there', async () => {
    const { twins, environments, pipeline } = h.starter
    const breaker = await newPerson(h, 'breaker')
    const where = { scopeType: 'Twin', scope: twins.payments, environments: [environments.staging] }
    const may = { actions: ['grant:break-glass'], ...where, reason: 'A test needs it.' }
    for (const principal of [breaker.id, pipeline.id]) await asSystem(h, 'starter')('grant:create', { principal, ...may })
    const glassOf = (told: Json, id: string) =>
      listAt(told, 'paths').filter((path) => at(path, 'kind') === 'break-glass' && at(path, 'principal', 'id') === id)
    const told = await pathsTo(twins.payments)
    const launch = glassOf(told, breaker.id).find((path) => at(path, 'action') === 'run:launch')
    assert.deepEqual(at(launch, 'environments'), [environments.staging])
    assert.deepEqual(
      (at(launch, 'ways', 0) as unknown[]).map((step) => at(step, 'kind')), // as its shape has it
      ['actions', 'break-glass'],
    )
    assert.equal(at(launch, 'ways', 0, 1, 'name'), 'breaking the glass as operator')
    assert.match(listAt(launch, 'conditions').join(), /for an hour at most.*waits for its review.*simulation never runs in a production/)
    assert.ok(Number(at(told, 'totals', 'input', 'glass')) > 0)
    assert.deepEqual(
      listAt(told, 'toxic').filter((one) => at(one, 'principal') === breaker.id),
      [],
      'what is only taken by breaking the glass is not held',
    )
    assert.deepEqual(glassOf(told, pipeline.id), [], 'only people break the glass')
    assert.deepEqual(glassOf(await pathsTo(twins.assembly), breaker.id), [])
    const launched = { scenario: h.starter.scenario, environment: environments.staging }
    assert.equal(await codeOf(breaker.act('run:launch', launched)), 'denied')
    const used = await breaker.act('grant:break-glass', {
      role: 'operator',
      ...where,
      reason: 'The queue hangs and nobody is there to ask.',
    })
    await breaker.act('run:launch', launched)
    const after = await pathsTo(twins.payments)
    const grants = glassOf(after, breaker.id).flatMap((path) => listAt(path, 'grants').map((one) => textAt(one, 'id')))
    assert.ok(grants.length > 0 && !grants.includes(textAt(used, 'id')), 'what was taken by breaking the glass breaks no glass')
    const standing = byGrants(after).find((path) => at(path, 'principal', 'id') === breaker.id)
    assert.deepEqual([at(standing, 'action'), at(standing, 'grants', 0, 'id')], ['run:launch', used.id])
  })

  it('is governed: not for those who may see the twin, nor for an auditor whose clearance is below it, and every look is on the record', async () => {
    const target = h.starter.twins.payments
    for (const role of ['author', 'operator', 'observer', 'reviewer', 'deployer', 'exporter'])
      assert.equal(await codeOf((await newPerson(h, `looks-${role}`, role)).act('access:paths', { target })), 'denied', role)
    const low = String(
      (await asSystem(h, 'starter')('person:create', { slug: 'low', name: 'Low', email: 'low@people.example', clearance: 'public' })).id,
    )
    await grant(h, low, 'auditor')
    const lowly = await signInAs(h.twinlock.door, h.starter.org, low)
    assert.equal(await codeOf(lowly.act('access:paths', { target })), 'denied')
    for (const nothing of [newId('twn', h.twinlock.outside), newId('ast', h.twinlock.outside), newId('art', h.twinlock.outside)])
      assert.equal(await codeOf(pathsTo(nothing)), 'not_found')
  })
})

describe('what is more sensitive than the twin beside its paths', () => {
  it('is counted for whoever is not cleared for it, and named to whoever is: a connection that feeds it, a live run', async () => {
    const { starter } = h
    const starting = asSystem(h, 'starter')
    const environment = starter.environments.staging
    const reached = { environment, access: 'read', baseUrl: 'http://127.0.0.1:9', owner: starter.people.owner }
    const secret = await starting('connection:create', { ...reached, slug: 'covert', sensitivity: 'restricted' })
    const manifest = { connections: [{ connection: 'covert', allow: [{ methods: ['GET'], path: '/x' }] }] }
    const author = await signIn(h, 'author')
    const scenario = await author.act('scenario:publish', { twin: starter.twins.payments, slug: 'covertly', manifest })
    const live = await liveRun(h, { scenario: textAt(scenario, 'id') })
    const words = { slug: 'cleared-less', name: 'L', email: 'cleared-less@people.example', clearance: 'confidential' }
    const less = String((await starting('person:create', words)).id)
    await grant(h, less, 'auditor')
    const lesser = await signInAs(h.twinlock.door, starter.org, less)
    const target = starter.twins.payments
    const idsIn = (told: Json) => listAt(told, 'paths').map((path) => textAt(path, 'principal', 'id'))
    const whole = await (await newPerson(h, 'cleared-for-all', 'auditor')).act('access:paths', { target })
    for (const seen of [textAt(secret, 'id'), live.id]) assert.ok(idsIn(whole).includes(seen), seen)
    assert.equal(whole.withheld, 0)
    const told = await lesser.act('access:paths', { target })
    const text = JSON.stringify(told)
    for (const hidden of [secret.id, 'covert', live.id]) assert.ok(!text.includes(String(hidden)), String(hidden))
    assert.equal(told.withheld, 2)
    assert.equal((await lesser.act('access:paths', { target, leg: 'input' })).withheld, 1)
    assert.ok(
      idsIn(told).some((id) => id.startsWith('con_')),
      'what he is cleared for he sees',
    )
    await live.end('succeeded')
  })
})

describe('access:blast', () => {
  const blast = (of: string) => auditor.act('access:blast', { of })
  const actsOf = (told: Json, group?: string) =>
    listAt(told, 'acts').flatMap((act) => (group === undefined || at(act, 'group') === group ? [textAt(act, 'action')] : []))

  it('shows what breaking the glass would add, apart from what is held, and to whoever may not break it nothing', async () => {
    const glass = (told: Json) => listAt(told, 'acts').filter((act) => at(act, 'byGlass') === true)
    const told = await blast(admin.id)
    assert.ok(glass(told).some((act) => at(act, 'action') === 'run:launch' && at(act, 'group') === 'input'))
    assert.ok(
      glass(told).every(
        (act) =>
          at(
            listAt(act, 'ways').map((way) => (way as unknown[]).at(-1)),
            0,
            'kind',
          ) === 'break-glass',
      ),
    ) // as its shape has it
    assert.equal(at(told, 'totals', 'glass'), glass(told).length)
    const twin = listAt(told, 'twins').find((one) => at(one, 'id') === h.starter.twins.payments)
    assert.deepEqual([listAt(twin, 'legs'), listAt(twin, 'glass')], [['input'], ['output', 'production']])
    assert.deepEqual(told.toxic, [], 'what takes breaking the glass is not held')
    const operator = await blast(h.starter.people.operator)
    assert.deepEqual([glass(operator), at(operator, 'totals', 'glass')], [[], 0])
  })

  it('shows of a person what he can do where, by which grants, what he did, and what he has in hand', async () => {
    const operator = await signIn(h, 'operator')
    const told = await blast(operator.id)
    assert.ok(actsOf(told, 'input').includes('run:launch') && actsOf(told, 'output').includes('artifact:read'))
    assert.deepEqual([actsOf(told, 'manage').includes('grant:create'), told.onward], [false, []])
    const launch = listAt(told, 'acts').find((act) => at(act, 'action') === 'run:launch')
    assert.equal(at(launch, 'ways', 0, 0, 'kind'), 'role')
    assert.ok(!listAt(launch, 'environments').includes(h.starter.environments.production))
    assert.deepEqual(told.toxic, ['input', 'output'])
    assert.ok(listAt(told, 'twins').some((twin) => at(twin, 'id') === h.starter.twins.payments))
    const sessions = listAt(told, 'holds', 'credentials').filter((one) => at(one, 'kind') === 'session')
    assert.ok(sessions.length > 0)
    assert.ok(listAt(told, 'actual').some((one) => at(one, 'action') === 'session:create'))
    const session = await blast(textAt(sessions[0], 'id'))
    assert.deepEqual([at(session, 'of', 'type'), actsOf(session).includes('run:launch')], ['Session', true])
    assert.equal(at(listAt(session, 'acts')[0], 'ways', 0, 0, 'kind'), 'credential')
  })

  it('counts in what a stolen owner’s workloads can, and what an administrator could give onward', async () => {
    const paths = listAt(await pathsTo(h.starter.twins.payments), 'paths')
    const told = await blast(
      textAt(
        paths.find((path) => at(path, 'kind') === 'ownership'),
        'principal',
        'id',
      ),
    )
    const owned = listAt(told, 'acts').filter((act) => at(act, 'ways', 0, 0, 'kind') === 'ownership')
    assert.ok(owned.some((act) => at(act, 'action') === 'run:launch'))
    assert.ok(listAt(told, 'holds', 'owns').some((one) => at(one, 'id') === h.starter.pipeline.id))
    const manager = await blast(admin.id)
    assert.ok(actsOf(manager, 'manage').includes('grant:create'))
    assert.ok(listAt(listAt(manager, 'onward')[0], 'roles').includes('deployer'))
  })

  it('shows of a connection, a twin, a group and a live run what they lead to', async () => {
    const twin = await blast(h.starter.twins.payments)
    const [call] = listAt(twin, 'calls')
    const connection = textAt(call, 'connection', 'id')
    const told = await blast(connection)
    assert.ok(listAt(told, 'twins').some((one) => at(one, 'id') === h.starter.twins.payments))
    assert.equal(at(listAt(told, 'holds', 'credentials')[0], 'kind'), 'secret')
    const group = textAt(await admin.act('group:create', { slug: 'strong', name: 'S', owner: h.starter.people.owner }), 'id')
    await grant(h, group, 'deployer')
    assert.ok(actsOf(await blast(group), 'production').includes('promotion:cross'))
    const live = await liveRun(h)
    const of = await blast(live.id)
    assert.ok(listAt(of, 'calls').length > 0)
    const mine = (one: unknown) => at(one, 'holder') === live.id
    assert.ok(listAt(await blast(connection), 'calls').some(mine), 'a live run calls by it')
    await live.end('succeeded')
    assert.deepEqual([(await blast(live.id)).calls], [[]])
    assert.ok(!listAt(await blast(connection), 'calls').some(mine), 'one that ended calls no more')
  })

  it('shows nobody more than he is cleared for, says how much that is, and is not for those who may not see topology', async () => {
    const { project, people: known } = h.starter
    const secret = await asSystem(h, 'starter')('twin:create', {
      project,
      slug: 'hidden',
      kind: 'process',
      program: 'payments',
      owner: known.owner,
      sensitivity: 'restricted',
    })
    await grant(h, known.operator, 'observer', { scopeType: 'Twin', scope: secret.id })
    const cleared = await newPerson(h, 'cleared', 'auditor')
    const whole = await cleared.act('access:blast', { of: known.operator })
    assert.ok(JSON.stringify(whole).includes(String(secret.id)))
    const low = String(
      (
        await asSystem(h, 'starter')('person:create', {
          slug: 'curious',
          name: 'C',
          email: 'curious@people.example',
          clearance: 'internal',
        })
      ).id,
    )
    await grant(h, low, 'auditor')
    const curious = await signInAs(h.twinlock.door, h.starter.org, low)
    const told = await curious.act('access:blast', { of: known.operator })
    assert.ok(!JSON.stringify(told).includes(String(secret.id)) && !JSON.stringify(told).includes('hidden'))
    assert.ok(Number(told.withheld) > Number(whole.withheld))
    assert.equal(await codeOf(curious.act('access:blast', { of: secret.id })), 'denied')
    for (const role of ['author', 'operator', 'observer', 'reviewer', 'deployer', 'exporter'])
      assert.equal(await codeOf((await newPerson(h, `peeks-${role}`, role)).act('access:blast', { of: known.operator })), 'denied', role)
    const local = await newPerson(h, 'local-auditor', 'auditor', { scopeType: 'Project', scope: project })
    assert.equal(await codeOf(local.act('access:blast', { of: known.operator })), 'denied')
    await local.act('access:blast', { of: h.starter.twins.payments })
    for (const prefix of ['per', 'grp', 'svc', 'con', 'twn', 'run', 'ses'] as const)
      assert.equal(await codeOf(blast(newId(prefix, h.twinlock.outside))), 'not_found', prefix)
    assert.equal(await codeOf(blast('A'.repeat(22))), 'not_found')
  })
})

describe('what leads over an asset', () => {
  const [ownSeed, holders] = [20_261_123, 14]
  const who: string[] = []
  const mine: Record<'data' | 'model' | 'twin' | 'one' | 'both', string> = { data: '', model: '', twin: '', one: '', both: '' }
  const theEnvironments = () => [h.starter.environments.sandbox, h.starter.environments.staging]

  before(async () => {
    const starter = asSystem(h, 'starter')
    const { project, people: known } = h.starter
    const content = { mediaType: 'text/csv', owner: known.owner, content: 'YQ==' }
    const add = async (slug: string, sensitivity: string) =>
      textAt(await starter('asset:add', { project, slug, sensitivity, ...content }), 'id')
    const twin = { project, slug: 'fed', kind: 'process', program: 'payments', owner: known.owner, sensitivity: 'internal' }
    Object.assign(mine, { data: await add('data', 'internal'), model: await add('model', 'confidential') })
    mine.twin = textAt(await starter('twin:create', twin), 'id')
    const author = await signIn(h, 'author')
    const seal = async (slug: string, assets: readonly string[]) => {
      const manifest = { assets: assets.map((asset, number) => ({ name: `input-${number}`, asset })) }
      return textAt(await author.act('scenario:publish', { twin: mine.twin, slug, manifest }), 'id')
    }
    Object.assign(mine, { one: await seal('one', [mine.data]), both: await seal('both', [mine.data, mine.model]) })
    const random = seeded(ownSeed)
    const use = { actions: ['asset:use'] }
    const what = [
      use,
      use,
      use,
      { actions: ['run:launch'] },
      { actions: ['run:launch'] },
      { role: 'operator' },
      { role: 'author' },
      { actions: ['asset:read'] },
    ]
    const where = [
      ...[mine.data, mine.model].map((scope) => ({ scopeType: 'Asset', scope })),
      ...[mine.one, mine.both].map((scope) => ({ scopeType: 'Scenario', scope })),
      { scopeType: 'Twin', scope: mine.twin },
      { scopeType: 'Project', scope: project },
    ]
    for (let number = 0; number < holders; number++) {
      const clearance = random.pick(['internal', 'restricted'])
      const one = { slug: `holder-${number}`, name: 'H', email: `holder-${number}@people.example`, clearance }
      const id = textAt(await starter('person:create', one), 'id')
      who.push(id)
      for (let given = 0; given < 4; given++) {
        const [held, on] = [random.pick(what), random.pick(where)]
        const environments = random.pick([[], [], [h.starter.environments.staging], [h.starter.environments.production]])
        await starter('grant:create', { principal: id, ...held, ...on, environments, reason: 'A seeded case.' })
      }
    }
  })

  /** What the door says about these of somebody, one by one. */
  async function answers(person: string, questions: readonly object[]): Promise<readonly boolean[]> {
    const evaluations = questions.map((one) => ({ ...one, subject: { type: 'person', id: person } }))
    const decisions = listAt(await auditor.act('access:evaluate', { evaluations }), 'decisions')
    for (const one of decisions) assert.ok([null, 'denied'].includes(at(one, 'code') as string | null), JSON.stringify(one)) // a code is a text or null
    return decisions.map((one) => at(one, 'decision') === true)
  }

  /** Which of these scenarios somebody could launch, and where: as the door decides it of each. */
  async function launches(person: string, scenarios: readonly string[]): Promise<ReadonlySet<string>> {
    const asked = scenarios.flatMap((scenario) => theEnvironments().map((environment) => ({ scenario, environment })))
    const told = await answers(
      person,
      asked.map(({ scenario, environment }) => ({
        action: { name: 'run:launch', properties: { environment } },
        resource: { type: 'scenario', id: scenario },
      })),
    )
    return new Set(asked.flatMap(({ scenario, environment }, number) => (told[number] === true ? [`${scenario} ${environment}`] : [])))
  }

  const inOrder = (all: Iterable<string>) => [...all].sort()
  const placesIn = (told: ReadonlySet<string>) => inOrder(new Set([...told].map((one) => one.split(' ')[1] ?? '')))

  /** Where a path says that somebody could launch. */
  function launchesBy(told: Json, person: string): string[] {
    const found = byGrants(told).filter((path) => at(path, 'principal', 'id') === person && at(path, 'action') === 'run:launch')
    return inOrder(found.flatMap((path) => listAt(path, 'environments').map(String)).filter((one) => theEnvironments().includes(one)))
  }

  it(`is possible by paths exactly where the door allows it: launching what names it, sealing it, reading it (seed ${ownSeed})`, async () => {
    const [data, model, twin] = [await pathsTo(mine.data), await pathsTo(mine.model), await pathsTo(mine.twin)]
    const counted = { yes: 0, no: 0 }
    for (const person of who) {
      const one = await launches(person, [mine.one, mine.both])
      const both = new Set([...one].filter((each) => each.startsWith(mine.both)))
      assert.deepEqual(launchesBy(data, person), placesIn(one), `${person}: what names the data`)
      assert.deepEqual(launchesBy(model, person), placesIn(both), `${person}: what names the model`)
      assert.deepEqual(launchesBy(twin, person), placesIn(one), `${person}: anything of the twin`)
      for (const [asset, told] of [
        [mine.data, data],
        [mine.model, model],
      ] as const) {
        const manifest = { assets: [{ name: 'input', asset }] }
        const [sealed, read] = await answers(person, [
          { action: { name: 'scenario:publish', properties: { slug: 'x', manifest } }, resource: { type: 'twin', id: mine.twin } },
          { action: { name: 'asset:read', properties: {} }, resource: { type: 'asset', id: asset } },
        ])
        assert.equal(possible(told).has(`${person} scenario:publish`), sealed, `${person} seals ${asset}`)
        assert.equal(possible(told).has(`${person} asset:read`), read, `${person} reads ${asset}`)
        counted[sealed === true || read === true ? 'yes' : 'no']++
      }
      counted[one.size > 0 ? 'yes' : 'no']++
    }
    assert.ok(counted.yes > 5 && counted.no > 5, JSON.stringify(counted))
  })

  it('names the grant of the asset beside that of the launch, and says of a thief that he launches what he could use, and nothing else', async () => {
    const told = await pathsTo(mine.data)
    let seen = 0
    for (const person of who) {
      const can = await launches(person, [mine.one, mine.both])
      const blast = await auditor.act('access:blast', { of: person })
      const reached = listAt(blast, 'twins').find((one) => at(one, 'id') === mine.twin)
      const publishes = listAt(blast, 'acts').some((act) => ['scenario:publish', 'asset:add'].includes(textAt(act, 'action')))
      assert.equal(listAt(reached ?? { legs: [] }, 'legs').includes('input'), can.size > 0 || publishes, person)
      for (const scenario of [mine.one, mine.both]) {
        const act = listAt(blast, 'acts').find((one) => at(one, 'action') === 'run:launch' && at(one, 'scope', 'id') === scenario)
        if (act === undefined) continue
        const where = inOrder(listAt(act, 'environments').map(String)).filter((one) => theEnvironments().includes(one))
        for (const environment of where) assert.ok(can.has(`${scenario} ${environment}`), `${person} ${scenario}`)
      }
      const path = byGrants(told).find((one) => at(one, 'principal', 'id') === person && at(one, 'action') === 'run:launch')
      const [grants, policies] = [
        new Set(listAt(path ?? { grants: [] }, 'grants').map((one) => at(one, 'id'))),
        listAt(path ?? { policies: [] }, 'policies'),
      ]
      if (policies.some((id) => !grants.has(id))) seen++
    }
    assert.ok(seen > 0, 'somebody may use the asset by another grant than the one by which he launches')
  })

  it('is foreseen as the door decides it afterwards, when the use of it is given and taken away', async () => {
    let differences = 0
    for (const person of who.slice(0, 8)) {
      const scenarios = [mine.one, mine.both]
      const terms = { principal: person, actions: ['asset:use'], scopeType: 'Asset', scope: mine.data }
      const side = async (change: object, name: 'gains' | 'loses') => {
        const told = listAt(await auditor.act('access:whatif', { change }), name)
        const launched = told.filter((one) => at(one, 'action') === 'run:launch' && at(one, 'principal') === person)
        return inOrder(
          launched.flatMap((one) =>
            listAt(one, 'environments').flatMap((id) =>
              theEnvironments().includes(String(id)) ? [`${textAt(one, 'scope', 'id')} ${id}`] : [],
            ),
          ),
        )
      }
      const before = await launches(person, scenarios)
      const gains = await side({ kind: 'give', ...terms }, 'gains')
      const given = textAt(await asSystem(h, 'starter')('grant:create', { ...terms, reason: 'As foreseen.' }), 'id')
      const after = await launches(person, scenarios)
      assert.deepEqual(gains, inOrder(after.difference(before)), person)
      assert.deepEqual(await side({ kind: 'take', grant: given }, 'loses'), gains, person)
      await admin.act('grant:revoke', { grant: given, reason: 'As foreseen.' })
      assert.deepEqual(await launches(person, scenarios), before)
      differences += gains.length
    }
    assert.ok(differences > 0, 'giving the use of an asset lets somebody launch what names it')
  })
})
