// JSON Schemas of inputs and outputs for the OpenAPI document. What a schema defines for itself (recursive parts) moves to the components, where
// references resolve against the whole document; equal definitions become one.
import { z } from 'zod'

/** A JSON Schema, as plain JSON. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Collects the shared schemas of a document. */
export class SchemaBook {
  readonly shared: Record<string, JsonSchema> = {}

  /** The schema of a value as it travels: `input` for requests, `output` for answers. */
  schemaOf(schema: z.ZodType, io: 'input' | 'output', name: string): JsonSchema {
    const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown> // JSON by its own definition
    const names = new Map<string, string>()
    for (const [key, body] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>))
      names.set(key, this.#share(key, body, `${name}${names.size}`)) // as above
    return renamed(rest, names) as JsonSchema // renaming keeps the shape
  }

  #share(key: string, body: JsonSchema, fresh: string): string {
    const known = Object.entries(this.shared).find(
      ([name, other]) => JSON.stringify(renamed(body, new Map([[key, name]]))) === JSON.stringify(other),
    )
    if (known !== undefined) return known[0]
    const name = isAnyJson(body) ? 'Json' : fresh
    this.shared[name] = renamed(body, new Map([[key, name]])) as JsonSchema // as above
    return name
  }
}

/** Whether a definition is that of any JSON value. */
function isAnyJson(body: JsonSchema): boolean {
  return (
    Array.isArray(body.anyOf) &&
    body.anyOf.some((one: { type?: string }) => one.type === 'null') &&
    body.anyOf.some((one: { type?: string }) => one.type === 'array')
  )
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const target = key === '$ref' ? names.get(String(member).replace('#/$defs/', '')) : undefined
      return [key, target === undefined ? renamed(member, names) : `#/components/schemas/${target}`]
    }),
  )
}
