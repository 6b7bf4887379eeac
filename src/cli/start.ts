// `twinlock start`: database, keys, product, upstreams, server, in this order; then, on an empty data folder, the starter. Ctrl-C stops in reverse.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { linksFor, type OpenedTwinlock, openTwinlock, prepareDeciding, type Starter, setUpBare } from '../app/index.ts'
import type { Side } from '../credentials/index.ts'
import { type DataFolder, resolveDataFolder } from '../host/data-folder.ts'
import { sides } from '../host/keys/key-ring.ts'
import { rotateKeyFile } from '../host/keys/rotate-key-file.ts'
import { resolveDatabase } from '../host/postgres/resolve-database.ts'
import { newId } from '../kernel/index.ts'
import { createServer } from '../server/index.ts'
import { readBaseUrl } from './start/base-url.ts'
import { type ConsoleBuild, startConsoleBuild, withConsole } from './start/console-build.ts'
import { readStarterFile, type StarterFile, writeLinks, writeStarterFile } from './start/data.ts'
import { firstStart, linksWithUrl } from './start/first-start.ts'
import { isJsonLog, openLog, type ServerLog } from './start/log.ts'
import { plainLines } from './start/print.ts'
import { type Stoppable, stopAll, stopSignal } from './start/stopping.ts'
import { measure, startTelemetry } from './start/telemetry.ts'
import { planUpstreams, type RunningUpstreams, startUpstreams } from './start/upstreams.ts'

const clone = join(import.meta.dirname, '..', '..')
const defaultPort = 8484

const help = `twinlock start [--empty] [--port N] [--base-url URL] [--verbose] [--rotate SIDE]

Starts Twinlock on loopback: PostgreSQL, the server, and on an empty data folder the starter, whose main job runs once.

  --empty     leave the starter out: one organization with its first administrator
  --port N    listen on another port than ${defaultPort}
  --base-url  how it is reached: https://… behind a proxy that terminates TLS, or http://localhost:N, by which passkeys work on this machine
  --verbose   print a line for every request
  --rotate    first put a new key-encryption key in the place of one: simulation, production or ledger; may be repeated

Data: TWINLOCK_DATA, else .twinlock in the clone. Keys: TWINLOCK_KEYS, else beside the data folder. Database: TWINLOCK_DATABASE_URL, else an embedded one. Base URL: TWINLOCK_BASE_URL.
Log: TWINLOCK_LOG=json for one JSON object a line. Metrics: /metrics on this machine, or for whoever shows TWINLOCK_METRICS_TOKEN.
OpenTelemetry: traces and metrics go to OTEL_EXPORTER_OTLP_ENDPOINT, where it is set, as OTLP over HTTP in JSON.`

interface StartOptions {
  readonly empty: boolean
  readonly port: number
  readonly baseUrl: string
  /** Whether it is reached as `localhost`. */
  readonly isByName: boolean
  readonly verbose: boolean
  readonly rotate: readonly Side[]
}

function readOptions(args: readonly string[]): StartOptions | 'help' | { readonly wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        empty: { type: 'boolean' },
        port: { type: 'string' },
        'base-url': { type: 'string' },
        verbose: { type: 'boolean' },
        rotate: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true) return 'help'
    const port = values.port === undefined ? Number(process.env.TWINLOCK_PORT ?? defaultPort) : Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return { wrong: 'A port is a whole number from 1 to 65535.' }
    const rotate = (values.rotate ?? []).flatMap((name) => sides.filter((side) => side === name))
    if (rotate.length !== (values.rotate ?? []).length) return { wrong: `A side is one of ${sides.join(', ')}.` }
    const reached = readBaseUrl(values['base-url'] ?? process.env.TWINLOCK_BASE_URL, port)
    if ('wrong' in reached) return reached
    return { empty: values.empty === true, port, ...reached, verbose: values.verbose === true, rotate }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}

let log: ServerLog = openLog({ json: false, verbose: false, write: (text) => void process.stderr.write(text), now: Date.now })
const warn = (line: string): void => log.note(line)

/** Starts everything and stays until it is told to stop. Returns the exit code: 0 stopped, 1 failed, 2 usage. */
export async function start(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (options === 'help') {
    process.stdout.write(`${help}\n`)
    return 0
  }
  if ('wrong' in options) {
    warn(`${options.wrong}\nSee \`twinlock start --help\`.`)
    return 2
  }
  const started: Stoppable[] = []
  const signal = stopSignal()
  try {
    log = openLog({
      json: isJsonLog(process.env),
      verbose: options.verbose,
      write: (text) => void process.stderr.write(text),
      now: Date.now,
    })
    const lines = await startAll(options, started)
    process.stdout.write(`${lines.join('\n')}\n`)
    await signal
    return (await stopAll(started, warn)).length === 0 ? 0 : 1
  } catch (error) {
    warn(`Twinlock could not start: ${error instanceof Error ? error.message : String(error)}`)
    await stopAll(started, warn)
    return 1
  }
}

