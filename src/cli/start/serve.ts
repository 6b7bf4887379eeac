// What `twinlock start` serves over a database that answers: keys, product, server; then, on an empty data folder, the starter. Loaded while the database comes up.
import { linksFor, type OpenedTwinlock, openTwinlock, prepareDeciding, type Starter, setUpAnother, setUpBare } from '../../app/index.ts'
import type { Side } from '../../credentials/index.ts'
import type { DataFolder } from '../../host/data-folder.ts'
import type { DatabaseConnection } from '../../host/postgres/connection.ts'
import { newId } from '../../kernel/index.ts'
import { createServer } from '../../server/index.ts'
import { linksWithUrl, readStarterFile, type StarterFile, writeLinks, writeStarterFile } from './data.ts'
import type { ServerLog } from './log.ts'
import { organizationLines, plainLines } from './print.ts'
import { afterRotation, rotateKeys } from './rotate.ts'
import type { Stoppable } from './stopping.ts'
import { measure, startTelemetry } from './telemetry.ts'
import type { RunningUpstreams } from './upstreams.ts'

/** What a start was asked for. */
export interface ServeOptions {
  readonly empty: boolean
  readonly port: number
  readonly baseUrl: string
  /** Whether it is reached as `localhost`. */
  readonly isByName: boolean
  readonly verbose: boolean
  readonly rotate: readonly Side[]
  /** The short names of further organizations that there shall be. */
  readonly organizations: readonly string[]
}

/** What there is when serving begins. */
export interface Ground {
  readonly clone: string
  readonly folder: DataFolder
  readonly connection: DatabaseConnection
  /** Where the console is served from. */
  readonly console: string
  readonly log: ServerLog
  /** What has been started, and is to be stopped in reverse: everything that is started here is added. */
  readonly started: Stoppable[]
}

/** Makes what needs no database. */
export function prepare(): void {
  prepareDeciding()
}

/** Serves, and answers the lines that say so. */
export async function serve(options: ServeOptions, ground: Ground): Promise<readonly string[]> {
  const { folder, connection, log, started } = ground
  const rotation = { sides: options.rotate, keys: folder.keys, connection }
  await rotateKeys(rotation)
  const twinlock = await openTwinlock({ connection, folders: folder, baseUrl: options.baseUrl, log: (line) => log.note(line) })
  started.push({ name: 'Twinlock', stop: () => twinlock.close() })
  const toDo = afterRotation(rotation)
  if (toDo !== undefined) log.note(toDo)
  await listen(twinlock, options, ground)
  const serving = { ...ground, twinlock, baseUrl: options.baseUrl }
  const lines = await begin(serving, options)
  const others: (readonly string[])[] = []
  for (const slug of options.organizations) others.push(await another(serving, slug))
  return [...lines, ...others.flat()]
}

/** Another organization: until somebody has come in, each start leaves a link for its first administrator, and never again. */
async function another({ twinlock, folder, baseUrl }: Serving, slug: string): Promise<readonly string[]> {
  const { door, outside } = twinlock
  const organization = await setUpAnother(door, outside, slug)
  if (organization === undefined) return []
  const links = linksWithUrl(baseUrl, await linksFor(door, organization))
  return organizationLines(slug, writeLinks(folder.root, links, slug))
}

async function begin(it: Serving, options: ServeOptions): Promise<readonly string[]> {
  const { twinlock, folder } = it
  const file = readStarterFile(folder.root)
  if (twinlock.isEmpty && !options.empty) return startStarter(it)
  if (twinlock.isEmpty || file?.state === 'begun') return startBare(it, file)
  if (file?.state === 'planned' && !options.empty) {
    throw new Error(
      `the starter was interrupted while it was set up. Remove ${folder.root} and ${folder.keys}, and start again; or start with --empty to keep what is there.`,
    )
  }
  return startAgain(it, file)
}

function isInUse(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE'
}

