// What an evaluation computes with: Cedar's values as plain JavaScript where that is exact, and as small classes where it is not.
// INVARIANT: a long is a `number` exactly when it is a safe integer and a `bigint` otherwise, so `===` compares longs and one long has one form.
// Values are immutable and well formed: whoever makes them from outside data goes through `json-values.ts`.
import type { Datetime, Duration } from './datetime.ts'
import type { Decimal } from './decimal.ts'
import { Fault } from './faults.ts'
import type { IpRange } from './ip.ts'
import type { Long } from './longs.ts'
import { RecordOf, type Slot } from './records.ts'

/** A record, or the attributes of an entity. */
export type RecordValue = RecordOf<Value>

/** A value of an extension type. */
export type ExtensionValue = Decimal | IpRange | Datetime | Duration

/** Any Cedar value (language 4.5). */
export type Value = boolean | Long | string | EntityUid | SetValue | RecordValue | ExtensionValue

/** One text that names an entity: a type holds no quotation mark, so that no two entities share one. */
export function entityKey(type: string, id: string): string {
  return `${type}"${id}`
}

/** A reference to an entity, whether it exists or not. */
export class EntityUid {
  readonly type: string
  readonly id: string
  private cachedKey: string | undefined

  constructor(type: string, id: string, key?: string) {
    this.type = type
    this.id = id
    this.cachedKey = key
  }

  /** The key under which ancestors and indexes know it. */
  get key(): string {
    this.cachedKey ??= entityKey(this.type, this.id)
    return this.cachedKey
  }

  /** An attribute that lies at hand: none, for a mere reference. */
  read(_slot: Slot): Value | undefined {
    return undefined
  }
}

const scannedMax = 8

/** A set: no order, no duplicates. Small ones are scanned; larger ones are looked up. */
export class SetValue {
  readonly items: readonly Value[]
  private plain: ReadonlySet<Value> | undefined
  private deep: ReadonlySet<string> | undefined

  private constructor(items: readonly Value[]) {
    this.items = items
  }

  /** Makes a set of values, leaving out repetitions. */
  static of(values: readonly Value[]): SetValue {
    const seen = new Set<Value>()
    const seenDeep = new Set<string>()
    const items = values.filter((value) => {
      if (typeof value !== 'object') return !seen.has(value) && seen.add(value) !== undefined
      const key = canonical(value)
      return !seenDeep.has(key) && seenDeep.add(key) !== undefined
    })
    const made = new SetValue(items)
    if (items.length > scannedMax) {
      made.plain = seen
      made.deep = seenDeep
    }
    return made
  }

  /** Whether a value is in it. */
  has(value: Value): boolean {
    if (typeof value !== 'object') return this.plain === undefined ? this.items.includes(value) : this.plain.has(value)
    if (this.deep !== undefined) return this.deep.has(canonical(value))
    for (const item of this.items) if (equal(item, value)) return true
    return false
  }
}

/** Whether a value is a record. */
export function isRecord(value: Value): value is RecordValue {
  return value instanceof RecordOf
}

function equalRecords(left: RecordValue, right: RecordValue): boolean {
  if (left.size !== right.size) return false
  for (const [name, value] of left.entries()) {
    const other = right.get(name)
    if (other === undefined || !equal(value, other)) return false
  }
  return true
}

/** Cedar's `==`: total, false between different types. */
export function equal(left: Value, right: Value): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (left instanceof EntityUid) return right instanceof EntityUid && left.id === right.id && left.type === right.type
  if (left instanceof SetValue)
    return right instanceof SetValue && left.items.length === right.items.length && left.items.every((item) => right.has(item))
  if (isRecord(left)) return isRecord(right) && equalRecords(left, right)
  if (right instanceof EntityUid || right instanceof SetValue || isRecord(right)) return false
  return left.canonical === right.canonical
}

const quoted = (text: string): string => `${text.length}:${text}`

/** One text per value: two values have the same exactly when they are equal. */
export function canonical(value: Value): string {
  if (typeof value === 'string') return `s${quoted(value)}`
  if (typeof value !== 'object') return typeof value === 'boolean' ? `b${value}` : `l${value === 0 ? 0 : value}`
  if (value instanceof EntityUid) return `e${quoted(value.type)}${quoted(value.id)}`
  if (value instanceof SetValue) return `S[${value.items.map(canonical).sort().join()}]`
  if (!isRecord(value)) return value.canonical
  const entries = value.entries().map(([name, one]) => `${quoted(name)}${canonical(one)}`)
  return `R{${entries.sort().join()}}`
}

/** What a value is called in a message. */
function typeName(value: Value): string {
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value
  if (typeof value !== 'object') return 'long'
  if (value instanceof EntityUid) return `entity of type ${value.type}`
  if (value instanceof SetValue) return 'set'
  return isRecord(value) ? 'record' : value.typeName
}

/** The error of a value that has another type than its place needs. */
export function typeFault(expected: string, value: Value): Fault {
  return new Fault('type', `expected ${expected}, got ${typeName(value)}`)
}
