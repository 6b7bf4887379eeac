// SAML through the whole product: whoever holds an answer that was meant for another browser, another connection or another time, and providers that say more than
// they may. What an answer itself must look like is tried in src/host/identity-providers/saml.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, at, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { type HandBrowser, handBrowser } from '../harness/browser-by-hand.ts'
import { sampleMetadata, signingKey } from '../harness/saml-metadata.ts'
import { type SamlIdentityProvider, type SamlScript, startSamlProvider } from '../harness/saml-provider.ts'
import { signOutQuery } from '../harness/saml-sign-out.ts'
import { openSigningIn, refusedWith, type SigningIn, sessionIn } from '../harness/signing-in.ts'

let s: SigningIn
let p: SamlIdentityProvider
let sso: string

const answerUrl = () => `${s.url}/sso/saml/${s.world.starter.org}/${sso}`

before(async () => {
  s = await openSigningIn()
  p = await startSamlProvider()
  const admin = await s.world.as('admin')
  const input = { slug: 'saml', name: 'By SAML', metadata: p.metadata(), provisions: true }
  sso = await s.connect(input, 'saml.example', 'sso:create-saml')
  p.register(await (await fetch(`${answerUrl()}/metadata`)).text())
  assert.equal(textAt(await admin('sso:show', { sso }), 'protocol'), 'saml')
})
after(async () => {
  await s?.close()
  await p?.close()
})

/** Begins in a browser; answers the question that the provider is asked. */
async function begun(browser: HandBrowser, query = 'organization=starter'): Promise<string> {
  const answer = await browser.get(`${s.url}/sso/start?${query}`)
  return (await p.asked(answer.headers.get('location') ?? '')).id
}

/** Brings an answer to us, and goes where it leads; answers where the browser is sent in the end. */
async function bring(browser: HandBrowser, response: string, to = answerUrl()): Promise<string> {
  const posted = await browser.postFromElsewhere(to, { SAMLResponse: response })
  const next = posted.headers.get('location') ?? `${posted.status}`
  if (!next.includes('/sso/callback')) return next
  return (await browser.get(next)).headers.get('location') ?? ''
}

const somebody: SamlScript = { nameId: 'u-1', email: 'new@saml.example' }

async function signIn(
  script: SamlScript = {},
  browser = handBrowser(),
  query?: string,
): Promise<{ browser: HandBrowser; location: string }> {
  const inResponseTo = await begun(browser, query)
  return { browser, location: await bring(browser, await p.answer({ ...somebody, inResponseTo, ...script })) }
}

