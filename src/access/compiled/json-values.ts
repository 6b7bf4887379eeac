// From JSON to values: what a request, an entity or a policy literal says, in Cedar's JSON form. Everything here may be attacker-controlled,
// so depth and size have limits. What has no exact value (a fraction, an unsafe number, ill-formed Unicode) is refused, never rounded.
import { parseDatetime, parseDuration } from './datetime.ts'
import { parseDecimal } from './decimal.ts'
import { Fault, Unsupported } from './faults.ts'
import { parseIp } from './ip.ts'
import { longOf } from './longs.ts'
import { RecordOf } from './records.ts'
import { EntityUid, type RecordValue, SetValue, type Value } from './values.ts'

/** How deep a value may be nested. */
export const valueDepthMax = 64
/** How many values one value may consist of. */
export const valuePartsMax = 100_000

/** A value as JSON gives it; `bigint` is how a program gives a long beyond the safe integers. */
export type JsonValue = boolean | number | bigint | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

const constructors = new Map<string, (text: string) => Value>([
  ['ip', parseIp],
  ['decimal', parseDecimal],
  ['datetime', parseDatetime],
  ['duration', parseDuration],
])

interface Budget {
  parts: number
}

/** Whether a value from outside is a plain object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A well-formed text. Throws `Unsupported`. */
export function wellFormed(text: unknown): string {
  if (typeof text === 'string' && text.isWellFormed()) return text
  throw new Unsupported('A text is not well-formed Unicode.')
}

/** The entity that `{type, id}` or `{__entity: {type, id}}` names. Throws `Unsupported` on another form. */
export function uidFromJson(json: unknown): EntityUid {
  const named = isObject(json) && isObject(json.__entity) ? json.__entity : json
  if (!isObject(named)) throw new Unsupported('An entity is named by its type and id.')
  return new EntityUid(wellFormed(named.type), wellFormed(named.id))
}

function extensionFromJson(json: unknown): Value {
  const construct = isObject(json) && typeof json.fn === 'string' ? constructors.get(json.fn) : undefined
  if (construct === undefined || !isObject(json)) throw new Unsupported('An extension value has an unknown constructor.')
  try {
    return construct(wellFormed(json.arg))
  } catch (error) {
    throw error instanceof Fault ? new Unsupported(`An extension value does not parse: ${error.message}.`) : error
  }
}

function numberFromJson(json: number | bigint): Value {
  const long = typeof json === 'bigint' ? longOf(json) : json
  if (typeof long === 'bigint' || Number.isSafeInteger(long)) return long ?? 0
  throw new Unsupported('A number is not an exact 64-bit integer.')
}

function recordFromJson(json: Readonly<Record<string, unknown>>, depth: number, budget: Budget): RecordValue {
  return RecordOf.from(json, convert, depth + 1, budget)
}

/** A function of its own: what a closure captures is laid aside at each call of the function around it, and few values are lists. */
function setFromJson(json: readonly unknown[], depth: number, budget: Budget): SetValue {
  return SetValue.of(json.map((item) => convert(item, depth + 1, budget)))
}

function convert(json: unknown, depth: number, budget: Budget): Value {
  if (typeof json === 'string') return wellFormed(json)
  if (typeof json === 'boolean') return json
  if (typeof json === 'number' || typeof json === 'bigint') return numberFromJson(json)
  if (depth > valueDepthMax) throw new Unsupported(`A value is nested deeper than ${valueDepthMax}.`)
  if (++budget.parts > valuePartsMax) throw new Unsupported(`A value has more than ${valuePartsMax} parts.`)
  if (Array.isArray(json)) return setFromJson(json, depth, budget)
  if (!isObject(json)) throw new Unsupported('A value is null or of no Cedar type.')
  if ('__entity' in json) return uidFromJson(json)
  if ('__extn' in json) return extensionFromJson(json.__extn)
  if ('__expr' in json) throw new Unsupported('A value is an expression.')
  return recordFromJson(json, depth, budget)
}

/** The value that JSON says. Throws `Unsupported` when there is no exact one or a limit is hit. */
export function valueFromJson(json: unknown): Value {
  return convert(json, 0, { parts: 0 })
}

/** The attributes or the context that a JSON object says. Throws `Unsupported`. */
export function recordFrom(json: Readonly<Record<string, unknown>>): RecordValue {
  return recordFromJson(json, 0, { parts: 0 })
}
