// A run as it happens, as server-sent events (WHATWG HTML, section 9.2): `GET /v1/runs/{run}/events`. What is refused is refused before the first byte, as a problem
// like anywhere else. Nothing is read for a reader who has not taken what he was sent; one who does not take it for long is cut, and can go on from there.
import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fail } from '../../kernel/index.ts'
import type { Limits, ServerParts, Stream, StreamEvent } from '../door.ts'
import { credentialOf } from './console-credential.ts'

const reconnectMs = 2000
const goodbyeMs = 5000

/** An event as text. Its data is JSON in one line, so nothing in it can end the line or begin a field. */
export function eventText({ event, id, data }: StreamEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** The bytes of events that several readers are sent: written once, and kept as long as those are. */
const written = new WeakMap<readonly StreamEvent[], Buffer>()

function bytesOf(events: readonly StreamEvent[]): Buffer {
  const bytes = written.get(events) ?? Buffer.from(events.map(eventText).join(''))
  written.set(events, bytes)
  return bytes
}

function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id']
  if (id === undefined || id === '') return undefined
  if (typeof id !== 'string') throw fail('invalid', 'Last-Event-ID came more than once.', { pointer: '/place', next: 'Send it once.' })
  return id
}

type Limited = Pick<Limits, 'keepAliveMs' | 'slowReaderMs'>

/** One open response. */
class Reader {
  readonly #response: ServerResponse
  readonly #stream: Stream
  readonly #limits: Limited

  constructor(response: ServerResponse, stream: Stream, limits: Limited) {
    this.#response = response
    this.#stream = stream
    this.#limits = limits
    response.on('close', () => stream.close())
    response.on('error', () => stream.close()) // the reader is gone; there is nobody to tell
    if (response.destroyed) stream.close()
  }

  /** Sends what comes until the stream is over, the reader is gone, or he is too slow. */
  async pump(): Promise<void> {
    const alive = setInterval(() => this.#keepAlive(), this.#limits.keepAliveMs)
    try {
      this.#response.write(`retry: ${reconnectMs}\n\n`)
      for (let events = await this.#stream.next(); events !== undefined; events = await this.#stream.next()) {
        if (this.#response.write(bytesOf(events))) continue
        if (!(await this.#drained())) return this.cut('slow_reader', 'What was sent was not taken in time.')
      }
      this.#response.end()
    } finally {
      clearInterval(alive)
    }
  }

  /** Says why it ends here, and ends; a reader who does not take even that is let go. */
  cut(code: string, detail: string): void {
    this.#stream.close()
    if (this.#response.writableEnded || this.#response.destroyed) return
    this.#response.end(eventText({ event: 'cut', id: undefined, data: { code, detail } }))
    setTimeout(() => this.#response.destroy(), goodbyeMs).unref()
  }

  #keepAlive(): void {
    if (!this.#response.writableNeedDrain && !this.#response.writableEnded) this.#response.write(': keep-alive\n\n')
  }

  /** Whether the reader took what was sent before his time was up. */
  #drained(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const late = setTimeout(() => resolve(false), this.#limits.slowReaderMs)
    const gone = () => resolve(true)
    this.#response.once('drain', gone).once('close', gone)
    return promise.finally(() => {
      clearTimeout(late)
      this.#response.off('drain', gone).off('close', gone)
    })
  }
}

/** Registers `GET /v1/runs/{run}/events`. Streams end when the server begins to close. */
export function runEvents(app: FastifyInstance, parts: ServerParts, limits: Limited): void {
  const { watch } = parts
  if (watch === undefined) return
  const readers = new Set<Reader>()
  app.addHook('preClose', async () => {
    for (const reader of readers) reader.cut('busy', 'The server is stopping; open the stream again in a moment.')
  })
  app.get<{ Params: { run: string } }>('/v1/runs/:run/events', async (request, reply) => {
    const { run } = request.params
    const stream = await watch.open({
      credential: credentialOf(request, parts.baseUrl),
      run,
      after: lastEventId(request),
      requestId: request.id,
    })
    reply.hijack()
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
    raw.setHeader('content-type', 'text/event-stream; charset=utf-8')
    raw.setHeader('x-accel-buffering', 'no') // a proxy in between would hold events back
    raw.writeHead(200)
    const reader = new Reader(raw, stream, limits)
    readers.add(reader)
    try {
      await reader.pump()
    } catch (error) {
      parts.log({ kind: 'failure', requestId: request.id, error })
      reader.cut('internal', 'Something went wrong on our side; the log has it under the request id.')
    } finally {
      readers.delete(reader)
    }
  })
}
