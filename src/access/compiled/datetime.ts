// Cedar's `datetime` and `duration`: 64-bit counts of milliseconds, without leap seconds, on the proleptic Gregorian calendar.
// Source: Cedar language specification, "datetime extension" (RFC 80). The text comes from policies and requests alike.

import { Fault } from './faults.ts'
import { addLongs, divideLong, type Long, longOf, remainderOfLong, subtractLongs } from './longs.ts'

const dayMs = 86_400_000
const date = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/
const time = /^T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?(?:Z|([+-])([0-9]{2})([0-9]{2}))$/
const amounts = /^-?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$/
const amountUnits = [86_400_000n, 3_600_000n, 60_000n, 1000n, 1n]
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** No 64-bit number has more digits. */
const digitsMax = 19

/** A span of time. */
export class Duration {
  readonly typeName = 'duration'
  readonly milliseconds: Long

  constructor(milliseconds: Long) {
    this.milliseconds = milliseconds
  }

  /** Its one text. */
  get canonical(): string {
    return `P${this.milliseconds === 0 ? 0 : this.milliseconds}`
  }

  /** How many whole units of so many milliseconds it has, towards zero. */
  in(unitMs: number): Long {
    return divideLong(this.milliseconds, unitMs)
  }
}

/** An instant. */
export class Datetime {
  readonly typeName = 'datetime'
  /** Milliseconds since the epoch. */
  readonly epoch: Long

  constructor(epoch: Long) {
    this.epoch = epoch
  }

  /** Its one text. */
  get canonical(): string {
    return `T${this.epoch === 0 ? 0 : this.epoch}`
  }

  /** The instant that much later. Throws an `overflow` fault. */
  offset(by: Duration): Datetime {
    return new Datetime(addLongs(this.epoch, by.milliseconds))
  }

  /** The span since another instant. Throws an `overflow` fault. */
  durationSince(other: Datetime): Duration {
    return new Duration(subtractLongs(this.epoch, other.epoch))
  }

  /** Midnight of its day, UTC. Throws an `overflow` fault on the first day that there is. */
  toDate(): Datetime {
    return new Datetime(subtractLongs(this.epoch, remainderOfLong(this.epoch, dayMs)))
  }

  /** The span since midnight, UTC. */
  toTime(): Duration {
    return new Duration(remainderOfLong(this.epoch, dayMs))
  }
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function daysOfMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0)
}

/** Days since the epoch of a date, on the proleptic Gregorian calendar. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const years = month <= 2 ? year - 1 : year
  const era = Math.floor(years / 400)
  const yearOfEra = years - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function parseDate(text: string): number {
  const [, year, month, day] = (date.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined) throw new Fault('extension', 'invalid date pattern')
  if (day < 1 || day > daysOfMonth(year, month)) throw new Fault('extension', 'invalid date')
  return daysSinceEpoch(year, month, day) * dayMs
}

function clock(hours: number, minutes: number): number {
  if (hours > 23 || minutes > 59) throw new Fault('extension', 'invalid hour, minute or offset')
  return (hours * 60 + minutes) * 60_000
}

function parseTime(text: string): number {
  const found = time.exec(text)
  if (found === null) throw new Fault('extension', 'invalid time pattern')
  const [, hours, minutes, seconds, ms = '0', sign, offsetHours = '0', offsetMinutes = '0'] = found
  if (Number(seconds) > 59) throw new Fault('extension', 'invalid second')
  const ofDay = clock(Number(hours), Number(minutes)) + Number(seconds) * 1000 + Number(ms)
  const ahead = clock(Number(offsetHours), Number(offsetMinutes))
  return sign === '-' ? ofDay + ahead : ofDay - ahead
}

/** Reads `YYYY-MM-DD`, or that with `Thh:mm:ss`, optional `.SSS`, and `Z` or an offset `±hhmm`. Throws an `extension` fault. */
export function parseDatetime(text: string): Datetime {
  const midnight = parseDate(text)
  return new Datetime(text.length === 10 ? midnight : midnight + parseTime(text.slice(10)))
}

function amountOf(digits: string): bigint {
  const significant = digits.replace(/^0+/, '')
  if (significant.length > digitsMax) throw new Fault('extension', 'a duration overflows')
  return BigInt(significant)
}

/** Reads amounts with units, largest first: `-1d2h3m4s5ms`. Throws an `extension` fault on another form or overflow. */
export function parseDuration(text: string): Duration {
  const found = text === '' || text === '-' ? null : amounts.exec(text)
  if (found === null) throw new Fault('extension', 'invalid duration pattern')
  const total = amountUnits.reduce((sum, unit, index) => sum + amountOf(found[index + 1] ?? '0') * unit, 0n)
  const long = longOf(text.startsWith('-') ? -total : total)
  if (long === undefined) throw new Fault('extension', 'a duration overflows')
  return new Duration(long)
}
