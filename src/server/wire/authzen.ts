// The OpenID AuthZEN Authorization API 1.0: other enforcement points ask here what the door would say. Requests are turned into questions for `access:evaluate`
// and `access:search` and decided behind the door; who asks is authenticated like everywhere. A request is attacker-controlled: nothing in it is coerced, members
// that the specification does not know are passed over, and what it says of attributes decides nothing.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import { retryAfterOf } from '../failures.ts'
import { toFailure } from '../problem.ts'
import { statusOf } from '../status.ts'
import type { Ask } from './authzen-ask.ts'
import { Company } from './authzen-company.ts'
import { answerEvaluations, type DecideOne, evaluationOf, readEvaluations } from './authzen-evaluation.ts'
import { answerSearch, readSearch } from './authzen-search.ts'
import { credentialOf } from './console-credential.ts'

const bodyBytesMax = 262_144
const requestIdCharactersMax = 1024

/** Where the endpoints are, by their names in the metadata (section 9.1). */
const authzenPaths = {
  access_evaluation_endpoint: '/access/v1/evaluation',
  access_evaluations_endpoint: '/access/v1/evaluations',
  search_subject_endpoint: '/access/v1/search/subject',
  search_resource_endpoint: '/access/v1/search/resource',
  search_action_endpoint: '/access/v1/search/action',
} as const

// The caller's own request id comes back as it was (section 10.1.3), although we may know the request by another one.
function echoRequestId(request: FastifyRequest, reply: FastifyReply): void {
  const given = request.headers['x-request-id']
  if (typeof given === 'string' && given.length <= requestIdCharactersMax) reply.header('x-request-id', given)
}

interface Refusal {
  readonly status: number
  /** What the body says. */
  readonly told: string
  readonly retryAfter?: string | undefined
}

/** What Fastify found wrong with a request; nothing for what is no error of the transport. */
function ofTransport(error: unknown): Refusal | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error) || Number(error.statusCode) >= 500) return undefined
  const isTooLarge = 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
  return isTooLarge
    ? { status: 413, told: `The body has more than ${bodyBytesMax} bytes.` }
    : { status: 400, told: 'Send one JSON object as application/json.' }
}

function refusalOf(error: unknown): Refusal {
  const transport = ofTransport(error)
  if (transport !== undefined) return transport
  const { failure } = toFailure(error)
  const { next } = failure.notes
  const told = next === undefined ? failure.message : `${failure.message} ${next}`
  return { status: statusOf[failure.code].status, told, retryAfter: retryAfterOf(failure.code) }
}

/** Errors of the transport have a text as their body (section 10.1.2); a decision against somebody is none of them. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, parts: ServerParts): FastifyReply {
  const { status, told, retryAfter } = refusalOf(error)
  if (status >= 500) parts.log({ kind: 'failure', requestId: request.id, error })
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="twinlock"')
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  // What is left of the body is not read any more.
  if (status === 413) reply.header('connection', 'close')
  return reply.code(status).type('text/plain; charset=utf-8').send(told)
}

const otherMethods = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Refuses every method but POST as this API refuses: with a text. Before a body is read, whoever it may be. */
function refuseOthers(scope: FastifyInstance, url: string): void {
  const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<never> => {
    reply.header('allow', 'POST')
    throw fail('method_not_allowed', 'This path takes POST.')
  }
  scope.route({ method: [...otherMethods], url, onRequest: refuse, handler: refuse })
}

function asker(request: FastifyRequest, parts: ServerParts): Ask {
  return async (action, input) => {
    const credential = credentialOf(request, parts.baseUrl)
    return (await parts.door.govern({ action, credential, input, requestId: request.id, address: request.ip })).result
  }
}

/** Registers the endpoints and their metadata. */
export function authzen(app: FastifyInstance, parts: ServerParts): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => echoRequestId(request, reply))
    scope.setErrorHandler((error, request, reply) => answerError(error, request, reply, parts))
    const paths = authzenPaths
    const company = new Company()
    const route = (url: string, answer: (request: FastifyRequest, ask: Ask, decideOne: DecideOne) => Promise<object>) => {
      scope.post(url, { bodyLimit: bodyBytesMax }, (request) => {
        const ask = asker(request, parts)
        return answer(request, ask, (evaluation) => company.decide(request, evaluation, ask))
      })
      refuseOthers(scope, url)
    }
    route(paths.access_evaluation_endpoint, async ({ body }, _, decideOne) => evaluationOf(body, decideOne))
    route(paths.access_evaluations_endpoint, async ({ body }, ask, decideOne) => answerEvaluations(readEvaluations(body), ask, decideOne))
    route(paths.search_subject_endpoint, async ({ body }, ask) => answerSearch(readSearch('subject', body), ask))
    route(paths.search_resource_endpoint, async ({ body }, ask) => answerSearch(readSearch('resource', body), ask))
    route(paths.search_action_endpoint, async ({ body }, ask) => answerSearch(readSearch('action', body), ask))
  })
  app.get('/.well-known/authzen-configuration', async () => ({
    policy_decision_point: parts.baseUrl,
    ...Object.fromEntries(Object.entries(authzenPaths).map(([name, path]) => [name, `${parts.baseUrl}${path}`])),
  }))
}
