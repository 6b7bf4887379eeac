// What the client promises to its callers, against plain servers on loopback: what is sent, where it connects, and what it never does.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import type { Exchange } from '../../egress/index.ts'
import { type ErrorCode, fromUtf8, isCoded, utf8 } from '../../kernel/index.ts'
import type { Resolved, Resolver } from './checked-lookup.ts'
import { type ClosableUpstream, createUpstream } from './create-upstream.ts'

const refused =
  (code: ErrorCode, detail = /./) =>
  (error: unknown) =>
    isCoded(error, code) && detail.test(error.message)

async function serve(t: TestContext, listener: RequestListener, host = '127.0.0.1'): Promise<{ port: number; server: Server }> {
  const server = createServer(listener).listen(0, host)
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  // A TCP server that listens has an address with a port.
  return { port: (server.address() as AddressInfo).port, server }
}

function clientFor(t: TestContext, resolve?: Resolver): ClosableUpstream {
  const upstream = createUpstream(resolve === undefined ? {} : { resolve })
  t.after(() => upstream.close())
  return upstream
}

function call(url: string, change: Partial<Exchange> = {}): Exchange {
  return { url, method: 'GET', headers: {}, body: undefined, loopback: true, responseBytesMax: 1_000_000, timeoutMs: 5000, ...change }
}

async function readAll(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of message) text += String(piece)
  return text
}

const echo: RequestListener = (request, response) => {
  readAll(request).then((body) =>
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body })),
  )
}

const answersTo =
  (...addresses: string[]): Resolver =>
  async () =>
    addresses.map((address): Resolved => ({ address, family: address.includes(':') ? 6 : 4 }))

test('what was decided is what is sent: method, path, query, headers and body, asking for a plain answer', async (t) => {
  const { port } = await serve(t, echo)
  const upstream = clientFor(t)
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const body = method === 'GET' ? undefined : utf8(`body of ${method}`)
    const headers = { 'Content-Type': 'text/plain', authorization: 'Bearer injected' }
    const answer = await upstream.exchange(call(`http://127.0.0.1:${port}/a/b%20c?x=1&y=/2`, { method, body, headers }))
    const sent = JSON.parse(fromUtf8(answer.body))
    assert.deepEqual(
      [answer.status, sent.method, sent.url, sent.body],
      [200, method, '/a/b%20c?x=1&y=/2', body === undefined ? '' : `body of ${method}`],
    )
    assert.deepEqual(sent.headers, {
      'accept-encoding': 'identity',
      via: '1.1 twinlock',
      authorization: 'Bearer injected',
      connection: 'keep-alive',
      'content-type': 'text/plain',
      host: `127.0.0.1:${port}`,
      ...(body === undefined ? {} : { 'content-length': String(body.length) }),
    })
  }
})

test('a HEAD answer may tell of any length, because it brings no body', async (t) => {
  const { port } = await serve(t, (_, response) => response.writeHead(200, { 'content-length': '999999999' }).end())
  const answer = await clientFor(t).exchange(call(`http://127.0.0.1:${port}/`, { method: 'HEAD' }))
  assert.deepEqual([answer.status, answer.body.length, answer.headers['content-length']], [200, 0, '999999999'])
})

test('a redirect is an answer like any other, and nobody follows it', async (t) => {
  let asked = 0
  const { port } = await serve(t, (_, response) => {
    asked++
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
  })
  const answer = await clientFor(t).exchange(call(`http://127.0.0.1:${port}/`))
  assert.deepEqual([answer.status, answer.headers.location, asked], [302, 'http://169.254.169.254/latest/meta-data/', 1])
})

test('cookies do not come back, and nothing of one call is sent with the next', async (t) => {
  const { port } = await serve(t, (request, response) =>
    response.setHeader('set-cookie', ['a=1', 'b=2']).end(request.headers.cookie ?? 'none'),
  )
  const upstream = clientFor(t)
  for (let turn = 0; turn < 2; turn++) {
    const answer = await upstream.exchange(call(`http://127.0.0.1:${port}/`))
    assert.deepEqual([answer.headers['set-cookie'], fromUtf8(answer.body)], [undefined, 'none'])
  }
})

