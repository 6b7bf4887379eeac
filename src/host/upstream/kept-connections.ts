// Connections that are kept for the next call, and what keeps one call's connection from telling lies to another's. Framing is the upstream's:
// it, or whoever got it to say too much, may leave bytes on an idle connection that the next call would take for its answer.
import { hash } from 'node:crypto'
import type { ClientRequestArgs, Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { setImmediate } from 'node:timers/promises'
import { canonicalText } from '../../kernel/index.ts'
import { checkedLookup, type Resolver } from './checked-lookup.ts'

// Not imported: an import asks `node:http` for all that it has, and with it for all of `fetch`, which nothing here uses.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')

/** The agents of one kind of connection: to this machine, or to elsewhere. */
export interface Agents {
  readonly http: HttpAgent
  readonly https: HttpsAgent
}

/** How names are resolved, and which authorities are trusted instead of Node's own (PEM). */
export interface AgentsOptions {
  readonly resolve: Resolver
  readonly authorities: readonly string[] | undefined
  readonly loopback: boolean
}

// Shorter than the five seconds after which many servers close an idle connection: a call on a closing one would fail, and calls are not retried.
const idleMs = 3000
const pool = { keepAlive: true, timeout: idleMs, maxSockets: 64, maxTotalSockets: 512, maxFreeSockets: 16 }

// What says nothing of who calls; every other header may be the injected credential.
const sayNothing = /^(accept|accept-encoding|accept-language|content-type|content-length|idempotency-key|if-match|if-none-match|prefer)$/

function identityOf(headers: ClientRequestArgs['headers']): string {
  const telling = Object.entries(headers ?? {}).filter(([name]) => !sayNothing.test(name))
  return hash('sha256', canonicalText(Object.fromEntries(telling.map(([name, value]) => [name, String(value)]))))
}

// INVARIANT: a connection serves calls with one credential alone, so that no organization is answered on the connection of another.
function keepApart(agent: HttpAgent): void {
  const nameOf = agent.getName.bind(agent)
  agent.getName = (options) => `${nameOf(options)}:${identityOf(options?.headers)}`
}

/** Makes agents that connect to judged addresses only, verify TLS always, and keep idle connections for three seconds. */
export function createAgents({ resolve, authorities, loopback }: AgentsOptions): Agents {
  const lookup = checkedLookup(resolve, loopback)
  const ca = authorities === undefined ? {} : { ca: [...authorities] }
  const agents = {
    http: new http.Agent({ ...pool, lookup }),
    // Said, not left to the default, which an environment variable can turn off.
    https: new https.Agent({ ...pool, lookup, ...ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' }),
  }
  keepApart(agents.http)
  keepApart(agents.https)
  return agents
}

/**
 * Lets idle connections hear what has arrived on them: one whole turn of the event loop. Node ends an idle connection on which anything is said, but
 * what has arrived and was not heard yet would be taken for the answer to the next call.
 */
export async function hearIdleConnections(): Promise<void> {
  await setImmediate()
  await setImmediate()
}
