// What hostile upstreams try: answers that never end, never begin, lie about their length, or try to leave something behind for the next call.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Exchange } from '../../egress/index.ts'
import { type ErrorCode, fromUtf8, isCoded } from '../../kernel/index.ts'
import { type ClosableUpstream, createUpstream } from './create-upstream.ts'

const refused = (code: ErrorCode, detail: RegExp) => (error: unknown) => isCoded(error, code) && detail.test(error.message)

interface Hostile {
  readonly upstream: ClosableUpstream
  readonly sockets: Socket[]
  exchange(change?: Partial<Exchange>): ReturnType<ClosableUpstream['exchange']>
}

/** A server that answers each request with whatever `answer` writes to the bare socket. */
async function hostile(t: TestContext, answer: (socket: Socket, turn: number) => void): Promise<Hostile> {
  const sockets: Socket[] = []
  let turn = 0
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', () => answer(socket, turn++))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream = createUpstream()
  t.after(async () => {
    await upstream.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  // A TCP server that listens has an address with a port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const plain = { url, method: 'GET', headers: {}, body: undefined, loopback: true, responseBytesMax: 1000, timeoutMs: 5000 }
  return { upstream, sockets, exchange: (change = {}) => upstream.exchange({ ...plain, ...change }) }
}

/** Writes for as long as the other side listens. */
function pour(socket: Socket, piece: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 5)
  socket.on('close', () => clearInterval(timer))
}

/** Waits until every connection is gone; a reset is as good an end as any. */
async function closed({ sockets }: Hostile): Promise<void> {
  for (const socket of sockets) if (!socket.closed) await new Promise<void>((resolve) => socket.on('close', () => resolve()))
}

const ok = 'HTTP/1.1 200 OK\r\n'

test('a body without an end is cut off at its limit, and the connection with it', async (t) => {
  const it = await hostile(t, (socket) => {
    socket.write(`${ok}\r\n`)
    pour(socket, 'x'.repeat(65_536))
  })
  await assert.rejects(it.exchange(), refused('response_too_large', /1000 bytes/))
  await closed(it)
})

test('chunks without an end are cut off at their limit', async (t) => {
  const it = await hostile(t, (socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n`)
    pour(socket, '5\r\nabcde\r\n')
  })
  await assert.rejects(it.exchange(), refused('response_too_large', /1000 bytes/))
  await closed(it)
})

test('a chunk whose extension has no end does not fill the memory', async (t) => {
  const it = await hostile(t, (socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n5;`)
    pour(socket, 'x'.repeat(65_536))
  })
  await assert.rejects(it.exchange(), refused('upstream_failed', /plain HTTP/))
  await closed(it)
})

test('a length above the limit is refused before any of the body is read', async (t) => {
  const it = await hostile(t, (socket) => socket.write(`${ok}content-length: 1001\r\n\r\n`))
  await assert.rejects(it.exchange(), refused('response_too_large', /1000 bytes/))
  await closed(it)
})

test('an answer of exactly the limit comes back, and one byte more does not', async (t) => {
  const it = await hostile(t, (socket, turn) => socket.end(`${ok}\r\n${'x'.repeat(1000 + turn)}`))
  assert.equal((await it.exchange()).body.length, 1000)
  await assert.rejects(it.exchange(), refused('response_too_large', /1000 bytes/))
})

const slow: Record<string, (socket: Socket) => void> = {
  'says nothing': () => {},
  'sends empty lines before its status line': (socket) => drip(socket, '\r\n'),
  'sends headers without an end, slowly': (socket) => {
    socket.write(ok)
    drip(socket, 'x: y\r\n')
  },
  'sends its body byte by byte': (socket) => {
    socket.write(`${ok}content-length: 900\r\n\r\n`)
    drip(socket, 'x')
  },
  'never sends the end of its body': (socket) => socket.write(`${ok}content-length: 900\r\n\r\nx`),
}
for (const [title, answer] of Object.entries(slow)) {
  test(`an upstream that ${title} has the time of the call, and not of each byte`, async (t) => {
    const it = await hostile(t, answer)
    await assert.rejects(it.exchange({ timeoutMs: 60 }), refused('upstream_failed', /in time|plain HTTP/))
    await closed(it)
  })
}

