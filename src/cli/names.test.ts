// Names instead of ids: looked up in what the caller may list, in what is his own to know, and in nothing else.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Answers, type FakeTwinlock, fakeGrant, fakeId, fakeLinkToken, fakeOrg, startFake } from './fixtures/fake-twinlock.ts'

const running: FakeTwinlock[] = []
after(async () => {
  for (const one of running) await one.stop()
})

const page =
  (...items: readonly object[]) =>
  () => ({ items, next: null })
const [project, twin, environment, connection, person] = ['prj', 'twn', 'env', 'con', 'per'].map((prefix) => fakeId(prefix, 7))

/** Says of these actions that the caller may not. */
const refusing =
  (...withheld: readonly string[]): Answers['x'] =>
  ({ questions }) => ({
    answers: (questions as readonly { action: string }[]).map(({ action }) => ({
      action,
      code: withheld.includes(action) ? 'denied' : null,
    })), // parsed
  })

const narrow = (names: Readonly<Record<string, string>>): Answers => ({
  'access:check': refusing('project:list', 'twin:list', 'environment:list', 'person:list', 'connection:list', 'scenario:list'),
  'session:show': () => ({ kind: 'person', id: fakeId('per', 1), name: 'kim', organization: fakeOrg, spiffeId: null, names }),
  'ownership:list': page({ id: connection, kind: 'connection', name: 'mine' }, { id: fakeId('prj', 9), kind: 'project', name: 'titled' }),
})

async function signedIn(answers: Answers): Promise<FakeTwinlock> {
  const one = await startFake(answers)
  running.push(one)
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
  return one
}

const granted: Record<string, unknown>[] = []
const giving: Answers = {
  'grant:create': (input) => {
    granted.push(input)
    return { ...fakeGrant, scope: { type: input.scopeType, id: input.scope ?? fakeOrg }, environments: input.environments }
  },
}
const give = (one: FakeTwinlock, ...more: readonly string[]) =>
  one.run('grant', 'create', '--principal', person ?? '', '--role', 'observer', '--reason', 'It is needed.', ...more)

test('whoever may not list projects names what he holds something on, or answers for, and no list that is not his is tried', async () => {
  const one = await signedIn({ ...giving, ...narrow({ [project ?? '']: 'starter', [environment ?? '']: 'staging' }) })
  const first = await give(one, '--scope-type', 'Project', '--scope', 'starter', '--environments', 'staging')
  assert.equal(first.exit, 0, first.err)
  assert.partialDeepStrictEqual(granted.at(-1), { scopeType: 'Project', scope: project, environments: [environment] })
  const second = await give(one, '--scope-type', 'Connection', '--scope', 'mine')
  assert.equal(second.exit, 0, second.err)
  assert.equal(granted.at(-1)?.scope, connection)
  const asked = new Set(one.asked.map(({ action }) => action))
  for (const list of ['project:list', 'environment:list', 'connection:list']) assert.equal(asked.has(list), false, list)
})

test('whoever holds nothing on it is told that an id does, and nothing of whether it is there', async () => {
  const one = await signedIn({ ...giving, ...narrow({}) })
  const before = granted.length
  for (const name of ['starter', 'nowhere']) {
    const { exit, err, out } = await give(one, '--scope-type', 'Project', '--scope', name)
    assert.equal(exit, 3)
    assert.equal(out, '')
    assert.match(
      err,
      new RegExp(`\`${name}\` cannot be looked up: you may not list projects, and nothing that you hold or answer for is called that\\.`),
    )
    assert.match(err, /Give its id as `--scope`: whoever may list projects finds it with `twinlock project list`\./)
  }
  assert.equal((await give(one, '--scope-type', 'Project', '--scope', 'titled')).exit, 3, 'a title is no slug')
  assert.equal(granted.length, before)
  assert.equal((await give(one, '--scope-type', 'Project', '--scope', project ?? '')).exit, 0)
})

test('a scope is named by its type: a scenario, an asset, a connection, a channel; an id says its type itself', async () => {
  const [scenario, asset] = [fakeId('scn', 2), fakeId('ast', 2)]
  const version = (id: string, slug: string, at: number) => ({ id, slug, version: at })
  const one = await signedIn({
    ...giving,
    'project:list': page({ id: project, slug: 'starter' }),
    'twin:list': page({ id: twin, slug: 'payments' }),
    'scenario:list': page(version(fakeId('scn', 1), 'settle', 1), version(scenario, 'settle', 2)),
    'asset:list': page(version(asset, 'readings', 1)),
    'connection:list': page({ id: connection, slug: 'accounts', environment }),
    'environment:list': page({ id: environment, slug: 'production' }),
  })
  for (const [type, name, id] of [
    ['Scenario', 'payments/settle', scenario],
    ['Scenario', 'settle@1', fakeId('scn', 1)],
    ['Asset', 'readings', asset],
    ['Connection', 'accounts@production', connection],
    ['Channel', 'production/settler', `${environment}/settler`],
    ['Twin', 'payments', twin],
  ] as const) {
    const { exit, err } = await give(one, '--scope-type', type, '--scope', name)
    assert.equal(exit, 0, err)
    assert.partialDeepStrictEqual(granted.at(-1), { scopeType: type, scope: id }, name)
  }
  assert.equal((await give(one, '--scope', twin ?? '')).exit, 0)
  assert.partialDeepStrictEqual(granted.at(-1), { scopeType: 'Twin', scope: twin })
  const before = granted.length
  const untyped = await give(one, '--scope', 'payments')
  assert.deepEqual([untyped.exit, granted.length], [2, before])
  assert.match(untyped.err, /Nothing says what `payments` is the name of\.\n.*`--scope-type`: one of Project, Twin, Scenario/)
  assert.match(
    (await give(one, '--scope-type', 'Channel', '--scope', 'settler')).err,
    /`<environment>\/<name>` where it is a channel, not `settler`/,
  )
  assert.equal((await give(one, '--scope-type', 'Connection', '--scope', 'gone')).exit, 5)
})

