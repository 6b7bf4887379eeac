// Cedar's longs: 64-bit signed integers whose overflow is an error. The fast path is the safe integer; `bigint` begins where that ends.
// Source: Cedar language specification, "Long" and "Arithmetic operators".
import { Fault } from './faults.ts'

/** A long: `number` exactly when it is a safe integer, else `bigint`. */
export type Long = number | bigint

const min = -(2n ** 63n)
const max = 2n ** 63n - 1n
const safeMin = BigInt(Number.MIN_SAFE_INTEGER)
const safeMax = BigInt(Number.MAX_SAFE_INTEGER)

/** The one form of a 64-bit integer, or undefined when it does not fit. */
export function longOf(value: bigint): Long | undefined {
  if (value < min || value > max) return undefined
  return value >= safeMin && value <= safeMax ? Number(value) : value
}

function fitting(value: bigint, operation: string): Long {
  const long = longOf(value)
  if (long === undefined) throw new Fault('overflow', `integer overflow in ${operation}`)
  return long
}

/** Whether a value is a long. */
export function isLong(value: unknown): value is Long {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** The sum. Throws an `overflow` fault. */
export function addLongs(left: Long, right: Long): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    if (Number.isSafeInteger(sum)) return sum
  }
  return fitting(BigInt(left) + BigInt(right), 'addition')
}

/** The difference. Throws an `overflow` fault. */
export function subtractLongs(left: Long, right: Long): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right
    if (Number.isSafeInteger(difference)) return difference
  }
  return fitting(BigInt(left) - BigInt(right), 'subtraction')
}

/** The product. Throws an `overflow` fault. */
export function multiplyLongs(left: Long, right: Long): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right
    if (Number.isSafeInteger(product)) return product
  }
  return fitting(BigInt(left) * BigInt(right), 'multiplication')
}

/** The negation. Throws an `overflow` fault: the smallest long has none. */
export function negateLong(value: Long): Long {
  return typeof value === 'number' ? -value : fitting(-value, 'negation')
}

/** Division that drops the fraction, towards zero; the divisor is a positive constant. */
export function divideLong(value: Long, by: number): Long {
  return typeof value === 'number' ? Math.trunc(value / by) : fitting(value / BigInt(by), 'division')
}

/** The remainder that is never negative; the divisor is a positive constant. */
export function remainderOfLong(value: Long, by: number): number {
  const remainder = Number(typeof value === 'number' ? value % by : value % BigInt(by))
  return remainder < 0 ? remainder + by : remainder + 0
}
