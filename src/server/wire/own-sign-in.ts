// Signing a browser in without a provider: by a passkey, or by a recovery code. The challenge that a device answers lies in a cookie that no script reads and no
// other site's request brings along, so that what was asked for in one browser is answered in that one, once.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../../kernel/index.ts'
import type { OwnSession, ServerParts, SignIn } from '../door.ts'
import { heldSessions, holdSession, readCookie } from './console-cookies.ts'
import { requireConsole } from './console-credential.ts'
import { withSession } from './console-session.ts'
import { deviceName } from './device-name.ts'

const bytesText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+$/)

const usedShape = z.strictObject({
  id: bytesText(1_364),
  clientDataJSON: bytesText(4_000),
  authenticatorData: bytesText(4_000),
  signature: bytesText(2_000),
  userHandle: bytesText(100),
})

const codeShape = z.strictObject({ organization: z.string().min(1).max(200), code: z.string().min(1).max(100) })

/** The name of the cookie that holds a challenge. */
function challengeCookie(https: boolean): string {
  return `${https ? '__Host-' : ''}twinlock-passkey`
}

const attributes = (https: boolean): string => `Path=/; HttpOnly; SameSite=Strict${https ? '; Secure' : ''}`

interface Way {
  readonly parts: ServerParts
  readonly signIn: SignIn
  readonly https: boolean
  readonly clock: Clock
}

const from = (request: FastifyRequest) => ({
  device: deviceName(request.headers['user-agent']),
  requestId: request.id,
  address: request.ip,
})

/** Gives the browser its new session, and ends the one that it held: nobody else may find it alive. */
async function hold(way: Way, { org, token, expiresAt, person }: OwnSession, request: FastifyRequest, reply: FastifyReply) {
  const before = heldSessions(request.headers.cookie, way.https).find((one) => one.org === org)
  if (before !== undefined) await withSession(way, before, 'session:end', request)
  reply.header('set-cookie', holdSession({ org, token }, (Date.parse(expiresAt) - way.clock.now()) / 1000, way.https))
  return { person, organization: org, expiresAt }
}

/** Registers `POST /console/session/passkey/begin`, `POST /console/session/passkey` and `POST /console/session/recovery`. */
export function ownSignIn(app: FastifyInstance, parts: ServerParts, clock: Clock): void {
  const { signIn, baseUrl } = parts
  if (signIn === undefined) return
  const https = baseUrl.startsWith('https:')
  const way: Way = { parts, signIn, https, clock }
  const name = challengeCookie(https)
  app.post('/console/session/passkey/begin', async (request, reply) => {
    requireConsole(request, baseUrl)
    z.strictObject({}).parse(request.body ?? {})
    const { challenge, rpId, kept, secondsMax } = await signIn.beginPasskey({ baseUrl })
    reply.header('set-cookie', `${name}=${kept}; Max-Age=${secondsMax}; ${attributes(https)}`)
    return { challenge, rpId }
  })
  app.post('/console/session/passkey', async (request, reply) => {
    requireConsole(request, baseUrl)
    const used = usedShape.parse(request.body)
    // Whatever comes of it: this challenge is over in this browser.
    reply.header('set-cookie', `${name}=; Max-Age=0; ${attributes(https)}`)
    const kept = readCookie(request.headers.cookie, name)
    return hold(way, await signIn.finishPasskey({ kept, used, baseUrl, ...from(request) }), request, reply)
  })
  app.post('/console/session/recovery', async (request, reply) => {
    requireConsole(request, baseUrl)
    const { organization, code } = codeShape.parse(request.body)
    return hold(way, await signIn.recoverByCode({ organization, code, ...from(request) }), request, reply)
  })
}
