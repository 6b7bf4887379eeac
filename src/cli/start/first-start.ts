// The first start on an empty data folder: upstreams, keys, the starter, and the main job once, with progress. A start that was interrupted here says so.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  asPerson,
  linksFor,
  type OpenedTwinlock,
  type Starter,
  setUpStarter,
  tokenEndpoint,
  type WalkedRun,
  type WalkParts,
  type WarehouseScenario,
  walkMainJob,
  walkWarehouse,
  withSecondAdministrator,
} from '../../app/index.ts'
import type { DataFolder } from '../../host/data-folder.ts'
import { linksWithUrl, type UpstreamPlan, writeLinks, writeStarterFile } from './data.ts'
import { isJsonLog, type ServerLog } from './log.ts'
import { type Attempt, Progress, storyLines } from './print.ts'
import { missionBoardsOf, upstreamsOf } from './upstreams.ts'
import { assertionSigner, newWorkloadKey, writeWorkloadFile } from './workload-keys.ts'

/** What the first start works with. */
export interface FirstStart {
  readonly twinlock: OpenedTwinlock
  readonly folder: DataFolder
  readonly clone: string
  readonly baseUrl: string
  readonly plan: UpstreamPlan
  readonly log: ServerLog
}

type Keys = Readonly<Record<'pipeline' | 'payments' | 'assembly' | 'trainer', ReturnType<typeof newWorkloadKey>>>

function keepKeys({ folder, baseUrl }: FirstStart, starter: Starter, keys: Keys): void {
  const { org, environments, pipeline, services, warehouse } = starter
  const common = (environment: string) => ({
    organization: org,
    environment,
    tokenEndpoint: tokenEndpoint(baseUrl, org, environment),
    audience: baseUrl,
  })
  const service = (slug: string, spiffeId: string, key: Keys['payments'], pulls: string) =>
    writeWorkloadFile(folder.workloads, {
      kind: 'service',
      slug,
      spiffeId,
      ...common(environments.production),
      jwk: key.jwk,
      pulls: [pulls],
    })
  writeWorkloadFile(folder.workloads, {
    kind: 'pipeline',
    slug: 'ci',
    spiffeId: pipeline.spiffeId,
    ...common(environments.staging),
    jwk: keys.pipeline.jwk,
  })
  service('payments-settler', services.payments.spiffeId, keys.payments, 'payments@production')
  service('line-guard', services.assembly.spiffeId, keys.assembly, 'assembly-line@production')
  if (warehouse !== undefined) service('perception-trainer', warehouse.service.spiffeId, keys.trainer, 'warehouse-robot@production')
}

function manifestOf(clone: string, twin: string): unknown {
  return JSON.parse(readFileSync(join(clone, 'twins', twin, 'twin.json'), 'utf8')).scenario
}

function warehouseManifest(clone: string, scenario: WarehouseScenario): unknown {
  return JSON.parse(readFileSync(join(clone, 'twins', 'warehouse-robot', 'scenarios', `${scenario}.json`), 'utf8'))
}

async function summaryOf(twinlock: OpenedTwinlock, starter: Starter, { run }: WalkedRun): Promise<unknown> {
  return (await asPerson(twinlock.door, starter.org, starter.people.operator, (operator) => operator('run:read', { run }))).summary
}

async function attemptsOf(twinlock: OpenedTwinlock, starter: Starter, walked: WalkedRun): Promise<Attempt[]> {
  const summary = (await summaryOf(twinlock, starter, walked)) as { attempts?: Attempt[] } | null // what the payments twin says of itself; shown, never acted on
  return summary?.attempts ?? []
}

async function reasonOf(twinlock: OpenedTwinlock, starter: Starter, walked: WalkedRun): Promise<string> {
  const summary = (await summaryOf(twinlock, starter, walked)) as { reason?: string } | null // what the robot's twin says of itself; shown, never acted on
  return summary?.reason ?? String(walked.ended.reason)
}

/** Sets the starter up, walks the main job once, lets the robot deliver once, and returns what to print. */
export async function firstStart(it: FirstStart): Promise<{ readonly starter: Starter; readonly lines: readonly string[] }> {
  const { twinlock, folder, clone, baseUrl, plan, log } = it
  const isDrawn = process.stderr.isTTY === true && !isJsonLog(process.env)
  const progress = new Progress({ isDrawn, note: (line) => log.note(line) })
  progress.show('Setting up the starter', 0, 0, 'people, environments, keys, twins')
  writeStarterFile(folder.root, { state: 'planned', upstreams: plan })
  const keys = { pipeline: newWorkloadKey(), payments: newWorkloadKey(), assembly: newWorkloadKey(), trainer: newWorkloadKey() }
  const set = await setUpStarter(twinlock.door, twinlock.outside, {
    upstreams: upstreamsOf(plan),
    keys: { pipeline: keys.pipeline.publicJwk, payments: keys.payments.publicJwk, assembly: keys.assembly.publicJwk },
    manifests: { payments: manifestOf(clone, 'payments') },
    warehouse: {
      missions: missionBoardsOf(plan),
      manifests: {
        deliver: warehouseManifest(clone, 'deliver'),
        'blocked-aisle': warehouseManifest(clone, 'blocked-aisle'),
        'reach-out': warehouseManifest(clone, 'reach-out'),
      },
      key: keys.trainer.publicJwk,
    },
  })
  const starter = await withSecondAdministrator(twinlock.door, set)
  keepKeys(it, starter, keys)
  writeStarterFile(folder.root, { state: 'ready', upstreams: plan, starter })
  twinlock.start()
  const parts = (label: string): WalkParts => ({
    door: twinlock.door,
    broker: twinlock.broker,
    baseUrl,
    signers: { pipeline: assertionSigner(keys.pipeline.jwk), payments: assertionSigner(keys.payments.jwk) },
    progress: (done, total, note) => progress.show(label, done, total, note),
    pause: () => new Promise((resolve) => setTimeout(resolve, 100)),
  })
  const walked = await walkMainJob(parts('Payments in staging'), starter)
  progress.show('The robot in staging', 0, 0, 'waiting for its cell')
  const robot = await walkWarehouse(parts('The robot in staging'), starter)
  const [links, attempts, drive] = await Promise.all([
    linksFor(twinlock.door, starter),
    attemptsOf(twinlock, starter, walked),
    robot === undefined ? undefined : reasonOf(twinlock, starter, robot).then((reason) => ({ walked: robot, reason })),
  ])
  progress.clear()
  const linksFile = writeLinks(folder.root, linksWithUrl(baseUrl, links))
  return { starter, lines: storyLines({ baseUrl, starter, walked, attempts, drive, linksFile }) }
}
