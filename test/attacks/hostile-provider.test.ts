// A provider that lies, fails or was taken over, and whoever passes himself off as one: nobody is let in, and nobody is locked out who should not be.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, textAt } from '../harness/acting.ts'
import { handBrowser } from '../harness/browser-by-hand.ts'
import { openDirectory } from '../harness/directory.ts'
import { honest, type Script, type ScriptedProvider, startScripted } from '../harness/scripted-provider.ts'
import { openSigningIn, refusedWith, type SigningIn } from '../harness/signing-in.ts'

const clientId = 'twinlock'
const seconds = () => Math.floor(Date.now() / 1000)

let s: SigningIn
let p: ScriptedProvider
let sso: string

before(async () => {
  s = await openSigningIn()
  p = await startScripted(clientId)
  const input = { slug: 'evil', name: 'Evil', issuer: p.issuer, clientId, secret: 'a secret of the client', provisions: true }
  sso = await s.connect(input, 'evil.example')
})
after(async () => {
  await s?.close()
  await p?.close()
})
beforeEach(() => {
  p.script = honest()
})

const attempt = async (script: Partial<Script>): Promise<string> => {
  p.script = { ...honest(), ...script }
  return (await s.signIn('organization=starter')).location
}
const withClaims = (change: Record<string, unknown>) => attempt({ claims: (claims) => ({ ...claims, ...change }) })

