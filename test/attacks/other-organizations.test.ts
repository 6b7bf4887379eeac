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
import type { LiveRun } from '../harness/live-run.ts'
import { asSystem, newPerson, pipeline, refusalOf, refused, type SignedIn, signIn, signInAs, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'
import { alsoTakesIds, filtersOf, type Ids, oneOfEach, replacing, type Samples, samplesOf, unknown } from './other-organizations-samples.ts'

let h: Harness
let stranger: Harness
let own: Ids
let theirs: Ids
let all: SignedIn
let samples: Samples
let alsoTakes: Samples
let filters: Samples
let run: LiveRun

before(async () => {
  h = await openStarter({ runsMax: 0 })
  stranger = await strangerBeside(h)
  const mine = await oneOfEach(h)
  own = mine.ids
  samples = samplesOf(h, own)
  alsoTakes = alsoTakesIds(own)
  filters = filtersOf(own)
  run = mine.live
  theirs = (await oneOfEach(stranger)).ids
  all = await newPerson(h, 'everything')
  for (const role of roles) await asSystem(h, 'starter')('grant:create', { principal: all.id, role, reason: 'A test needs it.' })
})
after(() => h.close())

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
    'add an input for it to test/attacks/other-organizations-samples.ts, with ids of one organization',
  )
  for (const capability of catalogue) {
    const sample = { ...samples, ...alsoTakes, ...filters }[capability.name]?.()
    if (sample === undefined) continue
    const parsed = capability.input.safeParse(sample)
    assert.ok(parsed.success, `${capability.name}: ${parsed.error?.message}`)
    assert.ok(replacing(sample, unknown).length > 0, `${capability.name} holds an id`)
  }
})

test('a thing of another organization is answered byte for byte as one that never was, on every action and in every place for an id', async () => {
  // Its own worker and reaper end its run when that is due.
  const heard = () =>
    rowsOf(h.twinlock, `select action, id from entry where org_id = $1 and actor_id not in ('worker', 'reaper', 'sealer') order by id`, [
      stranger.starter.org,
    ])
  const before = await heard()
  let tried = 0
  for (const capability of catalogue) {
    const sample = { ...samples, ...alsoTakes }[capability.name]
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
  assert.deepEqual(await heard(), before, 'the other organization’s ledger has not heard of it')
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
  for (const { name, input } of lists) {
    const hasPages = Object.hasOwn(input.shape, 'after')
    const needs = { ...samples[name]?.(), ...(hasPages ? { limit: 200 } : {}) }
    for (const after of hasPages ? [undefined, ...Object.values(theirs)] : [undefined]) {
      const shown = JSON.stringify(await all.act(name, { ...needs, ...(after === undefined ? {} : { after }) }))
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
    /^(unauthenticated|token_.*)$/,
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

test('an auditor who is a guest changes nothing, by no action of the catalogue that a person can ask for', async () => {
  const [{ person } = {}] = await rowsOf(h.twinlock, 'select person_id as person from guest where id = $1', [own.gst])
  const { credential } = await signInAs(h.twinlock.door, h.starter.org, String(person))
  let tried = 0
  for (const capability of catalogue) {
    const isAskedFor = capability.roles.length > 0 || capability.by.includes('person')
    const sample = { ...samples, ...alsoTakes }[capability.name]
    // To ask for access is everybody's to do, and gives nothing.
    if (!isAskedFor || sample === undefined || !/change|consequence/.test(capability.effect) || capability.name === 'request:create')
      continue
    const refusal = refusalOf(actingWith(h.twinlock.door, credential)(capability.name, sample()))
    await assert.doesNotReject(refusal, capability.name)
    tried++
  }
  assert.ok(tried > 50, `${tried} actions were tried`)
  const done = await rowsOf(h.twinlock, `select distinct action from entry where actor_id = $1 and outcome = 'done'`, [person])
  assert.deepEqual(done, [{ action: 'session:create' }])
})
