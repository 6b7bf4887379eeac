// Passkeys and recovery codes in the hands of somebody else: a challenge of another browser, another page's answer, a copied key, a code that was used, a session
// that is too old to change how its person signs in.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isCoded } from '../../src/kernel/index.ts'
import { type Act, actWith, at, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { addPasskey, type Ceremony, type HeldPasskey, makePasskey, signWithPasskey } from '../harness/authenticator.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

const origin = baseUrl
const rpId = new URL(origin).hostname

let offsetMs = 0
const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }
let world: World
let operator: Act

before(async () => {
  world = await openWorld({ isIdle: true, replace: { clock } })
  operator = await fresh('operator')
})
after(() => world?.close())

const asked = { device: 'a test', requestId: 'test', address: '127.0.0.1' }
const begin = () => world.twinlock.signIn.beginPasskey({ baseUrl: origin })

/** Somebody who signed in a moment ago. */
async function fresh(person: 'operator' | 'admin'): Promise<Act> {
  const { door } = world.twinlock
  return actWith(door, await sessionOf(door, world.starter.org, world.starter.people[person]))
}

/** Signs in with a passkey, as the page would, or otherwise; answers the session's own hand. */
async function signIn(held: HeldPasskey, change: Partial<Ceremony> = {}, kept?: string): Promise<Act> {
  const begun = await begin()
  const used = signWithPasskey(held, { origin, rpId, challenge: begun.challenge, ...change })
  const { token } = await world.twinlock.signIn.finishPasskey({ kept: kept ?? begun.kept, used, baseUrl: origin, ...asked })
  return actWith(world.twinlock.door, { kind: 'session', token })
}

/** What somebody is told of by its kind: the ids of its subjects. */
const told = async (act: Act, kind: string) =>
  listAt(await act('attention:list'), 'items').flatMap((item) => (at(item, 'kind') === kind ? [at(item, 'subject', 'id')] : []))

async function refused(work: Promise<unknown>, code: string): Promise<void> {
  await work.then(
    () => assert.fail('This was to be refused, and was done.'),
    (error: unknown) => assert.ok(isCoded(error) && error.code === code, String(error)),
  )
}

