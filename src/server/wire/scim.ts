// SCIM 2.0 (RFC 7644): what identity providers send of people and groups. Requests are turned into acts of the directory whose token they carry, and decided,
// done and recorded behind the door; here they are only read and answered in SCIM's form. All of a request is attacker-controlled.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Credential } from '../../app/index.ts'
import { fail } from '../../kernel/index.ts'
import { parseJsonBody } from '../body/json.ts'
import type { ServerParts } from '../door.ts'
import { refuseOtherMethods, watchRoutes } from '../failures.ts'
import type { Ask } from './authzen-ask.ts'
import { answerScimError, listOf, placed, scimError, scimPath, scimType } from './scim-answers.ts'
import { answerBulk, bulkBytesMax } from './scim-bulk.ts'
import { scimDiscovery } from './scim-discovery.ts'
import { postedSearch, queryOf, searchOf, selectionOf } from './scim-search.ts'

const userBytesMax = 262_144
const groupBytesMax = 16_777_216
const jsonDepthMax = 16
const tokenCharactersMax = 200

/** The directory's token. Sessions and other tokens of ours are nothing here. */
function credentialOf({ headers }: FastifyRequest): Credential | undefined {
  const { authorization = '' } = headers
  const token = authorization.length <= tokenCharactersMax ? /^Bearer (twd_\S+)$/i.exec(authorization)?.[1] : undefined
  return token === undefined ? undefined : { kind: 'directory', token }
}

function asker(request: FastifyRequest, reply: FastifyReply, parts: ServerParts): Ask {
  return async (action, input) => {
    const credential = credentialOf(request)
    const answer = await parts.door.govern({ action, credential, input, requestId: request.id, address: request.ip })
    if (answer.entry !== null) reply.header('twinlock-entry', answer.entry)
    return answer.result
  }
}

const answered = z.object({ resource: z.record(z.string(), z.unknown()), version: z.string() })
const found = z.object({ total: z.number(), startIndex: z.number(), resources: z.array(z.record(z.string(), z.unknown())) })

interface Searched {
  readonly action: string
  readonly path: string
  readonly bodyLimit: number
}

interface Place {
  readonly noun: 'user' | 'group'
  readonly path: string
  readonly bodyLimit: number
}

type One = { Params: { id: string } }

function send(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).type(scimType).serializer(String).send(JSON.stringify(body))
}

function sendResource(reply: FastifyReply, status: number, result: unknown, parts: ServerParts): FastifyReply {
  const { resource, version } = answered.parse(result)
  const shown = placed(parts, resource)
  const location = `${parts.baseUrl}${scimPath}/${String(resource.id).startsWith('grp_') ? 'Groups' : 'Users'}/${String(resource.id)}`
  return send(reply.header('etag', version).header(status === 201 ? 'location' : 'content-location', location), status, shown)
}

/** Whether whoever asks has this version already (RFC 9110 section 13.1.2): compared weakly, one of several, or any. */
function isKnown({ headers }: FastifyRequest, version: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '')
  const named = headers['if-none-match']?.split(',').map(bare) ?? []
  return named.includes('*') || named.includes(bare(version))
}

function ifMatchOf({ headers }: FastifyRequest): object {
  const ifMatch = headers['if-match']
  return ifMatch === undefined ? {} : { ifMatch }
}

/** Looking for resources: by a query below `path`, and by a search that is posted beside it. */
function searchRoutes(scope: FastifyInstance, parts: ServerParts, { action, path, bodyLimit }: Searched): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, search: object) => {
    const { total, startIndex, resources } = found.parse(await asker(request, reply, parts)(action, search))
    const shown = resources.map((one) => placed(parts, one))
    return send(reply, 200, listOf(shown, total, startIndex))
  }
  scope.get(path, async (request, reply) => page(request, reply, searchOf(queryOf(request))))
  scope.post(`${path}/.search`, { bodyLimit }, async (request, reply) => page(request, reply, postedSearch(request.body)))
}

