// Calls of standing workloads on a connection: whatever comes is handed to the broker as it came, path and query not decoded, body as bytes.
// The broker decides; what it answers is the upstream's, redacted, under headers that keep a browser from running any of it.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readBearer } from '../../app/index.ts'
import type { ServerParts } from '../door.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Headers that belong to this hop or say who calls; the broker never sees them. The rest is for it to pass or refuse. */
const ours = new Set([
  'authorization',
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'accept-encoding',
  'user-agent',
  'x-request-id',
  'expect',
])

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  const passed = Object.entries(headers).filter(([name, value]) => value !== undefined && !ours.has(name))
  return Object.fromEntries(passed.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]))
}

/** What of the request's URL is for the upstream: everything after the connection's name, with a slash before it. */
function upstreamPath(url: string, connection: string): string {
  return url.slice(`/v1/c/${connection}`.length) || '/'
}

/** Registers `/v1/c/{connection}/…` in a scope of its own, where bodies are bytes. */
export function brokerCalls(app: FastifyInstance, parts: ServerParts, bodyBytesMax: number): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, body, done) => done(null, body))
    scope.route<{ Params: { connection: string } }>({
      method: [...methods],
      url: '/v1/c/:connection/*',
      bodyLimit: bodyBytesMax,
      handler: async (request, reply) => {
        const { connection } = request.params
        const answer = await parts.broker.call({
          credential: readBearer(request.headers.authorization),
          connection,
          method: request.method,
          path: upstreamPath(request.url, connection),
          headers: headersOf(request),
          body: request.body instanceof Uint8Array && request.body.length > 0 ? request.body : undefined,
          requestId: request.id,
        })
        reply.code(answer.status).headers({ ...answer.headers, 'twinlock-call': answer.call })
        return reply.send(Buffer.from(answer.body))
      },
    })
  })
}