test('one hundred calls at once each get their own answer', async (t) => {
  const { port } = await serve(t, (request, response) => response.end(request.url))
  const upstream = clientFor(t)
  const numbers = Array.from({ length: 100 }, (_, at) => at)
  const answers = await Promise.all(numbers.map((at) => upstream.exchange(call(`http://127.0.0.1:${port}/${at}`))))
  assert.deepEqual(
    answers.map((answer) => fromUtf8(answer.body)),
    numbers.map((at) => `/${at}`),
  )
})

const insideAddresses = [
  ...[
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    '2852039166',
    '0xa9.254.169.254',
  ],
  ...[
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[fd00:ec2::254]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
  ],
  ...['１２７.０.０.１', '127。0。0。1'],
]
for (const host of insideAddresses) {
  test(`the address \`${host}\` is refused on a connection to elsewhere, and nothing connects`, async (t) => {
    let connections = 0
    const { port, server } = await serve(t, echo)
    server.on('connection', () => connections++)
    await assert.rejects(clientFor(t).exchange(call(`http://${host}:${port}/`, { loopback: false })), refused('upstream_refused'))
    assert.equal(connections, 0)
  })
}

for (const host of [
  '8.8.8.8',
  '10.0.0.1',
  '169.254.169.254',
  '0.0.0.0',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[2606:4700::1111]',
  '[64:ff9b::7f00:1]',
]) {
  test(`the address \`${host}\` is refused on a connection to this machine`, async (t) => {
    await assert.rejects(clientFor(t).exchange(call(`http://${host}:9/`)), refused('upstream_refused'))
  })
}

for (const addresses of [
  ['127.0.0.1'],
  ['::1'],
  ['10.0.0.1'],
  ['169.254.169.254'],
  ['::ffff:127.0.0.1'],
  ['8.8.8.8', '127.0.0.1'],
  ['127.0.0.1', '8.8.8.8'],
  [],
]) {
  test(`a name of elsewhere that is ${addresses.join(' and ') || 'nowhere'} is refused as a whole, and nothing connects`, async (t) => {
    let connections = 0
    const { port, server } = await serve(t, echo)
    server.on('connection', () => connections++)
    const upstream = clientFor(t, answersTo(...addresses))
    await assert.rejects(upstream.exchange(call(`http://twin.example:${port}/`, { loopback: false })), refused('upstream_refused'))
    assert.equal(connections, 0)
  })
}

test('a name of this machine that is also elsewhere is refused', async (t) => {
  const upstream = clientFor(t, answersTo('127.0.0.1', '8.8.8.8'))
  await assert.rejects(upstream.exchange(call('http://twin.example:9/')), refused('upstream_refused'))
})

test('a name with more addresses than are looked at is refused', async (t) => {
  const upstream = clientFor(t, answersTo(...Array.from({ length: 65 }, () => '127.0.0.1')))
  await assert.rejects(upstream.exchange(call('http://twin.example:9/')), refused('upstream_refused'))
})

test('the connection is made to the address that was judged, and the name is asked for once per connection', async (t) => {
  const { port } = await serve(
    t,
    (request, response) => response.end(`${request.socket.localAddress} ${request.headers.host}`),
    '127.0.0.2',
  )
  const asked: string[] = []
  const upstream = clientFor(t, async (name) => {
    asked.push(name)
    return answersTo('127.0.0.2')(name)
  })
  const answer = await upstream.exchange(call(`http://twin.example:${port}/`))
  assert.deepEqual([fromUtf8(answer.body), asked], [`127.0.0.2 twin.example:${port}`, ['twin.example']])
})

test('a name that moves to another address is judged again by the next connection', async (t) => {
  const { port } = await serve(t, (_, response) => response.setHeader('connection', 'close').end('ok'))
  const moves = ['127.0.0.1', '169.254.169.254']
  const upstream = clientFor(t, async (name) => answersTo(moves.shift() ?? '10.0.0.1')(name))
  const exchange = call(`http://twin.example:${port}/`)
  assert.equal((await upstream.exchange(exchange)).status, 200)
  await assert.rejects(upstream.exchange(exchange), refused('upstream_refused'))
})

