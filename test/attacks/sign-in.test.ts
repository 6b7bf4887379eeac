// One-time links, sessions and client assertions in the hands of somebody who found one: used twice, too late, for something else, for somebody else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { catalogue } from '../../src/app/catalogue.ts'
import { actingWith } from '../../src/app/starter/people.ts'
import { isCoded, type OrgId } from '../../src/kernel/index.ts'
import { keyProofAudience } from '../../src/promotion/index.ts'
import { asPart, at, listAt } from '../harness/acting.ts'
import { rowsOf } from '../harness/database.ts'
import { requestPromotion, sealedRun } from '../harness/live-run.ts'
import { asSystem, newPerson, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter, type WorkloadKey, workloadKey } from '../harness/twinlock.ts'

let offsetMs = 0
const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }

let h: Harness
let admin: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0, clock })
  admin = await signIn(h, 'admin')
})
after(() => h.close())

const freshLink = async () => String((await admin.act('person:link', { person: h.starter.people.auditor })).token)
const withLink = (token: string) => actingWith(h.twinlock.door, { kind: 'link', token })
const withSession = (token: string) => actingWith(h.twinlock.door, { kind: 'session', token })

test('a one-time link signs in once; a second time it is nobody’s', async () => {
  const link = await freshLink()
  assert.ok(await withLink(link)('session:create', {}))
  await refused(withLink(link)('session:create', {}), 'unauthenticated')
})

test('of many who use one link at the same moment, one signs in', async () => {
  const link = await freshLink()
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => withLink(link)('session:create', {})))
  assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1)
  for (const one of tries) if (one.status === 'rejected') assert.ok(isCoded(one.reason, 'unauthenticated'), String(one.reason))
})

test('whoever names an organization that is not there leaves nothing: neither his refusal, nor that of the part which tells of it', async () => {
  const madeUp = 'org_00000000000000000000000001' as OrgId // the form is the brand's
  const token = String(admin.token).replace(h.starter.org, madeUp)
  await refused(withSession(token)('session:show', {}), 'unauthenticated')
  const counts = { unauthenticated: 1 }
  await refused(asPart(h.twinlock.door, madeUp, 'reaper')('session:refusals', { counts }), 'unauthenticated')
  await refused(asPart(h.twinlock.door, madeUp, 'starter')('organization:create', { slug: '', name: '' }), 'invalid')
  assert.deepEqual(await rowsOf(h.twinlock, 'select action from entry where org_id = $1', [madeUp]), [])
  assert.ok(!(await h.twinlock.outside.store.organizationsWith('entries')).includes(madeUp), 'and nobody looks after it')
})

test('a one-time link is good for ten minutes and not for a moment longer', async () => {
  const [almost, late] = [await freshLink(), await freshLink()]
  offsetMs += 595_000
  assert.ok(await withLink(almost)('session:create', {}))
  offsetMs += 6_000
  await refused(withLink(late)('session:create', {}), 'unauthenticated')
  admin = await signIn(h, 'admin')
})

test('a one-time link does nothing but sign in, and nothing else signs in', async () => {
  const link = await freshLink()
  for (const { name } of catalogue.filter((one) => one.name !== 'session:create'))
    await refused(withLink(link)(name, {}), 'unauthenticated')
  for (const act of [admin.act, asSystem(h, 'starter')]) await refused(act('session:create', {}), 'unauthenticated')
  await refused(withSession(link)('session:show', {}), 'unauthenticated')
  await refused(withLink(admin.token)('session:create', {}), 'unauthenticated')
  assert.ok(await withLink(link)('session:create', {}), 'and it is still unused')
})

test('a link that was made up, cut short or changed in one place is nobody’s', async () => {
  const link = await freshLink()
  const flipped = link.slice(0, -2) + (link.at(-2) === 'A' ? 'B' : 'A') + link.slice(-1)
  for (const made of [
    link.slice(0, -1),
    `${link}A`,
    flipped,
    link.toUpperCase(),
    link.replace('.', ''),
    'twl_',
    `twl_${h.starter.org}.${'A'.repeat(43)}`,
  ]) {
    await refused(withLink(made)('session:create', {}), 'unauthenticated')
  }
})

