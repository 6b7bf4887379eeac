// Signing a browser in through an identity provider, and hearing from providers who signed out. The browser keeps the sign-in under way in a cookie that comes
// back with the provider's redirect (SameSite=Lax) and that no script reads: who did not begin here, in this browser, finishes nothing here.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Clock, CodedError, fail } from '../../kernel/index.ts'
import type { ServerParts, SignIn } from '../door.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import { heldSessions, holdSession, readCookie } from './console-cookies.ts'
import { withSession } from './console-session.ts'
import { deviceName } from './device-name.ts'
import { answerPeople, refusedPage } from './for-people.ts'

const cookieStem = 'twinlock-sign-in'
const queryBytesMax = 8_192
/** An answer of 256 kB in base64, escaped for a form. */
const answerFormBytesMax = 400_000

/** The name of the cookie that holds a sign-in under way. */
function signInCookie(https: boolean): string {
  return `${https ? '__Host-' : ''}${cookieStem}`
}

const attributes = (https: boolean): string => `Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`

/** The whole query, as it came. Throws `too_large`. */
function queryOf(url: string): string {
  const at = url.indexOf('?')
  const query = at === -1 ? '' : url.slice(at + 1)
  if (query.length > queryBytesMax) throw fail('too_large', `The query is longer than ${queryBytesMax} bytes.`)
  return query
}

/** 256 bits in base64url. */
const secretText = /^[\w-]{43}$/

const started = z.object({
  organization: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  return: z.string().max(500).optional(),
  'step-up': z.literal('1').optional(),
  // A command line that waits on this machine for the end of it.
  port: z.coerce.number().int().min(1_024).max(65_535).optional(),
  state: z.string().regex(secretText).optional(),
  challenge: z.string().regex(secretText).optional(),
  // What an administrator was given to try a connection with.
  trial: z.string().max(2_000).optional(),
})

function handOverIn({ port, state, challenge }: z.output<typeof started>) {
  if (port === undefined || state === undefined || challenge === undefined) return undefined
  return { port, state, challenge }
}

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
  return reply.redirect(refusedPage(error.code, request), 303)
}

function beginning({ signIn, parts, https }: Way, asked: z.output<typeof started>, request: FastifyRequest) {
  return signIn.begin({
    organization: asked.organization,
    email: asked.email,
    returnTo: asked.return,
    isStepUp: asked['step-up'] === '1',
    handOver: handOverIn(asked),
    held: heldSessions(request.headers.cookie, https),
    baseUrl: parts.baseUrl,
  })
}

async function start(way: Way, request: FastifyRequest, reply: FastifyReply) {
  const { signIn, parts, https } = way
  try {
    const asked = started.parse(Object.fromEntries(new URLSearchParams(queryOf(request.url))))
    const { trial } = asked
    const begun = await (trial === undefined ? beginning(way, asked, request) : signIn.beginTrial({ trial, baseUrl: parts.baseUrl }))
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
    const finished = await signIn.finish({
      kept: readCookie(request.headers.cookie, signInCookie(https)),
      query: queryOf(request.url),
      device: deviceName(request.headers['user-agent']),
      baseUrl: parts.baseUrl,
      requestId: request.id,
      address: request.ip,
    })
    if (finished.kind === 'hand-over') return reply.redirect(finished.url, 303)
    if (finished.kind === 'tried') return reply.type('text/plain; charset=utf-8').send(finished.page)
    const { org, token, expiresAt, returnTo, held } = finished
    // The browser forgets the session that it held: nobody else may find it alive. Coming from the provider it shows none; what it held at the start was noted.
    const shown = heldSessions(request.headers.cookie, https).find((one) => one.org === org)?.token
    for (const before of new Set([shown, held]))
      if (before !== undefined) await withSession(way, { org, token: before }, 'session:end', request)
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
  const errorHandler = answerPeople(parts)
  app.get('/sso/start', { errorHandler }, async (request, reply) => start(way, request, reply))
  app.get('/sso/callback', { errorHandler }, async (request, reply) => finish(way, request, reply))
}

const redeemed = z.strictObject({ code: z.string().max(8_000), verifier: z.string().regex(secretText) })

/** Registers `POST /sso/redeem`: the session of a command line, for what its browser brought it and the secret that it kept. */
export function singleSignOnElsewhere(app: FastifyInstance, { signIn }: ServerParts): void {
  if (signIn === undefined) return
  app.post('/sso/redeem', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { code, verifier } = redeemed.parse(request.body)
    return signIn.redeem({ code, verifier, device: deviceName(request.headers['user-agent']), requestId: request.id, address: request.ip })
  })
}

/** Registers `POST /sso/saml/<organization>/<connection>`, where a SAML provider's answers are posted, and below it our metadata and where it says who signed out; it reads forms. */
export function samlAnswers(app: FastifyInstance, parts: ServerParts, clock: Clock, refusals: RefusalLimit): void {
  const { signIn, baseUrl } = parts
  if (signIn === undefined) return
  const way: Way = { parts, signIn, https: baseUrl.startsWith('https:'), clock, refusals }
  const path = '/sso/saml/:org/:sso'
  const errorHandler = answerPeople(parts)
  app.post<{ Params: { org: string; sso: string } }>(path, { bodyLimit: answerFormBytesMax, errorHandler }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
    const responses = form.getAll('SAMLResponse')
    try {
      if (responses[0] === undefined || responses.length !== 1) throw fail('sign_in_refused', 'One answer is needed.')
      const relayState = form.get('RelayState') ?? undefined
      const { url, isRefused } = await signIn.receive({ ...request.params, response: responses[0], relayState, baseUrl })
      if (isRefused) refusals.refused(request.ip)
      return reply.redirect(url, 303)
    } catch (error) {
      return turnBack(way, error, request, reply)
    }
  })
  app.get<{ Params: { org: string; sso: string } }>(`${path}/logout`, { errorHandler }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const query = request.url.slice(request.url.indexOf('?') + 1)
    // The provider's answer to our own sign-out: the session here was over before it was asked, so there is nothing to believe of it.
    if (!/(?:^|&)SAMLRequest=/.test(query)) return reply.redirect('/login', 303)
    try {
      const { url } = await signIn.samlSignOut({ ...request.params, query, baseUrl, requestId: request.id })
      return reply.redirect(url, 303)
    } catch (error) {
      return turnBack(way, error, request, reply)
    }
  })
  app.get<{ Params: { org: string; sso: string } }>(`${path}/metadata`, async (request, reply) => {
    const xml = await signIn.samlMetadata({ ...request.params, baseUrl })
    return reply.type('application/samlmetadata+xml; charset=utf-8').send(xml)
  })
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
