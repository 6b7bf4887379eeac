// Signing a browser in and out: a one-time link becomes a session in a cookie that no script can read. What the console's own page sends is attacker-controlled
// like everything else; the link and the session are checked behind the door, by the same actions that the command line uses.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readBearer } from '../../app/index.ts'
import { type Clock, fail, idOf, isCoded, type OrgId } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import { dropSession, type HeldSession, heldSessions, holdSession } from './console-cookies.ts'
import { requireConsole } from './console-credential.ts'
import { deviceName } from './device-name.ts'

const path = '/console/session'
const created = z.object({
  token: z.string(),
  expiresAt: z.string(),
  person: z.object({ id: z.string(), slug: z.string() }),
  organization: idOf('org'),
})
const shown = z.object({
  organization: idOf('org'),
  organizationSlug: z.string(),
  organizationName: z.string(),
  person: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
})

const endedSession = z.object({ sso: z.string().nullable(), session: z.string().nullable() })

/** What the routes of one server share. */
interface Console {
  readonly parts: ServerParts
  readonly https: boolean
  readonly clock: Clock
  readonly refusals: RefusalLimit
}

/** Asks the door with a session. Returns nothing for a session that is over, or never was. */
export async function withSession({ parts }: Pick<Console, 'parts'>, { token }: HeldSession, action: string, request: FastifyRequest) {
  const credential = { kind: 'session', token } as const
  try {
    return await parts.door.govern({ action, credential, input: {}, requestId: request.id, address: request.ip })
  } catch (error) {
    if (isCoded(error, 'unauthenticated')) return undefined
    throw error
  }
}

async function signIn(it: Console, request: FastifyRequest, reply: FastifyReply) {
  const { parts, https, clock } = it
  requireConsole(request, parts.baseUrl)
  z.strictObject({}).parse(request.body ?? {})
  const input = { device: deviceName(request.headers['user-agent']) }
  const credential = readBearer(request.headers.authorization)
  if (credential?.kind !== 'link')
    throw fail('unauthenticated', 'A browser is signed in with a one-time link.', { next: 'Send it as `authorization: Bearer twl_…`.' })
  const answer = await parts.door.govern({ action: 'session:create', credential, input, requestId: request.id, address: request.ip })
  const { token, expiresAt, person, organization } = created.parse(answer.result)
  const before = heldSessions(request.headers.cookie, https).find(({ org }) => org === organization)
  // The browser forgets the session that it held: nobody else may find it alive.
  if (before !== undefined) await withSession(it, before, 'session:end', request)
  const secondsLeft = (Date.parse(expiresAt) - clock.now()) / 1000
  reply.header('set-cookie', holdSession({ org: organization, token }, secondsLeft, https))
  if (answer.entry !== null) reply.header('twinlock-entry', answer.entry)
  return { person, organization, expiresAt }
}

async function list(it: Console, request: FastifyRequest, reply: FastifyReply) {
  requireConsole(request, it.parts.baseUrl)
  const organizations: { id: OrgId; slug: string; name: string; person: { id: string; slug: string; name: string } }[] = []
  for (const held of heldSessions(request.headers.cookie, it.https)) {
    const answer = await withSession(it, held, 'session:show', request)
    if (answer === undefined) {
      it.refusals.refused(request.ip)
      reply.header('set-cookie', dropSession(held.org, it.https))
      continue
    }
    const { organization, organizationSlug, organizationName, person } = shown.parse(answer.result)
    organizations.push({ id: organization, slug: organizationSlug, name: organizationName, person })
  }
  return { organizations }
}

async function end(it: Console, request: FastifyRequest, reply: FastifyReply) {
  requireConsole(request, it.parts.baseUrl)
  const { organization } = z.strictObject({ organization: idOf('org') }).parse(request.body ?? {})
  const held = heldSessions(request.headers.cookie, it.https).find(({ org }) => org === organization)
  const answer = held === undefined ? undefined : await withSession(it, held, 'session:end', request)
  reply.header('set-cookie', dropSession(organization, it.https))
  if (answer !== undefined && answer.entry !== null) reply.header('twinlock-entry', answer.entry)
  return {
    organization,
    ended: answer !== undefined,
    continueAt: answer === undefined ? null : await providersEnd(it, organization, answer.result),
  }
}

/** Where the browser ends the session that its provider may hold still (OpenID Connect RP-Initiated Logout 1.0). A provider that is down keeps nobody here. */
async function providersEnd({ parts: { signIn, baseUrl } }: Console, org: OrgId, result: unknown): Promise<string | null> {
  const { sso, session } = endedSession.parse(result)
  if (sso === null || session === null || signIn === undefined) return null
  try {
    return (await signIn.signOutUrl({ org, sso, session, baseUrl })) ?? null
  } catch (error) {
    if (isCoded(error)) return null
    throw error
  }
}

/** Registers `POST /console/session` (sign in), `GET /console/session` (which organizations) and `POST /console/session/end` (sign out). */
export function consoleSession(app: FastifyInstance, parts: ServerParts, clock: Clock, refusals: RefusalLimit): void {
  const it: Console = { parts, https: parts.baseUrl.startsWith('https:'), clock, refusals }
  app.post(path, async (request, reply) => signIn(it, request, reply))
  app.get(path, async (request, reply) => list(it, request, reply))
  app.post(`${path}/end`, async (request, reply) => end(it, request, reply))
}