test('a session ends when it is ended, and by itself after twelve hours', async () => {
  const session = await signIn(h, 'auditor')
  await session.act('session:end', {})
  await refused(session.act('session:show', {}), 'unauthenticated')
  const another = await signIn(h, 'auditor')
  offsetMs += 12 * 3_600_000 + 1_000
  await refused(another.act('session:show', {}), 'unauthenticated')
  admin = await signIn(h, 'admin')
})

test('neither links nor sessions are kept in a form that opens anything', async () => {
  const link = await freshLink()
  const secret = link.split('.')[1] ?? ''
  const rows = await rowsOf(
    h.twinlock,
    'select t::text as text from one_time_link t union all select t::text from session t union all select body from entry union all select content from sidecar',
  )
  assert.ok(rows.length > 20)
  for (const held of [secret, admin.token.split('.')[1] ?? ''])
    assert.equal(
      rows.some((row) => String(row.text).includes(held)),
      false,
    )
  const [row] = await rowsOf(h.twinlock, 'select hash from session order by created_at desc limit 1')
  await refused(withSession(`tws_${h.starter.org}.${String(row?.hash).slice(0, 43)}`)('session:show', {}), 'unauthenticated')
})

/** Offers an assertion for getting a token, at an endpoint. */
const offer = (token: string, audience: string) =>
  actingWith(h.twinlock.door, { kind: 'assertion', token, org: h.starter.org, audience })('token:issue', {})
const endpoint = () => `${baseUrl}/o/${h.starter.org}/e/${h.starter.environments.staging}/token`

test('an assertion gets one token; offered again, by whomever, it is a replay', async () => {
  offsetMs = 0
  const token = await h.keys.pipeline.assertion(endpoint(), h.starter.pipeline.spiffeId)
  assert.ok(await offer(token, endpoint()))
  await refused(offer(token, endpoint()), 'assertion_replayed')
  const racing = await h.keys.pipeline.assertion(endpoint(), h.starter.pipeline.spiffeId)
  const tries = await Promise.allSettled(Array.from({ length: 6 }, () => offer(racing, endpoint())))
  assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1)
})

test('an assertion for another audience, by a stranger’s key, with changed claims or without a signature is nobody’s', async () => {
  const right = await h.keys.pipeline.assertion(endpoint(), h.starter.pipeline.spiffeId)
  const [header = '', claims = '', signature = ''] = right.split('.')
  for (const audience of [
    baseUrl,
    `${baseUrl}/`,
    `${endpoint()}/`,
    `${baseUrl}/o/${h.starter.org}/e/${h.starter.environments.production}/token`,
  ]) {
    await refused(offer(await h.keys.pipeline.assertion(audience, h.starter.pipeline.spiffeId), endpoint()), 'token_audience')
  }
  await refused(offer(await h.keys.payments.assertion(endpoint(), h.starter.pipeline.spiffeId), endpoint()), 'token_signature')
  await refused(offer(await workloadKey().assertion(endpoint(), h.starter.pipeline.spiffeId), endpoint()), 'token_signature')
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
  for (const sly of [
    `${none}.${claims}.`,
    `${none}.${claims}.${signature}`,
    `${header}.${claims}.`,
    `${header}.${claims}`,
    `${header}..${signature}`,
  ])
    await refused(offer(sly, endpoint()), /^(token_.*|unauthenticated)$/)
  await refused(offer(await h.keys.pipeline.assertion(endpoint(), 'spiffe://nowhere.example/pipeline/ci'), endpoint()), 'unauthenticated')
})

test('an assertion that is too old, or from the future, is refused', async () => {
  const token = await h.keys.pipeline.assertion(endpoint(), h.starter.pipeline.spiffeId)
  offsetMs = 120_000
  await refused(offer(token, endpoint()), 'token_expired')
  offsetMs = -120_000
  await refused(offer(token, endpoint()), 'token_not_yet_valid')
  offsetMs = 0
  assert.ok(await offer(token, endpoint()), 'in its time it is good')
})