test('a kept connection to this machine never serves a connection to elsewhere', async (t) => {
  let asked = 0
  const { port } = await serve(t, (_, response) => {
    asked++
    response.end('ok')
  })
  const upstream = clientFor(t, answersTo('127.0.0.1'))
  await upstream.exchange(call(`http://twin.example:${port}/`))
  await assert.rejects(upstream.exchange(call(`http://twin.example:${port}/`, { loopback: false })), refused('upstream_refused'))
  assert.equal(asked, 1)
})

test('a connection is kept and used again', async (t) => {
  let connections = 0
  const { port, server } = await serve(t, echo)
  server.on('connection', () => connections++)
  const upstream = clientFor(t)
  for (let turn = 0; turn < 3; turn++) await upstream.exchange(call(`http://127.0.0.1:${port}/`))
  assert.equal(connections, 1)
})

test('a header with a line break in it is not sent', async (t) => {
  const { port } = await serve(t, echo)
  const exchange = call(`http://127.0.0.1:${port}/`, { headers: { accept: 'a\r\nx-injected: b' } })
  await assert.rejects(clientFor(t).exchange(exchange), refused('upstream_failed'))
})

test('an upstream that is not there fails without a word on where it would be', async (t) => {
  const { port, server } = await serve(t, echo)
  server.close()
  await once(server, 'close')
  await assert.rejects(
    clientFor(t).exchange(call(`http://localhost:${port}/`)),
    (error) => refused('upstream_failed', /could not be reached/)(error) && !/localhost|127\.0|::1|\d{2}/.test(String(error)),
  )
})

test('a refusal tells the caller no name and no address, and the log both', async (t) => {
  const upstream = clientFor(t, answersTo('10.1.2.3'))
  await assert.rejects(upstream.exchange(call('http://inside.example:9/', { loopback: false })), (error) => {
    assert.ok(isCoded(error, 'upstream_refused'))
    const shown = JSON.stringify([error.message, error.notes.next, error.notes.facts])
    assert.doesNotMatch(shown, /inside|10\.1/)
    assert.match(String(error.notes.cause), /inside\.example is 10\.1\.2\.3/)
    return true
  })
})

test('a name that does not exist fails, and one that is never answered fails in time', async (t) => {
  const missing = clientFor(t, async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND twin.example'), { code: 'ENOTFOUND' })
  })
  await assert.rejects(missing.exchange(call('http://twin.example/')), refused('upstream_failed', /could not be resolved/))
  const silent = clientFor(t, () => new Promise(() => {}))
  await assert.rejects(silent.exchange(call('http://twin.example/', { timeoutMs: 30 })), refused('upstream_failed', /in time/))
})

test('closing ends what is under way and refuses what comes after', async (t) => {
  const { port, server } = await serve(t, () => {})
  const upstream = clientFor(t)
  const hanging = upstream.exchange(call(`http://127.0.0.1:${port}/`))
  const [socket] = await once(server, 'connection')
  const ended = once(socket, 'close')
  await Promise.all([assert.rejects(hanging, refused('upstream_failed', /stopping/)), upstream.close()])
  await ended
  await assert.rejects(upstream.exchange(call(`http://127.0.0.1:${port}/`)), refused('upstream_failed', /stopping/))
})

test('proxies that the environment names are not used, even where Node is told to', async (t) => {
  const proxied: (string | undefined)[] = []
  const note: RequestListener = (request, response) => {
    proxied.push(request.url)
    response.end('proxied')
  }
  const proxy = await serve(t, note)
  proxy.server.on('connect', (request, socket) => {
    proxied.push(request.url)
    socket.destroy()
  })
  const { port } = await serve(t, (_, response) => response.end('direct'))
  const script = `
    import { createUpstream } from ${JSON.stringify(new URL('create-upstream.ts', import.meta.url).href)}
    const upstream = createUpstream({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
    const exchange = ${JSON.stringify({ ...call(`http://twin.example:${port}/`), body: null })}
    const answer = await upstream.exchange({ ...exchange, body: undefined })
    process.stdout.write(Buffer.from(answer.body))
    await upstream.close()`
  const url = `http://127.0.0.1:${proxy.port}`
  const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, ALL_PROXY: url }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], { env })
  assert.deepEqual([stdout, proxied], ['direct', []])
})
