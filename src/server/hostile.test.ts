// What hostile and broken clients send, over a real socket. Each is refused with a problem that says which limit or rule it broke, and never with a 5xx.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createServer } from './create-server.ts'
import { fakeDoor, fakeParts } from './fixtures/fake-door.ts'
import { rawRequest } from './fixtures/raw-request.ts'

const door = fakeDoor()
const parts = fakeParts(door, {
  limits: {
    bodyBytesMax: 10_000,
    brokerBodyBytesMax: 5_000,
    formBytesMax: 2_000,
    headerBytesMax: 8_192,
    headersMs: 1500,
    requestMs: 3000,
    checkMs: 30,
    refusalsBurst: 1_000,
  },
})
const server = createServer(parts)
let port: number
let url: string
before(async () => {
  port = (await server.listen()).port
  url = `http://127.0.0.1:${port}`
})
after(() => server.close())

const auth = { authorization: 'Bearer tws_x' }
const json = { ...auth, 'content-type': 'application/json' }

interface Told {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly { readonly pointer: string }[]
}

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json, path = '/v1/robots'): Promise<Told> {
  const answer = await fetch(url + path, { method: 'POST', headers, body })
  const told = (await answer.json()) as Told
  assert.equal(told.status ?? answer.status, answer.status)
  return { ...told, status: answer.status }
}

async function get(path: string): Promise<Told> {
  const answer = await fetch(url + path, { headers: auth })
  return { ...((await answer.json()) as Told), status: answer.status }
}

const refused = (told: Told, status: number, code: string, detail: RegExp) => {
  assert.equal(told.status, status, JSON.stringify(told))
  assert.equal(told.code, code)
  assert.match(told.detail, detail)
  assert.match(told.requestId, /^hrq_/)
}

test('malformed JSON is refused', async () => {
  for (const body of ['{', '{"slug":}', 'nonsense', '{"slug":"a"} trailing', "{'slug':'a'}", '{"a":1,}', '\u0000'])
    refused(await post(body), 400, 'malformed', /not JSON/)
})

test('a body that is no object is refused', async () => {
  for (const body of ['[]', '"text"', '7', '[{"slug":"a"}]']) refused(await post(body), 400, 'invalid', /object/)
})

test('bytes that are not UTF-8 are refused', async () => {
  refused(await post(new Uint8Array([123, 34, 0xc3, 0x28, 34, 58, 49, 125])), 400, 'malformed', /UTF-8/)
})

test('JSON that is nested too deep is refused before it is built, however deep it is', async () => {
  refused(await post(`{"slug":"a","about":${'['.repeat(40)}${']'.repeat(40)}}`), 400, 'malformed', /deeper than 32 levels/)
  refused(await post('['.repeat(9_000)), 400, 'malformed', /deeper than 32 levels/)
  refused(await post('{"a":'.repeat(1_900)), 400, 'malformed', /deeper than 32 levels/)
  assert.equal((await post(`{"slug":"a","about":${'['.repeat(30)}${']'.repeat(30)}}`)).status, 200)
})

test('brackets and quotes within texts do not count as nesting', async () => {
  assert.equal((await post(JSON.stringify({ slug: 'a', about: `${'['.repeat(50)}"\\"{:` }))).status, 200)
})

test('a member named twice is refused, however it is written', async () => {
  refused(await post('{"slug":"a","slug":"b"}'), 400, 'malformed', /twice/)
  refused(await post('{"slug":"a","about":{"x":1,"\\u0078":2}}'), 400, 'malformed', /twice/)
})

test('names that reach into prototypes are refused', async () => {
  refused(await post('{"slug":"a","__proto__":{"admin":true}}'), 400, 'malformed', /__proto__/)
  refused(await post('{"slug":"a","about":{"constructor":{"prototype":{"x":1}}}}'), 400, 'malformed', /constructor/)
  refused(await get('/v1/robots?__proto__=x'), 400, 'malformed', /__proto__/)
  assert.equal(Reflect.get({}, 'admin'), undefined)
})

test('a body over the limit is refused by its length, or when it gets there, and the answer names the limit', async () => {
  refused(await post(JSON.stringify({ slug: 'a', about: 'x'.repeat(20_000) })), 413, 'too_large', /10000 bytes/)
  const chunk = `${(4_096).toString(16)}\r\n${'x'.repeat(4_096)}\r\n`
  const head = `POST /v1/robots HTTP/1.1\r\nhost: x\r\nauthorization: Bearer tws_x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`
  const endless = await rawRequest(port, head, chunk)
  assert.equal(endless.status, 413)
  assert.match(endless.body, /10000 bytes/)
})

test('an action that takes large bodies takes them, and has a limit of its own', async () => {
  assert.equal((await post(JSON.stringify({ content: 'x'.repeat(2_000_000) }), json, '/v1/robots/upload')).status, 200)
  refused(await post(JSON.stringify({ content: 'x'.repeat(4_000_001) }), json, '/v1/robots/upload'), 413, 'too_large', /4000000 bytes/)
})

