// How attestations are read: limited in size, JSON with unique member names, then held to a schema. All of it is attacker-controlled until
// its signature holds, and its makers are other tools, so unknown members are ignored as the standards ask (in-toto attestation, parsing rules).
import type { z } from 'zod'
import type { Json } from '../../kernel/index.ts'
import { fail } from '../../kernel/index.ts'

const depthMax = 24
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g

/** Parses JSON in which no object names a member twice, because what is signed must say one thing. Throws `attestation_malformed`. */
export function readJson(what: string, text: string): Json {
  const value = parse(what, text)
  let namesInText = 0
  for (const match of text.matchAll(strings)) if (match[1] !== undefined) namesInText++
  if (countMembers(what, value, 0) !== namesInText) throw fail('attestation_malformed', `The ${what} names a member twice.`)
  return value
}

/** Holds a value to a schema. Throws `attestation_malformed` with the places that do not fit. */
export function readAs<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [first] = result.error.issues
  const pointer = (first?.path ?? []).map((step) => `/${String(step)}`).join('')
  throw fail('attestation_malformed', `The ${what} is not acceptable at \`${pointer.slice(0, 200)}\`.`, { pointer, cause: result.error })
}

function parse(what: string, text: string): Json {
  try {
    return JSON.parse(text) as Json // what JSON.parse returns is a Json by its own grammar
  } catch (cause) {
    throw fail('attestation_malformed', `The ${what} is not JSON.`, { cause })
  }
}

function countMembers(what: string, value: Json, depth: number): number {
  if (depth > depthMax) throw fail('attestation_malformed', `The ${what} is nested deeper than ${depthMax} levels.`)
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') throw fail('attestation_malformed', `The ${what} has a member named \`__proto__\`.`)
    members += (Array.isArray(value) ? 0 : 1) + countMembers(what, member ?? null, depth + 1)
  }
  return members
}
