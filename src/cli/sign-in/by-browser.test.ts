// The command line signs in through a provider: a browser of this machine brings it what it needs, and nobody else can make anything of that.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { handBrowser } from '../../../test/harness/browser-by-hand.ts'
import { type SamlIdentityProvider, startSamlProvider } from '../../../test/harness/saml-provider.ts'
import { openSigningIn, type SigningIn } from '../../../test/harness/signing-in.ts'
import { runIn } from '../fixtures/fake-twinlock.ts'
import { signInByBrowser } from './by-browser.ts'

let s: SigningIn
let p: SamlIdentityProvider

before(async () => {
  s = await openSigningIn()
  p = await startSamlProvider()
  const sso = await s.connect(
    { slug: 'saml', name: 'By SAML', metadata: p.metadata(), provisions: true },
    'saml.example',
    'sso:create-saml',
  )
  p.register(await (await fetch(`${s.url}/sso/saml/${s.world.starter.org}/${sso}/metadata`)).text())
})
after(async () => {
  await s?.close()
  await p?.close()
})

/** The browser of whoever runs the command line: signs in, and answers where it is sent with the code. */
async function browse(start: string): Promise<string> {
  const browser = handBrowser()
  const asked = await p.asked((await browser.get(start)).headers.get('location') ?? '')
  assert.equal(asked.isForced, true, 'whoever is sent here for a command line is asked, whatever session the provider holds')
  const answer = await p.answer({ inResponseTo: asked.id, nameId: 'u-1', email: 'engineer@saml.example' })
  const [{ id: sso } = {}] = await s.world.rows('select id from sso')
  const posted = await browser.postFromElsewhere(`${s.url}/sso/saml/${s.world.starter.org}/${String(sso)}`, { SAMLResponse: answer })
  const told = await browser.get(posted.headers.get('location') ?? '')
  assert.equal(browser.cookies.get(new URL(s.url).host)?.size, 0, 'the browser itself is signed in to nothing')
  return told.headers.get('location') ?? ''
}

/** A command line's outside, and what it said. */
function terminal() {
  const lines: string[] = []
  return {
    said: () => lines.join(''),
    io: { fetch: (url: string, init: RequestInit) => fetch(url, init), err: (text: string) => void lines.push(text) },
  }
}

/** Waits until the command line said where to go. */
async function said(text: () => string): Promise<string> {
  for (;;) {
    const found = /http:\/\/\S+\/sso\/start\S+/.exec(text())?.[0]
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('twinlock login --sso', () => {
  it('signs in by this machine’s browser and prints no secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinlock-login-'))
    try {
      const { io, said: err } = terminal()
      const signingIn = signInByBrowser(io, s.url, 'starter')
      const to = await browse(await said(err))
      assert.match(to, /^http:\/\/127\.0\.0\.1:\d+\/\?code=/)
      const state = new URL(to).searchParams.get('state') ?? ''
      for (const wrong of [to.replace(state, 'A'.repeat(43)), to.replace(/code=[^&]*/, 'code='), to.replace('/?', '/x?')])
        assert.equal((await fetch(wrong)).status, 404)
      assert.equal((await fetch(to)).status, 200)
      const session = await signingIn
      assert.match(String(session.token), /^tws_/)
      assert.equal(err().includes(String(session.token)), false)
      await assert.rejects(fetch(to), 'and nothing listens any more')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('is of no use to whoever saw the code, or brings it a second time', async () => {
    const { io: plain, said: err } = terminal()
    const seen: string[] = []
    const io = {
      ...plain,
      fetch: async (url: string, init: RequestInit) => {
        seen.push(String(init.body))
        return fetch(url, init)
      },
    }
    const signingIn = signInByBrowser(io, s.url, 'engineer@saml.example')
    const to = await browse(await said(err))
    const code = new URL(to).searchParams.get('code') ?? ''
    const redeem = (body: object) =>
      fetch(`${s.url}/sso/redeem`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    for (const verifier of ['A'.repeat(43), new URL(to).searchParams.get('state') ?? ''])
      assert.equal((await redeem({ code, verifier })).status, 401)
    await fetch(to)
    await signingIn
    const again = await redeem(JSON.parse(seen[0] ?? '{}') as object) // what this test saw sent
    assert.deepEqual([again.status, ((await again.json()) as { code: string }).code], [401, 'sign_in_replayed'])
  })

  it('gives up when nobody comes, and takes a link or a provider, not both or neither', async () => {
    const { io, said: err } = terminal()
    await assert.rejects(signInByBrowser(io, s.url, 'starter', 0.02), /Nobody signed in/)
    assert.match(err(), /Open this address/)
    const folder = mkdtempSync(join(tmpdir(), 'twinlock-login-'))
    try {
      for (const args of [['login'], ['login', 'a', 'b'], ['login', 'x', '--sso', 'starter']])
        assert.equal((await runIn(args, folder, {})).exit, 2)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('begins for no port of the system, no page of elsewhere and no half of a question', async () => {
    const start = (query: Record<string, string>) =>
      fetch(`${s.url}/sso/start?${new URLSearchParams({ organization: 'starter', ...query })}`, { redirect: 'manual' })
    const good = { port: '40000', state: 'A'.repeat(43), challenge: 'B'.repeat(43) }
    for (const bad of [{ port: '80' }, { port: '70000' }, { port: 'evil.example' }, { state: 'short' }, { challenge: 'a b' }]) {
      const answer = await start({ ...good, ...bad })
      assert.match(answer.headers.get('location') ?? '', /\/login\?refused=invalid/)
    }
  })
})
