// What a SCIM client looks for, and which attributes it wants to see: out of a query, or out of a search that was posted. Only read here; the door decides, and
// the filter is read behind it. All of it is attacker-controlled.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { fail } from '../../kernel/index.ts'
import { readParameters } from '../body/query.ts'

/** The parameters of a request. Throws `malformed`, `too_large`. */
export function queryOf({ url }: FastifyRequest): Map<string, string[]> {
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

/** Which attributes are asked for (RFC 7644 section 3.9). Throws `value_refused`. */
export function selectionOf(query: Map<string, string[]>): object {
  return { attributes: names(once(query, 'attributes')), excluded: names(once(query, 'excludedAttributes')) }
}

function given(entries: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
}

/** A search as a query carries it (RFC 7644 section 3.4.2). Throws `value_refused`. */
export function searchOf(query: Map<string, string[]>): object {
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

const searchRequest = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

const posted = z.object({
  // Several clients leave it out; whoever says that it is something else has sent something else.
  schemas: z.array(z.string()).optional(),
  filter: z.string().optional(),
  sortBy: z.string().optional(),
  sortOrder: z.string().optional(),
  startIndex: z.number().int().optional(),
  count: z.number().int().optional(),
  attributes: z.array(z.string()).default([]),
  excludedAttributes: z.array(z.string()).default([]),
})

/** A search that was posted (RFC 7644 section 3.4.3). Throws `value_refused`. */
export function postedSearch(body: unknown): object {
  const read = posted.safeParse(body)
  if (!read.success || read.data.schemas?.includes(searchRequest) === false)
    throw fail('value_refused', `This is no search request (\`${searchRequest}\`).`)
  const { schemas: _, sortOrder, excludedAttributes: excluded, ...rest } = read.data
  return { ...given({ ...rest, descending: sortOrder === undefined ? undefined : sortOrder.toLowerCase() === 'descending' }), excluded }
}
