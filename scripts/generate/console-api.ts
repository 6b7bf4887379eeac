// The console's knowledge of the API: the input and output of each action that has a route, and where it is served, from the OpenAPI document alone, so
// that the console can know nothing that any other client could not.
import { type Schema, typeOf } from './schema-types.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}

interface Content {
  readonly content?: { readonly 'application/json'?: { readonly schema: Schema } }
}

interface Operation {
  readonly summary: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: { readonly 200?: Content }
  readonly 'x-twinlock-action'?: string
  readonly 'x-twinlock-effect'?: string
}

/** The parts of an OpenAPI document that are read here. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Served {
  readonly action: string
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const indent = (text: string): string => text.replaceAll('\n', '\n  ')

function served({ paths }: OpenApi): readonly Served[] {
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const action = operation['x-twinlock-action']
        return action === undefined ? [] : [{ action, method: method.toUpperCase(), path, operation }]
      }),
    )
    .sort((one, other) => (one.action < other.action ? -1 : 1))
}

function inputOf({ parameters, requestBody }: Operation): string {
  const body = requestBody?.content?.['application/json']?.schema ?? {}
  const own = (body.properties ?? {}) as Record<string, Schema> // our own document writes no other body
  const named = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]))
  const required = [...parameters.filter((one) => one.required).map(({ name }) => name), ...((body.required ?? []) as string[])] // as above
  return typeOf({ type: 'object', properties: { ...named, ...own }, required, additionalProperties: false })
}

function memberOf({ action, operation }: Served): string {
  const schema = operation.responses[200]?.content?.['application/json']?.schema
  const output = schema === undefined ? 'unknown' : typeOf(schema)
  const comment = operation.summary.replaceAll('*/', '* /')
  return `  /** ${comment} */\n  readonly '${action}': {\n    readonly input: ${indent(indent(inputOf(operation)))}\n    readonly output: ${indent(indent(output))}\n  }`
}

function routeOf({ action, method, path, operation }: Served): string {
  return `  '${action}': ['${method}', '${path}', '${operation['x-twinlock-effect'] ?? ''}'],`
}

/** The TypeScript file of the console's API types. */
export function consoleApi(document: OpenApi): string {
  const all = served(document)
  const shared = Object.entries(document.components.schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema)}`)
  return [
    '// What the API offers, as types. Generated from the catalogue: `npm run generate`.',
    '',
    ...shared.map((line) => `${line}\n`),
    '/** Every action that has a route: what it takes and what it answers. */',
    'export interface Actions {',
    all.map(memberOf).join('\n'),
    '}',
    '',
    '/** Where each action is served: method, path and effect. */',
    "export const routes: Readonly<Record<keyof Actions, readonly [method: 'GET' | 'POST', path: string, effect: string]>> = {",
    ...all.map(routeOf),
    '}',
    '',
  ].join('\n')
}
