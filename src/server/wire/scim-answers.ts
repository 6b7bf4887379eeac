// What SCIM answers look like (RFC 7644): resources with their place and entity tag, lists, and errors in their own form. Nothing is decided here.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../../kernel/index.ts'
import { fail } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import { toFailure } from '../problem.ts'
import { statusOf } from '../status.ts'

/** Where everything of SCIM is. */
export const scimPath = '/scim/v2'
/** The media type of SCIM (RFC 7644 section 8.1). */
export const scimType = 'application/scim+json; charset=utf-8'

const message = (name: string) => `urn:ietf:params:scim:api:messages:2.0:${name}`

/** The `scimType` of each code that has one (RFC 7644 table 9). */
const scimTypes: Partial<Record<ErrorCode, string>> = {
  filter_refused: 'invalidFilter',
  attribute_unknown: 'invalidPath',
  no_target: 'noTarget',
  read_only: 'mutability',
  value_refused: 'invalidValue',
  claimed: 'uniqueness',
  too_large: 'tooMany',
  malformed: 'invalidSyntax',
  invalid: 'invalidValue',
}

/** An error as SCIM says it. */
export interface ScimError {
  readonly schemas: readonly string[]
  readonly status: string
  readonly detail: string
  readonly scimType?: string
}

/** An error (RFC 7644 section 3.12). */
export function scimError(status: number, detail: string, kind?: string): ScimError {
  return { schemas: [message('Error')], status: String(status), detail, ...(kind === undefined ? {} : { scimType: kind }) }
}

/** The failure that something thrown stands for; what Fastify found wrong with a request is the client's. */
function failureOf(error: unknown): ReturnType<typeof toFailure>['failure'] {
  if (error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500 && !('notes' in error)) {
    const code = 'code' in error ? error.code : undefined
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return fail('too_large', 'The body is larger than this takes.')
    const isOtherType = code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_TYPE'
    return fail('malformed', isOtherType ? 'Bodies are application/scim+json.' : 'The request cannot be read as SCIM.')
  }
  return toFailure(error).failure
}

/** An error with the status that it is answered with. */
export function scimErrorOf(error: unknown): { readonly status: number; readonly body: ScimError } {
  const { code, message: detail } = failureOf(error)
  const { status } = statusOf[code]
  return { status, body: scimError(status, detail, scimTypes[code]) }
}

/** Answers a failure. */
export function answerScimError(error: unknown, request: FastifyRequest, reply: FastifyReply, parts: ServerParts): FastifyReply {
  const { status, body } = scimErrorOf(error)
  if (status >= 500) parts.log({ kind: 'failure', requestId: request.id, error })
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="twinlock"')
  if (status === 503) reply.header('retry-after', '3')
  if (status === 413) reply.header('connection', 'close')
  return reply.code(status).type(scimType).serializer(String).send(JSON.stringify(body))
}

/** A resource as the door answered it. */
export interface Answered {
  readonly resource: Readonly<Record<string, unknown>>
}

const placeOf: Readonly<Record<string, string>> = { per: 'Users', grp: 'Groups' }

/** Where a resource is. */
export function locationOf(parts: Pick<ServerParts, 'baseUrl'>, id: unknown): string {
  const text = String(id)
  return `${parts.baseUrl}${scimPath}/${placeOf[text.slice(0, 3)] ?? 'Users'}/${text}`
}

function withReferences(parts: Pick<ServerParts, 'baseUrl'>, values: unknown): unknown {
  if (!Array.isArray(values)) return values
  return values.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'value' in one ? { ...one, $ref: locationOf(parts, one.value) } : one,
  )
}

/** A resource with its place in it, and those of members and groups. */
export function placed(
  parts: Pick<ServerParts, 'baseUrl'>,
  { id, meta, members, groups, ...rest }: Answered['resource'],
): Answered['resource'] {
  return {
    ...rest,
    id,
    ...(members === undefined ? {} : { members: withReferences(parts, members) }),
    ...(groups === undefined ? {} : { groups: withReferences(parts, groups) }),
    ...(typeof meta === 'object' ? { meta: { ...meta, location: locationOf(parts, id) } } : {}),
  }
}

/** A list (RFC 7644 section 3.4.2). */
export function listOf(resources: readonly object[], total = resources.length, startIndex = 1): object {
  return { schemas: [message('ListResponse')], totalResults: total, itemsPerPage: resources.length, startIndex, Resources: resources }
}
