// The only code that connects to an upstream on somebody's behalf: one exchange, no redirects, proxies, retries or cookies. The exchange was
// decided and recorded before; the upstream, its name's addresses and its answer are hostile.
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Answer, Exchange, Upstream } from '../../egress/index.ts'
import { type Resolver, systemResolver } from './checked-lookup.ts'
import { upstreamFailed, upstreamFailure } from './failures.ts'
import { type Agents, createAgents, hearIdleConnections } from './kept-connections.ts'
import { readAnswer } from './read-answer.ts'
import { requestOptions } from './request-options.ts'

/** What an upstream client is made with. */
export interface UpstreamOptions {
  /** Resolves names; the operating system's when it is not given. */
  readonly resolve?: Resolver
  /** Certificates (PEM) of authorities that are trusted instead of Node's own. */
  readonly authorities?: readonly string[]
}

// Not imported: an import asks `node:http` for all that it has, and with it for all of `fetch`, which nothing here uses.
const { request: httpRequest } = process.getBuiltinModule('node:http')
const { request: httpsRequest } = process.getBuiltinModule('node:https')

const timeoutMsMax = 10 * 60 * 1000
const interimMax = 8

function refuseSwitching(request: ClientRequest, refuse: (error: unknown) => void): void {
  let interim = 0
  request.on('information', () => {
    if (++interim > interimMax) refuse(upstreamFailed(`The upstream sent more than ${interimMax} interim answers.`))
  })
  for (const event of ['upgrade', 'connect'] as const) {
    request.on(event, (_message, socket) => {
      socket.destroy()
      refuse(upstreamFailed('The upstream wanted to switch to another protocol.'))
    })
  }
}

function send(exchange: Exchange, agents: Agents, signal: AbortSignal): Promise<Answer> {
  const { url, options } = requestOptions(exchange)
  const secure = url.protocol === 'https:'
  const request = secure
    ? httpsRequest(url, { ...options, agent: agents.https, signal })
    : httpRequest(url, { ...options, agent: agents.http, signal })
  const answer = new Promise<Answer>((resolve, reject) => {
    refuseSwitching(request, reject)
    request.on('error', reject)
    request.on('response', (message: IncomingMessage) => {
      readAnswer(message, { method: exchange.method, bytesMax: exchange.responseBytesMax }).then(resolve, (error: unknown) => {
        // A request whose answer has arrived whole gives its connection back even when it is destroyed; its answer does not.
        message.destroy()
        reject(error)
      })
    })
  })
  request.end(exchange.body)
  // Whatever ended it: nothing of a failed exchange is read on or used again.
  return answer.catch((error: unknown) => {
    request.destroy()
    throw error
  })
}

/** An upstream client that can be closed: what is under way ends with `upstream_failed`. */
export interface ClosableUpstream extends Upstream {
  close(): Promise<void>
}

/** Makes the client. It keeps idle connections for three seconds; `close` ends them and everything under way. */
export function createUpstream(options: UpstreamOptions = {}): ClosableUpstream {
  const { resolve = systemResolver, authorities } = options
  // INVARIANT: connections to this machine and to others are never in one pool, because a kept one is used without a look at its address.
  const agents = {
    loopback: createAgents({ resolve, authorities, loopback: true }),
    others: createAgents({ resolve, authorities, loopback: false }),
  }
  const underWay = new Map<Promise<unknown>, AbortController>()
  let closed = false

  async function run(exchange: Exchange, control: AbortController): Promise<Answer> {
    const end = () => control.abort(upstreamFailed('The upstream did not answer in time.'))
    const timer = setTimeout(end, Math.min(exchange.timeoutMs, timeoutMsMax))
    try {
      await hearIdleConnections()
      control.signal.throwIfAborted()
      return await send(exchange, exchange.loopback ? agents.loopback : agents.others, control.signal)
    } catch (error) {
      throw upstreamFailure(control.signal.aborted ? control.signal.reason : error)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async exchange(exchange) {
      if (closed) throw upstreamFailed('The broker is stopping.')
      const control = new AbortController()
      const work = run(exchange, control)
      underWay.set(work, control)
      try {
        return await work
      } finally {
        underWay.delete(work)
      }
    },
    async close() {
      closed = true
      for (const control of underWay.values()) control.abort(upstreamFailed('The broker is stopping.'))
      await Promise.allSettled(underWay.keys())
      for (const { http, https } of Object.values(agents)) {
        http.destroy()
        https.destroy()
      }
    },
  }
}