test('an upstream that does not take the body of a call has no more time for that', async (t) => {
  const it = await hostile(t, (socket) => socket.pause())
  const body = new Uint8Array(32 * 1024 * 1024)
  await assert.rejects(it.exchange({ method: 'POST', body, timeoutMs: 60 }), refused('upstream_failed', /in time/))
})

test('headers above 16 KiB are refused', async (t) => {
  const it = await hostile(t, (socket) => {
    socket.write(ok)
    pour(socket, `x: ${'y'.repeat(1000)}\r\n`)
  })
  await assert.rejects(it.exchange(), refused('response_too_large', /16 KiB/))
  await closed(it)
})

test('more than a hundred headers are refused, and none of them is dropped in silence', async (t) => {
  const it = await hostile(t, (socket, turn) => socket.write(`${ok}${'x: y\r\n'.repeat(99 + turn)}content-length: 0\r\n\r\n`))
  assert.equal((await it.exchange()).headers.x?.split(', ').length, 99)
  await assert.rejects(it.exchange(), refused('response_too_large', /100 headers/))
  await closed(it)
})

test('trailers do not become headers', async (t) => {
  const it = await hostile(t, (socket) => socket.write(`${ok}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\netag: "a"\r\n\r\n`))
  const answer = await it.exchange()
  assert.deepEqual([fromUtf8(answer.body), answer.headers.etag], ['hi', undefined])
})

const broken: Record<string, string> = {
  'is shorter than its length says': `${ok}content-length: 10\r\n\r\nhi`,
  'stops within a chunk': `${ok}transfer-encoding: chunked\r\n\r\na\r\nhi`,
  'stops before the last chunk': `${ok}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n`,
  'stops within its headers': `${ok}content-ty`,
  'is empty': '',
}
for (const [title, text] of Object.entries(broken)) {
  test(`an answer that ${title} fails, and is not taken for a whole one`, async (t) => {
    const it = await hostile(t, (socket) => socket.end(text))
    await assert.rejects(it.exchange(), refused('upstream_failed', /broke the exchange off|plain HTTP/))
  })
}

const nonsense: Record<string, string> = {
  'is not HTTP': 'SSH-2.0-OpenSSH_9.6\r\n',
  'has two lengths': `${ok}content-length: 2\r\ncontent-length: 3\r\n\r\nhi!`,
  'has a length and chunks': `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'has a length that is no number': `${ok}content-length: 2, 2\r\n\r\nhi`,
  'has a folded header': `${ok}x: a\r\n b\r\ncontent-length: 2\r\n\r\nhi`,
  'ends its lines with a line feed alone': 'HTTP/1.1 200 OK\ncontent-length: 2\n\nhi',
  'has a header with a zero byte': `${ok}x: a\0b\r\ncontent-length: 2\r\n\r\nhi`,
}
for (const [title, text] of Object.entries(nonsense)) {
  test(`an answer that ${title} is refused`, async (t) => {
    const it = await hostile(t, (socket) => socket.write(text))
    await assert.rejects(it.exchange({ timeoutMs: 500 }), refused('upstream_failed', /plain HTTP/))
    await closed(it)
  })
}

for (const coding of ['gzip', 'br', 'deflate', 'identity, gzip', 'x-anything']) {
  test(`an answer in the encoding \`${coding}\` is refused, because nobody can redact it`, async (t) => {
    const it = await hostile(t, (socket) => socket.write(`${ok}content-encoding: ${coding}\r\ncontent-length: 2\r\n\r\nhi`))
    await assert.rejects(it.exchange(), refused('upstream_failed', /encoding/))
    await assert.rejects(it.exchange(), refused('upstream_failed', /encoding/))
    assert.equal(it.sockets.length, 2, 'the connection of a refused answer is not used again')
    await closed(it)
  })
}

test('an answer in a transfer coding beside chunks is refused', async (t) => {
  const it = await hostile(t, (socket) => socket.write(`${ok}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`))
  await assert.rejects(it.exchange(), refused('upstream_failed', /encoding|plain HTTP/))
  await closed(it)
})

