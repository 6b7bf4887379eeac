// Reading a run's stream of events as a client does: over HTTP, event by event, with the id to go on from.
import { createServer } from '../../src/server/index.ts'
import type { Harness } from './twinlock.ts'

/** One event as it came. */
export interface CameEvent {
  readonly event: string
  readonly id: string
  readonly data: Record<string, unknown>
}

/** An open stream. */
export interface EventStream {
  readonly status: number
  readonly headers: Headers
  /** Everything that came so far. */
  readonly events: readonly CameEvent[]
  /** Resolves with the first event, come or to come, that fits; fails when the stream ends before it. */
  until(fits: (event: CameEvent) => boolean): Promise<CameEvent>
  /** Resolves when the server ended the stream. */
  readonly ended: Promise<void>
  /** The problem, of a stream that was refused. */
  problem(): Promise<Record<string, unknown>>
  close(): void
}

/** A server over a harness, on a port of its own. */
export interface Served {
  readonly url: string
  open(run: string, token: string, lastEventId?: string): Promise<EventStream>
  close(): Promise<void>
}

/** Serves a harness over HTTP. */
export async function serveStreams(h: Harness, limits: Record<string, number> = {}): Promise<Served> {
  const { door, broker, watch, publicKeys } = h.twinlock
  const server = createServer({
    door,
    broker,
    watch,
    publicKeys,
    baseUrl: 'http://twinlock.test',
    log: () => undefined,
    port: 0,
    limits: { refusalsBurst: 10_000, ...limits },
  })
  const { port } = await server.listen()
  const url = `http://127.0.0.1:${port}`
  return { url, open: (run, token, id) => openStream(`${url}/v1/runs/${run}/events`, token, id), close: () => server.close() }
}

function readEvent(text: string): CameEvent | undefined {
  const fields = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
  const [event, data] = [fields.get('event'), fields.get('data')]
  if (event === undefined || data === undefined) return undefined // a comment, or the time to wait before the next try
  return { event, id: fields.get('id') ?? '', data: JSON.parse(data) }
}

async function openStream(url: string, token: string, lastEventId: string | undefined): Promise<EventStream> {
  const away = new AbortController()
  const headers = { authorization: `Bearer ${token}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) }
  const response = await fetch(url, { headers, signal: away.signal })
  const events: CameEvent[] = []
  const waiting = new Set<() => void>()
  let isOver = false
  const read = async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const bytes of response.body ?? []) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const event = readEvent(part)
        if (event !== undefined) events.push(event)
      }
      for (const look of [...waiting]) look()
    }
  }
  const ended =
    response.status === 200
      ? read()
          .catch(() => undefined) // it was closed here, or by the server's end
          .then(() => {
            isOver = true
            for (const look of [...waiting]) look()
          })
      : Promise.resolve()
  return {
    status: response.status,
    headers: response.headers,
    events,
    ended,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find(fits)
          if (found !== undefined) resolve(found)
          else if (isOver) reject(new Error(`The stream ended before it: ${JSON.stringify(events.slice(-3))}`))
          if (found !== undefined || isOver) waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    async problem() {
      const body: unknown = await response.json()
      return { ...(typeof body === 'object' ? body : {}) }
    },
    close: () => away.abort(),
  }
}
