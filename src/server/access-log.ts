// The access log: one line per request. Headers, bodies, queries and fragments never get in; of the path only the route's own words and well-formed
// ids do, because whatever else stands there may be somebody's secret that went to the wrong place.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../kernel/index.ts'
import { traceOf } from './access-log-trace.ts'
import type { Log } from './door.ts'

const id = /^[a-z]{3}_[0-9a-z]{26}$/

/** The path that is logged: the route's pattern, with ids filled in. */
function loggedPath(pattern: string | undefined, params: Readonly<Record<string, string | undefined>>): string {
  if (pattern === undefined) return '(unknown)'
  return pattern.replace(/:(\w+)/g, (whole, name: string) => {
    const value = params[name]
    return value !== undefined && id.test(value) ? value : whole
  })
}

/** Registers the access log. */
export function accessLog(app: FastifyInstance, log: Log, clock: Clock): void {
  const began = new WeakMap<FastifyRequest, number>()
  app.addHook('onRequest', async (request) => {
    began.set(request, clock.monotonic())
  })
  app.addHook('onResponse', async (request, reply) => {
    const { url: route } = request.routeOptions
    const started = began.get(request) ?? clock.monotonic()
    log({
      kind: 'access',
      at: new Date(clock.now()).toISOString(),
      requestId: request.id,
      address: request.ip,
      method: request.method,
      ...(route === undefined ? {} : { route }),
      path: loggedPath(route, request.params as Record<string, string | undefined>), // path parameters are texts
      status: reply.statusCode,
      durationMs: Math.round((clock.monotonic() - started) * 10) / 10,
      ...traceOf(request.headers.traceparent),
    })
  })
}
