// JSON as credentials carry it: one meaning for every reader. A member named twice is read differently by different parsers, which lets one
// signed text say two things; it is refused, as are `__proto__`, half surrogates and deep nesting. The text is attacker-controlled.
import type { Json } from '../../kernel/index.ts'
import { fail } from '../../kernel/index.ts'

const depthMax = 16
// A string, and the colon after it where it is a member's name. Strings hold no raw quote or lone backslash once the text is known to be JSON.
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json | undefined }

/** Parses JSON text with one meaning (RFC 8259 section 4, unique names). Throws `malformed`; the caller has limited the size. */
export function parseStrictJson(text: string): Json {
  const value = parseJson(text)
  let namesInText = 0
  for (const match of text.matchAll(strings)) if (match[1] !== undefined) namesInText++
  if (countMembers(value, 0) !== namesInText) throw fail('malformed', 'A JSON object names a member twice.')
  return value
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json // what JSON.parse returns is a Json by its own grammar
  } catch {
    throw fail('malformed', 'The text is not JSON.')
  }
}

function countMembers(value: Json, depth: number): number {
  if (depth > depthMax) throw fail('malformed', `JSON is nested deeper than ${depthMax} levels.`)
  if (typeof value === 'string') return requireWellFormed(value)
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) members += 1 + requireName(name)
    members += countMembers(member ?? null, depth + 1)
  }
  return members
}

function requireName(name: string): 0 {
  if (name === '__proto__') throw fail('malformed', 'A JSON member is named `__proto__`.')
  return requireWellFormed(name)
}

function requireWellFormed(text: string): 0 {
  if (!text.isWellFormed()) throw fail('malformed', 'A JSON text holds half of a surrogate pair.')
  return 0
}
