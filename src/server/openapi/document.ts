// The OpenAPI 3.1 document, from the catalogue: paths by the route rule, schemas from zod, problems from the status map. Deterministic: the same
// catalogue gives the same document, which is checked in and compared.
import type { Capability } from '../../kernel/index.ts'
import { type Route, routeOf } from '../routes.ts'
import { problemResponses, problemSchema, usualProblems } from './problems.ts'
import { type JsonSchema, SchemaBook } from './schemas.ts'
import { wirePaths } from './wire.ts'

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function operationIdOf({ noun, verb }: Capability): string {
  return noun + verb.split('-').map(capitalised).join('')
}

interface Fields {
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required: readonly string[]
}

function fieldsOf(capability: Capability, book: SchemaBook): Fields {
  const schema = book.schemaOf(capability.input, 'input', capitalised(operationIdOf(capability)))
  return { properties: {}, required: [], ...(schema as Partial<Fields>) } // the schema of an object
}

function parametersOf(route: Route, { properties, required }: Fields): object[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === route.parameter) return [{ name, in: 'path', required: true, description: schema.description ?? `The ${name}.`, schema }]
    if (route.method === 'POST') return []
    return [
      {
        name,
        in: 'query',
        required: required.includes(name),
        ...(schema.description === undefined ? {} : { description: schema.description }),
        schema,
      },
    ]
  })
}

function bodyOf(route: Route, { properties, required }: Fields): object | undefined {
  const left = Object.entries(properties).filter(([name]) => name !== route.parameter)
  if (route.method === 'GET' || left.length === 0) return undefined
  const needed = required.filter((name) => name !== route.parameter)
  const schema = {
    type: 'object',
    properties: Object.fromEntries(left),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  }
  return { required: needed.length > 0, content: { 'application/json': { schema } } }
}

const recorded = { 'twinlock-entry': { description: 'The id of the ledger entry that records this.', schema: { type: 'string' } } }

function operationOf(capability: Capability, route: Route, book: SchemaBook): object {
  const operationId = operationIdOf(capability)
  const fields = fieldsOf(capability, book)
  const requestBody = bodyOf(route, fields)
  const schema = book.schemaOf(capability.output, 'output', `${capitalised(operationId)}Answer`)
  const isRecorded = capability.effect !== 'read' && capability.effect !== 'pulse'
  return {
    operationId,
    summary: capability.summary,
    tags: [capability.noun],
    ...(capability.name === 'session:create' ? { security: [{ link: [] }] } : {}),
    parameters: parametersOf(route, fields),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      200: { description: 'Done.', ...(isRecorded ? { headers: recorded } : {}), content: { 'application/json': { schema } } },
      ...usualProblems(),
    },
    'x-twinlock-action': capability.name,
    'x-twinlock-effect': capability.effect,
    'x-twinlock-roles': capability.roles,
    'x-twinlock-by': capability.by,
  }
}

function governedPaths(catalogue: readonly Capability[], book: SchemaBook): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const capability of catalogue) {
    const route = routeOf(capability)
    if (route === undefined) continue
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(capability, route, book) }
  }
  return paths
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A session of a person (`tws_…`), or an access token of a workload.' },
  link: { type: 'http', scheme: 'bearer', description: 'A one-time sign-in link’s token (`twl_…`); it is used up.' },
}

/** The OpenAPI document of a catalogue. */
export function openApi(catalogue: readonly Capability[], baseUrl: string): object {
  const book = new SchemaBook()
  const paths = { ...governedPaths(catalogue, book), ...wirePaths(book) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Twinlock',
      version: '1',
      summary: 'The identity control plane for digital twins and simulations.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl }],
    security: [{ bearer: [] }],
    tags: [...new Set(catalogue.filter((one) => routeOf(one) !== undefined).map((one) => one.noun)), 'protocols'].map((name) => ({ name })),
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes,
      responses: problemResponses(baseUrl),
      schemas: { Problem: problemSchema, ...Object.fromEntries(Object.entries(book.shared).sort(([a], [b]) => (a < b ? -1 : 1))) },
    },
  }
}