test('sign-in connections, domains, admin links and passkeys are named as people name them, and help promises no other name', async () => {
  const heard: Record<string, unknown>[] = []
  const keep = (input: Record<string, unknown>) => {
    heard.push(input)
    return {}
  }
  const [sso, domain, link, passkey] = [fakeId('sso', 1), fakeId('dom', 1), fakeId('lnk', 1), fakeId('psk', 1)]
  const record = { type: 'TXT', name: '_twinlock.corp.example', value: 'twinlock=x' }
  const shownDomain = {
    id: domain,
    name: 'corp.example',
    sso,
    state: 'verified',
    verifiedAt: null,
    missingSince: null,
    lapsesAt: null,
    record,
  }
  const one = await signedIn({
    'sso:list': page({ id: sso, slug: 'corp' }),
    'domain:list': page({ id: domain, name: 'corp.example' }),
    'link:list': page({ id: link, name: 'For Ann' }),
    'person:passkeys': page({ id: passkey, name: 'Blue key' }),
    'sso:show': keep,
    'domain:verify': (input) => ({ ...keep(input), ...shownDomain }),
    'link:show': keep,
    'passkey:remove': keep,
    'session:revoke': keep,
  })
  for (const [words, name] of [
    [['sso', 'show'], 'corp'],
    [['domain', 'verify'], 'corp.example'],
    [['link', 'show'], 'For Ann'],
    [['passkey', 'remove'], 'Blue key'],
  ] as const) {
    const { exit, err } = await one.run(...words, name)
    assert.equal(exit, 0, `${name}: ${err}`)
    assert.match((await one.run(...words, '--help')).out, /_… or name>/)
  }
  assert.deepEqual(heard, [{ sso }, { domain }, { link }, { passkey }])
  assert.match((await one.run('session', 'revoke', '--help')).out, /--session <ses_…>/)
  assert.match((await one.run('grant', 'create', '--help')).out, /--scope <id or name>/)
})

test('a filter takes a name as every other field does, and a wrong one is told instead of an empty list', async () => {
  const heard: Record<string, unknown>[] = []
  const one = await signedIn({
    'person:list': page({ id: person, slug: 'maria' }),
    'group:list': page(),
    'workload:list': page(),
    'grant:list': (input) => {
      heard.push(input)
      return { items: [], next: null }
    },
  })
  assert.equal((await one.run('grant', 'list', '--principal', 'maria')).exit, 0)
  assert.equal(heard[0]?.principal, person)
  assert.equal((await one.run('grant', 'list', '--principal', 'marai')).exit, 5)
  assert.equal(heard.length, 1)
})

test('names in what is given by JSON stand for ids too', async () => {
  const heard: Record<string, unknown>[] = []
  const one = await signedIn({
    'project:list': page({ id: project, slug: 'starter' }),
    'environment:list': page({ id: environment, slug: 'staging' }),
    'position:create': (input) => {
      heard.push(input)
      return { position: 'pilot', title: 'Pilot', gives: [], state: 'active' }
    },
  })
  const terms = [{ role: 'operator', scopeType: 'Project', scope: 'starter', environments: ['staging'] }, { role: 'observer' }]
  const create = (gives: unknown) =>
    one.run('position', 'create', '--slug', 'pilot', '--title', 'Pilot', '--reason', 'It is needed.', '--gives', JSON.stringify(gives))
  const { exit, err } = await create(terms)
  assert.equal(exit, 0, err)
  assert.partialDeepStrictEqual(heard[0], { gives: [{ scope: project, environments: [environment] }, { role: 'observer' }] })
  const wrong = await create([{ role: 'operator', environments: ['moon'] }])
  assert.deepEqual([wrong.exit, heard.length], [5, 1])
  assert.match(wrong.err, /no environment called `moon`/)
  assert.match((await create([{ role: 'operator', scope: 'starter' }])).err, /`scopeType`/)
})

test('entries of the ledger are looked for by who acted as people name him; parts of the product and ids stand for themselves', async () => {
  const heard: unknown[] = []
  const service = fakeId('svc', 3)
  const one = await signedIn({
    'access:check': refusing(),
    'person:list': page({ id: person, slug: 'lena' }),
    'workload:list': page({ id: service, slug: 'fleet', kind: 'service' }),
    'ledger:list': ({ principal }) => {
      heard.push(principal)
      return { items: [], next: null }
    },
  })
  const run = fakeId('run', 4)
  for (const name of ['lena', 'fleet', 'reaper', 'sign-in', run, person ?? '']) {
    const { exit, err } = await one.run('ledger', 'list', '--principal', name)
    assert.equal(exit, 0, err)
  }
  assert.deepEqual(heard, [person, service, 'reaper', 'sign-in', run, person])
  const { exit, err } = await one.run('ledger', 'list', '--principal', 'nobody')
  assert.equal(exit, 5)
  assert.match(err, /There is no person, pipeline, agent or service called `nobody`\./)
})
