// Requests drawn from the OpenAPI document: every operation, each parameter and field as the document describes it, or as nobody would; ids of one's own,
// of another organization and of nobody; methods, headers and media types that do not belong together.
import type { Seeded } from '../harness/seeded.ts'
import { hostileTexts, hostileValue, spoilJsonText, spoilText } from './hostile.ts'

type Schema = Readonly<Record<string, unknown>>

/** One operation of the document. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly body: { readonly type: string; readonly fields: readonly (readonly [string, Schema])[] } | undefined
}

/** A request, ready to be sent. */
export interface Drawn {
  readonly operation: string
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What requests are drawn with. */
export interface Surroundings {
  readonly operations: readonly Operation[]
  /** Ids of a kind: one's own first, then another organization's. */
  ids(prefix: string): readonly string[]
  /** Texts for `Authorization`. */
  readonly credentials: readonly string[]
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function record(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A schema with its reference followed. */
function follow(document: object, schema: Schema): Schema {
  const { $ref } = schema
  if (typeof $ref !== 'string') return schema
  return record(
    $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((here, name) => member(here, name), document),
  )
}

function bodyOf(document: object, operation: Schema): Operation['body'] {
  const [[type, media] = []] = Object.entries(record(member(operation.requestBody, 'content')))
  if (type === undefined) return undefined
  const { properties } = follow(document, record(member(media, 'schema')))
  return { type, fields: Object.entries(record(properties)).map(([name, schema]) => [name, follow(document, record(schema))] as const) }
}

/** The operations of a document, in its order. */
export function operationsOf(document: object): readonly Operation[] {
  return Object.entries(record(member(document, 'paths'))).flatMap(([path, methods]) =>
    Object.entries(record(methods)).map(([method, described]) => {
      const operation = record(described)
      const parameters = Array.isArray(operation.parameters) ? operation.parameters.map(record) : []
      return {
        method: method.toUpperCase(),
        path,
        name: String(operation.operationId),
        parameters: parameters.map((one) => ({ name: String(one.name), in: String(one.in), schema: follow(document, record(one.schema)) })),
        body: bodyOf(document, operation),
      }
    }),
  )
}

const nobodys = (prefix: string): string => `${prefix}_${'z'.repeat(26)}`

/** A value that a schema describes, as far as it says; ids out of the surroundings. */
function sound(random: Seeded, schema: Schema, around: Surroundings): unknown {
  const { enum: choices, pattern, anyOf, type, format, items, properties } = schema
  if ('const' in schema) return schema.const
  if (Array.isArray(choices)) return random.pick(choices)
  if (Array.isArray(anyOf)) return sound(random, record(random.pick(anyOf)), around)
  const prefix = typeof pattern === 'string' ? /^\^([a-z]{3})_/.exec(pattern)?.[1] : undefined
  if (prefix !== undefined) return random.pick([...around.ids(prefix), nobodys(prefix)])
  if (format === 'date-time') return random.pick(['2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z'])
  if (typeof pattern === 'string' && pattern.includes('sha256')) return `sha256:${'0'.repeat(64)}`
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1)
  if (type === 'boolean') return random.once(2)
  if (type === 'array') return Array.from({ length: random.below(3) }, () => sound(random, record(items), around))
  if (type === 'object' || properties !== undefined)
    return Object.fromEntries(Object.entries(record(properties)).map(([name, one]) => [name, sound(random, record(one), around)]))
  return random.pick([
    'a',
    'sample',
    'https://elsewhere.example',
    'YQ==',
    'some-slug-of-nobody',
    ...around.ids(random.pick(['run', 'per', 'art'])),
  ])
}

function valueFor(random: Seeded, schema: Schema, around: Surroundings): unknown {
  return random.once(4) ? hostileValue(random) : sound(random, schema, around)
}

function textFor(random: Seeded, schema: Schema, around: Surroundings): string {
  const value = valueFor(random, schema, around)
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** One path parameter: encoded as it should be, or hardly. */
function segment(random: Seeded, text: string): string {
  if (random.once(12)) return text.replace(/[^\x21-\x7e]|[?#]/g, '') || 'x'
  return encodeURIComponent(text.toWellFormed()) || 'x'
}

function queryOf(random: Seeded, { parameters }: Operation, around: Surroundings): string {
  const given = parameters.filter((one) => one.in === 'query' && !random.once(3))
  const pairs = given.map(
    ({ name, schema }) => `${name}=${encodeURIComponent(textFor(random, schema, around).slice(0, 2_000).toWellFormed())}`,
  )
  const [twice] = pairs
  if (twice !== undefined && random.once(12)) pairs.push(twice)
  if (random.once(12)) pairs.push(`${encodeURIComponent(random.pick(hostileTexts).toWellFormed())}=x`)
  const query = pairs.join('&')
  return random.once(15) ? spoilText(random, query).replace(/[^\x21-\x7e]|#/g, '') : query
}

function bodyFor(random: Seeded, operation: Operation, around: Surroundings): string | undefined {
  if (operation.method === 'GET' || operation.method === 'HEAD') return random.once(30) ? '{}' : undefined
  const fields = (operation.body?.fields ?? []).filter(() => !random.once(8))
  if (operation.body?.type === 'application/x-www-form-urlencoded') {
    const form = fields.map(([name, schema]) => [name, textFor(random, schema, around).toWellFormed()])
    return spoilOnceIn(random, 4, new URLSearchParams(form).toString())
  }
  const value = Object.fromEntries(fields.map(([name, schema]) => [name, valueFor(random, schema, around)]))
  if (random.once(10)) return spoilJsonText(random, value)
  return JSON.stringify(random.once(10) ? { ...value, [random.pick(hostileTexts)]: hostileValue(random) } : value)
}

function spoilOnceIn(random: Seeded, among: number, text: string): string {
  return random.once(among) ? spoilText(random, text) : text
}

const mediaTypes = [
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '*',
  'x',
]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']
const strangeHeaders: readonly (readonly [string, readonly string[]])[] = [
  ['content-encoding', ['gzip', 'br', 'deflate', 'identity']],
  ['accept', ['text/html', '*/*;q=0', 'x'.repeat(4_000)]],
  ['accept-encoding', ['gzip', '*']],
  ['x-request-id', ['ok-1', 'x'.repeat(200), '../..', '"']],
  ['x-forwarded-for', ['10.0.0.1', '127.0.0.1, x']],
  ['x-http-method-override', ['DELETE']],
  ['origin', ['null', 'https://evil.example']],
  ['cookie', ['twinlock=x', '__Host-twinlock=tws_x', 'a'.repeat(4_000)]],
  ['range', ['bytes=0-', 'bytes=0-0,0-0']],
  ['if-match', ['*', '"x"']],
  ['expect', ['200-maybe']],
  ['upgrade', ['websocket', 'h2c']],
  ['forwarded', ['for=1;host=evil.example']],
  ['traceparent', ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '00-0-0-00', 'x'.repeat(600)]],
  ['last-event-id', ['0', '-1', 'x']],
  ['sec-fetch-site', ['same-origin', 'cross-site']],
]

function headersFor(random: Seeded, operation: Operation, body: string | undefined, around: Surroundings): Record<string, string> {
  const headers: Record<string, string> = {}
  if (!random.once(12)) headers.authorization = random.pick(around.credentials)
  if (random.once(25))
    headers.authorization = spoilText(random, random.pick(around.credentials))
      .replace(/[^\x20-\x7e]/g, '')
      .slice(0, 9_000)
  if (body !== undefined) headers['content-type'] = random.once(15) ? random.pick(mediaTypes) : (operation.body?.type ?? 'application/json')
  while (random.once(4)) {
    const [name, values] = random.pick(strangeHeaders)
    headers[name] = random.pick(values)
  }
  return headers
}

/** Draws one request. */
export function drawRequest(random: Seeded, around: Surroundings): Drawn {
  const operation = random.pick(around.operations)
  const path = operation.path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const schema = operation.parameters.find((one) => one.name === name && one.in === 'path')?.schema ?? {}
    return segment(random, textFor(random, schema, around).slice(0, 400))
  })
  const query = queryOf(random, operation, around)
  const method = random.once(25) ? random.pick(methods) : operation.method
  const body = bodyFor(random, operation, around)
  return {
    operation: operation.name,
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers: headersFor(random, operation, body, around),
    body,
  }
}
