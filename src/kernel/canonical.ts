// Canonical bytes: one value, one text (RFC 8785, JSON Canonicalization Scheme). Everything that is hashed or signed goes through here.
// The input may hold what an attacker chose; its shape is bounded, and what JSON cannot say is refused rather than dropped.
import { utf8 } from './bytes.ts'
import { fail } from './errors.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

const depthMax = 32

/** The canonical text of a value. Members that are `undefined` are left out. Throws `malformed` for NaN, infinities, lone surrogates and depth over 32. */
export function canonicalText(value: Json): string {
  const ordered = inOrder(value, 0)
  const text = ordered === unordered ? written(value) : JSON.stringify(ordered)
  // JSON writes half of a surrogate pair as an escape, and no other character like that; what reads alike is looked at.
  if (text.includes('\\ud')) requireWellFormed(value)
  return text
}

/** The canonical UTF-8 bytes of a value. */
export function canonicalBytes(value: Json): Uint8Array {
  return utf8(canonicalText(value))
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

type JsonObject = { readonly [name: string]: Json | undefined }

/** Stands for a value that has names which JavaScript puts in an order of its own. */
const unordered = Symbol('unordered')
const ownOrder = /^[0-9]|^__proto__$/

/** A copy of a value whose members stand in the canonical order, so that all of it is written at once. */
function inOrder(value: Json, depth: number): Json | typeof unordered {
  if (depth > depthMax) throw fail('malformed', `The value is nested deeper than ${depthMax} levels.`)
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return finite(value)
  return isList(value) ? listInOrder(value, depth) : objectInOrder(value, depth)
}

function listInOrder(list: readonly Json[], depth: number): readonly Json[] | typeof unordered {
  const copy: Json[] = []
  let isOrdered = true
  for (const item of list) {
    const one = inOrder(item, depth + 1)
    if (one === unordered) isOrdered = false
    else copy.push(one)
  }
  return isOrdered ? copy : unordered
}

function objectInOrder(object: JsonObject, depth: number): JsonObject | typeof unordered {
  const copy: Record<string, Json> = {}
  let isOrdered = true
  for (const name of Object.keys(object).sort()) {
    const member = object[name]
    if (member === undefined) continue
    const one = inOrder(member, depth + 1)
    if (one === unordered || ownOrder.test(name)) isOrdered = false
    else copy[name] = one
  }
  return isOrdered ? copy : unordered
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw fail('malformed', 'A number is not finite.')
  return value
}

/** The text of a value, member by member; `inOrder` has looked through it. */
function written(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(written).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .flatMap((name) => {
      const member = value[name]
      return member === undefined ? [] : [`${JSON.stringify(name)}:${written(member)}`]
    })
  return `{${members.join(',')}}`
}

function requireWellFormed(value: Json): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw fail('malformed', 'A text holds half of a surrogate pair.')
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      requireWellFormed(name)
      if (member !== undefined) requireWellFormed(member)
    }
  }
}
