// What each operator does, as one table: the compiler knows forms, this file knows meanings.
// The table is a parameter of the compiler so that tests can put one wrong operator in and prove that the proofs notice.
// Source: Cedar language specification, "Operators" (language 4.5).
import { type Asked, attributesOf, type Evaluate, isBelow, tagsOf } from './asked.ts'
import { Datetime, Duration } from './datetime.ts'
import { nodeOf } from './entity-store.ts'
import { type ExtensionFunction, extensionFunctions } from './extensions.ts'
import { Fault } from './faults.ts'
import { addLongs, isLong, type Long, multiplyLongs, negateLong, subtractLongs } from './longs.ts'
import { EntityUid, equal, isRecord, SetValue, typeFault, type Value } from './values.ts'
import { compilePattern } from './wildcard.ts'

function bool(value: Value): boolean {
  if (typeof value === 'boolean') return value
  throw typeFault('boolean', value)
}

function long(value: Value): Long {
  if (isLong(value)) return value
  throw typeFault('long', value)
}

function text(value: Value): string {
  if (typeof value === 'string') return value
  throw typeFault('string', value)
}

function set(value: Value): SetValue {
  if (value instanceof SetValue) return value
  throw typeFault('set', value)
}

function entity(value: Value): EntityUid {
  if (value instanceof EntityUid) return value
  throw typeFault('entity', value)
}

/** Each operand must be a boolean; those after the first that decides are not evaluated. */
function chain(parts: readonly Evaluate[], decides: boolean): Evaluate {
  const [first, second, ...more] = parts
  if (first === undefined || second === undefined || more.length > 0) {
    return (asked) => {
      for (const part of parts) if (bool(part(asked)) === decides) return decides
      return !decides
    }
  }
  return (asked) => (bool(first(asked)) === decides ? decides : bool(second(asked)))
}

/** The two numbers that `<` and `<=` compare: longs, instants or spans, both of one kind. */
function compared(left: Value, right: Value, test: (left: Long, right: Long) => boolean): boolean {
  if (isLong(left) && isLong(right)) return test(left, right)
  if (left instanceof Datetime && right instanceof Datetime) return test(left.epoch, right.epoch)
  if (left instanceof Duration && right instanceof Duration) return test(left.milliseconds, right.milliseconds)
  throw typeFault('two longs, datetimes or durations', isLong(left) ? right : left)
}

const isLess = (left: Long, right: Long): boolean => left < right
const isLessOrEqual = (left: Long, right: Long): boolean => left <= right

function isIn(asked: Asked, left: Value, right: Value): boolean {
  const uid = entity(left)
  if (right instanceof EntityUid) return isBelow(asked, uid, right.key)
  if (!(right instanceof SetValue)) throw typeFault('entity or set of entities', right)
  const keys = right.items.map((item) => entity(item).key)
  return keys.some((key) => isBelow(asked, uid, key))
}

function getAttribute(asked: Asked, of: Value, name: string): Value {
  if (of instanceof EntityUid) {
    const attributes = attributesOf(asked, of)
    if (attributes === undefined) throw new Fault('missing-entity', `entity ${of.type}::${JSON.stringify(of.id)} does not exist`)
    const value = attributes.get(name)
    if (value === undefined) throw new Fault('missing-attribute', `${of.type} has no attribute \`${name}\``)
    return value
  }
  if (!isRecord(of)) throw typeFault('entity or record', of)
  const value = of.get(name)
  if (value === undefined) throw new Fault('missing-attribute', `record has no attribute \`${name}\``)
  return value
}

function hasAttribute(asked: Asked, of: Value, name: string): boolean {
  if (of instanceof EntityUid) return nodeOf(asked.entities, of)?.has(name) === true
  if (isRecord(of)) return of.has(name)
  throw typeFault('entity or record', of)
}

function getTag(asked: Asked, of: Value, name: Value): Value {
  const uid = entity(of)
  const tag = text(name)
  const tags = tagsOf(asked, uid)
  if (tags === undefined) throw new Fault('missing-entity', `entity ${uid.type}::${JSON.stringify(uid.id)} does not exist`)
  const value = tags.get(tag)
  if (value === undefined) throw new Fault('missing-tag', `${uid.type} has no tag \`${tag}\``)
  return value
}

function hasTag(asked: Asked, of: Value, name: Value): boolean {
  const uid = entity(of)
  const tag = text(name)
  return tagsOf(asked, uid)?.has(tag) === true
}

/** The exact meaning of every operator. Each function throws `Fault` where Cedar has an evaluation error. */
export const operators = {
  and: (parts: readonly Evaluate[]): Evaluate => chain(parts, false),
  or: (parts: readonly Evaluate[]): Evaluate => chain(parts, true),
  conditional:
    (condition: Evaluate, met: Evaluate, otherwise: Evaluate): Evaluate =>
    (asked) =>
      bool(condition(asked)) ? met(asked) : otherwise(asked),
  not: (value: Value): boolean => !bool(value),
  negate: (value: Value): Value => negateLong(long(value)),
  equal,
  less: (left: Value, right: Value): boolean =>
    typeof left === 'number' && typeof right === 'number' ? left < right : compared(left, right, isLess),
  lessOrEqual: (left: Value, right: Value): boolean =>
    typeof left === 'number' && typeof right === 'number' ? left <= right : compared(left, right, isLessOrEqual),
  add: (left: Value, right: Value): Value => addLongs(long(left), long(right)),
  subtract: (left: Value, right: Value): Value => subtractLongs(long(left), long(right)),
  multiply: (left: Value, right: Value): Value => multiplyLongs(long(left), long(right)),
  isIn,
  isOfType: (value: Value, type: string): boolean => entity(value).type === type,
  contains: (all: Value, one: Value): boolean => set(all).has(one),
  containsAll: (all: Value, some: Value): boolean => {
    const whole = set(all)
    return set(some).items.every((item) => whole.has(item))
  },
  containsAny: (all: Value, some: Value): boolean => {
    const whole = set(all)
    return set(some).items.some((item) => whole.has(item))
  },
  isEmpty: (value: Value): boolean => set(value).items.length === 0,
  getAttribute,
  hasAttribute,
  getTag,
  hasTag,
  setOf: SetValue.of,
  compilePattern,
  like: (value: Value, matches: (text: string) => boolean): boolean => matches(text(value)),
  functions: extensionFunctions as ReadonlyMap<string, ExtensionFunction>,
}

/** A table of operators. */
export type Operators = typeof operators
