// Signing in through a real OpenID provider in this process, over sockets, as people do it and as people do it who should not get in.
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { actWith, asPart, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { handBrowser } from '../../../test/harness/browser-by-hand.ts'
import { client, type RealProvider, startProvider } from '../../../test/harness/openid-provider.ts'
import { openSigningIn, refusedWith, type SigningIn, sessionIn } from '../../../test/harness/signing-in.ts'
import { newId } from '../../kernel/index.ts'

let s: SigningIn
let provider: RealProvider
let sso: string

before(async () => {
  s = await openSigningIn()
  provider = await startProvider(s.url)
  provider.people.set('u-admin', { email: 'admin@starter.example', email_verified: true, name: 'The Admin' })
  provider.people.set('u-reviewer', { email: 'Reviewer@Starter.example', email_verified: true })
  provider.people.set('u-new', { email: 'new.one+x@starter.example', email_verified: true, name: 'New\u0000 One' })
  provider.people.set('u-unverified', { email: 'operator@starter.example', email_verified: false })
  provider.people.set('u-elsewhere', { email: 'somebody@elsewhere.example', email_verified: true })
  provider.people.set('u-usurper', { email: 'admin@starter.example', email_verified: true })
  sso = await s.connect(
    { slug: 'corp', name: 'The company', issuer: provider.issuer, clientId: client.id, secret: client.secret, stepUpAcr: 'two-factors' },
    'starter.example',
  )
})
after(async () => {
  await s?.close()
  await provider?.close()
})

const as = async (who: string, query = 'organization=starter') => {
  provider.signsIn = who
  return s.signIn(query)
}

describe('signing in through a provider', () => {
  it('finds the person by his verified address in a proved domain, and opens a session like any other', async () => {
    const { browser, location } = await as('u-admin', `organization=starter&return=${encodeURIComponent('/console/runs?state=live')}`)
    assert.equal(location, '/console/runs?state=live')
    const shown = await s.actOf(browser)('session:show')
    assert.equal(textAt(shown, 'id'), s.world.starter.people.admin)
    const [entry] = await s.world.rows(`select actor_id, body from entry where action = 'session:create' order by id desc limit 1`)
    assert.equal(entry?.actor_id, s.world.starter.people.admin)
    assert.match(String(entry?.body), /"via":"sso"/)
    assert.doesNotMatch(String(entry?.body), /127\.0\.0\.1|starter\.example/)
  })

  it('finds the provider by the domain of an address, whoever’s it is', async () => {
    provider.signsIn = 'u-reviewer'
    const { browser } = await s.signIn(`email=${encodeURIComponent('somebody.else@STARTER.example')}`)
    assert.equal(textAt(await s.actOf(browser)('session:show'), 'id'), s.world.starter.people.reviewer)
  })

  it('lets nobody in whom the provider does not vouch for, or whom nobody here knows', async () => {
    for (const who of ['u-unverified', 'u-elsewhere', 'u-new', 'nobody-at-all']) {
      assert.equal(refusedWith((await as(who)).location), 'sign_in_unmatched', who)
    }
    assert.deepEqual(await s.world.rows(`select id from person where email like 'new%'`), [])
  })

  it('links somebody once who comes for the first time in two tabs at once, and lets both in', async () => {
    const [{ person_id, subject } = {}] = await s.world.rows('select person_id, subject from sso_identity where sso_id = $1 limit 1', [sso])
    const again = { action: 'sso:link', input: { sso, subject, emailVerified: false }, requestId: 'req_test' }
    const answer = await s.world.twinlock.door.govern({ ...again, credential: { kind: 'system', org: s.world.org, part: 'sign-in' } })
    assert.deepEqual([answer.result, answer.entry], [{ person: person_id, provisioned: false }, null])
  })

  it('signs nobody in as who had an address before him', async () => {
    assert.equal(refusedWith((await as('u-usurper')).location), 'sign_in_unmatched')
  })

  it('adds people of its domains once it may, with nothing granted and a plain name, and finds them again', async () => {
    const admin = await s.world.as('admin')
    await admin('sso:change', { sso, provisions: true, clearance: 'public' })
    const { browser } = await as('u-new')
    const shown = await s.actOf(browser)('session:show')
    assert.deepEqual([at(shown, 'person', 'slug'), at(shown, 'person', 'name'), listAt(shown, 'grants')], ['new-one-x', 'New One', []])
    assert.equal(textAt(await s.actOf((await as('u-new')).browser)('session:show'), 'id'), textAt(shown, 'id'))
    assert.equal(refusedWith((await as('u-elsewhere')).location), 'sign_in_unmatched')
    await admin('sso:change', { sso, provisions: false })
  })

  it('lets nobody in again who left here, whatever the provider says of him', async () => {
    const admin = await s.world.as('admin')
    await admin('sso:change', { sso, provisions: true })
    provider.people.set('u-leaver', { email: 'leaver@starter.example', email_verified: true })
    const { browser } = await as('u-leaver')
    const person = textAt(await s.actOf(browser)('session:show'), 'id')
    await admin('person:offboard', { person })
    assert.equal(await codeOf(s.actOf(browser)('session:show')), 'unauthenticated')
    assert.equal(refusedWith((await as('u-leaver')).location), 'unauthenticated')
    provider.people.set('u-leaver-anew', { email: 'leaver@starter.example', email_verified: true })
    assert.equal(refusedWith((await as('u-leaver-anew')).location), 'sign_in_unmatched')
    await admin('sso:change', { sso, provisions: false })
  })

  it('proves itself by a key that never leaves, where no secret was given', async () => {
    const admin = await s.world.as('admin')
    const made = await admin('sso:create', { slug: 'by-key', name: 'By key', issuer: provider.issuer, clientId: 'twinlock-by-key' })
    const other = await startProvider(s.url, { keys: [JSON.parse(textAt(made, 'publicJwk'))] })
    try {
      // The same connection at a provider that knows its key; an issuer cannot be changed, so a new one is made with the first one's key in the store.
      await s.world.tamper('update sso set issuer = $1 where id = $2', [other.issuer, textAt(made, 'id')])
      await s.world.tamper(`update domain set sso_id = $1 where name = 'starter.example'`, [textAt(made, 'id')])
      other.people.set('u-operator', { email: 'operator@starter.example', email_verified: true })
      other.signsIn = 'u-operator'
      const { browser } = await s.signIn('email=x@starter.example')
      assert.equal(textAt(await s.actOf(browser)('session:show'), 'id'), s.world.starter.people.operator)
    } finally {
      await other.close()
      await s.world.tamper(`update domain set sso_id = $1 where name = 'starter.example'`, [sso])
    }
    assert.equal(textAt(await admin('sso:retire', { sso: textAt(made, 'id') }), 'state'), 'retired')
  })

  it('never shows a credential, and keeps none in the clear', async () => {
    const admin = await s.world.as('admin')
    const shown = JSON.stringify([await admin('sso:show', { sso }), await admin('sso:list'), await admin('sso:test', { sso })])
    assert.doesNotMatch(shown, new RegExp(client.secret))
    const [row] = await s.world.rows('select sealed from sso where id = $1', [sso])
    assert.ok(Buffer.isBuffer(row?.sealed) && !row.sealed.includes(client.secret))
    assert.equal(at(await admin('sso:test', { sso }), 'works'), true)
  })

  it('tells an organization without a provider from none by nothing', async () => {
    const turned = async (query: string) => (await handBrowser().get(`${s.url}/sso/start?${query}`)).headers.get('location') ?? ''
    for (const query of ['organization=nobody', 'email=x@nowhere.example', 'email=nonsense', '', `organization=${'x'.repeat(300)}`]) {
      const location = await turned(query)
      assert.ok(['not_found', 'invalid'].includes(refusedWith(location)), `${query}: ${location}`)
    }
  })
})

describe('who should not get in', () => {
  it('finishes nothing in a browser that did not begin it: a link to a callback signs nobody in as somebody else', async () => {
    provider.signsIn = 'u-admin'
    const callback = await s.toCallback(handBrowser(), 'organization=starter')
    const victim = handBrowser()
    assert.equal(refusedWith((await victim.get(callback)).headers.get('location') ?? ''), 'sign_in_expired')
    // Nor in one that has begun a sign-in of its own.
    await victim.get(`${s.url}/sso/start?organization=starter`)
    assert.equal(refusedWith((await victim.get(callback)).headers.get('location') ?? ''), 'sign_in_refused')
    assert.throws(() => sessionIn(victim, s.url))
  })

  it('leaves no session alive that the browser held when it began: its cookie does not come along from the provider’s site', async () => {
    const { browser } = await as('u-admin')
    const held = sessionIn(browser, s.url)
    const callback = await s.toCallback(browser, 'organization=starter&step-up=1')
    const jar = browser.cookies.get(new URL(s.url).host)
    for (const name of [...(jar?.keys() ?? [])]) if (name.startsWith('twinlock-session-')) jar?.delete(name)
    assert.equal((await browser.get(callback)).headers.get('location'), '/console/')
    assert.notEqual(sessionIn(browser, s.url), held)
    assert.equal(await codeOf(actWith(s.world.twinlock.door, { kind: 'session', token: held })('session:show')), 'unauthenticated')
    // One that signs nobody in leaves him signed in as he was.
    await browser.get(`${s.url}/sso/start?organization=starter`)
    assert.equal(refusedWith((await browser.get(`${s.url}/sso/callback?code=x&state=y`)).headers.get('location') ?? ''), 'sign_in_refused')
    assert.equal(textAt(await s.actOf(browser)('session:show'), 'name'), 'admin')
  })

  it('takes an answer once, even with the cookie that began it', async () => {
    provider.signsIn = 'u-admin'
    const browser = handBrowser()
    const callback = await s.toCallback(browser, 'organization=starter')
    const cookies = new Map(browser.cookies.get(new URL(s.url).host))
    assert.equal((await browser.get(callback)).headers.get('location'), '/console/')
    browser.cookies.set(new URL(s.url).host, cookies)
    assert.equal(refusedWith((await browser.get(callback)).headers.get('location') ?? ''), 'sign_in_refused')
  })

  it('refuses an answer whose state or issuer is another one, or that is missing, doubled or an error', async () => {
    const spoiled: readonly ((query: URLSearchParams) => void)[] = [
      (query) => query.set('state', 'x'.repeat(43)),
      (query) => query.delete('state'),
      (query) => query.set('iss', 'https://evil.example'),
      (query) => query.delete('iss'),
      (query) => query.append('iss', 'https://evil.example'),
      (query) => query.append('state', 'another'),
      (query) => query.delete('code'),
      (query) => query.set('error', 'access_denied'),
    ]
    for (const [number, spoil] of spoiled.entries()) {
      const browser = handBrowser()
      const callback = new URL(await s.toCallback(browser, 'organization=starter'))
      spoil(callback.searchParams)
      const location = (await browser.get(callback.href)).headers.get('location') ?? ''
      assert.equal(refusedWith(location), 'sign_in_refused', `spoiled ${number}`)
    }
  })

  it('goes on to no page but one of the console', async () => {
    const pages = [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/console/../sso/start',
      '/console/\\evil',
      '/console/%0d%0aset-cookie:x',
      'javascript:alert(1)',
      '/consoles/',
    ]
    provider.signsIn = 'u-admin'
    for (const page of pages) {
      const { location } = await s.signIn(`organization=starter&return=${encodeURIComponent(page)}`)
      const landed = new URL(location, s.url)
      assert.equal(landed.origin, s.url, page)
      assert.ok(
        landed.pathname.startsWith('/console/') && !location.includes('evil\\') && !/[\r\n]/.test(location),
        `${page} → ${location}`,
      )
    }
  })

  it('gives the browser a cookie that no script reads and that other sites’ redirects bring back, and forgets it', async () => {
    const answer = await fetch(`${s.url}/sso/start?organization=starter`, { redirect: 'manual' })
    const [cookie = ''] = answer.headers.getSetCookie()
    assert.match(cookie, /^twinlock-sign-in=org_[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
    assert.doesNotMatch(answer.headers.get('location') ?? '', /verifier/)
    const turned = await fetch(`${s.url}/sso/callback?code=x&state=y`, {
      redirect: 'manual',
      headers: { cookie: cookie.split(';')[0] ?? '' },
    })
    assert.match(turned.headers.getSetCookie()[0] ?? '', /^twinlock-sign-in=; Max-Age=0/)
  })

  it('opens no door with what only looks like a proof', async () => {
    const forged = { kind: 'provider', org: s.world.org, proof: { sso, subject: 'u-admin', attempt: 'x' } } as never // what a caller of the door could make up
    assert.equal(await codeOf(actWith(s.world.twinlock.door, forged)('session:create')), 'internal')
    const admin = await s.world.as('admin')
    assert.equal(await codeOf(admin('sso:link', { sso, subject: 'me', emailVerified: true, email: 'admin@starter.example' })), 'denied')
  })
})

describe('domains', () => {
  it('are proved by what DNS says, and by nothing else', async () => {
    const admin = await s.world.as('admin')
    const claimed = await admin('domain:claim', { name: 'Other.Example', sso })
    const domain = textAt(claimed, 'id')
    const name = textAt(claimed, 'record', 'name')
    assert.equal(name, '_twinlock.other.example')
    for (const told of [[], ['twinlock-domain-verification='], [`${textAt(claimed, 'record', 'value')}x`]]) {
      s.records.set(name, told)
      assert.equal(await codeOf(admin('domain:verify', { domain })), 'domain_unproved')
    }
    s.records.set(name, [textAt(claimed, 'record', 'value')])
    assert.equal(textAt(await admin('domain:verify', { domain }), 'state'), 'verified')
    await admin('domain:release', { domain })
    for (const bad of ['localhost', '10.0.0.1', 'a..b', '-a.example', 'exämple.com', `${'a'.repeat(64)}.example`])
      assert.equal(await codeOf(admin('domain:claim', { name: bad, sso })), 'invalid', bad)
  })

  it('belong to one organization at a time, and a claim alone stands in nobody’s way', async () => {
    const { door, outside } = s.world.twinlock
    const org = newId('org', outside)
    const part = asPart(door, org, 'starter')
    await part('organization:create', { slug: 'thieves', name: 'Thieves' })
    const person = textAt(await part('person:create', { slug: 'thief', name: 'Thief', email: 'thief@thieves.example' }), 'id')
    await part('grant:create', { principal: person, role: 'admin', reason: 'A test needs it.' })
    const thief = actWith(door, await sessionOf(door, org, person))
    const theirs = textAt(
      await thief('sso:create', { slug: 'x', name: 'X', issuer: provider.issuer, clientId: client.id, secret: client.secret }),
      'id',
    )
    const claimed = await thief('domain:claim', { name: 'starter.example', sso: theirs })
    const record = s.records.get('_twinlock.starter.example') ?? []
    s.records.set('_twinlock.starter.example', [...record, textAt(claimed, 'record', 'value')])
    assert.equal(await codeOf(thief('domain:verify', { domain: textAt(claimed, 'id') })), 'domain_taken')
    assert.equal(await codeOf(thief('sso:show', { sso })), 'not_found')
    assert.equal(await codeOf(thief('domain:claim', { name: 'more.example', sso })), 'not_found')
    // The address still leads home, not to the thieves; through their own door the provider's word is worth nothing for it.
    provider.signsIn = 'u-admin'
    assert.equal(textAt(await s.actOf((await s.signIn('email=a@starter.example')).browser)('session:show'), 'organization'), s.world.org)
    assert.equal(refusedWith((await s.signIn('organization=thieves')).location), 'sign_in_unmatched')
  })
})

describe('sessions', () => {
  it('are listed to their person and to administrators with device and place, and end when either says so', async () => {
    const reviewer = await as('u-reviewer')
    const act = s.actOf(reviewer.browser)
    const person = s.world.starter.people.reviewer
    const here = listAt(await act('person:sessions', { person }), 'items').find((one) => at(one, 'here') === true)
    assert.deepEqual(
      [at(here, 'via'), at(here, 'device'), at(here, 'address'), at(here, 'acr')],
      ['sso', 'Firefox on Linux', '127.0.0.1', 'two-factors'],
    )
    const author = await s.world.as('author')
    assert.equal(await codeOf(author('person:sessions', { person })), 'denied')
    const session = textAt(here, 'id')
    assert.equal(await codeOf(author('session:revoke', { session })), 'denied')
    const admin = await s.world.as('admin')
    assert.equal(at(await admin('session:revoke', { session }), 'ended'), true)
    assert.equal(await codeOf(act('session:show')), 'unauthenticated')
  })

  it('last shorter for whoever can let something out, and end when they lie unused', async () => {
    const lasts = async (person: 'reviewer' | 'author') => {
      const act = await s.world.as(person)
      const one = listAt(await act('person:sessions', { person: s.world.starter.people[person] }), 'items').find(
        (it) => at(it, 'here') === true,
      )
      return [
        (Date.parse(textAt(one, 'expiresAt')) - Date.parse(textAt(one, 'createdAt'))) / 3600_000,
        Number(at(one, 'idleSeconds')) / 3600,
      ]
    }
    assert.deepEqual(
      [await lasts('reviewer'), await lasts('author')],
      [
        [8, 2],
        [12, 6],
      ],
    )
    const credential = await s.world.credentialOf('deployer')
    const { deployer: person, owner } = s.world.starter.people
    const admin = await s.world.as('admin')
    const listed = async (who: string) => listAt(await admin('person:sessions', { person: who }), 'items')
    assert.ok((await listed(person)).length > 0)
    const ofPerson = 'where session_id in (select id from session where person_id = $1)'
    await s.world.tamper(`update session_seen set at = at - interval '121 minutes' ${ofPerson}`, [person])
    assert.equal(await codeOf(actWith(s.world.twinlock.door, credential)('session:show')), 'unauthenticated')
    assert.deepEqual(await listed(person), [], 'and are listed no more')
    // Limits that came to hold after it was opened, as they are noted when it is seen.
    await s.world.credentialOf('owner')
    const soon = new Date(s.world.clock.now() + 600_000)
    await s.world.tamper(`update session_seen set ends_at = $2, idle_seconds = 300 ${ofPerson}`, [owner, soon])
    assert.deepEqual(
      (await listed(owner)).map((one) => [at(one, 'expiresAt'), at(one, 'idleSeconds')]),
      [[soon.toISOString(), 300]],
    )
  })

  it('are asked to begin anew before what cannot be taken back, when they are not fresh', async () => {
    const { browser } = await as('u-admin')
    const act = s.actOf(browser)
    await act('organization:step-up', { minutes: 5 })
    await s.world.tamper(`update session set authenticated_at = authenticated_at - interval '6 minutes' where sso_id = $1`, [sso])
    const refusal = await refusalOf(act('sso:change', { sso, name: 'Renamed' }))
    assert.deepEqual([refusal.code, refusal.notes.next], ['step_up_required', 'Sign in again, then repeat it.'])
    assert.equal(
      (await s.world.rows(`select outcome from entry where action = 'sso:change' order by id desc limit 1`))[0]?.outcome,
      'denied',
    )
    assert.equal(textAt(await act('sso:show', { sso }), 'name'), 'The company')
    const again = s.actOf((await as('u-admin', 'organization=starter&step-up=1')).browser)
    assert.equal(textAt(await again('sso:change', { sso, name: 'Renamed', stepUpAcr: 'hardware' }), 'name'), 'Renamed')
    // Fresh, but not by the means that the connection now asks for.
    assert.equal(await codeOf(again('sso:change', { sso, name: 'Again' })), 'step_up_required')
    const admin = await s.world.as('admin')
    await admin('sso:change', { sso, stepUpAcr: 'two-factors' })
    assert.equal(textAt(await again('sso:change', { sso, name: 'Again' }), 'name'), 'Again')
    await admin('organization:step-up', { minutes: 480 })
  })
})

describe('a provider that never answers', () => {
  it('holds up whoever asks it, and nobody of the same address who comes in by another way', async () => {
    const sockets: Socket[] = []
    let reached = (): void => undefined
    const silent = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      if (sockets.length === 16) reached()
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const full = new Promise<void>((resolve) => {
      reached = resolve
    })
    const where = silent.address()
    assert.ok(typeof where === 'object' && where !== null)
    const { id, secret } = client
    const issuer = `http://127.0.0.1:${where.port}`
    const gone = await s.connect({ slug: 'silent', name: 'Silent', issuer, clientId: id, secret }, 'silent.example')
    const admin = await s.world.as('admin')
    const link = textAt(await admin('person:link', { person: s.world.starter.people.operator }), 'token')
    const begun = Array.from({ length: 24 }, () => handBrowser().get(`${s.url}/sso/start?email=x@silent.example`))
    try {
      await full
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${link}` }
      assert.equal((await fetch(`${s.url}/v1/sessions`, { method: 'POST', headers, body: '{}' })).status, 200)
    } finally {
      silent.close()
      for (const socket of sockets) socket.destroy()
    }
    const ends = await Promise.all(begun.map(async (one) => refusedWith((await one).headers.get('location') ?? '')))
    assert.deepEqual([...new Set(ends)], ['provider_failed'])
    await admin('sso:retire', { sso: gone })
  })
})

describe('an organization that requires its provider', () => {
  it('ends every other session and link, and takes no new one but a break-glass link that everybody sees', async () => {
    const admin = await s.world.as('admin')
    const { people } = s.world.starter
    assert.equal(await codeOf(admin('organization:require-sso', { required: true, reason: 'Locked out?' })), 'conflict')
    const waiting = textAt(await admin('person:link', { person: people.auditor }), 'token')
    const act = s.actOf((await as('u-admin')).browser)
    await act('organization:require-sso', { required: true, reason: 'Enterprise sign-in alone.' })
    const link = (token: string) => actWith(s.world.twinlock.door, { kind: 'link', token })('session:create')
    assert.equal(await codeOf(admin('session:show')), 'unauthenticated')
    assert.equal(await codeOf(link(waiting)), 'unauthenticated')
    assert.equal(await codeOf(act('person:link', { person: people.auditor })), 'sso_required')
    assert.equal(await codeOf(act('sso:retire', { sso })), 'conflict')
    const glass = textAt(await act('person:break-glass', { person: people.auditor, reason: 'The provider is down.' }), 'token')
    const auditor = actWith(s.world.twinlock.door, { kind: 'session', token: textAt(await link(glass), 'token') })
    const broken = async (who: typeof act) =>
      listAt(await who('attention:list'), 'items').flatMap((item) => (at(item, 'kind') === 'broken_glass' ? [at(item, 'title')] : []))
    assert.deepEqual(await broken(act), ['Starter Auditor signed in past the provider'])
    await link(textAt(await act('person:break-glass', { person: people.admin, reason: 'I need it.' }), 'token'))
    const both = ['You signed in past the provider', 'Starter Admin signed in past the provider']
    assert.deepEqual(await broken(auditor), both, 'he himself is told, and whoever is the only administrator is seen')
    const forOperator = textAt(await act('person:break-glass', { person: people.operator, reason: 'He asked.' }), 'token')
    const operator = actWith(s.world.twinlock.door, { kind: 'session', token: textAt(await link(forOperator), 'token') })
    assert.deepEqual(await broken(operator), ['You signed in past the provider'], 'and nobody of others who oversees nothing')
    const [seen] = await s.world.rows(`select body from entry where action = 'session:create' order by id desc limit 1`)
    assert.match(String(seen?.body), /"via":"break_glass"/)
    // Somebody in an administrator's session who makes his way past the provider: all of it is told, to him too, and a new title alone is not.
    const told = async (who = act) =>
      listAt(await who('attention:list'), 'items').flatMap((item) => {
        const kind = String(at(item, 'kind'))
        return kind.startsWith('provider_') ? [`${kind} ${at(item, 'why')}`] : []
      })
    const before = (await told()).length
    const domainTold =
      'provider_changed Starter Admin proved a domain for this provider. It says who signs in: see that somebody can say why.'
    await act('sso:change', { sso, name: 'The company itself' })
    assert.equal((await told()).length, before)
    await act('sso:change', { sso, secret: 'another secret of the client' })
    await act('sso:change', { sso, secret: client.secret })
    await act('organization:require-sso', { required: false, reason: 'The test is over.' })
    const since = await told()
    assert.equal(since.length, before + 3)
    assert.equal(since.filter((why) => /^provider_changed Starter Admin changed how .*\(secret\)/.test(why)).length, 2)
    assert.equal(since.filter((why) => why.startsWith('provider_not_required Starter Admin stopped')).length, 1)
    assert.equal((await told(await s.world.as('auditor'))).length, since.length)
    assert.ok(since.includes(domainTold), 'a domain that was proved is told')
    assert.deepEqual(await told(operator), [])
  })

  it('signs the browser out of the provider as well, and ends sessions when the connection is retired', async () => {
    const { browser } = await as('u-admin')
    const headers = {
      cookie: [...(browser.cookies.get(new URL(s.url).host) ?? [])].map(([k, v]) => `${k}=${v}`).join('; '),
      'twinlock-console': '1',
      origin: s.url,
      'content-type': 'application/json',
    }
    const answer = await fetch(`${s.url}/console/session/end`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ organization: s.world.org }),
    })
    const told: unknown = await answer.json()
    assert.match(textAt(told, 'continueAt'), new RegExp(`^${provider.issuer}/session/end\\?`))
    const act = s.actOf((await as('u-admin')).browser)
    await act('sso:retire', { sso })
    assert.equal(await codeOf(act('session:show')), 'unauthenticated')
    const turned = await handBrowser().get(`${s.url}/sso/start?organization=starter`)
    assert.equal(refusedWith(turned.headers.get('location') ?? ''), 'not_found')
  })
})
