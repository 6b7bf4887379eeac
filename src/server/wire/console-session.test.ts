// The browser's way in, as the browser goes it and as its attackers do: over a real socket, in front of a real door.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { textAt } from '../../../test/harness/acting.ts'
import { baseUrl } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'
import { createServer } from '../create-server.ts'
import { fakeParts } from '../fixtures/fake-door.ts'
import { rawRequest } from '../fixtures/raw-request.ts'

type Headers = Record<string, string>
type Told = Record<string, unknown>

let world: World
let url: string
let port: number
const closing: (() => Promise<void>)[] = []

async function serveAt(publicUrl: string): Promise<number> {
  const { door, broker } = world.twinlock
  const server = createServer(fakeParts(door, { broker, baseUrl: publicUrl, limits: { refusalsBurst: 10_000 } }))
  closing.push(() => server.close())
  return (await server.listen()).port
}

before(async () => {
  world = await openWorld({ isIdle: true })
  port = await serveAt(baseUrl)
  url = `http://127.0.0.1:${port}`
})
after(async () => {
  for (const close of closing) await close()
  await world.close()
})

const fromConsole: Headers = { 'twinlock-console': '1', 'sec-fetch-site': 'same-origin', origin: baseUrl }

async function linkFor(person: keyof World['starter']['people']): Promise<string> {
  return textAt(await world.part('starter')('person:link', { person: world.starter.people[person] }), 'token')
}

const post = (path: string, headers: Headers, body: unknown = {}) =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

const signInWith = (link: string, headers: Headers = fromConsole) =>
  post('/console/session', { ...headers, authorization: `Bearer ${link}` })

interface Browser {
  readonly cookie: string
  readonly setCookie: string
  readonly token: string
  readonly organization: string
  readonly told: Told
}

async function browserOf(person: keyof World['starter']['people'], headers: Headers = fromConsole): Promise<Browser> {
  const answer = await signInWith(await linkFor(person), headers)
  assert.equal(answer.status, 200, await answer.clone().text())
  const setCookie = answer.headers.get('set-cookie') ?? ''
  const cookie = setCookie.split(';')[0] ?? ''
  return { cookie, setCookie, token: cookie.slice(cookie.indexOf('=') + 1), organization: world.org, told: (await answer.json()) as Told }
}

const who = (headers: Headers) => fetch(`${url}/v1/sessions`, { headers })
const asConsole = (browser: Browser, more: Headers = {}): Headers => ({
  ...fromConsole,
  cookie: browser.cookie,
  'twinlock-organization': browser.organization,
  ...more,
})
const without = (headers: Headers, name: string): Headers => Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name))

async function refused(answer: Response, status = 401): Promise<string> {
  const told = (await answer.json()) as Told
  assert.equal(answer.status, status, JSON.stringify(told))
  return String(told.detail ?? told.error_description)
}

describe('a browser', () => {
  it('is signed in by a one-time link: the session is in a cookie that no script reads, and not in the answer', async () => {
    const browser = await browserOf('operator')
    assert.match(
      browser.setCookie,
      new RegExp(`^twinlock-session-${world.org}=tws_${world.org}\\.[A-Za-z0-9_-]{43}; Max-Age=\\d+; Path=/; HttpOnly; SameSite=Strict$`),
    )
    assert.deepEqual(browser.told.person, { id: world.starter.people.operator, slug: 'operator' })
    assert.equal(browser.told.organization, world.org)
    assert.doesNotMatch(JSON.stringify(browser.told), /tws_/)
    const answer = await who(asConsole(browser))
    assert.equal(answer.status, 200)
    assert.equal(((await answer.json()) as Told).id, world.starter.people.operator)
  })

  it('is told which organizations it holds sessions of, and forgets those that are over', async () => {
    const browser = await browserOf('reviewer')
    const dead = `twinlock-session-${newId('org', world.twinlock.outside)}`
    const stranger = dead.slice('twinlock-session-'.length)
    const answer = await fetch(`${url}/console/session`, {
      headers: { ...fromConsole, cookie: `${browser.cookie}; theme=dark; ${dead}=tws_${stranger}.${'A'.repeat(43)}` },
    })
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), {
      organizations: [
        {
          id: world.org,
          slug: 'starter',
          name: 'The starter',
          person: { id: world.starter.people.reviewer, slug: 'reviewer', name: 'Starter Reviewer' },
        },
      ],
    })
    assert.match(answer.headers.get('set-cookie') ?? '', new RegExp(`^${dead}=; Max-Age=0; Path=/; HttpOnly`))
  })

  it('is signed out: the cookie goes, and the session is over wherever it was copied to', async () => {
    const browser = await browserOf('operator')
    const answer = await post('/console/session/end', { ...fromConsole, cookie: browser.cookie }, { organization: world.org })
    assert.deepEqual(await answer.json(), { organization: world.org, ended: true, continueAt: null })
    assert.match(answer.headers.get('set-cookie') ?? '', /=; Max-Age=0;/)
    await refused(await who(asConsole(browser)))
    await refused(await who({ authorization: `Bearer ${browser.token}` }))
    const again = await post('/console/session/end', { ...fromConsole, cookie: browser.cookie }, { organization: world.org })
    assert.deepEqual(await again.json(), { organization: world.org, ended: false, continueAt: null })
  })

  it('over TLS holds its session under a name that no other host can set', async () => {
    const https = 'https://twinlock.example'
    const secure = await serveAt(https)
    const headers = {
      ...fromConsole,
      origin: https,
      'content-type': 'application/json',
      authorization: `Bearer ${await linkFor('auditor')}`,
    }
    const answer = await fetch(`http://127.0.0.1:${secure}/console/session`, { method: 'POST', headers, body: '{}' })
    const cookie = answer.headers.get('set-cookie') ?? ''
    assert.match(cookie, new RegExp(`^__Host-twinlock-session-${world.org}=tws_.*; Path=/; HttpOnly; SameSite=Strict; Secure$`))
    const held = cookie.split(';')[0] ?? ''
    const ask = (sent: string) =>
      fetch(`http://127.0.0.1:${secure}/v1/sessions`, {
        headers: { ...fromConsole, origin: https, 'twinlock-organization': world.org, cookie: sent },
      })
    assert.equal((await ask(held)).status, 200)
    assert.equal((await ask(held.replace('__Host-', ''))).status, 401)
  })
})

