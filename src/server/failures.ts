// Every failure on its way out: what Fastify found wrong with a request becomes one of our codes, and all of them become problems.
// INVARIANT: bad input is never answered with a 5xx, and an internal failure tells nothing but its request id.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CodedError, fail } from '../kernel/index.ts'
import { answerHeaders } from './answer-headers.ts'
import type { ServerParts } from './door.ts'
import { type Occasion, toFailure, toProblem } from './problem.ts'
import { statusOf } from './status.ts'

const problemType = 'application/problem+json; charset=utf-8'

function bodyLimitOf(request: FastifyRequest): string {
  return `The body is larger than the ${request.routeOptions.bodyLimit} bytes that this route takes.`
}

/** What Fastify refuses on its own, in our codes. */
function fromFastify(error: FastifyError, request: FastifyRequest): CodedError | undefined {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return fail('too_large', bodyLimitOf(request))
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || error.code === 'FST_ERR_CTP_EMPTY_TYPE') {
    return fail('malformed', 'The media type of the body is not one that this route reads.', { next: 'Send application/json.' })
  }
  if (error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return fail('malformed', 'The body is not as long as its Content-Length says.')
  if (error.code === 'FST_ERR_BAD_URL') return fail('malformed', 'The path is not percent-encoded UTF-8.')
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return fail('malformed', 'The request cannot be read.')
  return undefined
}

/** The path of a request without its query; never its fragment, which no client sends. */
export function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? ''
}

function occasionOf(request: FastifyRequest, parts: ServerParts): Occasion {
  return { baseUrl: parts.baseUrl, requestId: request.id, path: pathOf(request.url) }
}

/** After how many seconds something may be tried again; undefined where waiting does not help, or whoever refused has said it. */
export function retryAfterOf(code: CodedError['code']): string | undefined {
  if (code === 'busy' || code === 'too_many_requests') return '1'
  if (code === 'unavailable') return '3'
  return code === 'too_many_listeners' ? '10' : undefined
}

/** Answers a failure as a problem. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, parts: ServerParts): FastifyReply {
  const coded = error instanceof Error && 'code' in error && !('notes' in error) ? fromFastify(error as FastifyError, request) : undefined // only Fastify's errors have a code and no notes
  const { failure } = toFailure(coded ?? error)
  const { status } = statusOf[failure.code]
  if (status >= 500) parts.log({ kind: 'failure', requestId: request.id, error })
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="twinlock"')
  const wait = retryAfterOf(failure.code)
  if (wait !== undefined) reply.header('retry-after', wait)
  // What is left of the body is not read any more.
  if (status === 413) reply.header('connection', 'close')
  reply.headers(answerHeaders(request.id, parts.baseUrl.startsWith('https:')))
  return reply
    .code(status)
    .type(problemType)
    .serializer(String)
    .send(JSON.stringify(toProblem(coded ?? error, occasionOf(request, parts))))
}

/** Registers how failures, unknown paths and wrong methods are answered. */
export function answerFailures(app: FastifyInstance, parts: ServerParts): void {
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, parts))
  app.setNotFoundHandler((request, reply) =>
    answerFailure(fail('not_found', 'There is no such path.', { next: 'See /openapi.json for what there is.' }), request, reply, parts),
  )
}

/** Keeps which methods each path takes, of the routes that are registered from now on. */
export function watchRoutes(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    known.set(url, methods)
  })
  return known
}

const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Registers, for every known path, what happens to the methods that it does not take. Call it after every other route. */
export function refuseOtherMethods(app: FastifyInstance, known: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, taken] of [...known]) {
    const allow = [...taken].sort().join(', ')
    const method = allMethods.filter((one) => !taken.has(one))
    if (method.length === 0) continue
    const refuse = (_request: FastifyRequest, reply: FastifyReply) => {
      reply.header('allow', allow)
      throw fail('method_not_allowed', `This path takes ${allow}.`)
    }
    app.route({
      method,
      url,
      onRequest: async (request, reply) => refuse(request, reply),
      handler: async (request, reply) => refuse(request, reply),
    })
  }
}