async function startAll(options: StartOptions, started: Stoppable[]): Promise<readonly string[]> {
  const { baseUrl } = options
  const folder = resolveDataFolder({ clone, environment: process.env })
  const console = startConsoleBuild(clone)
  started.push({ name: 'the build of the console', stop: () => console.stop() })
  const database = await resolveDatabase({ dataFolder: folder, environment: process.env, log: warn, meanwhile: prepareDeciding })
  started.push({ name: 'PostgreSQL', stop: () => database.stop() })
  // Under the lock of the data folder, so that no other server of this folder has the old key open.
  for (const side of options.rotate) rotateKeyFile(folder.keys, side)
  const twinlock = await openTwinlock({ connection: database.connection, folders: folder, baseUrl, log: warn })
  started.push({ name: 'Twinlock', stop: () => twinlock.close() })
  await listen({ twinlock, console, baseUrl }, options, started)
  const lines = await begin({ twinlock, folder, baseUrl }, options, started)
  return withConsole(console, lines, baseUrl, warn)
}

async function begin(it: Started, options: StartOptions, started: Stoppable[]): Promise<readonly string[]> {
  const { twinlock, folder } = it
  const file = readStarterFile(folder.root)
  if (twinlock.isEmpty && !options.empty) return startStarter(it, started)
  if (twinlock.isEmpty || file?.state === 'begun') return startBare(it, file)
  if (file?.state === 'planned' && !options.empty) {
    throw new Error(
      `the starter was interrupted while it was set up. Remove ${folder.root} and ${folder.keys}, and start again; or start with --empty to keep what is there.`,
    )
  }
  return startAgain({ ...it, file }, started)
}

interface Listening {
  readonly twinlock: OpenedTwinlock
  readonly console: ConsoleBuild
  readonly baseUrl: string
}

async function listen({ twinlock, console, baseUrl }: Listening, options: StartOptions, started: Stoppable[]): Promise<void> {
  const { TWINLOCK_METRICS_TOKEN: metricsToken } = process.env
  const metrics = measure(twinlock)
  const telemetry = startTelemetry(metrics, clone, process.env, warn)
  started.push({ name: 'telemetry', stop: () => telemetry.stop() })
  const server = createServer({
    door: twinlock.door,
    broker: twinlock.broker,
    watch: twinlock.watch,
    signIn: twinlock.signIn,
    publicKeys: (org, environment) => twinlock.publicKeys(org as never, environment),
    baseUrl,
    port: options.port,
    isByName: options.isByName,
    consoleFolder: console.folder,
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
    const inUse = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE'
    if (inUse) throw new Error(`port ${options.port} is in use. Stop what listens there, or start with --port N.`)
    throw error
  }
  started.push({ name: 'the server', stop: () => server.close() })
}

async function followReadings(twinlock: OpenedTwinlock, upstreams: RunningUpstreams, starter: Starter): Promise<void> {
  await upstreams.serveReadings(twinlock, starter.org)
  twinlock.onAct((act) => {
    if (act.action !== 'asset:add' || act.principal.org !== starter.org) return
    upstreams
      .serveReadings(twinlock, starter.org)
      .catch((error: unknown) =>
        warn(`the historian cannot serve these readings: ${error instanceof Error ? error.message : String(error)}`),
      )
  })
}

interface Started {
  readonly twinlock: OpenedTwinlock
  readonly folder: DataFolder
  readonly baseUrl: string
}

async function startStarter(it: Started, started: Stoppable[]): Promise<readonly string[]> {
  const plan = await planUpstreams()
  const upstreams = await startUpstreams(plan)
  started.push({ name: 'the upstreams', stop: () => upstreams.stop() })
  const { starter, lines } = await firstStart({ ...it, clone, plan })
  await followReadings(it.twinlock, upstreams, starter)
  return lines
}

async function startAgain(
  { twinlock, folder, baseUrl, file }: Started & { readonly file: StarterFile | undefined },
  started: Stoppable[],
): Promise<readonly string[]> {
  twinlock.start()
  if (file?.state === 'bare') return plainLines(baseUrl, await freshLinks({ twinlock, folder, baseUrl }, file.organization))
  if (file?.state !== 'ready') return plainLines(baseUrl, undefined)
  const upstreams = await startUpstreams(file.upstreams)
  started.push({ name: 'the upstreams', stop: () => upstreams.stop() })
  await followReadings(twinlock, upstreams, file.starter)
  return plainLines(baseUrl, await freshLinks({ twinlock, folder, baseUrl }, file.starter))
}

async function freshLinks({ twinlock, folder, baseUrl }: Started, whose: Parameters<typeof linksFor>[1]): Promise<string> {
  return writeLinks(folder.root, linksWithUrl(baseUrl, await linksFor(twinlock.door, whose)))
}

/** Without the starter: one organization with its first administrator, so that somebody can begin. */
async function startBare(it: Started, file: StarterFile | undefined): Promise<readonly string[]> {
  // Named before it is made, so that a start that was interrupted in between finds it again and does what is left.
  const org = file?.state === 'begun' ? file.org : newId('org', it.twinlock.outside)
  writeStarterFile(it.folder.root, { state: 'begun', org })
  const { door, outside } = it.twinlock
  const organization = await setUpBare(door, outside, org)
  writeStarterFile(it.folder.root, { state: 'bare', organization })
  it.twinlock.start()
  return plainLines(it.baseUrl, await freshLinks(it, organization))
}
