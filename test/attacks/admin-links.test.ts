// Admin links: what a customer's administrator sets up with one, what comes of it only when somebody here accepts it, and what whoever found the link, or has
// more of them than he should, does not reach.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { wouldAllow } from '../../src/access/index.ts'
import { adminLinkOf } from '../../src/identity/index.ts'
import { newId, organizationEntity } from '../../src/kernel/index.ts'
import { type Act, actWith, asPart, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../harness/acting.ts'
import { metadataOf, sampleMetadata, signingKey } from '../harness/saml-metadata.ts'
import { openWorld, type World } from '../harness/world.ts'

const reason = 'A test needs it.'
const records = new Map<string, string>()
/** What name servers wait for before they answer. */
let slowly: Promise<void> = Promise.resolve()

let world: World
let admin: Act
let number = 0

before(async () => {
  const textRecords = async (name: string) => {
    await slowly
    return [...records].flatMap(([record, value]) => (record === name ? [value] : []))
  }
  world = await openWorld({ isIdle: true, replace: { textRecords } })
  admin = await world.as('admin')
})
after(() => world.close())

interface Link {
  readonly id: string
  readonly token: string
  readonly act: Act
}

async function linkFrom(maker: Act, input: object = {}): Promise<Link> {
  const made = await maker('link:create', { name: 'Their IT', reason, ...input })
  const token = textAt(made, 'token')
  return { id: textAt(made, 'id'), token, act: actWith(world.twinlock.door, { kind: 'admin_link', token }) }
}

/** Accepts what was set up by a link, as it stands. */
const accept = async (act: Act, link: string) => act('link:accept', { link, seen: await seenBy(act, link), reason })
const seenBy = async (act: Act, link: string) => at(await act('link:show', { link }), 'waiting', 'seen') ?? `sha256:${'0'.repeat(64)}`

const newSlug = () => `by-link-${number++}`
async function saml(act: Act, more: object = {}): Promise<string> {
  const slug = newSlug()
  return textAt(await act('sso:create-saml', { slug, name: slug, metadata: await sampleMetadata(slug), ...more }), 'id')
}
async function directory(act: Act, more: object = {}) {
  const slug = newSlug()
  const made = await act('directory:create', { slug, name: slug, ...more })
  return { id: textAt(made, 'directory'), say: actWith(world.twinlock.door, { kind: 'directory', token: textAt(made, 'token') }) }
}
const user = () => ({ body: { userName: newSlug(), emails: [{ value: `${newSlug()}@their.example` }] } })

describe('an admin link', () => {
  it('sets up a connection, proves its domain, opens a directory; none of it counts before somebody here accepts it, which ends the link', async () => {
    const link = await linkFrom(admin)
    const sso = await saml(link.act)
    const claimed = await link.act('domain:claim', { name: 'their.example', sso })
    records.set(textAt(claimed, 'record', 'name'), textAt(claimed, 'record', 'value'))
    assert.equal(textAt(await link.act('domain:verify', { domain: textAt(claimed, 'id') }), 'state'), 'verified')
    const theirs = await directory(link.act)
    const shown = await link.act('link:purpose')
    assert.deepEqual([shown.sso, shown.directory, shown.purpose], [sso, theirs.id, 'both'])
    assert.equal(textAt(await link.act('sso:show', { sso }), 'state'), 'proposed')
    assert.equal(at(await link.act('sso:test', { sso }), 'works'), true)
    const { twinlock, org } = world
    assert.match(await twinlock.signIn.samlMetadata({ org, sso, baseUrl: 'https://twinlock.example' }), new RegExp(sso), 'for the provider')
    assert.equal(listAt(await link.act('domain:list', { sso }), 'items').length, 1)
    assert.equal(at(await link.act('directory:show', { directory: theirs.id }), 'users'), 0)

    assert.equal(at(await theirs.say('directory:find-users', {}), 'total'), 0, 'its token may look, so that the provider can test it')
    assert.equal(await codeOf(theirs.say('directory:create-user', user())), 'denied')
    const newcomer = { sso, subject: 'somebody', email: 'somebody@their.example', emailVerified: true }
    assert.equal(await codeOf(world.part('sign-in')('sso:link', newcomer)), 'sign_in_refused')
    const when = [{ attribute: 'department', oneOf: ['x'] }]
    const mapping = { slug: 'of-theirs', title: 'Theirs', when, directory: sso, gives: [{ role: 'observer' }], reason }
    assert.equal(await codeOf(admin('mapping:create', mapping)), 'invalid')

    const waits = listAt(await admin('attention:list'), 'items').find((one) => at(one, 'kind') === 'set_up_to_accept')
    assert.deepEqual([at(waits, 'subject', 'id'), at(waits, 'title')], [link.id, 'Their IT'])
    const [waiting] = listAt(await admin('link:list'), 'items')
    assert.deepEqual([at(waiting, 'id'), at(waiting, 'state'), at(waiting, 'waits')], [link.id, 'open', true])
    const looked = await admin('link:show', { link: link.id })
    assert.deepEqual(at(looked, 'waiting', 'sso', 'domains'), ['their.example'])
    assert.equal(at(looked, 'waiting', 'directory', 'id'), theirs.id)
    assert.deepEqual(await accept(admin, link.id), { id: link.id, sso, directory: theirs.id })
    assert.equal(textAt(await admin('sso:show', { sso }), 'state'), 'active')
    assert.ok(textAt(await theirs.say('directory:create-user', user()), 'resource', 'id').startsWith('per_'))
    assert.equal(await codeOf(link.act('link:purpose')), 'unauthenticated')
    assert.equal(await codeOf(link.act('sso:change', { sso, metadata: await sampleMetadata('evil') })), 'unauthenticated')
    assert.equal(await codeOf(accept(admin, link.id)), 'conflict')
    assert.equal((await admin('link:show', { link: link.id })).waiting, null)
  })

  it('is shown once and kept as a hash; what is done by it is recorded with whoever made it', async () => {
    const link = await linkFrom(admin)
    const sso = await saml(link.act)
    const kept = await world.rows(
      'select t::text as text from admin_link t union all select body from entry union all select content from sidecar',
    )
    assert.ok(!kept.some(({ text }) => String(text).includes(link.token.split('.')[1] ?? 'nothing')))
    const [entry] = await world.rows(`select body from entry where action = 'sso:create-saml' order by id desc limit 1`)
    const actor = JSON.parse(String(entry?.body)).actor
    assert.deepEqual([actor.type, actor.id, actor.chain], ['AdminLinkIdentity', link.id, [link.id, world.starter.people.admin]])
    assert.match(String(entry?.body), new RegExp(sso))
  })

  it('makes one connection and one directory, and of each only what it is for', async () => {
    const [both, signIn] = [await linkFrom(admin), await linkFrom(admin, { purpose: 'sign-in' })]
    await saml(both.act)
    assert.equal(await codeOf(saml(both.act)), 'denied')
    await directory(both.act)
    assert.equal(await codeOf(directory(both.act)), 'denied')
    assert.equal(await codeOf(directory(signIn.act)), 'denied')
    const raced = await linkFrom(admin)
    const made = await Promise.allSettled([saml(raced.act), saml(raced.act), saml(raced.act)])
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1)
  })
})

