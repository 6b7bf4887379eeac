// The wire of a run's stream: what a reader gets who reads slowly, goes away, or sends what no stream gave out. The stream itself is made up.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { createServer } from './create-server.ts'
import type { Stream, StreamEvent } from './door.ts'
import { fakeDoor, fakeParts } from './fixtures/fake-door.ts'
import { eventText } from './wire/run-events.ts'

const started: (() => Promise<void>)[] = []
after(async () => {
  for (const close of started) await close()
})

/** A stream that always has more to tell, in large pieces. */
function endless(): Stream & { readonly told: () => number; readonly closed: Promise<void> } {
  let told = 0
  const over = Promise.withResolvers<void>()
  let isOver = false
  const large: StreamEvent = { event: 'call', id: '1', data: 'x'.repeat(100_000) }
  return {
    told: () => told,
    closed: over.promise,
    async next() {
      await new Promise((resolve) => setImmediate(resolve))
      if (isOver) return undefined
      told++
      return [large]
    },
    close() {
      isOver = true
      over.resolve()
    },
  }
}

async function serve(stream: Stream, limits = {}) {
  const asked: unknown[] = []
  const watch = {
    async open(request: unknown) {
      asked.push(request)
      return stream
    },
  }
  const server = createServer(fakeParts(fakeDoor(), { watch, limits }))
  const { port } = await server.listen()
  started.push(() => server.close())
  return { port, asked }
}

const request = 'GET /v1/runs/run_x/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer tws_x\r\n\r\n'

test('a reader who does not take what he was sent is cut, told why when he reads on, and never has more waiting than one piece and what the sockets hold', async () => {
  const stream = endless()
  const { port } = await serve(stream, { slowReaderMs: 60 })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.pause()
  socket.write(request)
  await stream.closed
  const toldWhenCut = stream.told()
  assert.ok(toldWhenCut < 500, `${toldWhenCut} pieces were read for a reader who read nothing`)
  const cut = Promise.withResolvers<void>()
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-400)
    if (/event: cut\ndata: \{"code":"slow_reader"/.test(text)) cut.resolve()
  })
  socket.resume()
  await cut.promise
  socket.destroy()
})

test('a stream is closed when its reader goes away', async () => {
  const stream = endless()
  const { port } = await serve(stream)
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  await once(socket, 'data')
  socket.destroy()
  await stream.closed
})

test('an event is one line of JSON, whatever names and paths in it hold', () => {
  const text = eventText({ event: 'call', id: '1.a.1.0', data: { path: '/x\n\nevent: cut\ndata: {}\r\u2028' } })
  assert.equal(text.split('\n').length, 5)
  assert.ok(text.startsWith('event: call\nid: 1.a.1.0\ndata: {'))
  assert.doesNotMatch(text, /\r/)
})

test('a quiet stream says now and then that it is there', async () => {
  const quiet = Promise.withResolvers<undefined>()
  const { port } = await serve({ next: () => quiet.promise, close: () => quiet.resolve(undefined) }, { keepAliveMs: 5 })
  const answer = await fetch(`http://127.0.0.1:${port}/v1/runs/run_x/events`, { headers: { authorization: 'Bearer tws_x' } })
  let text = ''
  for await (const bytes of answer.body ?? []) {
    text += new TextDecoder().decode(bytes)
    if (text.includes(': keep-alive')) break
  }
  assert.match(text, /^retry: \d+\n\n/)
})