async function listen(twinlock: OpenedTwinlock, options: ServeOptions, { clone, console, log, started }: Ground): Promise<void> {
  const { TWINLOCK_METRICS_TOKEN: metricsToken } = process.env
  const metrics = measure(twinlock)
  const telemetry = startTelemetry(metrics, clone, process.env, (line) => log.note(line))
  started.push({ name: 'telemetry', stop: () => telemetry.stop() })
  const server = createServer({
    door: twinlock.door,
    broker: twinlock.broker,
    watch: twinlock.watch,
    signIn: twinlock.signIn,
    publicKeys: (org, environment) => twinlock.publicKeys(org as never, environment),
    baseUrl: options.baseUrl,
    port: options.port,
    isByName: options.isByName,
    consoleFolder: console,
    ready: async () => (await twinlock.outside.store.organizations()).length >= 0,
    metrics,
    ...(metricsToken === undefined || metricsToken === '' ? {} : { metricsToken }),
    log(line) {
      log.request(line)
      if (line.kind === 'access') telemetry.request(line)
    },
  })
  try {
    await server.listen()
  } catch (error) {
    if (isInUse(error)) throw new Error(`port ${options.port} is in use. Stop what listens there, or start with --port N.`)
    throw error
  }
  started.push({ name: 'the server', stop: () => server.close() })
}

async function followReadings({ twinlock, log }: Serving, upstreams: RunningUpstreams, starter: Starter): Promise<void> {
  await upstreams.serveReadings(twinlock, starter.org)
  twinlock.onAct((act) => {
    if (act.action !== 'asset:add' || act.principal.org !== starter.org) return
    upstreams
      .serveReadings(twinlock, starter.org)
      .catch((error: unknown) =>
        log.note(`the historian cannot serve these readings: ${error instanceof Error ? error.message : String(error)}`),
      )
  })
}

interface Serving extends Ground {
  readonly twinlock: OpenedTwinlock
  readonly baseUrl: string
}

async function startStarter(it: Serving): Promise<readonly string[]> {
  const [{ firstStart }, { planUpstreams, startUpstreams }] = await Promise.all([import('./first-start.ts'), import('./upstreams.ts')])
  const plan = await planUpstreams()
  const upstreams = await startUpstreams(plan)
  it.started.push({ name: 'the upstreams', stop: () => upstreams.stop() })
  const { starter, lines } = await firstStart({ ...it, plan })
  await followReadings(it, upstreams, starter)
  return lines
}

async function startAgain(it: Serving, file: StarterFile | undefined): Promise<readonly string[]> {
  const { twinlock, baseUrl } = it
  twinlock.start()
  if (file?.state === 'bare') return plainLines(baseUrl, await freshLinks(it, file.organization))
  if (file?.state !== 'ready') return plainLines(baseUrl, undefined)
  await serveUpstreams(it, file)
  return plainLines(baseUrl, await freshLinks(it, file.starter))
}

/** Whoever practises a restore beside the server that it is of finds the ports of the demonstration taken, by that one: its upstreams are as good. */
async function serveUpstreams(it: Serving, { upstreams: plan, starter }: Extract<StarterFile, { state: 'ready' }>): Promise<void> {
  // Loaded where there is a starter.
  const { PortsTaken, startUpstreams } = await import('./upstreams.ts')
  try {
    const upstreams = await startUpstreams(plan)
    it.started.push({ name: 'the upstreams', stop: () => upstreams.stop() })
    await followReadings(it, upstreams, starter)
  } catch (error) {
    if (!(error instanceof PortsTaken)) throw error
    it.log.note(
      `The starter’s demonstration upstreams are not served from here: ${error.message}. Another server with this starter on this machine serves them; ` +
        'if there is none, end what listens there, and start again.',
    )
  }
}

async function freshLinks({ twinlock, folder, baseUrl }: Serving, whose: Parameters<typeof linksFor>[1]): Promise<string> {
  return writeLinks(folder.root, linksWithUrl(baseUrl, await linksFor(twinlock.door, whose)))
}

/** Without the starter: one organization with its first administrator, so that somebody can begin. */
async function startBare(it: Serving, file: StarterFile | undefined): Promise<readonly string[]> {
  // Named before it is made, so that a start that was interrupted in between finds it again and does what is left.
  const org = file?.state === 'begun' ? file.org : newId('org', it.twinlock.outside)
  writeStarterFile(it.folder.root, { state: 'begun', org })
  const { door, outside } = it.twinlock
  const organization = await setUpBare(door, outside, org)
  writeStarterFile(it.folder.root, { state: 'bare', organization })
  it.twinlock.start()
  return plainLines(it.baseUrl, await freshLinks(it, organization))
}
