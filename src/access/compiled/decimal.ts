// Cedar's `decimal`: a number with up to four digits after the point, kept as a 64-bit count of ten-thousandths.
// Source: Cedar language specification, "decimal extension". The text comes from policies and requests alike.

import { Fault } from './faults.ts'
import { type Long, longOf } from './longs.ts'

const pattern = /^(-?)([0-9]+)\.([0-9]+)$/
const digitsMax = 4
/** No 64-bit number has more digits. */
const numberMax = 19

/** A decimal. */
export class Decimal {
  readonly typeName = 'decimal'
  readonly tenThousandths: Long

  constructor(tenThousandths: Long) {
    this.tenThousandths = tenThousandths
  }

  /** Its one text. */
  get canonical(): string {
    return `D${this.tenThousandths === 0 ? 0 : this.tenThousandths}`
  }
}

/** Reads a decimal. Throws an `extension` fault on another form, more than four digits after the point, or overflow. */
export function parseDecimal(text: string): Decimal {
  const found = pattern.exec(text)
  if (found === null) throw new Fault('extension', 'not a well-formed decimal')
  const [, sign = '', whole = '', fraction = ''] = found
  if (fraction.length > digitsMax) throw new Fault('extension', 'too many digits after the decimal point')
  const digits = (whole + fraction.padEnd(digitsMax, '0')).replace(/^0+/, '')
  const scaled = digits.length > numberMax ? undefined : BigInt(digits)
  const long = scaled === undefined ? undefined : longOf(sign === '-' ? -scaled : scaled)
  if (long === undefined) throw new Fault('extension', 'a decimal overflows')
  return new Decimal(long)
}
