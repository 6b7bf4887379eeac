// Canonical bytes: one value, one text (RFC 8785, JSON Canonicalization Scheme). Everything that is hashed or signed goes through here.
// The input may hold what an attacker chose; its shape is bounded, and what JSON cannot say is refused rather than dropped.
import { utf8 } from './bytes.ts'
import { fail } from './errors.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

const depthMax = 32

/** The canonical text of a value. Members that are `undefined` are left out. Throws `malformed` for NaN, infinities, lone surrogates and depth over 32. */
export function canonicalText(value: Json, depth = 0): string {
  if (depth > depthMax) throw fail('malformed', `The value is nested deeper than ${depthMax} levels.`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return stringText(value)
  if (isList(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join(',')}]`
  return objectText(value, depth)
}

/** The canonical UTF-8 bytes of a value. */
export function canonicalBytes(value: Json): Uint8Array {
  return utf8(canonicalText(value))
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw fail('malformed', 'A number is not finite.')
  return JSON.stringify(value)
}

function stringText(value: string): string {
  if (!value.isWellFormed()) throw fail('malformed', 'A text holds half of a surrogate pair.')
  return JSON.stringify(value)
}

function objectText(value: { readonly [name: string]: Json | undefined }, depth: number): string {
  const members: string[] = []
  for (const name of Object.keys(value).sort()) {
    const member = value[name]
    if (member !== undefined) members.push(`${stringText(name)}:${canonicalText(member, depth + 1)}`)
  }
  return `{${members.join(',')}}`
}
