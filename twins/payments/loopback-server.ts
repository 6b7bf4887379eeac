// A small HTTP server on loopback that keeps what it was sent, so that a demonstration or a test can show which headers really arrived upstream.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** One request as it arrived, and how it was answered. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
}

/** What an upstream answers. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that an upstream decides on. */
export interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A running upstream. */
export interface Upstream {
  readonly url: string
  readonly port: number
  /** The last thousand requests, oldest first. */
  readonly requests: readonly LoggedRequest[]
  stop(): Promise<void>
}

const bodyBytesMax = 64 * 1024
const loggedMax = 1000

/** Starts an upstream on loopback; port 0 takes a free one. Answers are JSON. */
export async function startUpstream(port: number, answer: (asked: Asked) => Answer): Promise<Upstream> {
  const requests: LoggedRequest[] = []
  const server = createServer((request, response) => {
    void serve(request, response, answer, (logged) => {
      requests.push(logged)
      if (requests.length > loggedMax) requests.shift()
    })
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The upstream has no port.')
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, requests, stop: () => stop(server) }
}

function stop(server: ReturnType<typeof createServer>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.close((error) => (error ? reject(error) : resolve()))
  server.closeAllConnections()
  return promise
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Answer,
  log: (logged: LoggedRequest) => void,
): Promise<void> {
  const method = request.method ?? 'GET'
  const path = request.url ?? '/'
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const body = await readBody(request)
  const {
    status,
    body: value,
    headers: extra,
  } = body === undefined ? tooLarge : safely(() => answer({ method, url: new URL(path, 'http://upstream.invalid'), headers, body }))
  log({ method, path, headers, body: body ?? '', status })
  response.writeHead(status, { 'content-type': 'application/json', ...extra })
  response.end(JSON.stringify(value))
}

const tooLarge: Answer = { status: 413, body: { error: `A body has at most ${bodyBytesMax} bytes.` } }

// A request that cannot be read is the caller's fault; an upstream that falls over for it would be ours.
function safely(answer: () => Answer): Answer {
  try {
    return answer()
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : 'unreadable' } }
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += part.length
    if (bytes <= bodyBytesMax) parts.push(part)
  }
  return bytes > bodyBytesMax ? undefined : Buffer.concat(parts).toString()
}
