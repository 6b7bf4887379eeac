// Several changes in one request (RFC 7644 section 3.7). Each is an act of its own at the door: one that is refused leaves the others as they are. What is made here
// can be named by later and earlier operations by its `bulkId`. The request is attacker-controlled; how many operations it holds is limited.
import { z } from 'zod'
import { fail } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import type { Ask } from './authzen-ask.ts'
import { locationOf, type ScimError, scimErrorOf, scimPath } from './scim-answers.ts'

/** The most operations of one request. */
export const bulkOperationsMax = 1_000
/** The most bytes of one request. */
export const bulkBytesMax = 2_097_152

const operation = z.object({
  method: z.string().max(10),
  path: z.string().max(200),
  bulkId: z.string().max(200).optional(),
  version: z.string().max(200).optional(),
  data: z.unknown().optional(),
})
type Operation = z.output<typeof operation>

const bulk = z.object({ failOnErrors: z.number().int().min(1).optional(), Operations: z.array(operation).min(1) })

interface Outcome {
  readonly method: string
  readonly bulkId?: string
  readonly location?: string
  readonly version?: string
  readonly status: string
  readonly response?: ScimError
}

const answered = z.object({ resource: z.looseObject({ id: z.string(), meta: z.looseObject({ version: z.string() }).optional() }) })
const pathPattern = /^\/(Users|Groups)(?:\/([^/]+))?$/
const referencePattern = /^bulkId:(.+)$/

/** What is done to one resource, by the method that asks for it. */
const verbsOnOne: ReadonlyMap<string, string> = new Map([
  ['PUT', 'replace'],
  ['PATCH', 'patch'],
  ['DELETE', 'remove'],
])

/** The action of an operation and its input, the body apart. Throws `invalid`. */
function actionOf({ method, path, version, data }: Operation): { readonly action: string; readonly input: object } {
  const [, place, id] = pathPattern.exec(path) ?? []
  const noun = place === 'Users' ? 'user' : 'group'
  const ifMatch = version === undefined ? {} : { ifMatch: version }
  const kind = method.toUpperCase()
  if (place === undefined) throw fail('invalid', `An operation’s path is /Users or /Groups, and below that an id.`)
  if (kind === 'POST' && id === undefined) return { action: `directory:create-${noun}`, input: { body: data } }
  const verb = verbsOnOne.get(kind)
  if (verb !== undefined && id !== undefined)
    return { action: `directory:${verb}-${noun}`, input: { id, ...(verb === 'remove' ? {} : { body: data }), ...ifMatch } }
  throw fail('invalid', 'An operation is POST to a place, or PUT, PATCH or DELETE of a resource.')
}

/** Every `bulkId` that a value names. */
function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return referencePattern.exec(value)?.[1] === undefined ? [] : [referencePattern.exec(value)?.[1] ?? '']
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(referencesIn) : []
}

function resolved(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(referencePattern.exec(value)?.[1] ?? '') ?? value
  if (Array.isArray(value)) return value.map((one) => resolved(one, ids))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(member, ids)]))
}

function resolvedPath(path: string, ids: ReadonlyMap<string, string>): string {
  return path.replace(/bulkId:([^/]+)/, (whole, name: string) => ids.get(name) ?? whole)
}

function waitsFor(one: Operation): string[] {
  const inPath = /bulkId:([^/]+)/.exec(one.path)?.[1]
  return [...referencesIn(one.data), ...(inPath === undefined ? [] : [inPath])]
}

const successOf: Readonly<Record<string, string>> = { POST: '201', DELETE: '204' }

async function attempt(one: Operation, ids: Map<string, string>, ask: Ask, parts: ServerParts): Promise<Outcome> {
  const method = one.method.toUpperCase()
  const named = { method, ...(one.bulkId === undefined ? {} : { bulkId: one.bulkId }) }
  const path = resolvedPath(one.path, ids)
  const isPlace = path.split('/').length === 2
  try {
    const { action, input } = actionOf({ ...one, path, data: resolved(one.data, ids) })
    const result = answered.safeParse(await ask(action, input)).data?.resource
    const id = result?.id ?? path.split('/')[2] ?? ''
    if (one.bulkId !== undefined) ids.set(one.bulkId, id)
    const version = result?.meta === undefined ? {} : { version: result.meta.version }
    return { ...named, location: locationOf(parts, id), ...version, status: successOf[method] ?? '200' }
  } catch (error) {
    const { status, body } = scimErrorOf(error)
    if (status >= 500) throw error
    return { ...named, ...(isPlace ? {} : { location: `${parts.baseUrl}${scimPath}${path}` }), status: String(status), response: body }
  }
}

