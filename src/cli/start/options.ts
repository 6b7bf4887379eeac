// What the line says behind `twinlock start`, and what the environment says where the line does not. Loaded before the database begins, so it imports little.
import { parseArgs } from 'node:util'
import type { Side } from '../../credentials/index.ts'
import { sides } from '../../host/keys/sides.ts'
import { readBaseUrl } from './base-url.ts'
import type { ServeOptions } from './serve.ts'

const defaultPort = 8484
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

/** What `twinlock start --help` says. */
export const startHelp = `twinlock start [--empty] [--organization NAME] [--port N] [--base-url URL] [--verbose] [--rotate SIDE]

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

const words = {
  empty: { type: 'boolean' },
  port: { type: 'string' },
  'base-url': { type: 'string' },
  verbose: { type: 'boolean' },
  rotate: { type: 'string', multiple: true },
  organization: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535
const isSide = (name: string): name is Side => sides.some((side) => side === name)

/** What a start is asked for, that its help is, or what is wrong with the line. */
export type ReadOptions = ServeOptions | 'help' | { readonly wrong: string }

function optionsOf(args: readonly string[], environment: NodeJS.ProcessEnv): ReadOptions {
  const { values } = parseArgs({ args: [...args], options: words })
  if (values.help === true) return 'help'
  const port = Number(values.port ?? environment.TWINLOCK_PORT ?? defaultPort)
  if (!isPort(port)) return { wrong: 'A port is a whole number from 1 to 65535.' }
  const { rotate = [], organization: organizations = [], empty = false, verbose = false } = values
  if (!rotate.every(isSide)) return { wrong: `A side is one of ${sides.join(', ')}.` }
  if (!organizations.every((slug) => slugPattern.test(slug)))
    return { wrong: 'An organization’s short name has 1 to 40 lower-case letters, digits and inner hyphens.' }
  const reached = readBaseUrl(values['base-url'] ?? environment.TWINLOCK_BASE_URL, port)
  return 'wrong' in reached ? reached : { empty, port, ...reached, verbose, rotate, organizations }
}

/** Reads the words behind `twinlock start`. */
export function readStartOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ReadOptions {
  try {
    return optionsOf(args, environment)
  } catch (error) {
    // What `parseArgs` throws says which word it does not know.
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}
