// The OAuth token endpoint of an environment (RFC 6749 section 4.4 with RFC 7523 section 2.2): a standing workload exchanges an assertion that it
// signed with its own key for a short-lived access token. The form is attacker-controlled; the assertion is checked behind the door.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ErrorCode, fail, isId } from '../../kernel/index.ts'
import { readParameters } from '../body/query.ts'
import type { ServerParts } from '../door.ts'
import { toFailure } from '../problem.ts'
import { statusOf } from '../status.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const assertionCharactersMax = 8192

/** An error of RFC 6749 section 5.2. */
interface OauthError {
  readonly status: number
  readonly error: string
}

const unauthorised = new Set<ErrorCode>(['denied', 'not_promoted'])

/** The OAuth error that a failure is answered with. */
function oauthErrorOf(code: ErrorCode): OauthError {
  const { status } = statusOf[code]
  if (status === 401 || status === 404) return { status: 401, error: 'invalid_client' }
  if (unauthorised.has(code)) return { status: 400, error: 'unauthorized_client' }
  if (status >= 500) return { status, error: status === 503 ? 'temporarily_unavailable' : 'server_error' }
  return { status: status === 413 || status === 429 ? status : 400, error: 'invalid_request' }
}

const tokenResult = z.object({ accessToken: z.string(), expiresIn: z.number() })

class GrantTypeUnsupported extends Error {}

function once(form: Map<string, string[]>, name: string): string {
  const [value, second] = form.get(name) ?? []
  if (value === undefined || value === '') throw fail('invalid', `\`${name}\` is missing.`)
  if (second !== undefined) throw fail('invalid', `\`${name}\` came more than once.`)
  return value
}

function readForm(body: unknown): string {
  const form = readParameters(typeof body === 'string' ? body : '')
  const grant = once(form, 'grant_type')
  if (grant !== 'client_credentials') throw new GrantTypeUnsupported()
  if (once(form, 'client_assertion_type') !== assertionType)
    throw fail('invalid', `\`client_assertion_type\` must be \`${assertionType}\`.`)
  const assertion = once(form, 'client_assertion')
  if (assertion.length > assertionCharactersMax)
    throw fail('too_large', `\`client_assertion\` has more than ${assertionCharactersMax} characters.`)
  return assertion
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, parts: ServerParts): FastifyReply {
  if (error instanceof GrantTypeUnsupported) {
    return reply.code(400).send({ error: 'unsupported_grant_type', error_description: 'Only client_credentials is supported.' })
  }
  const { failure } = toFailure(error)
  const { status, error: name } = oauthErrorOf(failure.code)
  if (status >= 500) parts.log({ kind: 'failure', requestId: request.id, error })
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="twinlock"')
  return reply.code(status).send({
    error: name,
    error_description: plain(failure.message),
    error_uri: `${parts.baseUrl}/problems/${failure.code}`,
    request_id: request.id,
  })
}

/** A description holds printable ASCII without quotes and backslashes (RFC 6749 section 5.2). */
function plain(text: string): string {
  return text.replaceAll('’', "'").replace(/["\\]|[^\x20-\x7e]/g, '_')
}

/** Registers `POST /o/{organization}/e/{environment}/token`. */
export function tokenEndpoint(app: FastifyInstance, parts: ServerParts): void {
  app.post<{ Params: { org: string; env: string } }>('/o/:org/e/:env/token', async (request, reply) => {
    const { org, env } = request.params
    try {
      const token = readForm(request.body)
      if (!isId('org', org)) throw fail('unauthenticated', 'There is no such issuer.')
      const audience = `${parts.baseUrl}/o/${org}/e/${env}/token`
      const credential = { kind: 'assertion' as const, token, org, audience }
      const answer = await parts.door.govern({ action: 'token:issue', credential, input: {}, requestId: request.id, address: request.ip })
      const { accessToken, expiresIn } = tokenResult.parse(answer.result)
      return reply.header('pragma', 'no-cache').send({ access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn })
    } catch (error) {
      return answerError(error, request, reply, parts)
    }
  })
}