test('an upstream cannot switch to another protocol', async (t) => {
  const it = await hostile(t, (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  )
  await assert.rejects(it.exchange(), refused('upstream_failed', /another protocol/))
  await closed(it)
})

test('a few interim answers are passed over, and a flood of them ends the call', async (t) => {
  const interim = 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n'
  const it = await hostile(t, (socket, turn) => socket.write(`${interim.repeat(turn === 0 ? 8 : 9)}${ok}content-length: 2\r\n\r\nhi`))
  const answer = await it.exchange()
  assert.deepEqual([answer.status, fromUtf8(answer.body), answer.headers.link], [200, 'hi', undefined])
  await assert.rejects(it.exchange(), refused('upstream_failed', /8 interim/))
})

test('a second answer in the same breath is not kept for the next call', async (t) => {
  const it = await hostile(t, (socket, turn) => {
    const planted = `${ok}content-length: 7\r\n\r\nplanted`
    socket.write(turn === 0 ? `${ok}content-length: 5\r\n\r\nfirst${planted}` : `${ok}content-length: 6\r\n\r\nsecond`)
  })
  const answers = await Promise.allSettled([it.exchange()])
  const next = await it.exchange()
  assert.equal(fromUtf8(next.body), 'second')
  assert.doesNotMatch(JSON.stringify(answers), /planted/)
})

test('a second answer that comes while the connection is idle is not kept for the next call', async (t) => {
  const it = await hostile(t, (socket, turn) => {
    socket.write(`${ok}content-length: 5\r\n\r\nturn${turn}`)
  })
  assert.equal(fromUtf8((await it.exchange()).body), 'turn0')
  const planted = it.sockets[0]
  await new Promise<void>((resolve) => {
    planted?.write(`${ok}content-length: 7\r\n\r\nplanted`, () => resolve())
  })
  const outcome = await it.exchange().then(
    (answer) => fromUtf8(answer.body),
    (error: unknown) => (isCoded(error, 'upstream_failed') ? 'turn1' : 'another failure'),
  )
  assert.equal(outcome, 'turn1')
})

test('connections are kept apart by the credential that was injected, and shared by calls with the same one', async (t) => {
  const it = await hostile(t, (socket) => socket.write(`${ok}content-length: 2\r\n\r\nhi`))
  const credentials = ['Bearer a', 'Bearer b', 'Bearer a', 'Bearer b']
  for (const authorization of credentials) await it.exchange({ headers: { authorization, accept: '*/*' } })
  assert.equal(it.sockets.length, 2)
  await it.exchange({ headers: { authorization: 'Bearer a', accept: 'text/plain' } })
  assert.equal(it.sockets.length, 2)
  await it.exchange({ headers: { 'x-key': 'Bearer a' } })
  assert.equal(it.sockets.length, 3)
})

test('bytes after the length of an answer do not reach the answer', async (t) => {
  const it = await hostile(t, (socket) => socket.end(`${ok}content-length: 2\r\nconnection: close\r\n\r\nhi and more`))
  const outcome = await it.exchange().then(
    (answer) => fromUtf8(answer.body),
    (error: unknown) => (isCoded(error, 'upstream_failed') ? 'hi' : 'another failure'),
  )
  assert.equal(outcome, 'hi')
})

test('an upstream that failed one call is asked anew by the next, on another connection', async (t) => {
  const it = await hostile(t, (socket, turn) => {
    if (turn === 0) socket.destroy()
    else socket.write(`${ok}content-length: 2\r\n\r\nhi`)
  })
  await assert.rejects(it.exchange(), refused('upstream_failed', /broke the exchange off/))
  assert.equal(it.sockets.length, 1)
  assert.equal(fromUtf8((await it.exchange()).body), 'hi')
})

test('a header named after a prototype is a header and nothing else', async (t) => {
  const it = await hostile(t, (socket) => socket.write(`${ok}__proto__: polluted\r\nconstructor: x\r\ncontent-length: 0\r\n\r\n`))
  const { headers } = await it.exchange()
  assert.equal(Object.getPrototypeOf(headers), Object.prototype)
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})
