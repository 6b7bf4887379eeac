// The functions and methods of the extension types, by name, as the compiler calls them.
// Source: Cedar language specification, "Extension types": ipaddr, decimal, datetime, duration.
import { Datetime, Duration, parseDatetime, parseDuration } from './datetime.ts'
import { Decimal, parseDecimal } from './decimal.ts'
import { IpRange, parseIp } from './ip.ts'
import type { Long } from './longs.ts'
import { typeFault, type Value } from './values.ts'

/** A function or method: how many arguments it takes (the receiver is the first) and what it says. Throws `Fault`. */
export interface ExtensionFunction {
  readonly arity: 1 | 2
  call(first: Value, second: Value): Value
}

const unary = (call: (value: Value) => Value): ExtensionFunction => ({ arity: 1, call })
const binary = (call: (left: Value, right: Value) => Value): ExtensionFunction => ({ arity: 2, call })

function fromText(parse: (text: string) => Value): ExtensionFunction {
  return unary((value) => {
    if (typeof value !== 'string') throw typeFault('string', value)
    return parse(value)
  })
}

function ip(value: Value): IpRange {
  if (value instanceof IpRange) return value
  throw typeFault('ipaddr', value)
}

function decimal(value: Value): Long {
  if (value instanceof Decimal) return value.tenThousandths
  throw typeFault('decimal', value)
}

function datetime(value: Value): Datetime {
  if (value instanceof Datetime) return value
  throw typeFault('datetime', value)
}

function duration(value: Value): Duration {
  if (value instanceof Duration) return value
  throw typeFault('duration', value)
}

/** Every extension function of language 4.5. */
export const extensionFunctions: ReadonlyMap<string, ExtensionFunction> = new Map([
  ['ip', fromText(parseIp)],
  ['isIpv4', unary((value) => ip(value).bits === 32)],
  ['isIpv6', unary((value) => ip(value).bits === 128)],
  ['isLoopback', unary((value) => ip(value).isLoopback)],
  ['isMulticast', unary((value) => ip(value).isMulticast)],
  ['isInRange', binary((left, right) => ip(left).isInRange(ip(right)))],
  ['decimal', fromText(parseDecimal)],
  ['lessThan', binary((left, right) => decimal(left) < decimal(right))],
  ['lessThanOrEqual', binary((left, right) => decimal(left) <= decimal(right))],
  ['greaterThan', binary((left, right) => decimal(left) > decimal(right))],
  ['greaterThanOrEqual', binary((left, right) => decimal(left) >= decimal(right))],
  ['datetime', fromText(parseDatetime)],
  ['offset', binary((left, right) => datetime(left).offset(duration(right)))],
  ['durationSince', binary((left, right) => datetime(left).durationSince(datetime(right)))],
  ['toDate', unary((value) => datetime(value).toDate())],
  ['toTime', unary((value) => datetime(value).toTime())],
  ['duration', fromText(parseDuration)],
  ['toMilliseconds', unary((value) => duration(value).milliseconds)],
  ['toSeconds', unary((value) => duration(value).in(1000))],
  ['toMinutes', unary((value) => duration(value).in(60_000))],
  ['toHours', unary((value) => duration(value).in(3_600_000))],
  ['toDays', unary((value) => duration(value).in(86_400_000))],
])
