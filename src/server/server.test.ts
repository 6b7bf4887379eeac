import assert from 'node:assert/strict'
import { createServer as createNetServer } from 'node:net'
import { after, test } from 'node:test'
import { fail } from '../kernel/index.ts'
import { createServer } from './create-server.ts'
import type { ServerParts } from './door.ts'
import { fakeDoor, fakeParts } from './fixtures/fake-door.ts'

const started: (() => Promise<void>)[] = []
after(async () => {
  for (const close of started) await close()
})

async function serve(door = fakeDoor(), more: Partial<ServerParts> = {}) {
  const parts = fakeParts(door, more)
  const server = createServer(parts)
  const { port } = await server.listen()
  started.push(() => server.close())
  return { url: `http://127.0.0.1:${port}`, door, lines: parts.lines, port }
}

const auth = { authorization: 'Bearer tws_x' }
const json = { ...auth, 'content-type': 'application/json' }

test('an input from path, query and body reaches the door, with the credential and the request id', async () => {
  const { url, door } = await serve()
  await fetch(`${url}/v1/robots?limit=3&tag=a&tag=b&old=true`, { headers: auth })
  assert.deepEqual(door.asked.at(-1)?.input, { limit: '3', tag: ['a', 'b'], old: true })
  await fetch(`${url}/v1/robots/rob_1/stop`, { method: 'POST', headers: { ...json, 'x-request-id': 'mine-1' }, body: '{"reason":"fire"}' })
  assert.deepEqual(door.asked.at(-1)?.input, { reason: 'fire', robot: 'rob_1' })
  assert.equal(door.asked.at(-1)?.requestId, 'mine-1')
  assert.deepEqual(door.asked.at(-1)?.credential, { kind: 'session', token: 'tws_x' })
  assert.equal(door.asked.at(-1)?.address, '127.0.0.1')
})

test('what is reached as `localhost` is served at both loopback addresses, or at none where somebody else has one of them', async () => {
  const other = createNetServer()
  const hasIpv6 = await new Promise<boolean>((resolve) => other.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true)))
  const { port } = await serve(fakeDoor(), { isByName: true })
  const at = (host: string) =>
    fetch(`http://${host}:${port}/healthz`).then(
      (answer) => answer.status,
      () => 0,
    )
  assert.deepEqual([await at('127.0.0.1'), await at('[::1]')], [200, hasIpv6 ? 200 : 0])
  const taken = other.address()
  if (taken === null || typeof taken === 'string') return
  const squatted = createServer(fakeParts(fakeDoor(), { isByName: true, port: taken.port }))
  await assert.rejects(squatted.listen(), { code: 'EADDRINUSE' })
  await assert.rejects(fetch(`http://127.0.0.1:${taken.port}/healthz`), 'nothing was left open')
  other.close()
})

test('an answer carries the entry that records it, and headers that keep it out of caches and browsers', async () => {
  const { url } = await serve()
  const answer = await fetch(`${url}/v1/robots/rob_1`, { headers: auth })
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { robot: 'rob_1' })
  assert.equal(answer.headers.get('twinlock-entry'), 'ent_fake')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.equal(answer.headers.get('access-control-allow-origin'), null)
  assert.match(answer.headers.get('x-request-id') ?? '', /^hrq_/)
})

test('a request id that is not well-formed is replaced by one of ours', async () => {
  const { url } = await serve()
  const answer = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'a b\tc'.padEnd(80, 'x') } })
  assert.match(answer.headers.get('x-request-id') ?? '', /^hrq_[0-9a-z]{26}$/)
})

test('a failure of the door is a problem with its code, title, facts, next step and page', async () => {
  const { url } = await serve(
    fakeDoor(() => {
      throw fail('denied', 'Nothing permits this.', { facts: { roles: ['reviewer'], policies: [] }, next: 'Ask.' })
    }),
  )
  const answer = await fetch(`${url}/v1/robots`, { headers: { ...auth, 'x-request-id': 'r1' } })
  assert.equal(answer.status, 403)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.deepEqual(await answer.json(), {
    roles: ['reviewer'],
    policies: [],
    type: 'http://127.0.0.1:8484/problems/denied',
    title: 'Denied',
    status: 403,
    detail: 'Nothing permits this.',
    instance: '/v1/robots',
    code: 'denied',
    requestId: 'r1',
    next: 'Ask.',
  })
})

test('a bug of ours tells nothing but the request id, and the log has it', async () => {
  const { url, lines } = await serve(
    fakeDoor(() => {
      throw new Error('select secret from vault')
    }),
  )
  const answer = await fetch(`${url}/v1/robots`, { headers: auth })
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /vault/)
  assert.ok(lines.some((line) => line.kind === 'failure' && String(line.error).includes('vault')))
})

