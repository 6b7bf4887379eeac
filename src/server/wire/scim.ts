// SCIM 2.0 (RFC 7644): what identity providers send of people and groups. Requests are turned into acts of the directory whose token they carry, and decided,
// done and recorded behind the door; here they are only read and answered in SCIM's form. All of a request is attacker-controlled.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Credential } from '../../app/index.ts'
import { fail } from '../../kernel/index.ts'
import { parseJsonBody } from '../body/json.ts'
import { readParameters } from '../body/query.ts'
import type { ServerParts } from '../door.ts'
import type { Ask } from './authzen-ask.ts'
import { answerScimError, listOf, placed, scimPath, scimType } from './scim-answers.ts'
import { answerBulk, bulkBytesMax } from './scim-bulk.ts'
import { scimDiscovery } from './scim-discovery.ts'

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

const answered = z.object({ resource: z.record(z.string(), z.unknown()), version: z.number() })
const found = z.object({ total: z.number(), startIndex: z.number(), resources: z.array(z.record(z.string(), z.unknown())) })

function queryOf({ url }: FastifyRequest): Map<string, string[]> {
  const at = url.indexOf('?')
  return at === -1 ? new Map() : readParameters(url.slice(at + 1))
}

function once(query: Map<string, string[]>, name: string): string | undefined {
  const [value, second] = query.get(name) ?? []
  if (second !== undefined) throw fail('value_refused', `\`${name}\` came more than once.`)
  return value
}

const names = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^-?\d{1,9}$/.test(text)) throw fail('value_refused', `\`${name}\` is a whole number.`)
  return Number(text)
}

function selectionOf(query: Map<string, string[]>): object {
  return { attributes: names(once(query, 'attributes')), excluded: names(once(query, 'excludedAttributes')) }
}

function given(entries: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
}

function searchOf(query: Map<string, string[]>): object {
  const order = once(query, 'sortOrder')
  return {
    ...selectionOf(query),
    ...given({
      filter: once(query, 'filter'),
      sortBy: once(query, 'sortBy'),
      descending: order === undefined ? undefined : order.toLowerCase() === 'descending',
      startIndex: integer('startIndex', once(query, 'startIndex')),
      count: integer('count', once(query, 'count')),
    }),
  }
}

const posted = z.object({
  filter: z.string().optional(),
  sortBy: z.string().optional(),
  sortOrder: z.string().optional(),
  startIndex: z.number().int().optional(),
  count: z.number().int().optional(),
  attributes: z.array(z.string()).default([]),
  excludedAttributes: z.array(z.string()).default([]),
})

/** A search that was posted (RFC 7644 section 3.4.3). */
function postedSearch(body: unknown): object {
  const read = posted.safeParse(body)
  if (!read.success) throw fail('value_refused', 'This is no search request.')
  const { sortOrder, excludedAttributes: excluded, ...rest } = read.data
  return { ...given({ ...rest, descending: sortOrder === undefined ? undefined : sortOrder.toLowerCase() === 'descending' }), excluded }
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
  return send(reply.header('etag', `W/"${version}"`).header(status === 201 ? 'location' : 'content-location', location), status, shown)
}

function ifMatchOf({ headers }: FastifyRequest): object {
  const ifMatch = headers['if-match']
  return ifMatch === undefined ? {} : { ifMatch }
}

/** Reading and looking for resources of one kind. */
function readingRoutes(scope: FastifyInstance, parts: ServerParts, { noun, path, bodyLimit }: Place): void {
  const page = async (reply: FastifyReply, result: unknown) => {
    const { total, startIndex, resources } = found.parse(result)
    return send(
      reply,
      200,
      listOf(
        resources.map((one) => placed(parts, one)),
        total,
        startIndex,
      ),
    )
  }
  scope.get(path, async (request, reply) =>
    page(reply, await asker(request, reply, parts)(`directory:find-${noun}s`, searchOf(queryOf(request)))),
  )
  scope.post(`${path}/.search`, { bodyLimit }, async (request, reply) =>
    page(reply, await asker(request, reply, parts)(`directory:find-${noun}s`, postedSearch(request.body))),
  )
  scope.get<One>(`${path}/:id`, async (request, reply) => {
    const result = await asker(request, reply, parts)(`directory:show-${noun}`, { id: request.params.id, ...selectionOf(queryOf(request)) })
    const { version } = answered.parse(result)
    if (request.headers['if-none-match'] === `W/"${version}"`) return reply.code(304).header('etag', `W/"${version}"`).send()
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

/** Registers everything below `/scim/v2`. */
export function scim(app: FastifyInstance, parts: ServerParts): void {
  app.register(async (scope) => {
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
    scope.register(async (open) => scimDiscovery(open, parts))
  })
}