describe('signing in through a SAML provider', () => {
  it('adds whom the provider vouches for and knows him by the provider’s name for him from then on, encrypted or not', async () => {
    const { browser, location } = await signIn()
    assert.equal(location, '/console/')
    const shown = await s.actOf(browser)('session:show')
    const again = await signIn({ email: 'renamed@elsewhere.example', isEncrypted: true })
    assert.equal(again.location, '/console/')
    assert.equal((await s.actOf(again.browser)('session:show')).id, shown.id)
    const [entry] = await s.world.rows(`select body from entry where action = 'session:create' order by id desc limit 1`)
    assert.match(String(entry?.body), /"via":"sso"/)
    const [session] = listAt(await s.actOf(browser)('person:sessions', { person: shown.id }), 'items')
    assert.deepEqual([at(session, 'via'), at(session, 'acr')], ['sso', 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'])
  })

  it('ends the session that the browser held when it began, whose cookie does not come along from the provider’s site', async () => {
    const { browser } = await signIn()
    const held = sessionIn(browser, s.url)
    const inResponseTo = await begun(browser)
    const jar = browser.cookies.get(new URL(s.url).host)
    for (const name of [...(jar?.keys() ?? [])]) if (name.startsWith('twinlock-session-')) jar?.delete(name)
    assert.equal(await bring(browser, await p.answer({ ...somebody, inResponseTo })), '/console/')
    assert.equal(await codeOf(actWith(s.world.twinlock.door, { kind: 'session', token: held })('session:show')), 'unauthenticated')
  })

  it('makes the provider ask anew for a step-up, and believes it only when it says that it did', async () => {
    const admin = await s.world.as('admin')
    await admin('sso:change', { sso, stepUpAcr: 'urn:two' })
    const browser = handBrowser()
    const first = await browser.get(`${s.url}/sso/start?organization=starter&step-up=1`)
    const asked = await p.asked(first.headers.get('location') ?? '')
    assert.equal(asked.isForced, true)
    assert.match(asked.xml, />urn:two</)
    await admin('grant:create', { principal: await idOf('new@saml.example'), role: 'admin', reason: 'A test needs it.' })
    await bring(browser, await p.answer({ ...somebody, inResponseTo: asked.id }))
    assert.equal(await codeOf(s.actOf(browser)('sso:change', { sso, name: 'Mine' })), 'step_up_required')
    const { browser: strong } = await signIn(
      { acr: 'urn:two', signedInAt: Date.now() - 9 * 3_600_000 },
      handBrowser(),
      'organization=starter&step-up=1',
    )
    assert.equal(await codeOf(s.actOf(strong)('sso:change', { sso, name: 'Mine' })), 'step_up_required')
    const { browser: fresh } = await signIn({ acr: 'urn:two' }, handBrowser(), 'organization=starter&step-up=1')
    await s.actOf(fresh)('sso:change', { sso, name: 'By SAML', stepUpAcr: null })
  })

  it('tells anew each time what mappings ask for, also where a command line waits: what it says no more counts no more', async () => {
    const saying = (department: string): SamlScript => ({
      before: (xml) =>
        xml.replace(
          '</saml:AttributeStatement>',
          `<saml:Attribute Name="department"><saml:AttributeValue>${department}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
        ),
    })
    const said = async () => (await s.world.rows(`select said from sso_identity where subject = 'u-1'`))[0]?.said
    await signIn(saying('Finance'))
    assert.deepEqual(await said(), { department: 'finance' })
    const verifier = 'v'.repeat(43)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const { location } = await signIn(
      saying('Legal'),
      handBrowser(),
      `organization=starter&port=50000&state=${'s'.repeat(43)}&challenge=${challenge}`,
    )
    const code = new URL(location).searchParams.get('code') ?? ''
    await s.world.twinlock.signIn.redeem({ code, verifier, device: '', requestId: 'test', address: '127.0.0.1' })
    assert.deepEqual(await said(), { department: 'legal' })
    await signIn()
    assert.deepEqual(await said(), {})
  })

  it('speaks for its own domain and for nobody else’s', async () => {
    for (const email of ['admin@starter.example', 'admin@sub.saml.example', 'admin@saml.example@starter.example'])
      assert.equal(refusedWith((await signIn({ nameId: `as ${email}`, email })).location), 'sign_in_unmatched', email)
    const byName = { nameId: 'admin@starter.example', nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' }
    const inResponseTo = async (browser: HandBrowser) => ({ ...byName, inResponseTo: await begun(browser) })
    const browser = handBrowser()
    assert.equal(refusedWith(await bring(browser, await p.answer(await inResponseTo(browser)))), 'sign_in_unmatched')
  })
})

const idOf = async (email: string): Promise<string> =>
  String((await s.world.rows('select id from person where email = $1', [email]))[0]?.id)

describe('a trial', () => {
  /** Begins one as an administrator does, in a browser; answers the question that the provider is asked. */
  async function tried(browser: HandBrowser): Promise<{ readonly id: string; readonly relayState: string | null }> {
    const { search } = new URL(textAt(await (await s.world.as('admin'))('sso:try', { sso }), 'url'))
    const location = (await browser.get(`${s.url}/sso/start${search}`)).headers.get('location') ?? ''
    return { id: (await p.asked(location)).id, relayState: new URL(location).searchParams.get('RelayState') }
  }

  /** Brings an answer as the provider's page does; answers the page that stands at the end, or where else the browser is sent. */
  async function pageOf(browser: HandBrowser, response: string, RelayState = 'trial'): Promise<string> {
    const posted = await browser.postFromElsewhere(answerUrl(), { SAMLResponse: response, RelayState })
    const next = posted.headers.get('location') ?? ''
    if (!next.includes('/sso/callback')) return next
    const answer = await browser.get(next)
    return answer.headers.get('location') ?? (await answer.text())
  }
  const counts = async () =>
    s.world.rows(
      'select (select count(*) from session)::int as sessions, (select count(*) from person)::int as people, (select count(*) from sso_identity)::int as links, (select count(*) from sso_used)::int as used',
    )

  it('says what the provider told and who that would be, and lets nobody in, links nobody and adds nobody', async () => {
    const before = await counts()
    const told = async (script: SamlScript) => {
      const browser = handBrowser()
      const { id, relayState } = await tried(browser)
      assert.equal(relayState, 'trial')
      const page = await pageOf(browser, await p.answer({ ...somebody, inResponseTo: id, ...script }))
      assert.equal(
        [...browser.cookies.values()].some((jar) => [...jar.keys()].some((name) => name.includes('session'))),
        false,
      )
      return page
    }
    assert.match(
      await told({ nameId: 'u-new', email: 'trial@saml.example' }),
      /It works\.[\s\S]*trial@saml\.example[\s\S]*Somebody new, who would be added/,
    )
    const known = textAt(await s.actOf((await signIn()).browser)('session:show'), 'name')
    assert.match(await told({}), new RegExp(`It works[\\s\\S]*\\(${known}\\) would be signed in\\.`))
    assert.match(await told({ nameId: 'u-x', email: 'admin@starter.example' }), /would let nobody in[\s\S]*does not speak for the domain/)
    for (const [script, why] of [
      [{ key: await signingKey() }, /Its signature is not one of this provider’s/],
      [{ audience: 'https://elsewhere.example' }, /It was made for somebody else/],
      [{ notOnOrAfter: Date.now() - 120_000 }, /Its time is over/],
      [{ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }, /nobody was signed in/],
    ] as const)
      assert.match(await told(script), why)
    const [after] = await counts()
    const [was] = before
    assert.deepEqual(
      [after?.people, after?.links, after?.used],
      [was?.people, was?.links, Number(was?.used) + 2],
      'the one sign-in between',
    )
    assert.equal(after?.sessions, Number(was?.sessions) + 1)
  })

  it('opens nothing to whoever holds what it left behind: no session by its answer, in its browser or another, with its mark or without', async () => {
    const [browser, other] = [handBrowser(), handBrowser()]
    const { id } = await tried(browser)
    const answer = await p.answer({ ...somebody, inResponseTo: id })
    await begun(other)
    assert.equal(refusedWith(await pageOf(other, answer)), 'sign_in_refused')
    assert.equal(refusedWith(await pageOf(handBrowser(), answer, '')), 'sign_in_expired')
    assert.match(await pageOf(browser, answer, ''), /It works/)
    assert.equal(refusedWith(await pageOf(browser, answer)), 'sign_in_expired', 'the browser has forgotten it')
    const forged = handBrowser()
    await begun(forged)
    const bad = await p.answer({ ...somebody, inResponseTo: id, key: await signingKey() })
    assert.equal(refusedWith(await pageOf(forged, bad)), 'sign_in_refused', 'nobody is told why who began no trial')
    assert.equal(
      refusedWith((await forged.get(`${s.url}/sso/start?trial=${s.world.org}.AAAA`)).headers.get('location') ?? ''),
      'sign_in_expired',
    )
    const operator = await s.world.as('operator')
    assert.equal(await codeOf(operator('sso:try', { sso })), 'denied')
  })
})

describe('the address of a trial', () => {
  const location = async (url: string, browser = handBrowser()) =>
    (await browser.get(`${s.url}/sso/start${new URL(url).search}`)).headers.get('location') ?? ''
  const addressBy = async (act: Act, of = sso) => textAt(await act('sso:try', { sso: of }), 'url')

  async function administrator(slug: string): Promise<{ readonly act: Act; readonly grant: string }> {
    const { door } = s.world.twinlock
    const starter = asPart(door, s.world.org, 'starter')
    const person = textAt(await starter('person:create', { slug, name: 'A maker', email: `${slug}@starter.example` }), 'id')
    const given = { principal: person, role: 'admin', scopeType: 'Organization', scope: s.world.org, reason: 'To set up.' }
    const grant = textAt(await starter('grant:create', given), 'id')
    return { act: actWith(door, await sessionOf(door, s.world.org, person)), grant }
  }

  it('ends with the session in which it was made, also for a browser that is at the provider already', async () => {
    const { act } = await administrator('signs-out')
    const url = await addressBy(act)
    const browser = handBrowser()
    const { id } = await p.asked(await location(url, browser))
    await act('session:end')
    assert.equal(refusedWith(await location(url)), 'sign_in_refused')
    const response = await p.answer({ ...somebody, inResponseTo: id })
    const posted = await browser.postFromElsewhere(answerUrl(), { SAMLResponse: response, RelayState: 'trial' })
    const last = await browser.get(posted.headers.get('location') ?? '')
    assert.equal(refusedWith(last.headers.get('location') ?? ''), 'sign_in_refused', 'nothing is told of what the provider said')
  })

  it('ends with the role of whoever made it', async () => {
    const { act, grant } = await administrator('loses-it')
    const url = await addressBy(act)
    assert.ok((await location(url)).startsWith(p.entityId.replace('/metadata', '')))
    await (await s.world.as('admin'))('grant:revoke', { grant, reason: 'It was a mistake.' })
    assert.equal(refusedWith(await location(url)), 'sign_in_refused')
  })

  it('ends with the admin link that made it, and with whoever made that one', async () => {
    const { door } = s.world.twinlock
    const admin = await s.world.as('admin')
    const made = async (slug: string, by: Act) => {
      const link = await by('link:create', { name: 'Their IT', purpose: 'sign-in', reason: 'To set up.' })
      const act = actWith(door, { kind: 'admin_link', token: textAt(link, 'token') })
      const proposed = textAt(await act('sso:create-saml', { slug, name: 'Theirs', metadata: await sampleMetadata(slug) }), 'id')
      const url = await addressBy(act, proposed)
      assert.ok((await location(url)).startsWith(`https://${slug}.example/sign-in?`))
      return { link: textAt(link, 'id'), url }
    }
    const revoked = await made('revoked', admin)
    await admin('link:revoke', { link: revoked.link, reason: 'Wrong hands.' })
    assert.equal(refusedWith(await location(revoked.url)), 'sign_in_refused')
    const leaver = await administrator('leaver')
    const left = await made('left', leaver.act)
    const person = textAt(await leaver.act('session:show'), 'id')
    await admin('person:offboard', { person })
    assert.equal(refusedWith(await location(left.url)), 'sign_in_refused')
  })

  it('is good for ten minutes and no longer', async () => {
    const url = await addressBy(await s.world.as('admin'))
    s.world.clock.forward(599)
    const before = await location(url)
    s.world.clock.forward(2)
    const after = await location(url)
    s.world.clock.forward(-601)
    assert.ok(before.startsWith(p.entityId.replace('/metadata', '')), before)
    assert.equal(refusedWith(after), 'sign_in_expired')
  })
})

describe('an answer in the wrong hands', () => {
  it('signs in once: shown again, in the same browser or another, it is a replay, also by many at the same moment', async () => {
    const browser = handBrowser()
    const inResponseTo = await begun(browser)
    const response = await p.answer({ ...somebody, inResponseTo })
    const cookies = new Map(browser.cookies.get(new URL(s.url).host))
    assert.equal(await bring(browser, response), '/console/')
    browser.cookies.set(new URL(s.url).host, new Map(cookies))
    assert.equal(refusedWith(await bring(browser, response)), 'sign_in_replayed')
    const racing = Array.from({ length: 6 }, () => handBrowser())
    const question = await begun(racing[0] ?? browser)
    const kept = racing[0]?.cookies.get(new URL(s.url).host)
    const shared = await p.answer({ ...somebody, inResponseTo: question })
    for (const one of racing) one.cookies.set(new URL(s.url).host, new Map(kept))
    const ends = await Promise.all(racing.map((one) => bring(one, shared)))
    assert.equal(ends.filter((end) => end === '/console/').length, 1, ends.join(' '))
  })

  it('is no good in a browser that began nothing, or something else (login CSRF)', async () => {
    const victim = handBrowser()
    const mine = handBrowser()
    const response = await p.answer({ ...somebody, inResponseTo: await begun(mine) })
    assert.equal(refusedWith(await bring(victim, response)), 'sign_in_expired')
    await begun(victim)
    assert.equal(refusedWith(await bring(victim, response)), 'sign_in_refused')
  })

  it('is refused when nobody asked for it, unless the connection takes such; then once, and not in place of one that was asked for', async () => {
    const admin = await s.world.as('admin')
    const unasked = await p.answer(somebody)
    assert.equal(refusedWith(await bring(handBrowser(), unasked)), 'sign_in_refused')
    await admin('sso:change', { sso, idpInitiated: true })
    assert.equal(await bring(handBrowser(), unasked), '/console/')
    assert.equal(refusedWith(await bring(handBrowser(), unasked)), 'sign_in_replayed')
    const asked = await p.answer({ ...somebody, inResponseTo: await begun(handBrowser()) })
    assert.equal(refusedWith(await bring(handBrowser(), asked)), 'sign_in_expired')
    await admin('sso:change', { sso, idpInitiated: false })
  })

  it('is refused at another connection, another organization or none, whoever signed it', async () => {
    const other = await startSamlProvider()
    try {
      const admin = await s.world.as('admin')
      const second = textAt(await admin('sso:create-saml', { slug: 'second', name: 'Second', metadata: other.metadata() }), 'id')
      const browser = handBrowser()
      const response = await p.answer({ ...somebody, inResponseTo: await begun(browser) })
      const { org } = s.world.starter
      for (const [to, code] of [
        [`${org}/${second}`, 'sign_in_refused'],
        [`org_${'0'.repeat(26)}/${sso}`, 'sign_in_refused'],
        [`${org}/sso_${'0'.repeat(26)}`, 'sign_in_refused'],
        [`${org}/x`, 'sign_in_refused'],
      ] as const)
        assert.equal(refusedWith(await bring(browser, response, `${s.url}/sso/saml/${to}`)), code, to)
      // The other provider signs for the first one's connection, in its name and in its own.
      other.register(await (await fetch(`${answerUrl()}/metadata`)).text())
      for (const issuer of [p.entityId, other.entityId]) {
        const forged = await other.answer({ ...somebody, issuer, inResponseTo: await begun(browser) })
        assert.equal(refusedWith(await bring(browser, forged)), 'sign_in_refused')
      }
      assert.equal(await codeOf(admin('sso:create-saml', { slug: 'third', name: 'Third', metadata: p.metadata() })), 'conflict')
      assert.equal(await codeOf(admin('sso:change', { sso, metadata: other.metadata() })), 'invalid')
      await admin('sso:retire', { sso: second })
    } finally {
      await other.close()
    }
  })

  it('is refused as what it was not: too large, twice, of no form; and what we told the browser is good for nothing else', async () => {
    const browser = handBrowser()
    const post = (body: string, type = 'application/x-www-form-urlencoded') =>
      fetch(answerUrl(), { method: 'POST', redirect: 'manual', headers: { 'content-type': type }, body })
    assert.equal((await post(`SAMLResponse=${'A'.repeat(500_000)}`)).status, 413)
    assert.match((await post('SAMLResponse=AA&SAMLResponse=AA')).headers.get('location') ?? '', /refused=sign_in_refused/)
    assert.match((await post('')).headers.get('location') ?? '', /refused=sign_in_refused/)
    assert.equal((await post('<x/>', 'text/xml')).status, 400)
    const posted = await browser.postFromElsewhere(answerUrl(), {
      SAMLResponse: await p.answer({ ...somebody, inResponseTo: await begun(browser) }),
    })
    const told = new URL(posted.headers.get('location') ?? '').searchParams.get('saml') ?? ''
    const flipped = `${told.slice(0, -6)}${told.at(-6) === 'A' ? 'B' : 'A'}${told.slice(-5)}`
    for (const sly of [flipped, told.replace(/^org_[^.]*/, `org_${'0'.repeat(26)}`), `${told}.x`, ''])
      assert.equal(
        refusedWith((await browser.get(`${s.url}/sso/callback?${new URLSearchParams({ saml: sly })}`)).headers.get('location') ?? ''),
        'sign_in_expired',
      )
    const [held] = await s.world.rows(`select count(*)::int as count from sso_used`)
    assert.ok(Number(held?.count) > 0)
  })
})

describe('signing out', () => {
  const live = (browser: HandBrowser) =>
    s
      .actOf(browser)('session:show')
      .then(
        () => true,
        () => false,
      )
  const leave = async (query: string) =>
    (await fetch(`${answerUrl()}/logout?${query}`, { redirect: 'manual' })).headers.get('location') ?? ''
  const script = () => ({ issuer: p.entityId, destination: `${answerUrl()}/logout` })

  it('here goes on to the provider, who is told by whom, in its own words; its answer leads to the sign-in page', async () => {
    const admin = await s.world.as('admin')
    const { browser } = await signIn()
    const { url: before } = await signOutHere(browser)
    assert.equal(before, null, 'a provider without such a page is told nothing')
    await admin('sso:change', { sso, metadata: p.metadata(undefined, true) })
    const { browser: again } = await signIn()
    const { url, act } = await signOutHere(again)
    const told = await p.signedOut(url ?? '')
    assert.deepEqual([told.nameId, told.session], ['u-1', '_s1'])
    assert.match(told.xml, /Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"/)
    assert.equal(await codeOf(act('session:show')), 'unauthenticated')
    assert.equal(await leave('SAMLResponse=whatever'), '/login')
  })

  it('there ends his sessions here before it is answered, once; nobody else can say so, and nobody else is signed out', async () => {
    const [one, two] = [await signIn(), await signIn({ nameId: 'u-2', email: 'other@saml.example' })]
    const forged = signOutQuery(await signingKey(), script())
    assert.match(await leave(forged), /refused=sign_in_refused/)
    assert.match(await leave(signOutQuery(p.key, { ...script(), destination: answerUrl() })), /refused=sign_in_refused/)
    await leave(signOutQuery(p.key, { ...script(), sessions: ['_other'] }))
    assert.equal(await live(one.browser), true, 'another session of his')
    const query = signOutQuery(p.key, { ...script(), id: '_out', sessions: ['_s1'], relayState: 'r' })
    const answer = await leave(query)
    assert.deepEqual([(await p.signedOut(answer)).inResponseTo, new URL(answer).searchParams.get('RelayState')], ['_out', 'r'])
    assert.deepEqual([await live(one.browser), await live(two.browser)], [false, true])
    const { browser } = await signIn()
    assert.match(await leave(query), /refused=sign_in_replayed/)
    assert.equal(await live(browser), true, 'who signed in since')
    const elsewhere = await fetch(`${s.url}/sso/saml/${s.world.starter.org}/sso_${'0'.repeat(26)}/logout?${query}`, { redirect: 'manual' })
    assert.match(elsewhere.headers.get('location') ?? '', /refused=sign_in_refused/)
    const [entry] = await s.world.rows(
      `select body::jsonb -> 'facts' ->> 'sessions' as sessions from entry where action = 'sso:sign-out' and outcome = 'done' order by id desc limit 1`,
    )
    assert.ok(Number(entry?.sessions) >= 1)
  })

  /** Signs out as the console does; answers where the browser is sent on. */
  async function signOutHere(browser: HandBrowser) {
    const act = s.actOf(browser)
    const { sso: through, session } = await act('session:end')
    assert.deepEqual([through, typeof session], [sso, 'string'])
    const { org } = s.world.starter
    const url = await s.world.twinlock.signIn.signOutUrl({ org, sso, session: String(session), baseUrl: s.url })
    return { url: url ?? null, act }
  }
})

describe('certificates', () => {
  it('are changed by metadata with both, then with the new one alone; thirty days before the last one ends an administrator is told', async () => {
    const admin = await s.world.as('admin')
    const next = await signingKey()
    const swapped = async () =>
      listAt(await admin('attention:list'), 'items').filter(
        (item) => at(item, 'kind') === 'provider_changed' && String(at(item, 'why')).includes('(metadata)'),
      ).length
    const before = await swapped()
    await admin('sso:change', { sso, metadata: p.metadata([p.key.certificate, next.certificate]) })
    assert.equal((await signIn({ key: next })).location, '/console/')
    assert.equal((await signIn()).location, '/console/')
    await admin('sso:change', { sso, metadata: p.metadata([next.certificate]) })
    assert.equal(refusedWith((await signIn()).location), 'sign_in_refused')
    const waits = async () =>
      listAt(await admin('attention:list'), 'items').filter((item) => at(item, 'kind') === 'provider_certificate_ending')
    assert.deepEqual([(await waits()).length, at(await admin('sso:show', { sso }), 'saml', 'warning')], [0, null])
    assert.equal((await swapped()) - before, 2, 'whoever swaps certificates is not unseen')
    const soon = new Date(Date.now() + 29 * 86_400_000).toISOString()
    await s.world.tamper(`update sso set saml = jsonb_set(saml, '{certificates,0,notAfter}', to_jsonb($1::text)) where id = $2`, [
      soon,
      sso,
    ])
    assert.equal(at((await waits())[0], 'until'), soon)
    const shown = await admin('sso:show', { sso })
    assert.equal(at(shown, 'saml', 'certificates', 0, 'state'), 'ends_soon')
    assert.match(textAt(await admin('sso:test', { sso }), 'problem'), /certificate ends on/)
    await admin('sso:change', { sso, metadata: p.metadata() })
    assert.equal((await waits()).length, 0)
  })

  it('and keys of ours are never shown, and a retired connection answers nobody', async () => {
    const admin = await s.world.as('admin')
    const shown = JSON.stringify(await admin('sso:show', { sso }))
    assert.equal(/PRIVATE|privateKey/.test(shown), false)
    const browser = handBrowser()
    const response = await p.answer({ ...somebody, inResponseTo: await begun(browser) })
    // Somebody who was here before, and a newcomer, each one step away from his session: the answer was taken, and the browser is on its way back with it.
    const onTheirWay: [HandBrowser, string][] = []
    for (const script of [somebody, { nameId: 'u-late', email: 'late@saml.example' }]) {
      const late = handBrowser()
      const answer = await p.answer({ ...script, inResponseTo: await begun(late) })
      const { headers } = await late.postFromElsewhere(answerUrl(), { SAMLResponse: answer })
      onTheirWay.push([late, headers.get('location') ?? ''])
    }
    await admin('sso:retire', { sso })
    assert.equal(refusedWith(await bring(browser, response)), 'sign_in_refused')
    for (const [late, next] of onTheirWay) {
      assert.match(next, /\/sso\/callback/)
      assert.equal(refusedWith((await late.get(next)).headers.get('location') ?? ''), 'sign_in_refused')
    }
    assert.deepEqual(await s.world.rows(`select 1 from person where email = 'late@saml.example'`), [])
    assert.equal((await fetch(`${answerUrl()}/metadata`)).status, 404)
  })
})
