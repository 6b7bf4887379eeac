// How the OpenAPI document speaks of problems: one schema, and for each status a response with an example of every code that is answered with it.
import type { ErrorCode } from '../../kernel/index.ts'
import { explanationOf } from '../explanations.ts'
import { errorCodes, statusOf } from '../status.ts'
import type { JsonSchema } from './schemas.ts'

const text = { type: 'string' } as const

/** The schema of a problem. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'A problem (RFC 9457). Facts of the failure stand beside these members.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: { ...text, format: 'uri', description: 'The page that explains the code.' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: { ...text, description: 'The path that was asked for.' },
    code: { ...text, enum: errorCodes },
    requestId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { ...text, description: 'RFC 6901, into the input.' }, detail: text },
      },
    },
    next: { ...text, description: 'What to do next.' },
  },
}

function example(code: ErrorCode, baseUrl: string): object {
  const { status, title } = statusOf[code]
  const { means, next } = explanationOf[code]
  const field =
    code === 'invalid' ? { errors: [{ pointer: '/slug', detail: 'must be 1 to 40 lower-case letters, digits and inner hyphens' }] } : {}
  return {
    summary: title,
    value: {
      type: `${baseUrl}/problems/${code}`,
      title,
      status,
      detail: means,
      instance: '/v1/…',
      code,
      requestId: 'req_…',
      ...field,
      next,
    },
  }
}

const nameOf = (status: number): string => `Problem${status}`

/** A response for each status that problems have. */
export function problemResponses(baseUrl: string): Record<string, object> {
  const statuses = [...new Set(errorCodes.map((code) => statusOf[code].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = errorCodes.filter((code) => statusOf[code].status === status)
      const examples = Object.fromEntries(codes.map((code) => [code, example(code, baseUrl)]))
      const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } }
      return [nameOf(status), { description: codes.map((code) => statusOf[code].title).join(' · '), content }]
    }),
  )
}

const usual = [400, 401, 403, 404, 409, 413, 422, 429, 500, 503]

/** References to the problem responses that any operation may answer. */
export function usualProblems(): Record<string, object> {
  return Object.fromEntries(usual.map((status) => [String(status), { $ref: `#/components/responses/${nameOf(status)}` }]))
}
