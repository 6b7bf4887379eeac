// Signing a browser in through an identity provider, and hearing from providers who signed out. The browser keeps the sign-in under way in a cookie that comes
// back with the provider's redirect (SameSite=Lax) and that no script reads: who did not begin here, in this browser, finishes nothing here.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Clock, CodedError, fail } from '../../kernel/index.ts'
import type { ServerParts, SignIn } from '../door.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import { heldSessions, holdSession } from './console-cookies.ts'
import { withSession } from './console-session.ts'
import { deviceName } from './device-name.ts'

const cookieStem = 'twinlock-sign-in'
const queryBytesMax = 4_096

/** The name of the cookie that holds a sign-in under way. */
export function signInCookie(https: boolean): string {
  return `${https ? '__Host-' : ''}${cookieStem}`
}

const attributes = (https: boolean): string => `Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`

function keptBy(header: string | undefined, https: boolean): string | undefined {
  const name = `${signInCookie(https)}=`
  const values = (header ?? '').split(';').map((pair) => pair.trim())
  const held = values.filter((pair) => pair.startsWith(name))
  // Two of one name: one of them was set by somebody else.
  return held.length === 1 ? held[0]?.slice(name.length) : undefined
}

/** The whole query, as it came. Throws `too_large`. */
function queryOf(url: string): string {
  const at = url.indexOf('?')
  const query = at === -1 ? '' : url.slice(at + 1)
  if (query.length > queryBytesMax) throw fail('too_large', `The query is longer than ${queryBytesMax} bytes.`)
  return query
}

const started = z.object({
  organization: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  return: z.string().max(500).optional(),
  'step-up': z.literal('1').optional(),
})

interface Way {
  readonly parts: ServerParts
  readonly signIn: SignIn
  readonly https: boolean
  readonly clock: Clock
  readonly refusals: RefusalLimit
}

/** A refusal as a page: the sign-in page says what the code means. No words go along, which anybody could write into a link. */
function turnBack({ refusals }: Way, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (!(error instanceof CodedError) || error.code === 'internal' || error.code === 'unavailable') throw error
  if (error.code !== 'provider_failed') refusals.refused(request.ip)
  return reply.redirect(`/login?${new URLSearchParams({ refused: error.code, request: request.id })}`, 303)
}

async function start(way: Way, request: FastifyRequest, reply: FastifyReply) {
  const { signIn, parts, https } = way
  try {
    const asked = started.parse(Object.fromEntries(new URLSearchParams(queryOf(request.url))))
    const begun = await signIn.begin({
      organization: asked.organization,
      email: asked.email,
      returnTo: asked.return,
      isStepUp: asked['step-up'] === '1',
      baseUrl: parts.baseUrl,
    })
    reply.header('set-cookie', `${signInCookie(https)}=${begun.kept}; Max-Age=${begun.secondsMax}; ${attributes(https)}`)
    return reply.redirect(begun.url, 303)
  } catch (error) {
    return turnBack(
      way,
      error instanceof z.ZodError ? fail('invalid', 'A sign-in begins with an organization or an address.') : error,
      request,
      reply,
    )
  }
}

async function finish(way: Way, request: FastifyRequest, reply: FastifyReply) {
  const { signIn, parts, https, clock } = way
  // Whatever comes of it: this sign-in is over in this browser.
  const forget = `${signInCookie(https)}=; Max-Age=0; ${attributes(https)}`
  reply.header('set-cookie', forget)
  try {
    const { org, token, expiresAt, returnTo } = await signIn.finish({
      kept: keptBy(request.headers.cookie, https),
      query: queryOf(request.url),
      device: deviceName(request.headers['user-agent']),
      baseUrl: parts.baseUrl,
      requestId: request.id,
      address: request.ip,
    })
    const before = heldSessions(request.headers.cookie, https).find((one) => one.org === org)
    // The browser forgets the session that it held: nobody else may find it alive.
    if (before !== undefined) await withSession(way, before, 'session:end', request)
    const seconds = (Date.parse(expiresAt) - clock.now()) / 1000
    reply.header('set-cookie', holdSession({ org, token }, seconds, https))
    return reply.redirect(returnTo, 303)
  } catch (error) {
    return turnBack(way, error, request, reply)
  }
}

/** Registers `GET /sso/start` and `GET /sso/callback`. */
export function singleSignOn(app: FastifyInstance, parts: ServerParts, clock: Clock, refusals: RefusalLimit): void {
  const { signIn } = parts
  if (signIn === undefined) return
  const way: Way = { parts, signIn, https: parts.baseUrl.startsWith('https:'), clock, refusals }
  app.get('/sso/start', async (request, reply) => start(way, request, reply))
  app.get('/sso/callback', async (request, reply) => finish(way, request, reply))
}

/** Registers `POST /sso/logout/<organization>/<connection>` (OpenID Connect Back-Channel Logout 1.0 section 2.5); it reads forms. */
export function singleSignOut(app: FastifyInstance, { signIn }: ServerParts, refusals: RefusalLimit): void {
  if (signIn === undefined) return
  app.post<{ Params: { org: string; sso: string } }>('/sso/logout/:org/:sso', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { org, sso } = request.params
    const tokens = typeof request.body === 'string' ? new URLSearchParams(request.body).getAll('logout_token') : []
    try {
      if (tokens[0] === undefined || tokens.length !== 1) throw fail('sign_in_refused', 'One logout token is needed.')
      await signIn.backChannel({ org, sso, token: tokens[0], requestId: request.id })
      return reply.code(200).send()
    } catch (error) {
      if (!(error instanceof CodedError) || error.code === 'unavailable' || error.code === 'internal') throw error
      refusals.refused(request.ip)
      return reply
        .code(error.code === 'provider_failed' ? 502 : 400)
        .send({ error: 'invalid_request', error_description: error.message, code: error.code })
    }
  })
}