test('a body that does not arrive in time is refused, and its connection ends', async () => {
  const head = `POST /v1/robots HTTP/1.1\r\nhost: x\r\nauthorization: Bearer tws_x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"slug"`
  const slow = await rawRequest(port, head)
  assert.equal(slow.status, 408)
  assert.match(slow.body, /timed_out/)
})

test('headers that do not arrive in time are refused, and their connection ends', async () => {
  const slow = await rawRequest(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: ')
  assert.equal(slow.status, 408)
})

test('headers over the limit are refused, and their connection ends', async () => {
  const bomb = await rawRequest(
    port,
    `GET /healthz HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 500 }, (_, at) => `x-${at}: ${'y'.repeat(50)}\r\n`).join('')}\r\n`,
  )
  assert.equal(bomb.status, 431)
  assert.match(bomb.body, /8192 bytes/)
  const endless = await rawRequest(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: ', 'y'.repeat(1_000))
  assert.equal(endless.status, 431)
})

test('a head over the limit that asks for SCIM is refused as SCIM says errors, and so is what is no HTTP there', async () => {
  const errorOf = ({ head, body }: Awaited<ReturnType<typeof rawRequest>>) => {
    assert.match(head, /content-type: application\/scim\+json/)
    return JSON.parse(body) as { readonly schemas: readonly string[]; readonly status: string; readonly detail: string }
  }
  const filter = Array.from({ length: 10_000 }, (_, number) => `title%20eq%20%22${number}%22`).join('%20or%20')
  for (const target of [`/scim/v2/Users?filter=${filter}`, `/scim/v2?filter=${filter}`]) {
    const long = await rawRequest(port, `GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`)
    const error = errorOf(long)
    assert.deepEqual([long.status, error.status, error.schemas], [431, '431', ['urn:ietf:params:scim:api:messages:2.0:Error']])
    assert.match(error.detail, /8192 bytes/)
  }
  const broken = await rawRequest(port, 'GET /scim/v2/Users HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n')
  assert.deepEqual([broken.status, errorOf(broken).status], [400, '400'])
  for (const target of [`/scim/v2x?filter=${filter}`, `/v1/robots?at=/scim/v2/${filter}`])
    assert.match((await rawRequest(port, `GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`)).head, /problem\+json/, target.slice(0, 30))
})

test('what is not HTTP is answered with a problem, and the connection ends', async () => {
  const answer = await rawRequest(port, '\u0016\u0003\u0001 not http\r\n\r\n')
  assert.equal(answer.status, 400)
  assert.match(answer.head, /problem\+json/)
})

test('a body with two lengths is refused', async () => {
  const smuggled = await rawRequest(
    port,
    'POST /v1/robots HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  )
  assert.equal(smuggled.status, 400)
})

test('wrong types and unknown fields are refused with a pointer to each', async () => {
  const wrong = await post('{"slug":7}')
  refused(wrong, 400, 'invalid', /slug/)
  assert.deepEqual(
    wrong.errors?.map((one) => one.pointer),
    ['/slug'],
  )
  const unknown = await post('{"slug":"a","parts":["x",3],"colour":"red"}')
  assert.equal(unknown.status, 400)
  assert.deepEqual(
    unknown.errors?.map((one) => one.pointer),
    ['/parts/1', '/colour'],
  )
  assert.deepEqual(
    (await get('/v1/robots?colour=red')).errors?.map((one) => one.pointer),
    ['/colour'],
  )
})

test('a parameter that came twice, or names what the path names, is refused', async () => {
  refused(await get('/v1/robots?limit=1&limit=2'), 400, 'invalid', /2 times/)
  refused(await get('/v1/robots/rob_1?robot=rob_2'), 400, 'invalid', /in the path already/)
  refused(await post('{"robot":"rob_2","reason":"x"}', json, '/v1/robots/rob_1/stop'), 400, 'invalid', /in the path already/)
  refused(await post('{"reason":"x"}', json, '/v1/robots/rob_1/stop?reason=y'), 400, 'invalid', /takes no query/)
})

test('parameters that are too many or not encoded are refused', async () => {
  refused(await get(`/v1/robots?${'tag=x&'.repeat(200)}`), 413, 'too_large', /100 parameters/)
  refused(await get('/v1/robots?tag=%c3%28'), 400, 'malformed', /percent-encoded/)
  refused(await get('/v1/robots/%c3%28'), 400, 'malformed', /percent-encoded/)
})

test('another media type is refused, and so is none', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json5', 'x']) {
    refused(await post('{"slug":"a"}', { ...auth, 'content-type': type }), 400, 'malformed', /media type/)
  }
  refused(await post(new Uint8Array([123, 125]), auth), 400, 'malformed', /media type/)
})

test('a credential that is not a bearer token of ours is nobody', async () => {
  for (const authorization of ['Basic dXNlcjpw', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(7_900)}`, 'tws_x']) {
    const answer = await fetch(`${url}/v1/robots`, { headers: { authorization } })
    assert.equal([401, 200].includes(answer.status), true)
    if (!authorization.startsWith('Bearer xxx')) assert.equal(answer.status, 401, authorization)
  }
})

test('nothing of all this was answered with a 5xx', () => {
  assert.deepEqual(
    parts.lines.filter((line) => line.kind === 'failure' || line.status >= 500),
    [],
  )
})