test('an assertion does nothing but get a token or prove a key', async () => {
  for (const { name } of catalogue.filter((one) => one.name !== 'token:issue' && one.name !== 'promotion:prove-key')) {
    const token = await h.keys.pipeline.assertion(endpoint(), h.starter.pipeline.spiffeId)
    await refused(
      actingWith(h.twinlock.door, { kind: 'assertion', token, org: h.starter.org, audience: endpoint() })(name, {}),
      'unauthenticated',
    )
  }
})

test('a proof of a key is good for one promotion and one nonce, once, and for the holder of that very key', async () => {
  const operator = await signIn(h, 'operator')
  const [one, two] = [
    await requestPromotion(h, operator, (await sealedRun(h)).artifact),
    await requestPromotion(h, operator, (await sealedRun(h)).artifact),
  ]
  const { services, org } = h.starter
  const prove = (promotion: string, nonce: string, token: string) =>
    actingWith(h.twinlock.door, { kind: 'assertion', token, org, audience: keyProofAudience(baseUrl, promotion, nonce) })(
      'promotion:prove-key',
      { promotion, nonce },
    )
  const sign = (key: WorkloadKey, promotion: string, nonce: string, spiffeId = services.payments.spiffeId) =>
    key.assertion(keyProofAudience(baseUrl, promotion, nonce), spiffeId)
  await refused(prove(one.id, one.nonce, await sign(h.keys.payments, two.id, two.nonce)), 'token_audience')
  await refused(prove(one.id, one.nonce, await sign(h.keys.payments, one.id, two.nonce)), 'token_audience')
  await refused(prove(one.id, two.nonce, await sign(h.keys.payments, one.id, two.nonce)), 'key_not_proved')
  await refused(prove(one.id, one.nonce, await h.keys.payments.assertion(endpoint(), services.payments.spiffeId)), 'token_audience')
  await refused(prove(one.id, one.nonce, await sign(h.keys.pipeline, one.id, one.nonce)), 'token_signature')
  await refused(prove(one.id, one.nonce, await sign(h.keys.assembly, one.id, one.nonce, services.assembly.spiffeId)), 'denied')
  await refused(prove(one.id, one.nonce, await sign(h.keys.pipeline, one.id, one.nonce, h.starter.pipeline.spiffeId)), 'denied')
  const [unproved] = await rowsOf(h.twinlock, 'select key_proved_at, thumbprint from promotion where id = $1', [one.id])
  assert.deepEqual(unproved, { key_proved_at: null, thumbprint: null })
  const right = await sign(h.keys.payments, one.id, one.nonce)
  assert.ok(await prove(one.id, one.nonce, right))
  await refused(prove(one.id, one.nonce, right), 'assertion_replayed')
  await refused(offer(await sign(h.keys.payments, two.id, two.nonce), endpoint()), 'token_audience')
})

test('a link, a session and a token of an organization that does not exist are answered as wrong ones of one that does', async () => {
  const nowhere = `org_${'0'.repeat(26)}`
  const secret = 'A'.repeat(43)
  for (const org of [h.starter.org, nowhere]) {
    await refused(actingWith(h.twinlock.door, { kind: 'session', token: `tws_${org}.${secret}` })('session:show', {}), 'unauthenticated')
    await refused(actingWith(h.twinlock.door, { kind: 'link', token: `twl_${org}.${secret}` })('session:create', {}), 'unauthenticated')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      iss: `http://twinlock.test/o/${org}/e/env_${'0'.repeat(26)}`,
      sub: 'spiffe://a.b/run/c',
      aud: 'http://twinlock.test',
      iat: 1,
      exp: 2,
      jti: 'x',
    }
    const token = `${encode({ alg: 'ES256', kid: 'x', typ: 'JWT' })}.${encode(claims)}.${'A'.repeat(86)}`
    await refused(actingWith(h.twinlock.door, { kind: 'token', token })('session:show', {}), /^(unauthenticated|token_.*|not_found)$/)
  }
})