/** Reads a request. Throws `malformed`, `too_large`. */
function readBulk(body: unknown): z.output<typeof bulk> {
  const read = bulk.safeParse(body)
  if (!read.success) throw fail('malformed', 'A bulk request has a list of `Operations`, each with a method and a path.')
  if (read.data.Operations.length > bulkOperationsMax)
    throw fail('too_large', `A bulk request has at most ${bulkOperationsMax} operations.`)
  const unnamed = read.data.Operations.some(({ method, bulkId }) => method.toUpperCase() === 'POST' && bulkId === undefined)
  if (unnamed) throw fail('invalid', 'Each POST of a bulk request has a `bulkId`.')
  return read.data
}

/** How many people are made at once: as many as the door governs in one transaction. */
const togetherMax = 64

const makesUser = ({ method, path }: Operation): boolean => method.toUpperCase() === 'POST' && path === '/Users'

/** A request while it is done. */
interface Job {
  readonly operations: readonly Operation[]
  readonly failOnErrors: number
  /** What was made, by its `bulkId`. */
  readonly ids: Map<string, string>
  readonly outcomes: (Outcome | undefined)[]
}

const errorsOf = ({ outcomes }: Job): number => outcomes.filter((one) => one?.response !== undefined).length

/** Whether an operation is yet to be done, and waits for nothing. */
function isDue({ operations, outcomes, ids }: Job, at: number): boolean {
  const one = operations[at]
  return one !== undefined && outcomes[at] === undefined && waitsFor(one).every((name) => ids.has(name))
}

/** The operations that are done next, from a place on: one; or people who are made one right after the other, where no error stops the rest. */
function nextOf(job: Job, from: number): readonly Operation[] {
  if (!isDue(job, from)) return []
  const { operations, failOnErrors } = job
  const goesAlong = (at: number): boolean => {
    const one = operations[at]
    return one !== undefined && makesUser(one) && isDue(job, at)
  }
  let to = from + 1
  if (failOnErrors === Number.POSITIVE_INFINITY && goesAlong(from)) while (to - from < togetherMax && goesAlong(to)) to++
  return operations.slice(from, to)
}

/** Does what is due, once through the request; says whether anything was. */
async function goThrough(job: Job, ask: Ask, parts: ServerParts): Promise<boolean> {
  let isMoving = false
  for (let at = 0; at < job.operations.length && errorsOf(job) < job.failOnErrors; at++) {
    const next = nextOf(job, at)
    const done = await Promise.all(next.map((one) => attempt(one, job.ids, ask, parts)))
    job.outcomes.splice(at, done.length, ...done)
    isMoving ||= next.length > 0
  }
  return isMoving
}

/**
 * Does what a request holds, in its order; people who follow one another are made together. What waits for a `bulkId` of a later operation is done once that is
 * made, and refused where it never is. Stops after as many errors as the request says; what may stop is done one by one.
 */
export async function answerBulk(body: unknown, ask: Ask, parts: ServerParts): Promise<object> {
  const { Operations: operations, failOnErrors = Number.POSITIVE_INFINITY } = readBulk(body)
  const job: Job = { operations, failOnErrors, ids: new Map(), outcomes: operations.map(() => undefined) }
  for (let isMoving = true; isMoving && errorsOf(job) < failOnErrors; ) isMoving = await goThrough(job, ask, parts)
  const { outcomes } = job
  const isStopped = errorsOf(job) >= failOnErrors
  const left = scimErrorOf(fail('conflict', 'It names a `bulkId` that was not made.'))
  const unresolved = (one: Operation): Outcome => ({
    method: one.method.toUpperCase(),
    ...(one.bulkId === undefined ? {} : { bulkId: one.bulkId }),
    status: String(left.status),
    response: left.body,
  })
  const all = operations.map((one, at) => outcomes[at] ?? (isStopped ? undefined : unresolved(one)))
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'], Operations: all.filter((one) => one !== undefined) }
}