describe('a provider', () => {
  it('signs people of its own domain in while it is honest', async () => {
    assert.equal(await attempt({}), '/console/')
  })

  it('is refused when its ID token is for another client, sign-in or time, or by another issuer', async () => {
    const lies: Record<string, Record<string, unknown>> = {
      audience: { aud: 'another-client' },
      audiences: { aud: [clientId, 'another'], azp: 'another' },
      nonce: { nonce: 'of another sign-in' },
      'no nonce': { nonce: undefined },
      issuer: { iss: 'https://accounts.example' },
      expired: { exp: seconds() - 120 },
      'issued tomorrow': { iat: seconds() + 86_400, exp: seconds() + 90_000 },
      'issued yesterday': { iat: seconds() - 86_400 },
      'signed in tomorrow': { auth_time: seconds() + 86_400 },
      'not yet': { nbf: seconds() + 600 },
      nobody: { sub: '' },
    }
    for (const [lie, claims] of Object.entries(lies)) {
      const location = await withClaims(claims)
      assert.equal(refusedWith(location), 'sign_in_refused', lie)
    }
  })

  it('is refused when somebody else signed, or nobody', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    assert.equal(refusedWith(await attempt({ key: privateKey })), 'sign_in_refused')
    for (const alg of ['none', 'HS256', 'ES512']) assert.notEqual(await attempt({ alg }), '/console/', alg)
  })

  it('speaks for its own domain and for nobody else’s, whatever it claims to have verified', async () => {
    for (const email of ['admin@starter.example', 'admin@sub.evil.example', 'admin@evil.example@starter.example', 'evil.example']) {
      assert.equal(refusedWith(await withClaims({ sub: `as ${email}`, email })), 'sign_in_unmatched', email)
    }
    assert.equal(refusedWith(await withClaims({ sub: 'truthy', email: 'x@evil.example', email_verified: 'true' })), 'sign_in_unmatched')
  })

  it('signs nobody in by an address that somebody was given after he had come in by another way: not by an administrator, not by a directory', async () => {
    const [admin, { people }] = [await s.world.as('admin'), s.world.starter]
    const reason = 'They moved to another domain.'
    const [reviewer, author] = [await s.world.as('reviewer'), await s.world.as('author')]
    await admin('person:change-address', { person: people.reviewer, email: 'reviewer@evil.example', reason })
    assert.equal(refusedWith(await withClaims({ sub: 'taker', email: 'reviewer@evil.example' })), 'sign_in_unmatched')
    const { token } = await openDirectory(s.world, 'taker', { adopts: true })
    const directory = actWith(s.world.twinlock.door, { kind: 'directory', token })
    const taken = await directory('directory:create-user', { body: { userName: 'author@starter.example' } })
    assert.equal(textAt(taken, 'resource', 'id'), people.author)
    await directory('directory:replace-user', { id: people.author, body: { userName: 'author@evil.example' } })
    assert.equal(refusedWith(await withClaims({ sub: 'taker', email: 'author@evil.example' })), 'sign_in_unmatched')
    for (const act of [reviewer, author])
      assert.equal(textAt(await act('session:show'), 'organization'), s.world.org, 'nobody is signed out')
    const told = async (act: Act) =>
      listAt(await act('attention:list'), 'items').flatMap((one) => (at(one, 'kind') === 'address_changed' ? [at(one, 'title')] : []))
    assert.deepEqual(await told(reviewer), ['Your address was changed'])
    assert.deepEqual(await told(admin), ['The address of Starter Reviewer was changed'])
    assert.deepEqual(await told(author), [])
    const letIn = { person: people.reviewer, email: 'reviewer@evil.example', letsProviderIn: true, reason }
    await admin('person:change-address', letIn)
    p.script = { ...honest(), claims: (claims) => ({ ...claims, sub: 'reviewer', email: 'reviewer@evil.example' }) }
    assert.equal(textAt(await s.actOf((await s.signIn('organization=starter')).browser)('session:show'), 'name'), 'reviewer')
    assert.equal(await codeOf(admin('person:change-address', { ...letIn, letsProviderIn: false })), 'invalid', 'it is his already')
  })

  it('finds somebody whose address was mistyped and corrected, who never came in; and no address is two people’s', async () => {
    const admin = await s.world.as('admin')
    const person = textAt(await admin('person:create', { slug: 'typo', name: 'Typo', email: 'tpyo@evil.example' }), 'id')
    const to = (email: string, who = person) => admin('person:change-address', { person: who, email, reason: 'It was mistyped.' })
    assert.equal(await codeOf(to('ADMIN@Starter.example')), 'conflict')
    await to('Typo@evil.example')
    p.script = { ...honest(), claims: (claims) => ({ ...claims, sub: 'typo', email: 'typo@evil.example' }) }
    assert.equal(textAt(await s.actOf((await s.signIn('organization=starter')).browser)('session:show'), 'id'), person)
    const said = (await s.world.rows('select person_id from directory_user limit 1'))[0]?.person_id
    assert.equal(await codeOf(to('other@evil.example', String(said))), 'conflict', 'a directory says it')
    const operator = await s.world.as('operator')
    assert.equal(await codeOf(operator('person:change-address', { person, email: 'x@evil.example', reason: 'Mine.' })), 'denied')
    await admin('person:offboard', { person })
    assert.equal(await codeOf(to('again@evil.example')), 'conflict', 'he has left')
  })

  it('rotates its keys between two sign-ins, and its new key is fetched once', async () => {
    assert.equal(await attempt({}), '/console/')
    p.rotate()
    const before = p.asked.filter((path) => path === '/keys').length
    assert.equal(await attempt({}), '/console/')
    assert.equal(p.asked.filter((path) => path === '/keys').length - before, 1)
    assert.equal(await attempt({}), '/console/')
    assert.equal(p.asked.filter((path) => path === '/keys').length - before, 1)
  })

  it('is tried without letting anybody in: the page says what it told, or what is wrong with it', async () => {
    const admin = await s.world.as('admin')
    const tried = async (script: Partial<Script>) => {
      p.script = { ...honest(), ...script }
      const browser = handBrowser()
      const { search } = new URL(textAt(await admin('sso:try', { sso }), 'url'))
      const back = await browser.walk(`${s.url}/sso/start${search}`, (url) => url.pathname === '/sso/callback')
      const answer = await browser.get(back)
      assert.equal(
        answer.headers.getSetCookie().some((line) => line.includes('session')),
        false,
      )
      return answer.text()
    }
    const [before] = await s.world.rows('select count(*)::int as sessions from session')
    assert.match(await tried({}), /It works\.[\s\S]*intruder@evil\.example[\s\S]*would be signed in\./)
    const injecting = (claims: Record<string, unknown>) => ({ ...claims, name: 'A\nIt works. <script>' })
    assert.match(await tried({ claims: injecting }), /name {10}A It works\. <script>/)
    assert.match(await tried({ claims: (claims) => ({ ...claims, aud: 'another' }) }), /It does not work[\s\S]*Why/)
    assert.match(await tried({ broken: (path) => (path === '/token' ? { status: 503, body: '{}' } : undefined) }), /It does not work/)
    assert.deepEqual(await s.world.rows('select count(*)::int as sessions from session'), [before])
  })

  it('mixes nobody up with another one: it says who it is in its answer, or the answer does not count', async () => {
    assert.equal(refusedWith(await attempt({ back: (query) => query.set('iss', 'https://accounts.example') })), 'sign_in_refused')
    assert.equal(refusedWith(await attempt({ back: (query) => query.delete('iss') })), 'sign_in_refused')
  })

  it('that is down, slow to make sense or too talkative locks nobody out of what goes around it, and an administrator sees why', async () => {
    const admin = await s.world.as('admin')
    const broken: Record<string, { status: number; body: string }> = {
      down: { status: 503, body: '{}' },
      'no JSON': { status: 200, body: '<html>' },
      'too much': { status: 200, body: JSON.stringify({ access_token: 'x'.repeat(400_000) }) },
    }
    for (const [what, answer] of Object.entries(broken)) {
      assert.equal(refusedWith(await attempt({ broken: (path) => (path === '/token' ? answer : undefined) })), 'provider_failed', what)
    }
    p.script = { ...honest(), broken: (path) => (path === '/keys' ? broken.down : undefined) }
    assert.match(textAt(await admin('sso:test', { sso }), 'problem'), /identity provider does not work/)
    assert.equal(textAt(await admin('session:show'), 'name'), 'admin')
  })

  it('leads us to no address but its own kind: not into the cloud’s metadata, not from outside to this machine', async () => {
    const admin = await s.world.as('admin')
    const other = await startScripted(clientId)
    try {
      other.script.metadata = (metadata) => ({
        ...metadata,
        token_endpoint: 'http://169.254.169.254/token',
        jwks_uri: 'http://10.0.0.1/keys',
      })
      await s.world.tamper('update sso set issuer = $1 where id = $2', [other.issuer, sso])
      assert.equal(refusedWith((await s.signIn('organization=starter')).location), 'provider_failed')
      assert.equal(at(await admin('sso:test', { sso }), 'works'), false)
      // Declared as public, an address of this machine is out of reach even when a name leads there.
      await s.world.tamper('update sso set loopback = false where id = $1', [sso])
      assert.equal(
        refusedWith((await handBrowser().get(`${s.url}/sso/start?organization=starter`)).headers.get('location') ?? ''),
        'provider_failed',
      )
      assert.deepEqual(
        other.asked.filter((path) => path === '/token'),
        [],
      )
    } finally {
      await s.world.tamper('update sso set issuer = $1, loopback = true where id = $2', [p.issuer, sso])
      await other.close()
    }
    for (const issuer of [
      'http://idp.example',
      'ftp://127.0.0.1',
      'https://u:p@idp.example',
      'https://idp.example/?x',
      'https://idp.example/#',
      'nonsense',
    ])
      assert.equal(await codeOf(admin('sso:create', { slug: 'bad', name: 'Bad', issuer, clientId })), 'invalid', issuer)
  })
})

