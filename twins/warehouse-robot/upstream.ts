// The mission board of a warehouse, as a real HTTP server on loopback: one for staging and one for production, with other missions and another key. For
// demonstrations and tests. Reading the next mission takes nothing away, so that a run can be repeated.
import { type Answer, type Asked, startUpstream, type Upstream } from '../payments/loopback-server.ts'

/** The environments that have a board. */
export type Side = 'staging' | 'production'

/** Settings; ports that are left out are free ones. */
export interface MissionBoardOptions {
  readonly ports?: Partial<Record<Side, number>>
  readonly apiKeys: Readonly<Record<Side, string>>
}

/** The running boards. */
export interface MissionBoards extends Readonly<Record<Side, Upstream>> {
  stop(): Promise<void>
}

const stops: Readonly<Record<string, readonly string[]>> = {
  deliver: ['pick west', 'set down middle', 'dock'],
  'blocked-aisle': ['pick west', 'dock'],
  imported: [],
}

/** The API of one board: GET /missions/next?scenario=…, GET and POST /missions; asks for a key. */
export function missionBoardApi(side: Side, apiKey: string): (asked: Asked) => Answer {
  const mission = (scenario: string, route: readonly string[]) => ({
    id: `${side}-${scenario}-1`,
    stops: side === 'production' ? [...route].reverse() : route,
    load: 'two boxes of spare parts',
    requestedBy: { name: `shift-lead-${side}`, email: `shift-lead@${side}.example` },
  })
  return ({ method, url, headers }) => {
    if (headers['x-api-key'] !== apiKey) return { status: 401, body: { error: 'A valid API key is needed.' } }
    const scenario = url.searchParams.get('scenario') ?? 'deliver'
    const route = Object.hasOwn(stops, scenario) ? stops[scenario] : undefined
    if (method === 'GET' && url.pathname === '/missions/next')
      return route === undefined
        ? { status: 404, body: { error: 'There is no mission for this site.' } }
        : { status: 200, body: mission(scenario, route) }
    if (url.pathname !== '/missions') return { status: 404, body: { error: 'There is nothing here.' } }
    if (method === 'POST') return { status: 201, body: { accepted: true } }
    return { status: 200, body: { missions: Object.entries(stops).map(([site, its]) => mission(site, its)) } }
  }
}

/** Starts both boards. */
export async function startMissionBoards({ ports, apiKeys }: MissionBoardOptions): Promise<MissionBoards> {
  const staging = await startUpstream(ports?.staging ?? 0, missionBoardApi('staging', apiKeys.staging))
  const production = await startUpstream(ports?.production ?? 0, missionBoardApi('production', apiKeys.production))
  return { staging, production, stop: async () => void (await Promise.all([staging.stop(), production.stop()])) }
}
