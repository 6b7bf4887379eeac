import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fail } from '../kernel/index.ts'
import { createServer } from './create-server.ts'
import type { BrokerRequest, DoorRequest, ServerParts } from './door.ts'
import { fakeCatalogue, fakeParts } from './fixtures/fake-door.ts'

const started: (() => Promise<void>)[] = []
after(async () => {
  for (const close of started) await close()
})

const org = 'org_01hzy3v7k2m8q4w6x9a0b1c2d3'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const form = { grant_type: 'client_credentials', client_assertion_type: assertionType, client_assertion: 'a.b.c' }

async function serve(govern: (request: DoorRequest) => unknown = () => ({}), more: Partial<ServerParts> = {}) {
  const asked: DoorRequest[] = []
  const door = {
    catalogue: fakeCatalogue,
    async govern(request: DoorRequest) {
      asked.push(request)
      return { result: govern(request), entry: 'ent_fake' }
    },
  }
  const server = createServer(fakeParts(door, more))
  const { port } = await server.listen()
  started.push(() => server.close())
  return { url: `http://127.0.0.1:${port}`, asked }
}

const askToken = (url: string, fields: Record<string, string> | string, path = `/o/${org}/e/env_1/token`) =>
  fetch(url + path, { method: 'POST', body: new URLSearchParams(fields) })

test('a workload gets a token for an assertion whose audience is this very endpoint', async () => {
  const { url, asked } = await serve(() => ({ accessToken: 'x.y.z', expiresIn: 300, spiffeId: 'spiffe://x/service/y' }))
  const answer = await askToken(url, { ...form, scope: 'ignored' })
  assert.deepEqual(await answer.json(), { access_token: 'x.y.z', token_type: 'Bearer', expires_in: 300 })
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(asked[0]?.action, 'token:issue')
  assert.deepEqual(asked[0]?.credential, {
    kind: 'assertion',
    token: 'a.b.c',
    org,
    audience: `http://127.0.0.1:8484/o/${org}/e/env_1/token`,
  })
})

test('the token endpoint speaks the errors of RFC 6749', async () => {
  const { url, asked } = await serve()
  const told = async (fields: Record<string, string> | string, path?: string) => {
    const answer = await askToken(url, fields, path)
    return [answer.status, ((await answer.json()) as { error: string }).error]
  }
  assert.deepEqual(await told({ ...form, grant_type: 'password' }), [400, 'unsupported_grant_type'])
  assert.deepEqual(await told({ ...form, client_assertion_type: 'x' }), [400, 'invalid_request'])
  assert.deepEqual(await told({ grant_type: 'client_credentials' }), [400, 'invalid_request'])
  assert.deepEqual(await told(`${new URLSearchParams(form)}&client_assertion=d.e.f`), [400, 'invalid_request'])
  assert.deepEqual(await told({ ...form, client_assertion: 'x'.repeat(9_000) }), [413, 'invalid_request'])
  assert.deepEqual(await told(form, '/o/somebody/e/env_1/token'), [401, 'invalid_client'])
  assert.equal(asked.length, 0)
})

test('a refusal behind the door becomes an OAuth error that tells its code by a link', async () => {
  const codes = {
    token_signature: [401, 'invalid_client'],
    not_promoted: [400, 'unauthorized_client'],
    denied: [400, 'unauthorized_client'],
    busy: [503, 'temporarily_unavailable'],
  } as const
  for (const [code, [status, error]] of Object.entries(codes)) {
    const { url } = await serve(() => {
      throw fail(code as keyof typeof codes, 'The owner’s "key" is not right.') // the keys of the table above
    })
    const answer = await askToken(url, form)
    assert.equal(answer.status, status)
    const told = (await answer.json()) as Record<string, string>
    assert.equal(told.error, error)
    assert.equal(told.error_description, "The owner's _key_ is not right.")
    assert.match(told.error_uri ?? '', new RegExp(`/problems/${code}$`))
  }
})

test('the token endpoint takes forms alone', async () => {
  const { url } = await serve()
  const answer = await fetch(`${url}/o/${org}/e/env_1/token`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })
  assert.equal(answer.status, 400)
})

