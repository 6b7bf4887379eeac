// The mission board of a warehouse, as a real HTTP server on loopback: one for staging and one for production, with other missions and another key. For
// demonstrations and tests. Reading the next mission takes nothing away, so that a run can be repeated.
import { createServer, type IncomingMessage, type Server } from 'node:http'

/** The environments that have a board. */
export type Side = 'staging' | 'production'

/** Settings; ports that are left out are free ones. */
export interface MissionBoardOptions {
  readonly ports?: Partial<Record<Side, number>>
  readonly apiKeys: Readonly<Record<Side, string>>
}

/** A request as it arrived. */
export interface BoardRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
}

/** One running board. */
export interface MissionBoard {
  readonly url: string
  /** The last thousand requests, oldest first. */
  readonly requests: readonly BoardRequest[]
  stop(): Promise<void>
}

/** The running boards. */
export interface MissionBoards extends Readonly<Record<Side, MissionBoard>> {
  stop(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const loggedMax = 1000

const stops: Readonly<Record<string, readonly string[]>> = {
  deliver: ['pick west', 'set down middle', 'dock'],
  'blocked-aisle': ['pick west', 'dock'],
  imported: [],
}

const notFound: Answer = { status: 404, body: { error: 'There is nothing here.' } }

function missionOf(side: Side, scenario: string, route: readonly string[]) {
  return {
    id: `${side}-${scenario}-1`,
    stops: side === 'production' ? [...route].reverse() : route,
    load: 'two boxes of spare parts',
    requestedBy: { name: `shift-lead-${side}`, email: `shift-lead@${side}.example` },
  }
}

/** Answers GET /missions/next?scenario=…, and GET and POST /missions. */
function answer(side: Side, method: string, url: URL): Answer {
  if (url.pathname === '/missions/next' && method === 'GET') {
    const scenario = url.searchParams.get('scenario') ?? 'deliver'
    const route = Object.hasOwn(stops, scenario) ? stops[scenario] : undefined
    return route === undefined ? notFound : { status: 200, body: missionOf(side, scenario, route) }
  }
  if (url.pathname !== '/missions') return notFound
  if (method === 'POST') return { status: 201, body: { accepted: true } }
  return { status: 200, body: { missions: Object.entries(stops).map(([site, route]) => missionOf(side, site, route)) } }
}

function addressed(request: IncomingMessage): URL {
  return new URL(`http://board.invalid${request.url ?? '/'}`)
}

async function startBoard(side: Side, apiKey: string, port: number): Promise<MissionBoard> {
  const requests: BoardRequest[] = []
  const server = createServer((request, response) => {
    const method = request.method ?? 'GET'
    const isKnown = request.headers['x-api-key'] === apiKey
    const { status, body } = isKnown ? answer(side, method, addressed(request)) : { status: 401, body: { error: 'A valid key is needed.' } }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    if (requests.push({ method, path: request.url ?? '/', headers, status }) > loggedMax) requests.shift()
    request.resume() // a body is taken and not read
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  return { url: `http://127.0.0.1:${await listen(server, port)}`, requests, stop: () => stop(server) }
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The mission board has no port.')
  return address.port
}

function stop(server: Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.close((error) => (error ? reject(error) : resolve()))
  server.closeAllConnections()
  return promise
}

/** Starts both boards. Throws when one of the ports is taken. */
export async function startMissionBoards({ ports, apiKeys }: MissionBoardOptions): Promise<MissionBoards> {
  const staging = await startBoard('staging', apiKeys.staging, ports?.staging ?? 0)
  const production = await startBoard('production', apiKeys.production, ports?.production ?? 0)
  return { staging, production, stop: async () => void (await Promise.all([staging.stop(), production.stop()])) }
}