describe('a logout token', () => {
  const claims = (change: Record<string, unknown> = {}) => ({
    iss: p.issuer,
    aud: clientId,
    iat: seconds(),
    exp: seconds() + 60,
    jti: `t-${Math.random()}`,
    sub: 'intruder',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...change,
  })
  const send = (token: string, connection = sso) =>
    fetch(`${s.url}/sso/logout/${s.world.org}/${connection}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }),
    })

  it('ends nothing unless the provider signed it, now, for us, as a logout token', async () => {
    const { browser } = await s.signIn('organization=starter')
    const act = s.actOf(browser)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const good = p.signed(claims())
    const bad: Record<string, string> = {
      audience: p.signed(claims({ aud: 'another' })),
      issuer: p.signed(claims({ iss: 'https://accounts.example' })),
      'an ID token': p.signed(claims({ nonce: 'n' })),
      'no event': p.signed(claims({ events: {} })),
      old: p.signed(claims({ iat: seconds() - 600 })),
      expired: p.signed(claims({ exp: seconds() - 120 })),
      'from the future': p.signed(claims({ iat: seconds() + 600 })),
      nobody: p.signed(claims({ sub: undefined })),
      'no id': p.signed(claims({ jti: undefined })),
      'no signature': `${good.split('.').slice(0, 2).join('.')}.`,
      none: p.signed(claims(), { alg: 'none' }),
      symmetric: p.signed(claims(), { alg: 'HS256' }),
      'another key name': p.signed(claims(), { kid: 'unknown' }),
      'not a token': 'x.y',
    }
    p.script.key = privateKey
    bad['a stranger’s'] = p.signed(claims())
    p.script = honest()
    for (const [what, token] of Object.entries(bad)) {
      const answer = await send(token)
      assert.equal(answer.status, 400, what)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
    }
    assert.equal((await send(good, 'sso_00000000000000000000000000')).status, 400)
    assert.equal(textAt(await act('session:show'), 'organization'), s.world.org)
    assert.equal((await send(good)).status, 200)
    assert.equal(await codeOf(act('session:show')), 'unauthenticated')
    const again = s.actOf((await s.signIn('organization=starter')).browser)
    assert.equal((await send(good)).status, 400, 'it is good once')
    assert.equal(textAt(await again('session:show'), 'organization'), s.world.org)
  })
})
