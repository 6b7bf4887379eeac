// What a verb takes, derived from its action's input: one flag per field, the positional, choices, defaults and the kinds of ids. The JSON Schema that
// zod makes of the input is the only source, so that flags, help, completion and the OpenAPI document cannot disagree.
import { z } from 'zod'
import type { Capability } from '../kernel/index.ts'
import { idFieldOf } from '../server/index.ts'

/** How a flag's text becomes a value. */
export type FieldKind = 'text' | 'moment' | 'number' | 'boolean' | 'json' | 'bytes'

/** One field of an action's input, as a flag. */
export interface Field {
  readonly name: string
  readonly flag: string
  readonly kind: FieldKind
  /** Whether the flag may be repeated. */
  readonly many: boolean
  /** Whether the word `null` means that there is none. */
  readonly isNullable: boolean
  readonly required: boolean
  readonly about: string
  readonly choices: readonly string[]
  /** The prefixes of the ids that it takes; empty when it takes none. */
  readonly prefixes: readonly string[]
  readonly fallback: string | undefined
}

interface Schema {
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly format?: string
  readonly description?: string
  readonly contentEncoding?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** A field's name as a flag: `mediaType` becomes `media-type`. */
function toFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

const isNull = ({ type }: Schema): boolean => type === 'null'

/** What a value may be, one by one. */
function alternativesOf(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(alternativesOf) ?? [schema]
}

function kindOf(schema: Schema): FieldKind {
  if (schema.contentEncoding === 'base64') return 'bytes'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'boolean') return 'boolean'
  const alternatives = alternativesOf(schema)
  const areTexts = alternatives.every((one) => one.type === 'string' || isNull(one)) && !alternatives.every(isNull)
  if (!areTexts) return 'json'
  return alternatives.every((one) => one.format === 'date-time' || isNull(one)) ? 'moment' : 'text'
}

/** What can be chosen; nothing where another text, too, is taken. */
function choicesOf(schema: Schema): readonly string[] {
  const texts = alternativesOf(schema).filter((one) => !isNull(one))
  return texts.every((one) => one.enum !== undefined) ? texts.flatMap((one) => one.enum ?? []) : []
}

function prefixesOf(schema: Schema): string[] {
  const own = /^\^([a-z]{3})_/.exec(schema.pattern ?? '')?.[1]
  return [...(own === undefined ? [] : [own]), ...(schema.anyOf ?? []).flatMap(prefixesOf)]
}

function aboutOf(schema: Schema, prefixes: readonly string[]): string {
  if (schema.description !== undefined) return schema.description
  const told = (schema.anyOf ?? []).flatMap((one) => (one.description === undefined ? [] : [one.description.replace(/\.$/, '')]))
  return told.length === 0 || prefixes.length === 0 ? '' : `${told.join(', or ')}.`
}

function fallbackOf({ default: fallback }: Schema): string | undefined {
  if (fallback === undefined || fallback === '' || (Array.isArray(fallback) && fallback.length === 0)) return undefined
  const text = typeof fallback === 'string' ? fallback : JSON.stringify(fallback)
  return text === '{}' ? undefined : text
}

function fieldOf(name: string, schema: Schema, required: boolean): Field {
  const items = schema.type === 'array' ? (schema.items ?? {}) : undefined
  const many = items !== undefined && kindOf(items) === 'text'
  const core = many && items !== undefined ? items : schema
  const prefixes = prefixesOf(core)
  return {
    name,
    flag: toFlag(name),
    kind: kindOf(core),
    many,
    isNullable: alternativesOf(schema).some(isNull),
    required,
    about: aboutOf(schema, prefixes),
    choices: choicesOf(core),
    prefixes,
    fallback: fallbackOf(schema),
  }
}

const known = new WeakMap<Capability, readonly Field[]>()

/** The fields of an action's input, in the order of its declaration. */
export function fieldsOf(capability: Capability): readonly Field[] {
  const before = known.get(capability)
  if (before !== undefined) return before
  const schema = z.toJSONSchema(capability.input, { io: 'input', unrepresentable: 'any' }) as Schema // the part of JSON Schema that inputs use
  const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => fieldOf(name, one, schema.required?.includes(name) ?? false))
  known.set(capability, fields)
  return fields
}

/** The flag by which a field that is true or false is made false; none where it is that when nothing is said. */
export function negatedFlag({ kind, flag, fallback }: Field): string | undefined {
  return kind === 'boolean' && fallback !== 'false' ? `no-${flag}` : undefined
}

/** The field that may be typed without a flag: the one called like the noun, else the only required text. */
export function positionalOf(capability: Capability): Field | undefined {
  const fields = fieldsOf(capability)
  const own = idFieldOf(capability)
  if (own !== undefined) return fields.find((field) => field.name === own)
  const texts = fields.filter((field) => field.required && field.kind === 'text' && !field.many && !field.isNullable)
  return texts.length === 1 ? texts[0] : undefined
}