test('a request without a credential is told to sign in', async () => {
  const { url } = await serve()
  const answer = await fetch(`${url}/v1/robots`)
  assert.equal(answer.status, 401)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
})

test('an unknown path is not found, and a known one says which methods it takes', async () => {
  const { url } = await serve()
  assert.equal((await fetch(`${url}/v1/nothing`, { headers: auth })).status, 404)
  const answer = await fetch(`${url}/v1/robots/rob_1/stop`, { headers: auth })
  assert.equal(answer.status, 405)
  assert.equal(answer.headers.get('allow'), 'POST')
  assert.equal((await fetch(`${url}/v1/robots`, { method: 'HEAD', headers: auth })).status, 405)
  assert.equal((await fetch(`${url}/v1/robots`, { method: 'OPTIONS' })).status, 405)
})

test('what only parts of the product do cannot be reached by any path', async () => {
  const { url, door } = await serve()
  assert.equal((await fetch(`${url}/v1/robots/sweep`, { method: 'POST', headers: json, body: '{}' })).status, 405)
  assert.equal((await fetch(`${url}/v1/tokens/issue`, { method: 'POST', headers: json, body: '{}' })).status, 404)
  assert.equal(door.asked.length, 0)
})

test('the pages that are not governed answer without a credential', async () => {
  const { url } = await serve()
  assert.deepEqual(await (await fetch(`${url}/healthz`)).json(), { status: 'ok' })
  assert.deepEqual(await (await fetch(`${url}/readyz`)).json(), { status: 'ready' })
  assert.match(await (await fetch(`${url}/problems/denied`)).text(), /^denied: Denied \(HTTP 403\)/)
  assert.equal((await fetch(`${url}/problems/__proto__`)).status, 404)
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: Record<string, unknown> }
  assert.equal(document.openapi, '3.1.0')
  assert.ok('/v1/robots/{robot}/stop' in document.paths)
})

test('a server whose store cannot be read is not ready', async () => {
  const { url, lines } = await serve(fakeDoor(), { ready: () => Promise.reject(new Error('connect ECONNREFUSED')) })
  const answer = await fetch(`${url}/readyz`)
  assert.equal(answer.status, 503)
  const { code, detail } = (await answer.json()) as { code: string; detail: string }
  assert.deepEqual([code, detail, answer.headers.get('retry-after')], ['unavailable', 'The store cannot be read at the moment.', '3'])
  const failure = lines.find((line) => line.kind === 'failure')?.error
  assert.ok(failure instanceof Error && failure.cause instanceof Error && failure.cause.message === 'connect ECONNREFUSED')
})

test('an address whose requests keep being refused has to wait, and a credential that was accepted goes through', async () => {
  const clock = { now: () => 0, monotonic: () => 0 }
  const { url } = await serve(fakeDoor(), { clock, limits: { refusalsBurst: 2, refusalsPerMinute: 60 } })
  assert.equal((await fetch(`${url}/v1/robots`, { headers: auth })).status, 200)
  assert.equal((await fetch(`${url}/v1/robots`)).status, 401)
  assert.equal((await fetch(`${url}/v1/robots`)).status, 401)
  const slowed = await fetch(`${url}/v1/robots`)
  assert.equal(slowed.status, 429)
  assert.equal(slowed.headers.get('retry-after'), '1')
  assert.equal((await fetch(`${url}/v1/robots`, { headers: auth })).status, 200)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
})

test('the access log holds a line per request and nothing that could be a secret', async () => {
  const { url, lines } = await serve()
  await fetch(`${url}/v1/robots/tws_secretsecret/stop?also=secret1`, { method: 'POST', headers: json, body: '{"reason":"secret2"}' })
  await fetch(`${url}/nowhere/secret3?x=secret4`, { headers: { ...auth, cookie: 'secret5' } })
  await fetch(`${url}/v1/robots/run_01hzy3v7k2m8q4w6x9a0b1c2d3`, { headers: auth })
  const text = JSON.stringify(lines)
  assert.equal(lines.length, 3)
  assert.doesNotMatch(text, /secret|tws_/)
  assert.deepEqual(
    lines.map((line) => (line.kind === 'access' ? line.path : '')),
    ['/v1/robots/:robot/stop', '(unknown)', '/v1/robots/run_01hzy3v7k2m8q4w6x9a0b1c2d3'],
  )
  assert.deepEqual(
    lines.map((line) => (line.kind === 'access' ? line.route : '')),
    ['/v1/robots/:robot/stop', undefined, '/v1/robots/:robot'],
  )
})