test('an issuer tells where its token endpoint and its keys are, and an unknown one is not found', async () => {
  const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' }
  const { url } = await serve(undefined, { publicKeys: async (_org, environment) => (environment === 'env_1' ? [key] : undefined) })
  const metadata = (await (await fetch(`${url}/.well-known/oauth-authorization-server/o/${org}/e/env_1`)).json()) as Record<string, string>
  assert.equal(metadata.issuer, `http://127.0.0.1:8484/o/${org}/e/env_1`)
  assert.equal(metadata.token_endpoint, `${metadata.issuer}/token`)
  assert.deepEqual(await (await fetch(`${url}/o/${org}/e/env_1/jwks.json`)).json(), { keys: [key] })
  assert.equal((await fetch(`${url}/o/${org}/e/env_2/jwks.json`)).status, 404)
  assert.equal((await fetch(`${url}/o/nobody/e/env_1/jwks.json`)).status, 404)
})

test('a key proof binds the assertion to the promotion and to its nonce', async () => {
  const { url, asked } = await serve(() => ({ promotion: 'prm_1', thumbprint: 't' }))
  const send = (body: object) =>
    fetch(`${url}/v1/promotions/prm_1/prove-key`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const answer = await send({ assertion: 'a.b.c', organization: org, nonce: 'n'.repeat(32) })
  assert.equal(answer.status, 200)
  assert.deepEqual(asked[0]?.credential, {
    kind: 'assertion',
    token: 'a.b.c',
    org,
    audience: `http://127.0.0.1:8484/v1/promotions/prm_1/prove-key#${'n'.repeat(32)}`,
  })
  assert.deepEqual(asked[0]?.input, { promotion: 'prm_1', nonce: 'n'.repeat(32) })
  assert.equal((await send({ assertion: 'a.b.c', organization: org })).status, 400)
  assert.equal((await send({ assertion: 'a.b.c', organization: 'x', nonce: 'n'.repeat(32), more: 1 })).status, 400)
  assert.equal(asked.length, 1)
})

test('a call on a connection reaches the broker as it came, and its answer comes back under our headers', async () => {
  const calls: BrokerRequest[] = []
  const { url } = await serve(undefined, {
    broker: {
      async call(request) {
        calls.push(request)
        return { status: 207, headers: { 'content-type': 'text/html', etag: '"1"' }, body: Buffer.from('<b>'), call: 'cal_1' }
      },
    },
  })
  const answer = await fetch(`${url}/v1/c/payments-api/a%2Fb/../c?x=1&x=2`, {
    method: 'PUT',
    headers: { authorization: 'Bearer x.y.z', 'content-type': 'application/octet-stream', 'x-api-key': 'mine' },
    body: new Uint8Array([1, 2, 255]),
  })
  assert.equal(answer.status, 207)
  assert.equal(await answer.text(), '<b>')
  assert.equal(answer.headers.get('twinlock-call'), 'cal_1')
  assert.equal(answer.headers.get('etag'), '"1"')
  assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/)
  const [call] = calls
  assert.equal(call?.connection, 'payments-api')
  assert.equal(call?.method, 'PUT')
  assert.equal(call?.path, '/c?x=1&x=2')
  assert.deepEqual([...(call?.body ?? [])], [1, 2, 255])
  assert.deepEqual(call?.credential, { kind: 'token', token: 'x.y.z' })
  assert.equal(call?.headers['x-api-key'], 'mine')
  assert.equal(call?.headers.authorization, undefined)
})

test('a call body over the broker’s limit is refused before the broker hears of it', async () => {
  const calls: BrokerRequest[] = []
  const broker = {
    async call(request: BrokerRequest) {
      calls.push(request)
      return { status: 200, headers: {}, body: new Uint8Array(), call: 'cal_1' }
    },
  }
  const { url } = await serve(undefined, { broker })
  const answer = await fetch(`${url}/v1/c/payments-api/x`, { method: 'POST', body: new Uint8Array(524_289) })
  assert.equal(answer.status, 413)
  assert.match(await answer.text(), /524288 bytes/)
  assert.equal(calls.length, 0)
})
