// What a comparison means: which attribute it speaks of and what its value may be. Shared by the filters that the store answers and those that are
// held against one value of a list, so that both mean the same.
import { fail } from '../../kernel/index.ts'
import { type Attribute, attributeIn, type Found, findAttribute, type ResourceKind } from './attributes.ts'
import type { Doc, Value } from './document.ts'
import { isDoc } from './document.ts'
import type { Comparison, Filter, Literal } from './filter.ts'

/** An attribute of an extension that is named without its URN, as Entra asks for `manager`. */
function findBare(resource: ResourceKind, path: string): Found | undefined {
  return resource.extensions.map(({ id }) => findAttribute(resource, `${id}:${path}`)).find((found) => found !== undefined)
}

function findReadable(resource: ResourceKind, path: string): Found | undefined {
  const found = findAttribute(resource, path) ?? findBare(resource, path)
  return found?.attribute.returned === 'never' ? undefined : found
}

/** Whether a path of a filter leads to an attribute of this kind of resource. */
export function hasAttribute(resource: ResourceKind, path: string): boolean {
  return findReadable(resource, path) !== undefined
}

/** The attribute that a path of a filter leads to. Throws `filter_refused`. */
export function requireAttribute(resource: ResourceKind, path: string): Found {
  const found = findReadable(resource, path)
  if (found === undefined) throw fail('filter_refused', `There is no attribute \`${path.slice(0, 100)}\` that could be looked for.`)
  return found
}

/** The part of a complex attribute that a path within brackets leads to. Throws `filter_refused`. */
export function requirePart(attribute: Attribute, path: string): Attribute {
  const found = attributeIn(attribute.subAttributes ?? [], path)
  if (found === undefined) throw fail('filter_refused', `\`${attribute.name}\` has no part \`${path.slice(0, 100)}\`.`)
  return found
}

/** What a comparison compares: the attribute itself, or the `value` of a complex one (RFC 7644 section 3.4.2.2). Throws `filter_refused`. */
export function comparedPart(attribute: Attribute): Attribute | undefined {
  return attribute.type === 'complex' ? requirePart(attribute, 'value') : undefined
}

const textual = new Set<Comparison>(['co', 'sw', 'ew'])
const momentPattern = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/i

function asBoolean(op: Comparison, value: Literal): boolean | undefined {
  const read = typeof value === 'string' ? booleanOf(value) : value
  return typeof read === 'boolean' && (op === 'eq' || op === 'ne') ? read : undefined
}

function asMoment(op: Comparison, value: Literal): Date | undefined {
  const at = typeof value === 'string' && momentPattern.test(value) ? new Date(value) : undefined
  return at === undefined || Number.isNaN(at.getTime()) || textual.has(op) ? undefined : at
}

function asText(type: Attribute['type'], value: Literal): string | undefined {
  return type === 'complex' || typeof value === 'boolean' || value === null ? undefined : String(value)
}

/** The value that an attribute is compared with, in the attribute's own type. Throws `filter_refused` for one that it cannot have, and for comparisons that it has not. */
export function comparable({ name, type }: Attribute, op: Comparison, value: Literal): string | boolean | Date {
  const read = type === 'boolean' ? asBoolean(op, value) : type === 'dateTime' ? asMoment(op, value) : asText(type, value)
  if (read === undefined) throw fail('filter_refused', `\`${name}\` cannot be compared with that value by \`${op}\`.`)
  return read
}

/** A boolean as some directories write it: as a text. */
export function booleanOf(text: string): boolean | undefined {
  const key = text.toLowerCase()
  return key === 'true' ? true : key === 'false' ? false : undefined
}

const ways: Readonly<Record<Comparison, (actual: string, wanted: string) => boolean>> = {
  eq: (actual, wanted) => actual === wanted,
  ne: (actual, wanted) => actual !== wanted,
  co: (actual, wanted) => actual.includes(wanted),
  sw: (actual, wanted) => actual.startsWith(wanted),
  ew: (actual, wanted) => actual.endsWith(wanted),
  gt: (actual, wanted) => actual > wanted,
  ge: (actual, wanted) => actual >= wanted,
  lt: (actual, wanted) => actual < wanted,
  le: (actual, wanted) => actual <= wanted,
}

function holds(attribute: Attribute, op: Comparison, literal: Literal, actual: Value | undefined): boolean {
  if (literal === null && (op === 'eq' || op === 'ne')) return (actual === undefined) === (op === 'eq')
  const wanted = comparable(attribute, op, literal)
  if (actual === undefined) return op === 'ne'
  if (typeof wanted === 'boolean') return (actual === wanted) === (op === 'eq')
  const fold = (text: string) => (attribute.caseExact ? text : text.toLowerCase())
  return ways[op](fold(String(actual)), fold(String(wanted)))
}

/** Whether one value of a list is what a filter in brackets asks for. Throws `filter_refused`. */
export function matches(attribute: Attribute, filter: Filter, element: Value): boolean {
  const parts: Doc = isDoc(element) ? element : { value: element }
  switch (filter.kind) {
    case 'present':
      return parts[requirePart(attribute, filter.path).name] !== undefined
    case 'compare': {
      const part = requirePart(attribute, filter.path)
      return holds(part, filter.op, filter.value, parts[part.name])
    }
    case 'and':
      return filter.terms.map((term) => matches(attribute, term, element)).every(Boolean)
    case 'or':
      return filter.terms.map((term) => matches(attribute, term, element)).some(Boolean)
    case 'not':
      return !matches(attribute, filter.term, element)
    case 'within':
      throw fail('filter_refused', 'A filter within brackets holds no other brackets.')
  }
}

/** What a filter of `eq` terms joined by `and` says of a value: its parts; nothing for any other filter. */
export function partsAsked(attribute: Attribute, filter: Filter): Doc | undefined {
  if (filter.kind === 'compare') {
    if (filter.op !== 'eq' || filter.value === null) return undefined
    const part = requirePart(attribute, filter.path)
    const value = comparable(part, 'eq', filter.value)
    return value instanceof Date ? undefined : { [part.name]: value }
  }
  if (filter.kind !== 'and') return undefined
  const asked = filter.terms.map((term) => partsAsked(attribute, term))
  return asked.includes(undefined) ? undefined : Object.assign({}, ...asked)
}
