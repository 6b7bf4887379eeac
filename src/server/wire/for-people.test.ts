import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fail } from '../../kernel/index.ts'
import { createServer } from '../create-server.ts'
import type { SignIn } from '../door.ts'
import { fakeDoor, fakeParts } from '../fixtures/fake-door.ts'

const started: (() => Promise<void>)[] = []
after(async () => {
  for (const close of started) await close()
})

const never = async (): Promise<never> => {
  throw fail('internal', 'Nothing in these tests asks for this.')
}

/** A server whose sign-ins begin as they are told to; nothing else of signing in is asked. */
async function serve(begin: SignIn['begin']) {
  const signIn: SignIn = {
    begin,
    beginTrial: never,
    finish: never,
    redeem: never,
    receive: never,
    samlMetadata: never,
    signOutUrl: never,
    samlSignOut: never,
    backChannel: never,
    beginPasskey: never,
    finishPasskey: never,
    recoverByCode: never,
  }
  const clock = { now: () => 0, monotonic: () => 0 }
  const parts = fakeParts(fakeDoor(), { signIn, clock, limits: { refusalsBurst: 1, refusalsPerMinute: 4 } })
  const server = createServer(parts)
  const { port } = await server.listen()
  started.push(() => server.close())
  const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers, redirect: 'manual' })
  return { ask, lines: parts.lines }
}

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const nowhere = async (): Promise<never> => {
  throw fail('not_found', 'There is no provider.')
}

/** What the sign-in page is told by where a browser was sent; fails where it was sent elsewhere. How the page reads it is tested with the page. */
function ledTo(answer: Response) {
  const location = answer.headers.get('location') ?? ''
  assert.equal(answer.status, 303)
  assert.match(location, /^\/login\?/)
  const told = new URLSearchParams(location.slice('/login'.length))
  return { code: told.get('refused'), wait: told.get('wait'), request: told.get('request') }
}

test('a browser whose address has to wait is led to the sign-in page, which is told for how long; a program is answered as everywhere', async () => {
  const { ask } = await serve(nowhere)
  assert.equal(ledTo(await ask('/sso/start?organization=nobody', browser)).code, 'not_found')
  for (const [path, init] of [
    ['/sso/start?organization=nobody', {}],
    ['/sso/callback?code=x', {}],
    ['/sso/saml/org_x/sso_x', { method: 'POST', body: new URLSearchParams({ SAMLResponse: 'x' }) }],
    ['/sso/saml/org_x/sso_x/logout?SAMLRequest=x', {}],
  ] as const) {
    const answer = await ask(path, browser, init)
    assert.equal(answer.headers.get('retry-after'), null, path)
    const told = ledTo(answer)
    assert.deepEqual(told, { code: 'rate_limited', wait: '15', request: answer.headers.get('x-request-id') }, path)
  }
  const program = await ask('/sso/start?organization=nobody', { accept: '*/*' })
  assert.deepEqual([program.status, program.headers.get('retry-after')], [429, '15'])
  assert.equal(((await program.json()) as { code: string }).code, 'rate_limited')
})

test('what fails on our side leads a browser there too, is in the log, and tells it nothing but a code and the request id', async () => {
  const { ask, lines } = await serve(async () => {
    throw new Error('the secret of it')
  })
  const answer = await ask('/sso/start?organization=x', browser)
  assert.equal(ledTo(answer).code, 'internal')
  assert.doesNotMatch(`${answer.headers.get('location')}${await answer.text()}`, /secret/)
  assert.ok(lines.some((line) => line.kind === 'failure' && line.error instanceof Error && line.error.message === 'the secret of it'))
})