describe('whoever holds an admin link', () => {
  it('takes the store from nobody by name servers that answer slowly: few are waited for at once, and one more is refused', async () => {
    const link = await linkFrom(admin)
    const domain = textAt(await link.act('domain:claim', { name: 'slow.example', sso: await saml(link.act) }), 'id')
    const { promise, resolve: answer } = Promise.withResolvers<void>()
    slowly = promise
    const asked = Array.from({ length: 30 }, () => codeOf(link.act('domain:verify', { domain })))
    const others = await Promise.race([Promise.all(Array.from({ length: 12 }, () => admin('session:show'))), Promise.allSettled(asked)])
    answer()
    const codes = await Promise.all(asked)
    assert.equal(others.length, 12, 'others were served while all of them waited')
    assert.deepEqual([codes.filter((code) => code === 'busy').length, codes.filter((code) => code === 'domain_unproved').length], [27, 3])
  })

  it('reaches no other action at all: decided by its kind, whatever it would be done to', async () => {
    const { token } = await linkFrom(admin)
    const { door, decider, outside } = world.twinlock
    const principal = await outside.store.transact(world.org, (tx) => adminLinkOf(tx, token, outside))
    const located = { resource: organizationEntity(world.org), found: undefined }
    const may = door.catalogue.filter(
      (capability) => wouldAllow(decider, { capability, principal, located, policies: [], version: 1, now: Date.now() }).allowed,
    )
    assert.deepEqual(may, [])
    const its = door.catalogue.filter(({ by }) => by.includes('admin_link')).map(({ name }) => name)
    assert.deepEqual(its.sort(), [
      'directory:create',
      'directory:deliveries',
      'directory:rotate-token',
      'directory:show',
      'domain:claim',
      'domain:list',
      'domain:release',
      'domain:verify',
      'link:purpose',
      'sso:change',
      'sso:create',
      'sso:create-saml',
      'sso:show',
      'sso:test',
      'sso:try',
    ])
  })

  it('sees no people, gives nobody a role, makes no link and accepts nothing: each refused and recorded', async () => {
    const { act, id } = await linkFrom(admin)
    const person = world.starter.people.admin
    const tried: readonly (readonly [string, object])[] = [
      ['person:list', {}],
      ['person:create', { slug: 'mole', name: 'Mole', email: 'mole@their.example' }],
      ['person:link', { person }],
      ['grant:create', { principal: person, role: 'admin', reason }],
      ['sso:list', {}],
      ['domain:list', {}],
      ['directory:list', {}],
      ['organization:require-sso', { required: true, reason }],
      ['link:create', { name: 'Another', reason }],
      ['link:list', {}],
      ['link:show', { link: id }],
      ['link:accept', { link: id, seen: await seenBy(admin, id), reason }],
      ['link:revoke', { link: id, reason }],
      ['access:check', { questions: [{ action: 'person:list', input: {} }] }],
      ['session:show', {}],
      ['ledger:list', {}],
    ]
    for (const [action, input] of tried) assert.equal(await codeOf(act(action, input)), 'denied', action)
    const entries = await world.rows(`select action from entry where actor_id = $1 and outcome = 'denied'`, [id])
    assert.deepEqual(entries.map(({ action }) => action).sort(), tried.map(([action]) => action).sort())
  })

  it('reaches no connection, domain or directory but those that it made', async () => {
    const [mine, others] = [await linkFrom(admin), await linkFrom(admin)]
    await saml(mine.act)
    const sso = await saml(others.act)
    const domain = textAt(await others.act('domain:claim', { name: 'others.example', sso }), 'id')
    const { id: theirs } = await directory(admin)
    const ours = await saml(admin)
    for (const [action, input] of [
      ['sso:show', { sso }],
      ['sso:test', { sso: ours }],
      ['sso:change', { sso: ours, metadata: await sampleMetadata('evil') }],
      ['domain:claim', { name: 'evil.example', sso: ours }],
      ['domain:list', { sso: ours }],
      ['domain:verify', { domain }],
      ['domain:release', { domain }],
      ['directory:show', { directory: theirs }],
      ['directory:rotate-token', { directory: theirs }],
      ['directory:deliveries', { directory: theirs }],
    ] as const)
      assert.equal(await codeOf(mine.act(action, input)), 'denied', action)
  })

  it('lets nobody in by what it sets up: adds nobody, raises no clearance, takes nobody over, names nobody', async () => {
    const { act } = await linkFrom(admin)
    for (const more of [{ provisions: true }, { clearance: 'restricted' }]) assert.equal(await codeOf(saml(act, more)), 'denied')
    for (const more of [{ adopts: true }, { owner: world.starter.people.owner }]) assert.equal(await codeOf(directory(act, more)), 'denied')
    const sso = await saml(act)
    for (const more of [{ provisions: true }, { clearance: 'confidential' }])
      assert.equal(await codeOf(act('sso:change', { sso, ...more })), 'denied')
  })

  it('has nothing accepted but what was looked at: whatever he changes after that is refused until it is looked at again', async () => {
    const link = await linkFrom(admin)
    const sso = await saml(link.act)
    const domain = async (name: string) => {
      const claimed = await link.act('domain:claim', { name, sso })
      records.set(textAt(claimed, 'record', 'name'), textAt(claimed, 'record', 'value'))
      return textAt(claimed, 'id')
    }
    const issuer = textAt(await link.act('sso:show', { sso }), 'issuer')
    const shown = await domain('shown.example')
    const after = await domain('after-the-look.example')
    await link.act('domain:verify', { domain: shown })
    const { id } = await directory(link.act)
    const changes: readonly (() => Promise<unknown>)[] = [
      async () =>
        link.act('sso:change', { sso, metadata: metadataOf(issuer, 'https://elsewhere.example/', [(await signingKey()).certificate]) }),
      () => link.act('sso:change', { sso, newKey: true }),
      () => link.act('sso:change', { sso, idpInitiated: true }),
      () => link.act('domain:verify', { domain: after }),
      () => link.act('domain:release', { domain: shown }),
      () => link.act('directory:rotate-token', { directory: id }),
    ]
    for (const [number, change] of changes.entries()) {
      const seen = await seenBy(admin, link.id)
      await change()
      const { code, notes } = await refusalOf(admin('link:accept', { link: link.id, seen, reason }))
      assert.deepEqual([code, notes.pointer], ['conflict', '/seen'], `change ${number}`)
      assert.equal(textAt(await admin('sso:show', { sso }), 'state'), 'proposed')
    }
    const seen = await seenBy(admin, link.id)
    const [accepted, ...others] = await Promise.allSettled([
      admin('link:accept', { link: link.id, seen, reason }),
      ...Array.from({ length: 4 }, (_, number) => link.act('sso:change', { sso, name: `Another ${number}` })),
    ])
    const isChanged = others.some(({ status }) => status === 'fulfilled')
    assert.equal(accepted?.status === 'fulfilled', !isChanged, 'of those at the same moment, none is taken into use unseen')
  })

  it('makes the server ask nothing of this machine itself', async () => {
    const { act } = await linkFrom(admin)
    const provider = { slug: newSlug(), name: 'Here', issuer: 'http://127.0.0.1:9', clientId: 'c', secret: 'a secret of it' }
    assert.equal(await codeOf(act('sso:create', provider)), 'invalid')
  })

  it('claims no more than a few domains', async () => {
    const { act } = await linkFrom(admin)
    const sso = await saml(act)
    for (let at = 0; at < 20; at++) await act('domain:claim', { name: `d${at}.of-them.example`, sso })
    const refused = await refusalOf(act('domain:claim', { name: 'one-more.of-them.example', sso }))
    assert.deepEqual([refused.code, /20/.test(refused.message)], ['too_large', true])
  })
})