describe('a session cookie is refused', () => {
  let browser: Browser
  before(async () => {
    browser = await browserOf('admin')
  })

  it('without the header that no other page can send', async () => {
    assert.match(await refused(await who(without(asConsole(browser), 'twinlock-console'))), /twinlock-console/)
    for (const value of ['0', 'true', '1, 1', '']) await refused(await who(asConsole(browser, { 'twinlock-console': value })))
  })

  it('from a page of another origin, be it on another port of this very host', async () => {
    for (const origin of ['https://evil.example', 'null', `${baseUrl}:9999`, `${baseUrl}.evil.example`, baseUrl.replace('http:', 'https:')])
      assert.match(await refused(await who(asConsole(browser, { origin }))), /another origin/)
    for (const site of ['cross-site', 'same-site', 'none', 'same-origin, cross-site'])
      assert.match(await refused(await who(asConsole(browser, { 'sec-fetch-site': site }))), /another site/)
  })

  it('in a change just as in a read, and nothing is changed', async () => {
    const person = { slug: 'planted', name: 'Planted', email: 'planted@evil.example' }
    await refused(await post('/v1/people', without(asConsole(browser), 'twinlock-console'), person))
    await refused(await post('/v1/people', asConsole(browser, { origin: 'https://evil.example' }), person))
    assert.deepEqual(await world.rows(`select id from person where slug = 'planted'`), [])
  })

  it('sent as a form or as plain text, the way other pages can without asking', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      await refused(await post('/v1/people', asConsole(browser, { 'content-type': type })), 400)
  })

  it('with the header of another organization, or of none', async () => {
    const other = newId('org', world.twinlock.outside)
    for (const organization of [other, '', 'org_', '__proto__', world.org.toUpperCase()])
      await refused(await who(asConsole(browser, { 'twinlock-organization': organization })))
    await refused(await who(without(asConsole(browser), 'twinlock-organization')))
    // A session put under the name of another organization is not one of that organization.
    const moved = `twinlock-session-${other}=${browser.token}`
    await refused(await who(asConsole(browser, { cookie: moved, 'twinlock-organization': other })))
  })

  it('when it came twice: one of the two was set by somebody else', async () => {
    const planted = await browserOf('owner')
    for (const cookie of [
      `${planted.cookie}; ${browser.cookie}`,
      `${browser.cookie}; ${planted.cookie}`,
      `${browser.cookie}; ${browser.cookie}`,
    ])
      await refused(await who(asConsole(browser, { cookie })))
  })

  it('when it holds something else than a session', async () => {
    const name = `twinlock-session-${world.org}`
    const { token } = (await world.tokenOf('pipeline')) as { token: string } // what `tokenOf` makes
    for (const value of [await linkFor('admin'), token, `"${browser.token}"`, encodeURIComponent(`${browser.token} `), ''])
      await refused(await who(asConsole(browser, { cookie: `${name}=${value}` })))
  })

  it('on connections, at the token endpoint and where keys are proved', async () => {
    await refused(await fetch(`${url}/v1/c/payments-api/accounts`, { headers: asConsole(browser) }))
    const { environments } = world.starter
    const form = await fetch(`${url}/o/${world.org}/e/${environments.staging}/token`, {
      method: 'POST',
      headers: asConsole(browser),
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    assert.equal(form.status, 400)
    assert.doesNotMatch(await form.text(), /access_token/)
    const proof = { assertion: 'a.b.c', organization: world.org, nonce: 'n'.repeat(32) }
    await refused(await post(`/v1/promotions/${newId('prm', world.twinlock.outside)}/prove-key`, asConsole(browser), proof))
  })

  it('when an `authorization` header is there, whatever that holds', async () => {
    for (const authorization of ['Bearer nonsense', 'Basic YTpi', '', `Bearer tws_${world.org}.${'A'.repeat(43)}`]) {
      const head = Object.entries(asConsole(browser, { authorization })).map(([name, value]) => `${name}: ${value}\r\n`)
      const answer = await rawRequest(port, `GET /v1/sessions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${head.join('')}\r\n`)
      assert.equal(answer.status, 401, authorization)
    }
  })

  it('after its person was offboarded', async () => {
    const admin = await world.as('admin')
    const leaver = await browserOf('owner')
    assert.equal((await who(asConsole(leaver))).status, 200)
    const person = textAt(await admin('person:create', { slug: 'leaver', name: 'Leaver', email: 'leaver@people.example' }), 'id')
    const link = textAt(await world.part('starter')('person:link', { person }), 'token')
    const answer = await signInWith(link)
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    assert.equal((await who(asConsole(leaver, { cookie }))).status, 200)
    await admin('person:offboard', { person })
    await refused(await who(asConsole(leaver, { cookie })))
    const list = await fetch(`${url}/console/session`, { headers: { ...fromConsole, cookie } })
    assert.deepEqual(await list.json(), { organizations: [] })
  })
})

describe('signing a browser in', () => {
  it('takes a one-time link and nothing else, once', async () => {
    const link = await linkFor('operator')
    const browser = await browserOf('operator')
    const { token } = (await world.tokenOf('pipeline')) as { token: string } // what `tokenOf` makes
    for (const credential of [browser.token, token, `twl_${world.org}.${'A'.repeat(43)}`, 'x']) {
      const answer = await signInWith(credential)
      assert.equal(answer.headers.get('set-cookie'), null)
      await refused(answer)
    }
    await refused(await post('/console/session', asConsole(browser)))
    assert.equal((await signInWith(link)).status, 200)
    const replayed = await signInWith(link)
    assert.equal(replayed.headers.get('set-cookie'), null)
    await refused(replayed)
  })

  it('is not done for another page, so that nobody is signed in as somebody else without knowing; the link stays good', async () => {
    const link = await linkFor('operator')
    for (const headers of [{}, { ...fromConsole, origin: 'https://evil.example' }, { ...fromConsole, 'sec-fetch-site': 'same-site' }])
      assert.equal((await signInWith(link, headers)).headers.get('set-cookie'), null)
    assert.equal((await signInWith(link)).status, 200)
  })

  it('makes a new session always: one that somebody planted before is neither kept nor left alive', async () => {
    const planted = await browserOf('operator')
    const answer = await signInWith(await linkFor('operator'), { ...fromConsole, cookie: planted.cookie })
    const fresh = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    assert.notEqual(fresh, planted.cookie)
    assert.equal((await who(asConsole(planted, { cookie: fresh }))).status, 200)
    await refused(await who(asConsole(planted)))
    await refused(await who({ authorization: `Bearer ${planted.token}` }))
  })

  it('leaves the other organizations of the browser alone', async () => {
    const browser = await browserOf('operator')
    const other = newId('org', world.twinlock.outside)
    const cookie = `${browser.cookie}; twinlock-session-${other}=tws_${other}.${'A'.repeat(43)}`
    const answer = await post('/console/session/end', { ...fromConsole, cookie }, { organization: other })
    assert.deepEqual(await answer.json(), { organization: other, ended: false, continueAt: null })
    assert.equal((await who(asConsole(browser))).status, 200)
  })

  it('is not undone by another page', async () => {
    const browser = await browserOf('operator')
    await refused(await post('/console/session/end', { cookie: browser.cookie }, { organization: world.org }))
    await refused(await fetch(`${url}/console/session`, { headers: { cookie: browser.cookie } }))
    assert.equal((await who(asConsole(browser))).status, 200)
  })
})

it('a session is one secret, by cookie or as a bearer token: who has it is that person until it ends, and no longer', async () => {
  const browser = await browserOf('operator')
  const answer = await who({ authorization: `Bearer ${browser.token}` })
  assert.equal(((await answer.json()) as Told).id, world.starter.people.operator)
  assert.equal((await post('/v1/sessions/end', { authorization: `Bearer ${browser.token}` })).status, 200)
  await refused(await who(asConsole(browser)))
})

it('who is signed in sees what was given to him, with the reason, and nothing of others', async () => {
  const operator = await world.as('operator')
  const shown = await operator('session:show')
  assert.deepEqual(
    [shown.organizationSlug, shown.organizationName, shown.person],
    ['starter', 'The starter', { id: world.starter.people.operator, slug: 'operator', name: 'Starter Operator' }],
  )
  const grants = shown.grants as { role: string; scope: { kind: string; id: string }; reason: string; notAfter: null }[] // the action's schema has checked it
  assert.deepEqual(
    grants.map(({ role, scope, notAfter }) => [role, scope, notAfter]),
    [['operator', { kind: 'organization', id: world.org }, null]],
  )
  assert.ok((grants[0]?.reason.length ?? 0) > 0)
  assert.deepEqual((await (await world.as('owner'))('session:show')).grants, [])
})