test('links that an administrator makes for himself, each in the session of the one before, open nothing that outlasts the first of these', async () => {
  const first = await signIn(h, 'admin')
  const { admin: person, auditor } = h.starter.people
  const until = clock.now() + 8 * 3_600_000
  let act = first.act
  for (let round = 0; round < 5; round++) {
    offsetMs += 5_400_000
    const opened = await withLink(String((await act('person:link', { person })).token))('session:create', {})
    assert.ok(Date.parse(String(opened.expiresAt)) <= until, `round ${round}: ${opened.expiresAt}`)
    act = withSession(String(opened.token))
  }
  // What he makes for somebody else is that one's own, and lasts as any other.
  const other = await withLink(String((await act('person:link', { person: auditor })).token))('session:create', {})
  assert.ok(Date.parse(String(other.expiresAt)) > until)
  offsetMs += 1_800_000
  await refused(act('session:show', {}), 'unauthenticated')
})

/** Somebody's session, opened by whoever made a link for him. */
const openedFor = async (act: SignedIn['act'], person: string) =>
  withSession(String((await withLink(String((await act('person:link', { person })).token))('session:create', {})).token))

test('an administrator who leaves comes back by no link that he made for others, nor by what such a link opened, and another after that', async () => {
  offsetMs = 0
  const { author, auditor, reviewer } = h.starter.people
  const leaver = await newPerson(h, 'leaves-with-links', 'admin')
  const second = await newPerson(h, 'opened-by-the-leaver', 'admin')
  const own = await signIn(h, 'author')
  const asSecond = await openedFor(leaver.act, second.id)
  const left = [await openedFor(leaver.act, author), asSecond, await openedFor(asSecond, auditor)]
  const kept = [String((await leaver.act('person:link', { person: reviewer })).token)]
  kept.push(String((await asSecond('person:link', { person: reviewer })).token))
  const its = {
    kind: 'agent',
    slug: 'kept-by-a-leaver',
    environment: h.starter.environments.staging,
    owner: author,
    jwk: workloadKey().jwk,
  }
  const { id: workload } = await leaver.act('workload:create', its)
  const { directory } = await leaver.act('directory:create', { slug: 'kept', name: 'Kept', owner: author })
  const another = await signIn(h, 'admin')
  assert.partialDeepStrictEqual(await another.act('person:offboard', { person: leaver.id }), { ended: { sessions: 4, links: 2 } })
  for (const act of left) await refused(act('session:show', {}), 'unauthenticated')
  for (const link of kept) await refused(withLink(link)('session:create', {}), 'unauthenticated')
  for (const act of [own.act, second.act]) assert.ok(await act('session:show', {}), 'what they signed in to themselves stays')
  assert.equal(at(await another.act('person:leaving', { person: leaver.id }), 'readBack', 'found'), 0)
  // A secret cannot be taken from whoever knows it: those who can renew it are told.
  const told = async ({ act }: SignedIn) =>
    listAt(await act('attention:list', {}), 'items').filter((one) => at(one, 'kind') === 'secret_taken_along')
  const idsTo = async (who: SignedIn) => (await told(who)).map((one) => at(one, 'subject', 'id')).sort()
  assert.deepEqual([await idsTo(own), await idsTo(another)], [[workload], [workload, directory].sort()])
  await another.act('workload:suspend', { workload })
  await another.act('directory:rotate-token', { directory, overlapHours: 1 })
  assert.deepEqual(await idsTo(another), [directory], 'the one before is good still')
  await another.act('directory:rotate-token', { directory, overlapHours: 0 })
  for (const who of [own, another, await signIn(h, 'operator')]) assert.deepEqual(await idsTo(who), [])
})

test('whoever held a session that is revoked comes back by no link that he made in it, nor by what it opened', async () => {
  const [stolen, own] = [await signIn(h, 'admin'), await signIn(h, 'admin')]
  const opened = [await openedFor(stolen.act, stolen.id), await openedFor(stolen.act, h.starter.people.auditor)]
  const kept = String((await stolen.act('person:link', { person: h.starter.people.author })).token)
  const untouched = String((await own.act('person:link', { person: h.starter.people.author })).token)
  const session = listAt(await stolen.act('person:sessions', { person: stolen.id }), 'items').find((one) => at(one, 'here') === true)
  assert.equal((await own.act('session:revoke', { session: at(session, 'id') })).ended, true)
  for (const act of [stolen.act, ...opened]) await refused(act('session:show', {}), 'unauthenticated')
  await refused(withLink(kept)('session:create', {}), 'unauthenticated')
  assert.ok(await withLink(untouched)('session:create', {}))
})