it('an admin link is made and accepted by somebody who signed in lately, and by nobody who left his session open; it is ended at any time', async () => {
  const link = await linkFrom(admin)
  await saml(link.act)
  const seen = await seenBy(admin, link.id)
  await admin('organization:step-up', { minutes: 5 })
  world.clock.forward(301)
  for (const [action, input] of [
    ['link:create', { name: 'Another', reason }],
    ['link:accept', { link: link.id, seen, reason }],
  ] as const)
    assert.equal(await codeOf(admin(action, input)), 'step_up_required', action)
  assert.equal((await admin('link:revoke', { link: link.id, reason })).waits, true)
  const anew = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, world.starter.people.admin))
  await anew('organization:step-up', { minutes: 480 })
  assert.ok((await accept(anew, link.id)).sso)
})

describe('an admin link is nobody’s', () => {
  it('when its time is over, to the second', async () => {
    const { act } = await linkFrom(admin, { hours: 1 })
    world.clock.forward(3_590)
    assert.ok(await act('link:purpose'))
    world.clock.forward(11)
    assert.equal(await codeOf(act('link:purpose')), 'unauthenticated')
  })

  it('from the moment in which it was revoked, at whichever replica it is shown', async () => {
    const link = await linkFrom(admin)
    const replica = await world.another()
    const there = actWith(replica.door, { kind: 'admin_link', token: link.token })
    assert.ok(await there('link:purpose'))
    const asThere = actWith(replica.door, await world.credentialOf('admin'))
    assert.deepEqual(await asThere('link:revoke', { link: link.id, reason }), { id: link.id, waits: false })
    for (const act of [link.act, there]) {
      assert.equal(await codeOf(act('link:purpose')), 'unauthenticated')
      assert.equal(await codeOf(saml(act)), 'unauthenticated')
    }
    assert.equal(await codeOf(admin('link:revoke', { link: link.id, reason })), 'conflict')
  })

  it('when whoever made it has left: it is a line of his checklist, and its read-back finds none', async () => {
    const { door } = world.twinlock
    const maker = textAt(await admin('person:create', { slug: 'maker', name: 'Maker', email: 'maker@people.example' }), 'id')
    await world.part('starter')('grant:create', { principal: maker, role: 'admin', reason })
    const link = await linkFrom(actWith(door, await sessionOf(door, world.org, maker)))
    const sso = await saml(link.act)
    const line = async () =>
      listAt(await admin('person:leaving', { person: maker }), 'lines').find((one) => at(one, 'what') === 'admin_links')
    assert.deepEqual([at(await line(), 'outcome'), at(await line(), 'count')], ['would_end', 1])
    await admin('person:offboard', { person: maker })
    assert.equal(await codeOf(link.act('sso:show', { sso })), 'unauthenticated')
    assert.deepEqual([at(await line(), 'outcome'), at(await line(), 'remaining')], ['ended', 0])
    assert.deepEqual((await accept(admin, link.id)).sso, sso, 'what it had proposed can be accepted still')
  })

  it('in another organization, made up, cut short, or shown as something else', async () => {
    const { door, outside } = world.twinlock
    const { token } = await linkFrom(admin)
    const elsewhere = newId('org', outside)
    await asPart(door, elsewhere, 'starter')('organization:create', { slug: 'elsewhere', name: 'Elsewhere' })
    for (const made of [token.replace(world.org, elsewhere), token.slice(0, -1), `${token}A`, 'twa_'])
      assert.equal(await codeOf(actWith(door, { kind: 'admin_link', token: made })('link:purpose')), 'unauthenticated')
    for (const kind of ['session', 'link', 'directory'] as const)
      assert.equal(await codeOf(actWith(door, { kind, token })('session:show')), 'unauthenticated')
  })

  it('for a workload to make or to accept, whatever it was granted', async () => {
    await world.part('starter')('grant:create', { principal: world.starter.pipeline.id, role: 'admin', reason })
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    assert.equal(await codeOf(pipeline('link:create', { name: 'Mine', reason })), 'denied')
    const { id } = await linkFrom(admin)
    assert.equal(await codeOf(pipeline('link:accept', { link: id, seen: await seenBy(admin, id), reason })), 'denied')
  })
})