describe('a passkey', () => {
  it('signs its person in, says so in the ledger and the sessions, and is listed without its key', async () => {
    const { id, held } = await addPasskey(operator, origin)
    const act = await signIn(held)
    const me = await act('session:show')
    assert.equal(me.id, world.starter.people.operator)
    const items = listAt(await act('person:sessions', { person: me.id }), 'items')
    assert.equal(
      at(
        items.find((one) => at(one, 'here') === true),
        'via',
      ),
      'passkey',
    )
    const shown = await act('person:passkeys', { person: me.id })
    assert.deepEqual([at(shown, 'items', 0, 'id'), at(shown, 'items', 0, 'name'), shown.possible], [id, 'A key', true])
    assert.equal(/public|credential/i.test(JSON.stringify(shown)), false)
    assert.equal(textAt(await act('passkey:rename', { passkey: id, name: 'My laptop' }), 'name'), 'My laptop')
    const [entry] = await world.rows(`select body from entry where action = 'session:create' order by id desc limit 1`)
    assert.match(String(entry?.body), /"via":"passkey"/)
    // Who makes one in a session of somebody else's is not unseen: its person is told, and nobody else.
    assert.deepEqual(await told(operator, 'passkey_added'), [id])
    assert.deepEqual(await told(await fresh('admin'), 'passkey_added'), [])
  })

  it('is refused from another page, for another name, without its person verified, or as something that it is not', async () => {
    const { held } = await addPasskey(operator, origin)
    const lies: Record<string, Partial<Ceremony>> = {
      'another origin': { origin: 'https://twinlock.example' },
      'another port of the same name': { origin: `${origin}:8080` },
      'a page above': { origin: 'http://evil.twinlock.test' },
      'another name': { rpId: 'test' },
      'within another site’s page': { crossOrigin: true },
      'nobody verified': { isVerified: false },
      'nobody there': { isPresent: false },
      'another ceremony': { type: 'webauthn.create' },
      'another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
    }
    for (const [, change] of Object.entries(lies)) await refused(signIn(held, change), 'sign_in_refused')
    assert.ok(await signIn(held))
  })

  it('answers a challenge once, in the browser that was asked, within five minutes', async () => {
    const { held } = await addPasskey(operator, origin)
    const begun = await begin()
    const use = () => signWithPasskey(held, { origin, rpId, challenge: begun.challenge })
    const finish = (kept: string | undefined, used = use()) =>
      world.twinlock.signIn.finishPasskey({ kept, used, baseUrl: origin, ...asked })
    await refused(finish(undefined), 'sign_in_expired')
    await refused(finish('made up'), 'sign_in_expired')
    await refused(finish((await begin()).kept), 'sign_in_refused')
    const used = use()
    assert.ok(await finish(begun.kept, used))
    await refused(finish(begun.kept, used), 'sign_in_replayed')
    const late = await begin()
    offsetMs += 301_000
    await refused(signIn(held, { challenge: late.challenge }, late.kept), 'sign_in_expired')
  })

  it('that counts is no copy because the same answer of it came twice', async () => {
    const { held } = await addPasskey(operator, origin, 10)
    const { challenge, kept } = await begin()
    const used = signWithPasskey(held, { origin, rpId, challenge })
    const finish = () => world.twinlock.signIn.finishPasskey({ kept, used, baseUrl: origin, ...asked })
    const act = actWith(world.twinlock.door, { kind: 'session', token: (await finish()).token })
    await refused(finish(), 'sign_in_replayed')
    assert.ok(await act('session:show'))
    assert.ok(await signIn(held))
  })

  it('of somebody else, of nobody, and with another key’s signature signs nobody in', async () => {
    const { held } = await addPasskey(operator, origin)
    const other = await addPasskey(await world.as('author'), origin)
    await refused(signIn({ ...held, userHandle: other.held.userHandle }), 'sign_in_refused')
    await refused(signIn({ ...held, id: other.held.id }), 'sign_in_refused')
    await refused(signIn({ ...held, privateKey: other.held.privateKey }), 'sign_in_refused')
    for (const name of [
      `${world.starter.org}.${world.starter.people.admin}`,
      `org_${'0'.repeat(26)}.${world.starter.people.admin}`,
      'admin',
    ])
      await refused(signIn({ ...held, userHandle: Buffer.from(name).toString('base64url') }), 'sign_in_refused')
  })

  it('whose counter goes back is a copy: it goes out of use with the sessions that it opened, and its person and the administrators are told', async () => {
    const { id, held } = await addPasskey(operator, origin, 10)
    const copy = { ...held }
    const act = await signIn(held)
    await refused(signIn(copy), 'sign_in_refused')
    await refused(act('session:show'), 'unauthenticated')
    await refused(signIn(held), 'sign_in_refused')
    for (const one of [operator, await fresh('admin')]) {
      const waits = listAt(await one('attention:list'), 'items').filter((item) => at(item, 'kind') === 'passkey_copied')
      assert.deepEqual(
        waits.map((item) => at(item, 'subject', 'id')),
        [id],
      )
    }
    const [entry] = await world.rows(`select actor_id from entry where action = 'passkey:suspend'`)
    assert.equal(entry?.actor_id, 'sign-in')
    await operator('passkey:remove', { passkey: id })
  })

  it('that is removed ends what it opened, and is never added again', async () => {
    const { id, held } = await addPasskey(operator, origin)
    const act = await signIn(held)
    const auditor = await world.as('auditor')
    assert.equal(await codeOf(auditor('passkey:remove', { passkey: id })), 'denied')
    await (await fresh('admin'))('passkey:remove', { passkey: id })
    await refused(act('session:show'), 'unauthenticated')
    await refused(signIn(held), 'sign_in_refused')
  })
})

