// The demonstration upstreams of the starter: real HTTP servers on loopback. Payments and the mission board always run; the line's historian serves the newest sealed
// asset called `readings`, so it begins when there is one.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { type Historian, startHistorian } from '../../../twins/assembly-line/upstream.ts'
import { startPaymentsUpstreams } from '../../../twins/payments/upstreams.ts'
import { startMissionBoards } from '../../../twins/warehouse-robot/upstream.ts'
import { newestAssetText, type OpenedTwinlock, type StarterUpstreams, type WarehousePlan } from '../../app/index.ts'
import { systemErrorCode } from '../../host/postgres/errors.ts'
import type { OrgId } from '../../kernel/index.ts'
import type { UpstreamName, UpstreamPlan } from './data.ts'

const sides = ['staging', 'production'] as const

/** Listens on a port of loopback for a moment; 0 takes a free one. Returns the port. */
async function tryPort(wanted: number): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port is free on loopback.')
  return address.port
}

const freePort = (): Promise<number> => tryPort(0)

/** Somebody else listens where the upstreams would. */
export class PortsTaken extends Error {
  constructor(ports: readonly number[]) {
    super(`in use on loopback: port ${ports.join(', port ')}`)
    this.name = 'PortsTaken'
  }
}

/** Looked at before anything is started, so that nothing is left half-started. The historian's are not among them: it begins later. */
async function requireFree({ ports }: UpstreamPlan): Promise<void> {
  const wanted = sides.flatMap((side) => [ports[side].accounts, ports[side].payments, ports[side].missions])
  const taken: number[] = []
  for (const port of wanted) {
    await tryPort(port).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EADDRINUSE') throw error
      taken.push(port)
    })
  }
  if (taken.length > 0) throw new PortsTaken(taken)
}

/** Chooses ports and keys for the upstreams, once. */
export async function planUpstreams(): Promise<UpstreamPlan> {
  const each = async <T>(make: () => Promise<T> | T) => {
    const side = async () => ({ accounts: await make(), payments: await make(), historian: await make(), missions: await make() })
    return { staging: await side(), production: await side() }
  }
  return { ports: await each(freePort), apiKeys: await each(() => `demo-${randomBytes(24).toString('base64url')}`) }
}

function addressOf({ ports, apiKeys }: UpstreamPlan, side: (typeof sides)[number], upstream: UpstreamName) {
  return { url: `http://127.0.0.1:${ports[side][upstream]}`, apiKey: apiKeys[side][upstream] }
}

/** The mission boards as the starter connects to them. */
export function missionBoardsOf(plan: UpstreamPlan): WarehousePlan['missions'] {
  return { staging: addressOf(plan, 'staging', 'missions'), production: addressOf(plan, 'production', 'missions') }
}

/** The upstreams as the starter connects to them. */
export function upstreamsOf(plan: UpstreamPlan): StarterUpstreams {
  const side = (name: (typeof sides)[number]) => {
    const at = (upstream: UpstreamName) => addressOf(plan, name, upstream)
    return { accounts: at('accounts'), payments: at('payments'), historian: at('historian') }
  }
  return { staging: side('staging'), production: side('production') }
}

/** Running upstreams. */
export interface RunningUpstreams {
  /** Begins, or begins again, to serve the newest readings. */
  serveReadings(twinlock: OpenedTwinlock, org: OrgId): Promise<boolean>
  stop(): Promise<void>
}

/** Starts the upstreams on their planned ports. Throws `PortsTaken`. */
export async function startUpstreams(plan: UpstreamPlan): Promise<RunningUpstreams> {
  await requireFree(plan)
  const payments = await startPaymentsUpstreams({ ports: plan.ports, apiKeys: plan.apiKeys })
  const { ports, apiKeys } = plan
  const boards = await startMissionBoards({
    ports: { staging: ports.staging.missions, production: ports.production.missions },
    apiKeys: { staging: apiKeys.staging.missions, production: apiKeys.production.missions },
  })
  let historians: Historian[] = []
  const stopHistorians = async () => {
    const stopping = historians
    historians = []
    await Promise.all(stopping.map((one) => one.stop()))
  }
  return {
    async serveReadings(twinlock, org) {
      const csv = await newestAssetText(twinlock, org, 'readings')
      if (csv === undefined) return false
      await stopHistorians()
      historians = await Promise.all(
        sides.map((side) => startHistorian({ csv, apiKey: plan.apiKeys[side].historian, port: plan.ports[side].historian })),
      )
      return true
    },
    async stop() {
      await stopHistorians()
      await boards.stop()
      await payments.stop()
    },
  }
}
