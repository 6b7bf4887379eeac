// The line's historian as a real HTTP server on loopback: serves the readings of a CSV file by page, to whoever shows a key that is valid now. Keys can
// be rotated while it runs. For demonstrations and tests.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Reading, readReadings } from './reading.ts'

/** A request as it arrived. */
export interface HistorianRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
}

/** Settings of the historian. */
export interface HistorianOptions {
  /** The CSV file's text. */
  readonly csv: string
  /** Accepted as `authorization: Bearer …` or `x-api-key: …`. */
  readonly apiKey: string
  /** A free one when left out. */
  readonly port?: number
}

/** A running historian. */
export interface Historian {
  readonly url: string
  readonly port: number
  /** The last thousand requests, oldest first. */
  readonly requests: readonly HistorianRequest[]
  /** Replaces the key at once. */
  rotate(apiKey: string): void
  stop(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const pageMax = 1000
const loggedMax = 1000

/** Starts the historian. Throws what reading the CSV throws. */
export async function startHistorian(options: HistorianOptions): Promise<Historian> {
  const readings = readReadings(options.csv)
  const requests: HistorianRequest[] = []
  let key = options.apiKey
  const server = createServer((request, response) => {
    const answer = hasKey(request, key) ? serve(request, readings) : { status: 401, body: { error: 'A valid key is needed.' } }
    if (requests.push(logged(request, answer.status)) > loggedMax) requests.shift()
    send(response, answer)
  })
  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    rotate: (apiKey) => {
      key = apiKey
    },
    stop: () => stop(server),
  }
}

function hasKey(request: IncomingMessage, key: string): boolean {
  return request.headers.authorization === `Bearer ${key}` || request.headers['x-api-key'] === key
}

function serve(request: IncomingMessage, readings: readonly Reading[]): Answer {
  const url = new URL(request.url ?? '/', 'http://historian.invalid')
  if (request.method !== 'GET') return { status: 405, body: { error: 'The historian is only read.' } }
  if (url.pathname !== '/readings') return { status: 404, body: { error: 'There is nothing here.' } }
  const from = Number(url.searchParams.get('from') ?? '0')
  const count = Number(url.searchParams.get('count') ?? '100')
  if (!Number.isInteger(from) || from < 0 || !Number.isInteger(count) || count < 1 || count > pageMax) {
    return { status: 400, body: { error: `A page begins at 0 or later and has 1 to ${pageMax} readings.` } }
  }
  return { status: 200, body: { from, total: readings.length, readings: readings.slice(from, from + count) } }
}

function logged(request: IncomingMessage, status: number): HistorianRequest {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  return { method: request.method ?? '', path: request.url ?? '', headers, status }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The historian has no port.')
  return address.port
}

function stop(server: Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.close((error) => (error ? reject(error) : resolve()))
  server.closeAllConnections()
  return promise
}