/** Reading and looking for resources of one kind. */
function readingRoutes(scope: FastifyInstance, parts: ServerParts, { noun, path, bodyLimit }: Place): void {
  searchRoutes(scope, parts, { action: `directory:find-${noun}s`, path, bodyLimit })
  scope.get<One>(`${path}/:id`, async (request, reply) => {
    const result = await asker(request, reply, parts)(`directory:show-${noun}`, { id: request.params.id, ...selectionOf(queryOf(request)) })
    const { version } = answered.parse(result)
    if (isKnown(request, version)) return reply.code(304).header('etag', version).send()
    return sendResource(reply, 200, result, parts)
  })
}

/** Changes of resources of one kind. */
function changingRoutes(scope: FastifyInstance, parts: ServerParts, { noun, path, bodyLimit }: Place): void {
  const selection = (request: FastifyRequest) => selectionOf(queryOf(request))
  scope.post(path, { bodyLimit }, async (request, reply) => {
    const more = noun === 'user' ? selection(request) : {}
    return sendResource(reply, 201, await asker(request, reply, parts)(`directory:create-${noun}`, { body: request.body, ...more }), parts)
  })
  const change = (verb: 'replace' | 'patch') => async (request: FastifyRequest<One>, reply: FastifyReply) => {
    const input = { id: request.params.id, body: request.body, ...ifMatchOf(request), ...selection(request) }
    return sendResource(reply, 200, await asker(request, reply, parts)(`directory:${verb}-${noun}`, input), parts)
  }
  scope.put<One>(`${path}/:id`, { bodyLimit }, change('replace'))
  scope.patch<One>(`${path}/:id`, { bodyLimit }, change('patch'))
  scope.delete<One>(`${path}/:id`, async (request, reply) => {
    await asker(request, reply, parts)(`directory:remove-${noun}`, { id: request.params.id, ...ifMatchOf(request) })
    return reply.code(204).send()
  })
}

/** What there is nothing behind. A token is a directory's: no user is asking who he is, so that `/Me` is answered as RFC 7644 section 3.11 says. */
function nothingThere(scope: FastifyInstance): void {
  const detail = 'The token is a directory’s and no user’s: there is nobody whom `/Me` could mean.'
  const nobody = async (_request: FastifyRequest, reply: FastifyReply) => send(reply, 501, scimError(501, detail))
  // Before a body is read: whatever it is, nobody reads it.
  for (const path of [`${scimPath}/Me`, `${scimPath}/Me/*`]) scope.all(path, { onRequest: nobody }, nobody)
  const unknown = async () => {
    throw fail('not_found', 'There is no such endpoint.', { next: 'See `/scim/v2/ResourceTypes` for those that there are.' })
  }
  scope.all(`${scimPath}/*`, { onRequest: unknown }, unknown)
}

/** Registers everything below `/scim/v2`: whatever comes there is answered in SCIM's form. */
export function scim(app: FastifyInstance, parts: ServerParts): void {
  app.register(async (scope) => {
    const known = watchRoutes(scope)
    scope.addContentTypeParser(/^application\/scim\+json/, { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
      parseJsonBody(body, jsonDepthMax),
    )
    scope.setErrorHandler((error, request, reply) => answerScimError(error, request, reply, parts))
    const places: readonly Place[] = [
      { noun: 'user', path: `${scimPath}/Users`, bodyLimit: userBytesMax },
      { noun: 'group', path: `${scimPath}/Groups`, bodyLimit: groupBytesMax },
    ]
    for (const place of places) {
      readingRoutes(scope, parts, place)
      changingRoutes(scope, parts, place)
    }
    scope.post(`${scimPath}/Bulk`, { bodyLimit: bulkBytesMax }, async (request, reply) =>
      send(reply, 200, await answerBulk(request.body, asker(request, reply, parts), parts)),
    )
    searchRoutes(scope, parts, { action: 'directory:find', path: scimPath, bodyLimit: userBytesMax })
    scope.register(async (open) => scimDiscovery(open, parts))
    scope.register(async (rest) => {
      refuseOtherMethods(rest, known)
      nothingThere(rest)
    })
  })
}