describe('adding a passkey', () => {
  const offered = async (act: Act) => {
    const offer = await act('passkey:offer')
    return { state: textAt(offer, 'state'), challenge: textAt(offer, 'challenge'), user: textAt(offer, 'user', 'id') }
  }

  it('takes the challenge that this very session was offered, once', async () => {
    const { state, challenge, user } = await offered(operator)
    const { answer } = makePasskey({ origin, rpId, challenge }, user)
    const same = await fresh('operator')
    assert.equal(await codeOf(same('passkey:add', { name: 'A key', state, answer })), 'sign_in_expired')
    assert.equal(await codeOf((await world.as('author'))('passkey:add', { name: 'A key', state, answer })), 'sign_in_expired')
    await operator('passkey:add', { name: 'A key', state, answer })
    assert.equal(await codeOf(operator('passkey:add', { name: 'A key', state, answer })), 'sign_in_replayed')
    const next = await offered(operator)
    const elsewhere = makePasskey({ origin: 'https://evil.example', rpId, challenge: next.challenge }, next.user).answer
    assert.equal(await codeOf(operator('passkey:add', { name: 'A key', state: next.state, answer: elsewhere })), 'sign_in_refused')
    const unverified = makePasskey({ origin, rpId, challenge: next.challenge, isVerified: false }, next.user).answer
    assert.equal(await codeOf(operator('passkey:add', { name: 'A key', state: next.state, answer: unverified })), 'sign_in_refused')
  })

  it('and removing one, and making codes and links, take a sign-in of lately: a session that was found open changes nothing of how its person comes in', async () => {
    const { id } = await addPasskey(operator, origin)
    const admin = await fresh('admin')
    await admin('organization:step-up', { minutes: 5 })
    offsetMs += 301_000
    // A link to himself would make it one of now.
    assert.equal(await codeOf(admin('person:link', { person: world.starter.people.admin })), 'step_up_required')
    const { state, challenge, user } = await offered(operator)
    const { answer } = makePasskey({ origin, rpId, challenge }, user)
    assert.equal(await codeOf(operator('passkey:add', { name: 'A key', state, answer })), 'step_up_required')
    assert.equal(await codeOf(operator('passkey:remove', { passkey: id })), 'step_up_required')
    assert.equal(await codeOf(operator('person:recovery-codes')), 'step_up_required')
    await (await fresh('admin'))('organization:step-up', { minutes: 480 })
    operator = await fresh('operator')
  })
})

describe('a recovery code', () => {
  const recover = (code: string, organization = 'starter') => world.twinlock.signIn.recoverByCode({ organization, code, ...asked })

  it('is one of ten, shown once, kept as a hash; it signs in once, however it is written, and everybody who should know does', async () => {
    const made = await operator('person:recovery-codes')
    const codes = listAt(made, 'codes').map(String)
    assert.deepEqual([codes.length, new Set(codes).size], [10, 10])
    assert.deepEqual(await told(operator, 'recovery_codes_made'), [world.starter.people.operator])
    assert.deepEqual(await told(await fresh('admin'), 'recovery_codes_made'), [])
    for (const code of codes) assert.match(code, /^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/)
    const [first = '', second = ''] = codes
    const rows = await world.rows(
      `select t::text as text from recovery_code t union all select body from entry union all select content from sidecar`,
    )
    assert.equal(
      rows.some(({ text }) => String(text).includes(first) || String(text).includes(first.replaceAll('-', ''))),
      false,
    )
    const { token } = await recover(` ${first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `)
    const act = actWith(world.twinlock.door, { kind: 'session', token })
    assert.equal((await act('session:show')).id, world.starter.people.operator)
    await refused(recover(first), 'sign_in_refused')
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => recover(second)))
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const one of [operator, await fresh('admin')])
      assert.equal(listAt(await one('attention:list'), 'items').filter((item) => at(item, 'kind') === 'recovery_code_used').length, 2)
    assert.equal((await operator('person:passkeys', { person: world.starter.people.operator })).recoveryCodes, 8)
  })

  it('is worth nothing once new ones are made, in another organization, or made up; and none of it tells anything apart', async () => {
    const before = listAt(await operator('person:recovery-codes'), 'codes').map(String)
    assert.equal((await operator('person:recovery-codes')).ended, 10)
    for (const code of [before[0] ?? '', 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', '', 'x'.repeat(90)])
      await refused(recover(code), 'sign_in_refused')
    await refused(recover(before[1] ?? '', 'nowhere'), 'sign_in_refused')
  })
})

describe('an organization that requires its provider', () => {
  it('lets nobody in by a passkey or a recovery code', async () => {
    const { held } = await addPasskey(operator, origin)
    const [code = ''] = listAt(await operator('person:recovery-codes'), 'codes').map(String)
    await world.tamper(
      `insert into sign_in_rules (org_id, require_sso, step_up_seconds) values ($1, true, 28800)
      on conflict (org_id) do update set require_sso = true`,
      [world.starter.org],
    )
    await refused(signIn(held), 'sso_required')
    await refused(world.twinlock.signIn.recoverByCode({ organization: 'starter', code, ...asked }), 'sso_required')
    await world.tamper('update sign_in_rules set require_sso = false where org_id = $1', [world.starter.org])
    assert.ok(await signIn(held))
  })
})
