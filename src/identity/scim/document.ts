// A SCIM resource as it is kept: the attributes of its schemas under their own spelling, checked, without what is set here (id, meta, groups).
// What it holds was said by a directory: it is shown back and compared, and nothing is decided by it but who is active and what he is called.
import { canonicalText } from '../../kernel/index.ts'

/** A value of an attribute. */
export type Value = string | number | boolean | Doc | readonly Value[]

/** Attributes by name. */
export interface Doc {
  readonly [name: string]: Value
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a kept value is one with parts. */
export function isDoc(value: Value | undefined): value is Doc {
  return isRecord(value)
}

/** The values of an attribute: the elements of a list, one, or none. */
export function valuesOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

/** Whether a kept value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** A document without an attribute. */
export function without(doc: Doc, name: string): Doc {
  return Object.fromEntries(Object.entries(doc).filter(([key]) => key !== name))
}

/** Whether two values say the same, in whatever order their parts were sent or come back from the store. */
export function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  return canonicalText(left) === canonicalText(right)
}

/** A text in it, if there is one. */
export function textIn(doc: Doc | undefined, name: string): string | undefined {
  const value = doc?.[name]
  return typeof value === 'string' ? value : undefined
}
