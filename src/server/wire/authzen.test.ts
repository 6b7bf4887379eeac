// The Authorization API of AuthZEN 1.0 over HTTP against a whole Twinlock: the published certification scenario's cases in our own words, agreement with the
// door, and what a caller could hope to learn that is not his to know.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { fail, newId } from '../../kernel/index.ts'
import { createServer } from '../create-server.ts'

type Json = Readonly<Record<string, unknown>>

let world: World
let url: string
let close: () => Promise<void>
let admin: string
let operator: string

async function bearerOf(person: 'admin' | 'operator' | 'auditor'): Promise<string> {
  const credential = await world.credentialOf(person)
  assert.ok('token' in credential)
  return credential.token
}

before(async () => {
  world = await openWorld({ isIdle: true })
  const { door, broker, watch, publicKeys } = world.twinlock
  const limits = { refusalsBurst: 10_000 }
  const server = createServer({ door, broker, watch, publicKeys, baseUrl: 'https://pdp.example', log: () => undefined, port: 0, limits })
  url = `http://127.0.0.1:${(await server.listen()).port}`
  close = () => server.close()
  admin = await bearerOf('admin')
  operator = await bearerOf('operator')
})
after(async () => {
  await close()
  await world.close()
})

const send = (path: string, body: unknown, bearer: string | undefined = admin, headers: Record<string, string> = {}) =>
  fetch(`${url}/access/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

async function ask(path: string, body: unknown, bearer = admin): Promise<Json> {
  const answer = await send(path, body, bearer)
  assert.equal(answer.status, 200, await answer.clone().text())
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  return (await answer.json()) as Json // read by the assertions below
}

const person = (slug: 'operator' | 'author' | 'admin' | 'reviewer') => ({ type: 'person', id: world.starter.people[slug] })
const scenario = () => ({ type: 'scenario', id: world.starter.scenario })
const launch = (environment: 'staging' | 'production' = 'staging') => ({
  name: 'run:launch',
  properties: { environment: world.starter.environments[environment] },
})
const question = () => ({ subject: person('operator'), action: launch(), resource: scenario() })
const decisionsOf = (answer: Json) => (answer.evaluations as { decision: boolean }[]).map(({ decision }) => decision) // as asked for

describe('evaluation', () => {
  it('decides as the door does, and a no is an answer with its reason', async () => {
    assert.equal((await ask('evaluation', question())).decision, true)
    const denied = await ask('evaluation', { ...question(), subject: person('author') })
    assert.deepEqual([denied.decision, (denied.context as Json).code], [false, 'denied'])
    const held = await ask('evaluation', { ...question(), action: launch('production') })
    assert.deepEqual((held.context as Json).policies, ['guardrail/no-simulation-in-production'])
  })

  it('passes over what it does not know, and believes nothing that is said of attributes', async () => {
    const lies = { clearance: 3, roles: ['admin', 'operator'] }
    const liar = { ...question(), subject: { ...person('author'), properties: lies, more: 1 }, context: { role: 'operator' }, more: [] }
    assert.equal((await ask('evaluation', liar)).decision, false)
    assert.equal((await ask('evaluation', { ...question(), context: { now: 0 }, more: {} })).decision, true)
  })

  it('answers the same question the same way again, and leaves nothing behind', async () => {
    const state = () => world.rows('select (select count(*) from entry) as entries, (select count(*) from run) as runs')
    await ask('evaluation', question())
    const before = await state()
    assert.deepEqual(await ask('evaluation', question()), await ask('evaluation', question()))
    assert.deepEqual(await state(), before)
  })

  it('says no about whom, what and which action it does not know', async () => {
    const { outside } = world.twinlock
    const unknown: Json[] = [
      { subject: { type: 'person', id: newId('per', outside) } },
      { subject: { type: 'person', id: world.starter.pipeline.id } },
      { subject: { type: '__proto__', id: 'x' } },
      { resource: { type: 'scenario', id: newId('scn', outside) } },
      { resource: { type: 'constructor', id: 'x' } },
      { resource: { type: 'organization', id: newId('org', outside) } },
      { action: { name: 'run:fly' } },
    ]
    for (const one of unknown) assert.equal((await ask('evaluation', { ...question(), ...one })).decision, false, JSON.stringify(one))
  })

  it('refuses with 400 what is no question, coercing nothing', async () => {
    const { subject, action, resource } = question()
    const bad = [
      { action, resource },
      { subject, resource },
      { subject, action },
      { subject: { id: subject.id }, action, resource },
      { subject: { type: 'person' }, action, resource },
      { subject, action: {}, resource },
      { subject, action: { name: 123 }, resource },
      { subject, action, resource: { ...resource, id: 7 } },
      { subject: subject.id, action, resource },
      { subject, action, resource, context: 'now' },
      [],
      '',
      '{"subject":',
      'null',
    ]
    for (const body of bad) {
      const answer = await send('evaluation', body)
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/)
      assert.ok((await answer.text()).length > 0)
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      assert.equal((await send('evaluation', question(), admin, { 'content-type': type })).status, 400, type)
    assert.equal((await send('evaluation', JSON.stringify({ ...question(), more: 'x'.repeat(300_000) }))).status, 413)
  })

  it('takes POST alone, and says so in the form of this API, whoever asks', async () => {
    for (const path of ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'])
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const answer = await fetch(`${url}/access/v1/${path}`, { method, headers: { 'x-request-id': 'mine / 7' } })
        const told = [answer.status, answer.headers.get('allow'), answer.headers.get('content-type'), answer.headers.get('x-request-id')]
        assert.deepEqual(told, [405, 'POST', 'text/plain; charset=utf-8', 'mine / 7'], `${method} ${path}`)
        assert.equal(await answer.text(), 'This path takes POST.')
      }
    assert.equal((await fetch(`${url}/access/v1/evaluation`, { method: 'HEAD' })).status, 405)
  })

  it('returns the request id as it was sent, whatever the answer is', async () => {
    for (const id of ['bfe9eb29-ab87-4ca3-be83-a1d5d8305716', 'with spaces / and: more', 'x'.repeat(200)]) {
      for (const [body, bearer] of [
        [question(), admin],
        [{}, admin],
        [question(), 'tws_nonsense'],
      ] as const)
        assert.equal((await send('evaluation', body, bearer, { 'x-request-id': id })).headers.get('x-request-id'), id)
    }
  })
})

describe('evaluations of one caller at the same time', () => {
  const sent = (bodies: readonly unknown[], bearer?: string) => Promise.all(bodies.map((body) => send('evaluation', body, bearer)))

  it('are answered each as if it had come alone, the bad ones among them refused alone', async () => {
    const people = ['operator', 'author', 'reviewer', 'admin'] as const
    const bodies: unknown[] = Array.from({ length: 32 }, (_, at) => ({ ...question(), subject: person(people[at % 4] ?? 'admin') }))
    const expected = await Promise.all(
      people.map(async (slug) => (await ask('evaluation', { ...question(), subject: person(slug) })).decision),
    )
    bodies[5] = { subject: 7 }
    // known to the specification, and longer than any action that there is
    bodies[6] = { ...question(), action: { name: 'x'.repeat(61) } }
    const answers = await sent(bodies)
    assert.deepEqual(
      answers.map(({ status }) => status),
      bodies.map((_, at) => (at === 5 || at === 6 ? 400 : 200)),
    )
    for (const [at, answer] of answers.entries())
      if (answer.status === 200) assert.equal(((await answer.json()) as Json).decision, expected[at % 4], String(at))
  })

  it('gain nothing by their company: what one may not ask is refused, what he may is answered, and another caller is another one', async () => {
    const others = { ...question(), subject: person('reviewer') }
    const bodies = Array.from({ length: 24 }, (_, at) => (at % 2 === 0 ? question() : others))
    const [own, also, nobody] = await Promise.all([sent(bodies, operator), sent(bodies), sent(bodies, 'tws_nonsense')])
    assert.deepEqual(
      [own, also, nobody].map((answers) => answers?.map(({ status }) => status)),
      [bodies.map((_, at) => (at % 2 === 0 ? 200 : 403)), bodies.map(() => 200), bodies.map(() => 401)],
    )
  })
})

describe('a flood of evaluations', () => {
  it('is refused over its bound in the form of this API, with when to come again; so is what comes back to a store that is away', async () => {
    const { door, broker, watch, publicKeys } = world.twinlock
    const [held, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let isAway = false
    const govern: typeof door.govern = async (request) => {
      if (isAway) throw fail('unavailable', 'The store cannot be reached.')
      reached.resolve()
      await held.promise
      return door.govern(request)
    }
    const limits = { evaluationQueue: { atOnce: 1, atOnceOfOne: 1, waiting: 1, waitingOfOne: 1, waitMs: 60_000 } }
    const parts = {
      door: { ...door, govern },
      broker,
      watch,
      publicKeys,
      baseUrl: 'https://pdp.example',
      log: () => undefined,
      port: 0,
      limits,
    }
    const server = createServer(parts)
    const base = `http://127.0.0.1:${(await server.listen()).port}`
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${admin}` }
    const post = () => fetch(`${base}/access/v1/evaluation`, { method: 'POST', headers, body: JSON.stringify(question()) })
    const toldOf = async (answer: Response) => [
      answer.status,
      answer.headers.get('retry-after'),
      answer.headers.get('content-type'),
      (await answer.text()).length > 0,
    ]
    const inside = post()
    await reached.promise
    const [first, second] = [post(), post()]
    assert.deepEqual(await toldOf(await Promise.race([first, second])), [429, '1', 'text/plain; charset=utf-8', true])
    held.resolve()
    assert.deepEqual([await inside, await first, await second].map(({ status }) => status).sort(), [200, 200, 429])
    isAway = true
    assert.deepEqual(await toldOf(await post()), [503, '3', 'text/plain; charset=utf-8', true])
    await server.close()
  })
})

describe('evaluations', () => {
  const yes = () => ({ resource: scenario() })
  const no = () => ({ subject: person('author') })
  const batch = (evaluations: unknown, semantic?: string) => ({
    ...question(),
    evaluations,
    ...(semantic === undefined ? {} : { options: { evaluations_semantic: semantic } }),
  })

  it('takes defaults, each replaced as a whole, and answers in order', async () => {
    assert.deepEqual(decisionsOf(await ask('evaluations', batch([yes(), no(), {}]))), [true, false, true])
    // the item's action has no environment of its own, and gets none from the default
    assert.deepEqual(decisionsOf(await ask('evaluations', batch([{ action: { name: 'run:launch' } }, yes()]))), [false, true])
  })

  it('ends where its semantic says', async () => {
    for (const [semantic, items, expected] of [
      ['execute_all', [no(), yes(), no()], [false, true, false]],
      ['deny_on_first_deny', [yes(), no(), yes()], [true, false]],
      ['permit_on_first_permit', [no(), yes(), no()], [false, true]],
      ['deny_on_first_deny', [yes(), { action: 7 }, yes()], [true, false]],
      ['permit_on_first_permit', [{ action: 7 }, yes(), yes()], [false, true]],
    ] as const)
      assert.deepEqual(decisionsOf(await ask('evaluations', batch(items, semantic))), expected, semantic)
    assert.equal((await send('evaluations', batch([yes()], 'whatever'))).status, 400)
  })

  it('finds for each what is his own, and for all what is anybody’s', async () => {
    const { twins, org } = world.starter
    const slugs = ['operator', 'author', 'admin', 'operator'] as const
    const own = { action: { name: 'session:show' }, resource: { type: 'organization', id: org } }
    assert.deepEqual(
      decisionsOf(await ask('evaluations', { ...own, evaluations: slugs.map((slug) => ({ subject: person(slug) })) })),
      slugs.map(() => true),
    )
    const seen = { action: { name: 'twin:show' }, resource: { type: 'twin', id: twins.payments } }
    const missing = { ...seen, resource: { type: 'twin', id: newId('twn', world.twinlock.outside) } }
    const items = slugs.flatMap((slug) => [seen, missing, { ...own }].map((one) => ({ subject: person(slug), ...one })))
    const together = decisionsOf(await ask('evaluations', { evaluations: items }))
    const alone = await Promise.all(items.map(async (item) => (await ask('evaluation', item)).decision))
    assert.deepEqual(together, alone)
    assert.deepEqual([...new Set(together)].sort(), [false, true])
  })

  it('answers a bad item with no and its error in its place', async () => {
    const answer = await ask('evaluations', batch([yes(), { subject: { type: 'person' } }, 7, no()]))
    assert.deepEqual(decisionsOf(answer), [true, false, false, false])
    assert.equal(at(answer.evaluations, 1, 'context', 'error', 'status'), 400)
    const long = 'x'.repeat(121)
    const tooLong = [{ resource: { type: 'scenario', id: long } }, { action: { name: long } }, { subject: { type: long, id: 'x' } }]
    const properties = { [long]: true }
    const spoiled = await ask('evaluations', batch([...tooLong, { action: { name: 'run:launch', properties } }, yes()]))
    assert.deepEqual(decisionsOf(spoiled), [false, false, false, false, true], 'what is too long for a question spoils no other')
  })

  it('is one evaluation where it holds none, and none where it holds too many', async () => {
    assert.equal((await ask('evaluations', batch([]))).decision, true)
    assert.equal((await ask('evaluations', question())).decision, true)
    assert.equal((await send('evaluations', { evaluations: [] })).status, 400)
    const many = await send('evaluations', batch(Array.from({ length: 101 }, yes)))
    assert.deepEqual([many.status, await many.text()], [400, 'One request may hold 100 evaluations.'])
  })
})

describe('search', () => {
  const idsOf = (answer: Json) => (answer.results as { id: string }[]).map(({ id }) => id)
  const tokenOf = (answer: Json) => String((answer.page as Json).next_token)

  it('finds exactly the subjects that evaluation allows, page by page', async () => {
    const search = { subject: { type: 'person', id: 7 }, action: launch(), resource: scenario() }
    const whole = await ask('search/subject', search)
    assert.deepEqual([idsOf(whole), tokenOf(whole)], [[world.starter.people.operator], ''])
    const seen = {
      subject: { type: 'person' },
      action: { name: 'twin:show' },
      resource: { type: 'twin', id: world.starter.twins.payments },
    }
    const all = idsOf(await ask('search/subject', seen))
    assert.ok(all.length > 2)
    const paged: string[] = []
    for (let token: string | undefined; token !== ''; ) {
      const page: Json = await ask('search/subject', { ...seen, page: { limit: 2, ...(token === undefined ? {} : { token }) } })
      paged.push(...idsOf(page))
      token = tokenOf(page)
    }
    assert.deepEqual(paged, all)
    for (const id of Object.values(world.starter.people)) {
      const told = await ask('evaluation', { ...seen, subject: { type: 'person', id } })
      assert.equal(told.decision, all.includes(id), id)
    }
  })

  it('finds resources and actions, and only those', async () => {
    const { twins } = world.starter
    const found = await ask('search/resource', { subject: person('operator'), action: { name: 'twin:show' }, resource: { type: 'twin' } })
    assert.deepEqual([...idsOf(found)].sort(), [...Object.values(twins)].sort())
    const resource = { type: 'twin', id: twins.payments }
    const names = ((await ask('search/action', { subject: person('author'), resource })).results as { name: string }[]).map(
      ({ name }) => name,
    )
    assert.ok(names.includes('twin:show') && names.includes('twin:retire') && !names.includes('run:launch'), names.join())
    for (const name of names)
      assert.equal((await ask('evaluation', { subject: person('author'), action: { name }, resource })).decision, true, name)
  })

  it('finds nothing where there is nobody and nothing, and refuses what is no search', async () => {
    const { outside } = world.twinlock
    const searches = [
      ['subject', { subject: { type: 'ghost' }, action: launch(), resource: scenario() }],
      ['subject', { subject: { type: 'person' }, action: { name: 'run:fly' }, resource: scenario() }],
      ['resource', { subject: person('operator'), action: launch(), resource: { type: 'pg_class' } }],
      ['resource', { subject: { type: 'person', id: newId('per', outside) }, action: { name: 'twin:show' }, resource: { type: 'twin' } }],
      ['action', { subject: person('operator'), resource: { type: 'twin', id: newId('twn', outside) } }],
    ] as const
    for (const [kind, search] of searches) {
      const answer = await ask(`search/${kind}`, search)
      assert.deepEqual([answer.results, tokenOf(answer)], [[], ''], JSON.stringify(search))
    }
    assert.equal((await send('search/subject', { subject: {}, action: launch(), resource: scenario() })).status, 400)
    assert.equal(
      (await send('search/subject', { subject: { type: 'person' }, action: launch(), resource: { type: 'scenario' } })).status,
      400,
    )
    assert.equal((await send('search/action', { resource: scenario() })).status, 400)
  })

  it('tells in its token nothing of what it asked about and did not find, and goes on from no place that somebody made up', async () => {
    await world.tamper(
      `insert into "group" (org_id, id, slug, name, owner_id, created_at)
       select $1, 'grp_' || lpad(n::text, 26, '0'), 'g' || n, 'Group', $2, now() from generate_series(1, 600) as n`,
      [world.org, world.starter.people.owner],
    )
    const own = { subject: person('operator'), action: { name: 'group:show' }, resource: { type: 'group' } }
    const page = await ask('search/resource', own, operator)
    const token = tokenOf(page)
    assert.deepEqual([page.results, token === ''], [[], false])
    const told = token + Buffer.from(token, 'base64url').toString('latin1')
    assert.doesNotMatch(told, /grp_|0{10}/)
    assert.equal(tokenOf(await ask('search/resource', { ...own, page: { token } }, operator)), '')
    assert.equal((await send('search/resource', { ...own, subject: person('admin'), page: { token } }, admin)).status, 400)
    await world.tamper(`delete from "group" where slug like 'g%' and name = 'Group'`, [])
  })

  it('does not go on in another search', async () => {
    const search = {
      subject: { type: 'person' },
      action: { name: 'twin:show' },
      resource: { type: 'twin', id: world.starter.twins.payments },
    }
    const token = tokenOf(await ask('search/subject', { ...search, page: { limit: 1 } }))
    assert.notEqual(token, '')
    assert.equal((await send('search/subject', { ...search, action: launch(), page: { token } })).status, 400)
    assert.equal((await send('search/subject', { ...search, page: { token: 'made-up' } })).status, 400)
  })
})

describe('who asks', () => {
  it('is somebody: a request without a credential, or with nothing in it but bad items, is answered 401', async () => {
    for (const bearer of ['', 'nonsense', 'tws_nonsense']) {
      const answer = await send('evaluation', question(), bearer)
      assert.deepEqual([answer.status, answer.headers.get('www-authenticate')?.split(' ')[0]], [401, 'Bearer'])
    }
    assert.equal((await send('evaluations', { evaluations: [7] }, 'tws_nonsense')).status, 401)
  })

  it('asks about himself; about others, and who may do something, it takes the role to ask', async () => {
    assert.equal((await ask('evaluation', question(), operator)).decision, true)
    for (const [path, body] of [
      ['evaluation', { ...question(), subject: person('reviewer') }],
      ['evaluations', { ...question(), evaluations: [{}, { subject: person('reviewer') }] }],
      ['search/subject', { subject: { type: 'person' }, action: launch(), resource: scenario() }],
      ['search/resource', { subject: person('reviewer'), action: { name: 'twin:show' }, resource: { type: 'twin' } }],
      ['search/action', { subject: person('reviewer'), resource: scenario() }],
    ] as const)
      assert.equal((await send(path, body, operator)).status, 403, path)
    const refused = await send('evaluation', { ...question(), subject: person('reviewer') }, operator)
    assert.match(await refused.text(), /^Nothing permits this\. It takes the role admin or auditor here\./)
    const own = { subject: person('operator'), action: { name: 'twin:show' }, resource: { type: 'twin' } }
    assert.ok(((await ask('search/resource', own, operator)).results as unknown[]).length > 0)
    assert.equal((await ask('evaluation', { ...question(), subject: person('reviewer') }, await bearerOf('auditor'))).decision, false)
  })

  it('is a workload as well, about itself and not about its owner', async () => {
    const pipeline = await world.tokenOf('pipeline')
    assert.ok('token' in pipeline)
    const itself = { ...question(), subject: { type: 'pipeline', id: world.starter.pipeline.id } }
    assert.equal((await ask('evaluation', itself, pipeline.token)).decision, true)
    assert.equal((await send('evaluation', question(), pipeline.token)).status, 403)
  })

  it('learns nothing of another organization', async () => {
    const stranger = newId('org', world.twinlock.outside)
    const act = world.twinlock.door.govern
    const as = (action: string, input: unknown) =>
      act({ action, credential: { kind: 'system', org: stranger, part: 'starter' }, input, requestId: 'test' })
    await as('organization:create', { slug: 'elsewhere', name: 'Elsewhere' })
    const made = (await as('person:create', { slug: 'theirs', name: 'Theirs', email: 'theirs@elsewhere.example' })).result as Json
    const foreign = await ask('evaluation', { ...question(), subject: { type: 'person', id: textAt(made, 'id') } })
    const never = await ask('evaluation', { ...question(), subject: { type: 'person', id: newId('per', world.twinlock.outside) } })
    assert.deepEqual(foreign, never)
  })
})

describe('why', () => {
  it('is asked with what the action would be given, and agrees with the evaluation', async () => {
    const ask = async (input: object) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${operator}` }
      const answer = await fetch(`${url}/v1/access/explain`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ action: 'run:launch', input }),
      })
      assert.equal(answer.status, 200)
      return (await answer.json()) as Json // read by the assertions below
    }
    const { scenario, environments } = world.starter
    assert.equal((await ask({ scenario, environment: environments.staging })).outcome, 'allowed')
    const held = await ask({ scenario, environment: environments.production })
    assert.deepEqual([held.outcome, at(held, 'policies', 0, 'id')], ['denied', 'guardrail/no-simulation-in-production'])
    const nothing = { scenario: newId('scn', world.twinlock.outside), environment: environments.staging }
    assert.equal((await ask(nothing)).outcome, 'unknown')
  })
})

describe('metadata', () => {
  it('says where everything is, under the very identifier of this decision point', async () => {
    const answer = await fetch(`${url}/.well-known/authzen-configuration`)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    const told = (await answer.json()) as Record<string, string>
    assert.equal(told.policy_decision_point, 'https://pdp.example')
    for (const [name, value] of Object.entries(told).filter(([one]) => one.endsWith('_endpoint'))) {
      const path = value.replace('https://pdp.example/access/v1/', '')
      assert.equal((await send(path, {})).status, 400, name)
    }
    assert.equal(Object.keys(told).length, 6)
  })
})
