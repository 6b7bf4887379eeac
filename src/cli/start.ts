// `twinlock start`: the database first, which comes up in a process of its own while the product is loaded here; then what is served over it (`start/serve.ts`).
// Ctrl-C stops in reverse. Imports little: everything that is loaded here is loaded before the database begins, and before a second start of a folder is refused.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { resolveDataFolder } from '../host/data-folder.ts'
import { sides } from '../host/keys/sides.ts'
import { resolveDatabase } from '../host/postgres/resolve-database.ts'
import { readBaseUrl } from './start/base-url.ts'
import { bundleLater } from './start/bundle-build.ts'
import { type ConsoleBuild, consoleFolder, isBuilt, startConsoleBuild, withConsole } from './start/console-build.ts'
import { isJsonLog, openLog, type ServerLog } from './start/log.ts'
import type { ServeOptions } from './start/serve.ts'
import { type Stoppable, stopAll, stopSignal } from './start/stopping.ts'
import { whyItFailed } from './start/thrown.ts'

const clone = join(import.meta.dirname, '..', '..')
const defaultPort = 8484
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

const help = `twinlock start [--empty] [--organization NAME] [--port N] [--base-url URL] [--verbose] [--rotate SIDE]

Starts Twinlock on loopback: PostgreSQL, the server, and on an empty data folder the starter, whose main job runs once.

  --empty              leave the starter out: one organization with its first administrator
  --organization NAME  a further organization of this short name, with its first administrator, where there is none yet; may be repeated
  --port N             listen on another port than ${defaultPort}
  --base-url URL       how it is reached: https://… behind a proxy that terminates TLS, or http://localhost:N, by which passkeys work on this machine
  --verbose            print a line for every request
  --rotate SIDE        first put a new key-encryption key in the place of one: simulation, production or ledger; may be repeated

Data: TWINLOCK_DATA, else .twinlock in the clone. Keys: TWINLOCK_KEYS, else beside the data folder. Database: TWINLOCK_DATABASE_URL, else an embedded one. Base URL: TWINLOCK_BASE_URL.
Log: TWINLOCK_LOG=json for one JSON object a line. Metrics: /metrics on this machine, or for whoever shows TWINLOCK_METRICS_TOKEN.
OpenTelemetry: traces and metrics go to OTEL_EXPORTER_OTLP_ENDPOINT, where it is set, as OTLP over HTTP in JSON.`

function readOptions(args: readonly string[]): ServeOptions | 'help' | { readonly wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        empty: { type: 'boolean' },
        port: { type: 'string' },
        'base-url': { type: 'string' },
        verbose: { type: 'boolean' },
        rotate: { type: 'string', multiple: true },
        organization: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true) return 'help'
    const port = values.port === undefined ? Number(process.env.TWINLOCK_PORT ?? defaultPort) : Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return { wrong: 'A port is a whole number from 1 to 65535.' }
    const rotate = (values.rotate ?? []).flatMap((name) => sides.filter((side) => side === name))
    if (rotate.length !== (values.rotate ?? []).length) return { wrong: `A side is one of ${sides.join(', ')}.` }
    const organizations = values.organization ?? []
    if (organizations.some((slug) => !slugPattern.test(slug)))
      return { wrong: 'An organization’s short name has 1 to 40 lower-case letters, digits and inner hyphens.' }
    const reached = readBaseUrl(values['base-url'] ?? process.env.TWINLOCK_BASE_URL, port)
    if ('wrong' in reached) return reached
    return { empty: values.empty === true, port, ...reached, verbose: values.verbose === true, rotate, organizations }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}

let log: ServerLog = openLog({ json: false, verbose: false, write: (text) => void process.stderr.write(text), now: Date.now })
const warn = (line: string): void => log.note(line)

/**
 * Starts everything and stays until it is told to stop. Returns the exit code: 0 stopped, 1 failed, 2 usage. One that is not from the bundle makes it, for the
 * next.
 */
export async function start(args: readonly string[], isBundled: boolean): Promise<number> {
  const options = readOptions(args)
  if (options === 'help') {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const started: Stoppable[] = []
  const signal = stopSignal()
  try {
    log = openLog({
      json: isJsonLog(process.env),
      verbose: !('wrong' in options) && options.verbose,
      write: (text) => void process.stderr.write(text),
      now: Date.now,
    })
    if ('wrong' in options) {
      warn(`${options.wrong}\nSee \`twinlock start --help\`.`)
      return 2
    }
    const lines = await startAll(options, started)
    process.stdout.write(`${lines.join('\n')}\n`)
    if (!isBundled) started.push(bundleLater(clone, warn))
    await signal
    return (await stopAll(started, warn)).length === 0 ? 0 : 1
  } catch (error) {
    warn(`Twinlock could not start: ${whyItFailed(error)}`)
    await stopAll(started, warn)
    return 1
  }
}

async function startAll(options: ServeOptions, started: Stoppable[]): Promise<readonly string[]> {
  const folder = resolveDataFolder({ clone, environment: process.env })
  const building = (): ConsoleBuild => {
    const console = startConsoleBuild(clone)
    started.push({ name: 'the build of the console', stop: () => console.stop() })
    return console
  }
  // Where there is one, whether it is to be built again is a question for when everything else is ready.
  const early = isBuilt(clone) ? undefined : building()
  const load = async () => {
    const product = await import('./start/serve.ts')
    product.prepare()
    return product
  }
  const database = await resolveDatabase({ dataFolder: folder, environment: process.env, log: warn, meanwhile: load })
  started.push({ name: 'PostgreSQL', stop: () => database.stop() })
  const { serve } = await load()
  const lines = await serve(options, { clone, folder, connection: database.connection, console: consoleFolder(clone), log, started })
  return withConsole(early ?? building(), lines, options.baseUrl, warn)
}
