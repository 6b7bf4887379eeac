// A JSON Schema as the TypeScript type of the values that it accepts: exactly the keywords that our own OpenAPI document uses. A keyword that narrows a
// value further than a type can say (a pattern, a length) is left out; a shape that is not known here is `unknown`, never a guess.

/** A JSON Schema, as plain JSON. */
export type Schema = { readonly [keyword: string]: unknown }

const plainTypes: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const schemasIn = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : [])
const indent = (text: string): string => text.replaceAll('\n', '\n  ')
const isWord = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name)
const keyOf = (name: string): string => (isWord(name) ? name : JSON.stringify(name))

function unionOf(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  return distinct.includes('unknown') ? 'unknown' : distinct.join(' | ')
}

function listOf(items: unknown): string {
  const type = isSchema(items) ? typeOf(items) : 'unknown'
  return / \| |^readonly |^\(/.test(type) && !type.startsWith('{') ? `readonly (${type})[]` : `readonly ${type}[]`
}

function objectOf(schema: Schema): string {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : []
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const rest = isSchema(schema.additionalProperties) ? typeOf(schema.additionalProperties) : 'unknown'
  if (properties.length === 0)
    return schema.additionalProperties === false ? 'Record<string, never>' : `{ readonly [name: string]: ${rest} }`
  const lines = properties.map(([name, property]) => {
    const type = isSchema(property) ? typeOf(property) : 'unknown'
    return `  readonly ${keyOf(name)}${required.has(name) ? '' : '?'}: ${indent(type)}`
  })
  return `{\n${lines.join('\n')}\n}`
}

function named(type: unknown, schema: Schema): string {
  if (type === 'array') return listOf(schema.items)
  if (type === 'object') return objectOf(schema)
  return plainTypes[String(type)] ?? 'unknown'
}

/** The type of what a schema accepts. References to `#/components/schemas/Name` become `Name`. */
export function typeOf(schema: Schema): string {
  if (typeof schema.$ref === 'string') return schema.$ref.split('/').at(-1) ?? 'unknown'
  if ('const' in schema) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return unionOf(schema.enum.map((value) => JSON.stringify(value)))
  const alternatives = [...schemasIn(schema.anyOf), ...schemasIn(schema.oneOf)]
  if (alternatives.length > 0) return unionOf(alternatives.map(typeOf))
  const all = schemasIn(schema.allOf)
  if (all.length > 0) return all.map((one) => `(${typeOf(one)})`).join(' & ')
  if (Array.isArray(schema.type)) return unionOf(schema.type.map((type) => named(type, schema)))
  return named(schema.type, schema)
}
