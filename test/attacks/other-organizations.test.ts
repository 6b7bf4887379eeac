// Ids, sessions and tokens of another organization are worth nothing here, and say nothing: whoever holds every role in his own is answered about a thing of
// another exactly as about one that never was, on every action of the catalogue that takes an id.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { catalogue } from '../../src/app/catalogue.ts'
import type { Credential } from '../../src/app/door/credential.ts'
import { actingWith } from '../../src/app/starter/people.ts'
import { type Capability, roles } from '../../src/kernel/index.ts'
import { rowsOf } from '../harness/database.ts'
import { crossOver, inReview, type LiveRun, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, newPerson, pipeline, refusalOf, refused, type SignedIn, signIn, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'

/** One id of each kind, in one organization. */
type Ids = Readonly<Record<string, string>>

let h: Harness
let stranger: Harness
let own: Ids
let theirs: Ids
let all: SignedIn
let run: LiveRun

/** Fills an organization with one thing of each kind, and names them. */
async function oneOfEach(one: Harness): Promise<{ ids: Ids; live: LiveRun }> {
  const { project, people } = one.starter
  await asSystem(one, 'starter')('asset:add', {
    project,
    slug: 'readings',
    mediaType: 'text/csv',
    sensitivity: 'internal',
    owner: people.owner,
    content: 'YSxiCg==',
  })
  const { artifact } = await sealedRun(one)
  const { id } = await inReview(one, await signIn(one, 'operator'), artifact)
  await (await signIn(one, 'reviewer')).act('promotion:approve', { promotion: id })
  await crossOver(one, await signIn(one, 'deployer'), id)
  const live = await liveRun(one)
  const first = async (table: string, where = 'true') =>
    String(
      (await rowsOf(one.twinlock, `select id from "${table}" where org_id = $1 and ${where} order by id limit 1`, [one.starter.org]))[0]
        ?.id,
    )
  const ids = {
    org: one.starter.org,
    prj: project,
    env: one.starter.environments.staging,
    twn: one.starter.twins.payments,
    scn: one.starter.scenario,
    ast: await first('asset'),
    con: await first('connection'),
    run: live.id,
    cal: await first('call'),
    art: artifact,
    prm: id,
    svc: one.starter.services.payments.id,
    pip: one.starter.pipeline.id,
    agt: 'agt_00000000000000000000000000',
    per: people.auditor,
    grt: await first('grant'),
    ent: await first('entry'),
    ses: await first('session'),
  }
  return { ids, live }
}

before(async () => {
  h = await openStarter({ runsMax: 0 })
  stranger = await strangerBeside(h)
  const mine = await oneOfEach(h)
  own = mine.ids
  run = mine.live
  theirs = (await oneOfEach(stranger)).ids
  all = await newPerson(h, 'everything')
  for (const role of roles) await asSystem(h, 'starter')('grant:create', { principal: all.id, role, reason: 'A test needs it.' })
})
after(() => h.close())

const digest = `sha256:${'0'.repeat(64)}`

/** An input for each action that takes an id; the ids in it are one's own. An action that is missing here fails the first test below. */
const samples: Readonly<Record<string, () => Record<string, unknown>>> = {
  'person:link': () => ({ person: own.per }),
  'person:offboard': () => ({ person: own.per }),
  'grant:create': () => ({
    principal: own.per,
    role: 'observer',
    scopeType: 'Twin',
    scope: own.twn,
    environments: [own.env],
    reason: 'To see.',
  }),
  'grant:revoke': () => ({ grant: own.grt, reason: 'To see.' }),
  'workload:create': () => ({ kind: 'agent', slug: 'sample', environment: own.env, owner: own.per, jwk: workloadKey().jwk }),
  'workload:suspend': () => ({ workload: own.svc }),
  'project:create': () => ({ slug: 'sample', name: 'Sample', owner: own.per }),
  'project:show': () => ({ project: own.prj }),
  'environment:create': () => ({ slug: 'sample', class: 'sandbox', owner: own.per }),
  'twin:create': () => ({ project: own.prj, slug: 'sample', kind: 'process', program: 'payments', owner: own.per, sensitivity: 'public' }),
  'twin:show': () => ({ twin: own.twn }),
  'twin:retire': () => ({ twin: own.twn }),
  'asset:add': () => ({ project: own.prj, slug: 'sample', mediaType: 'text/csv', sensitivity: 'public', owner: own.per, content: 'YQ==' }),
  'asset:list': () => ({ project: own.prj }),
  'connection:create': () => ({
    environment: own.env,
    slug: 'sample',
    access: 'read',
    baseUrl: 'http://127.0.0.1:9',
    sensitivity: 'public',
    owner: own.per,
    counterpart: own.con,
  }),
  'connection:suspend': () => ({ connection: own.con }),
  'scenario:publish': () => ({ twin: own.twn, slug: 'sample', manifest: { assets: [{ name: 'input', asset: own.ast }] } }),
  'scenario:list': () => ({ twin: own.twn }),
  'scenario:show': () => ({ scenario: own.scn }),
  'run:launch': () => ({ scenario: own.scn, environment: own.env }),
  'run:show': () => ({ run: own.run }),
  'run:read': () => ({ run: own.run }),
  'run:tape': () => ({ run: own.run }),
  'run:cancel': () => ({ run: own.run, reason: 'To see.' }),
  'run:abandon': () => ({ run: own.run }),
  'run:credential': () => ({ run: own.run, audience: 'https://elsewhere.example' }),
  'run:claim': () => ({ run: own.run, worker: 'sample' }),
  'run:begin': () => ({ run: own.run, worker: 'sample', cell: {} }),
  'run:heartbeat': () => ({ run: own.run, worker: 'sample', done: 0, total: 0, note: '' }),
  'run:end': () => ({ run: own.run, outcome: 'failed', reason: 'to see' }),
  'run:close': () => ({ run: own.run, closed: { admissionMs: 0, cellMs: 0, tokens: 0, callsUnknown: 0 } }),
  'artifact:write': () => ({ run: own.run, name: 'sample', mediaType: 'text/plain', digest }),
  'artifact:seal': () => ({ run: own.run }),
  'artifact:show': () => ({ artifact: own.art }),
  'artifact:read': () => ({ artifact: own.art, file: 'report.md' }),
  'artifact:export': () => ({ artifact: own.art, file: 'report.md', reason: 'To see.' }),
  'promotion:request': () => ({ artifact: own.art, environment: h.starter.environments.production, service: own.svc, channel: 'sample' }),
  'promotion:show': () => ({ promotion: own.prm }),
  'promotion:deciders': () => ({ promotion: own.prm }),
  'promotion:foresee': () => ({ promotion: own.prm, step: 'cross' }),
  'promotion:check': () => ({ promotion: own.prm }),
  'promotion:prove-key': () => ({ promotion: own.prm, nonce: 'a-nonce-of-nobody' }),
  'promotion:approve': () => ({ promotion: own.prm }),
  'promotion:reject': () => ({ promotion: own.prm }),
  'promotion:cross': () => ({ promotion: own.prm }),
  'promotion:complete': () => ({ promotion: own.prm }),
  'promotion:roll-back': () => ({ promotion: own.prm, reason: 'To see.' }),
  'ledger:trace': () => ({ id: own.art }),
  'ledger:receipt': () => ({ entry: own.ent }),
  'ledger:show': () => ({ entry: own.ent }),
}

/** Ids that no schema calls one, and what becomes of a foreign one: it matches nothing, as an unknown one does. */
const alsoTakesIds: Readonly<Record<string, () => Record<string, unknown>>> = {
  'call:settle': () => ({ call: own.cal, status: 200, code: null, responseDigest: null, responseBytes: null, durationMs: 0, redacted: 0 }),
}

/** Filters of lists that are ids: a list that is filtered by a foreign one is as empty as one that is filtered by an unknown one. */
const filters: Readonly<Record<string, () => Record<string, unknown>>> = {
  'twin:list': () => ({ project: own.prj, owner: own.per }),
  'artifact:list': () => ({ twin: own.twn, run: own.run, environment: own.env }),
  'promotion:list': () => ({ twin: own.twn, artifact: own.art, run: own.run, environment: own.env }),
  'ledger:list': () => ({ resource: own.art, principal: own.per, environment: own.env }),
}

const takesId = (capability: Capability): boolean =>
  /\^[a-z]{3}_\[/.test(JSON.stringify(z.toJSONSchema(capability.input, { io: 'input', unrepresentable: 'any' })))

/** Who may try an action at all: a part of the product, the run, a service with its key, or the person with every role. */
async function credentialFor(capability: Capability): Promise<Credential> {
  const [part] = capability.system
  if (capability.name === 'promotion:prove-key') {
    const audience = 'https://prove.example'
    return {
      kind: 'assertion',
      org: h.starter.org,
      audience,
      token: await h.keys.payments.assertion(audience, h.starter.services.payments.spiffeId),
    }
  }
  if (capability.roles.length > 0) return all.credential
  if (capability.by.includes('run')) return run.credential
  if (part !== undefined) return { kind: 'system', org: h.starter.org, part }
  return all.credential
}

const anId = /^([a-z]{3})_[0-9a-z]{26}$/

/** Each id of an input replaced, one at a time, by what `other` says for its kind; one input for each. */
function replacing(value: unknown, other: (kind: string) => string | undefined): unknown[] {
  if (typeof value === 'string') {
    const kind = anId.exec(value)?.[1]
    const found = kind === undefined ? undefined : other(kind)
    return found === undefined ? [] : [found]
  }
  if (Array.isArray(value)) return value.flatMap((item, at) => replacing(item, other).map((changed) => value.with(at, changed)))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => replacing(member, other).map((changed) => ({ ...value, [name]: changed })))
}

const unknown = (kind: string) => `${kind}_${'z'.repeat(26)}`

const answerTo = async (capability: Capability, input: unknown): Promise<string> => {
  const credential = await credentialFor(capability)
  const { code, message, notes } = await refusalOf(actingWith(h.twinlock.door, credential)(capability.name, input))
  return JSON.stringify({ code, message, pointer: notes.pointer, next: notes.next, facts: notes.facts })
}

test('every action of the catalogue that takes an id is tried here', () => {
  const missing = catalogue.filter(takesId).filter(({ name }) => samples[name] === undefined && filters[name] === undefined)
  assert.deepEqual(
    missing.map(({ name }) => name),
    [],
  )
  for (const capability of catalogue) {
    const sample = { ...samples, ...alsoTakesIds, ...filters }[capability.name]?.()
    if (sample === undefined) continue
    const parsed = capability.input.safeParse(sample)
    assert.ok(parsed.success, `${capability.name}: ${parsed.error?.message}`)
    assert.ok(replacing(sample, unknown).length > 0, `${capability.name} holds an id`)
  }
})

test('a thing of another organization is answered byte for byte as one that never was, on every action and in every place for an id', async () => {
  const before = await rowsOf(h.twinlock, 'select count(*) as count, max(xact::text) as last from entry where org_id = $1', [
    stranger.starter.org,
  ])
  let tried = 0
  for (const capability of catalogue) {
    const sample = { ...samples, ...alsoTakesIds }[capability.name]
    if (sample === undefined) continue
    const foreign = replacing(sample(), (kind) => theirs[kind])
    const never = replacing(sample(), unknown)
    assert.equal(foreign.length, never.length)
    for (const [at, input] of foreign.entries()) {
      const about = `${capability.name} ${JSON.stringify(input)}`
      const told = await answerTo(capability, input)
      assert.equal(told, await answerTo(capability, never[at]), about)
      // A worker that asks for a run which waits for nobody is told no more than that.
      assert.match(JSON.parse(told).code, capability.name === 'run:claim' ? /^conflict$/ : /^(not_found|invalid)$/, about)
      for (const id of Object.values(theirs)) assert.equal(told.includes(id), false, about)
      tried++
    }
  }
  assert.ok(tried > 45, `${tried} places for an id were tried`)
  assert.deepEqual(
    await rowsOf(h.twinlock, 'select count(*) as count, max(xact::text) as last from entry where org_id = $1', [stranger.starter.org]),
    before,
    'the other organization’s ledger has not heard of it',
  )
})

test('a list that is filtered by an id of another organization is empty, as one that is filtered by an id that never was', async () => {
  for (const [name, sample] of Object.entries(filters)) {
    for (const input of [...replacing(sample(), (kind) => theirs[kind]), ...replacing(sample(), unknown)])
      assert.deepEqual(await all.act(name, input), { items: [], next: null }, `${name} ${JSON.stringify(input)}`)
  }
})

test('lists show nothing of another organization, also when they go on after one of its ids', async () => {
  const lists = catalogue.filter(({ verb, effect }) => verb === 'list' && effect === 'read')
  assert.ok(lists.length >= 8)
  for (const { name } of lists) {
    const needs = samples[name]?.() ?? {}
    for (const after of [undefined, ...Object.values(theirs)]) {
      const shown = JSON.stringify(await all.act(name, { ...needs, limit: 200, ...(after === undefined ? {} : { after }) }))
      for (const id of Object.values(theirs)) assert.equal(id !== theirs.agt && shown.includes(id), false, `${name} shows ${id}`)
    }
  }
})

test('a session, a link or a token of one organization is nobody in another, and its own part cannot be exchanged', async () => {
  const theirAdmin = await signIn(stranger, 'admin')
  const into = (text: string) => text.replace(stranger.starter.org, h.starter.org)
  assert.equal((await theirAdmin.act('session:show', {})).organization, stranger.starter.org)
  await refused(actingWith(h.twinlock.door, { kind: 'session', token: into(theirAdmin.token) })('session:show', {}), 'unauthenticated')
  const { token: link } = await asSystem(stranger, 'starter')('person:link', { person: stranger.starter.people.admin })
  await refused(actingWith(h.twinlock.door, { kind: 'link', token: into(String(link)) })('session:create', {}), 'unauthenticated')
  const { token } = await pipeline(stranger)
  const [header = '', claims = '', signature = ''] = token.split('.')
  const moved = Buffer.from(into(Buffer.from(claims, 'base64url').toString())).toString('base64url')
  await refused(
    actingWith(h.twinlock.door, { kind: 'token', token: `${header}.${moved}.${signature}` })('session:show', {}),
    /^(not_found|token_.*)$/,
  )
  const stolen = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const iss = `http://twinlock.test/o/${h.starter.org}/e/${h.starter.environments.staging}`
  const forged = Buffer.from(JSON.stringify({ ...stolen, iss })).toString('base64url')
  await refused(actingWith(h.twinlock.door, { kind: 'token', token: `${header}.${forged}.${signature}` })('session:show', {}), /^token_/)
})

test('a workload’s assertion, a run’s channel and a run’s token are nobody’s in another organization', async () => {
  const { environments, org } = h.starter
  const audience = `http://twinlock.test/o/${org}/e/${environments.staging}/token`
  const token = await stranger.keys.pipeline.assertion(audience, stranger.starter.pipeline.spiffeId)
  await refused(actingWith(h.twinlock.door, { kind: 'assertion', token, org, audience })('token:issue', {}), 'unauthenticated')
  await refused(tokenFor(h, stranger.keys.pipeline, h.starter.pipeline, environments.staging), 'token_signature')
  const foreign = { kind: 'channel', org, run: theirs.run as LiveRun['id'], epoch: 0 } as const
  await refused(actingWith(h.twinlock.door, foreign)('session:show', {}), 'unauthenticated')
})
