// A Twinlock with the warehouse robot of the starter, its mission boards running, and its runs driven to their end.
import { readFileSync } from 'node:fs'
import { type Starter, setUpStarter, tokenEndpoint, type WarehouseScenario } from '../../src/app/index.ts'
import { type MissionBoards, startMissionBoards } from '../../twins/warehouse-robot/upstream.ts'
import { type Act, actWith, at, listAt, sessionOf, textAt } from './acting.ts'
import { baseUrl, manifestOf, openEmpty, type WorkloadKey, workloadKey } from './twinlock.ts'

/** A run that ended, with what it left. */
export interface EndedRun {
  readonly id: string
  /** As `run:show` answers it. */
  readonly shown: Record<string, unknown>
  /** What the run said of itself. */
  readonly summary: unknown
  /** The artifact's id; empty where the run left none. */
  readonly artifact: string
}

/** The house of the warehouse robot. */
export interface WarehouseHouse {
  readonly twinlock: Awaited<ReturnType<typeof openEmpty>>['twinlock']
  readonly starter: Starter
  readonly warehouse: NonNullable<Starter['warehouse']>
  readonly boards: MissionBoards
  readonly trainer: WorkloadKey
  readonly apiKeys: Readonly<Record<'staging' | 'production', string>>
  as(person: keyof Starter['people']): Promise<Act>
  /** The pipeline launches a scenario in staging; resolves when the run is closed. */
  drive(scenario: string, parameters?: object, seed?: number): Promise<EndedRun>
  close(): Promise<void>
}

/** The manifest of one of the robot's scenarios. */
export function warehouseManifest(scenario: WarehouseScenario): unknown {
  return JSON.parse(readFileSync(new URL(`../../twins/warehouse-robot/scenarios/${scenario}.json`, import.meta.url), 'utf8'))
}

/** The same, with the time that a machine needs which is busy with others. */
function patient(scenario: WarehouseScenario): unknown {
  return Object.assign(Object(warehouseManifest(scenario)), { deadlineSeconds: 900 })
}

/** Opens it. */
export async function openWarehouse(): Promise<WarehouseHouse> {
  const apiKeys = { staging: 'staging-board-key-1', production: 'production-board-key-1' }
  const boards = await startMissionBoards({ apiKeys })
  const { twinlock, close } = await openEmpty()
  const keys = { pipeline: workloadKey(), payments: workloadKey(), assembly: workloadKey() }
  const trainer = workloadKey()
  const nowhere = (port: number) => ({ url: `http://127.0.0.1:${port}`, apiKey: `key-of-nothing-${port}` })
  const side = (first: number) => ({ accounts: nowhere(first), payments: nowhere(first + 1), historian: nowhere(first + 2) })
  const starter = await setUpStarter(twinlock.door, twinlock.outside, {
    upstreams: { staging: side(21), production: side(31) },
    keys: { pipeline: keys.pipeline.jwk, payments: keys.payments.jwk, assembly: keys.assembly.jwk },
    manifests: { payments: manifestOf('payments') },
    warehouse: {
      missions: {
        staging: { url: boards.staging.url, apiKey: apiKeys.staging },
        production: { url: boards.production.url, apiKey: apiKeys.production },
      },
      manifests: {
        deliver: patient('deliver'),
        'blocked-aisle': patient('blocked-aisle'),
        'reach-out': patient('reach-out'),
      },
      key: trainer.jwk,
    },
  })
  if (starter.warehouse === undefined) throw new Error('The starter was planned with a warehouse.')
  twinlock.start()
  const acting = new Map<string, Act>()
  const as = async (person: keyof Starter['people']): Promise<Act> => {
    const act = acting.get(person) ?? actWith(twinlock.door, await sessionOf(twinlock.door, starter.org, starter.people[person]))
    acting.set(person, act)
    return act
  }
  return {
    twinlock,
    starter,
    warehouse: starter.warehouse,
    boards,
    trainer,
    apiKeys,
    as,
    async drive(scenario, parameters = {}, seed = 1) {
      const pipeline = actWith(twinlock.door, await tokenOf(twinlock, starter, keys.pipeline))
      const { promise, resolve } = Promise.withResolvers<void>()
      const run = textAt(await pipeline('run:launch', { scenario, environment: starter.environments.staging, parameters, seed }), 'id')
      const stop = twinlock.onAct((act) => (act.action === 'run:close' && act.resource === run ? resolve() : undefined))
      await promise
      stop()
      const operator = await as('operator')
      const made = listAt(await operator('artifact:list'), 'items').find((one) => at(one, 'run') === run)
      const { summary } = await operator('run:read', { run })
      return { id: run, shown: await operator('run:show', { run }), summary, artifact: made === undefined ? '' : textAt(made, 'id') }
    },
    async close() {
      await close()
      await boards.stop()
    },
  }
}

async function tokenOf(twinlock: WarehouseHouse['twinlock'], { org, environments, pipeline }: Starter, key: WorkloadKey) {
  const audience = tokenEndpoint(baseUrl, org, environments.staging)
  const token = await key.assertion(audience, pipeline.spiffeId)
  const issued = await actWith(twinlock.door, { kind: 'assertion', token, org, audience })('token:issue')
  return { kind: 'token', token: textAt(issued, 'accessToken') } as const
}
