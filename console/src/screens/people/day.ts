// A day as an end: to its last second in UTC. What is typed may be anything.

const dayMs = 86_400_000

/** The moment that a day ends, as the API takes it; undefined for what is no day. */
export function endOfDay(day: string | undefined): string | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const end = Date.parse(`${day}T23:59:59Z`)
  return Number.isNaN(end) ? undefined : `${day}T23:59:59Z`
}

/** The day of a moment. */
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** The last day that ends within so many days from now. */
function lastDay(now: number, daysMax: number): string {
  const last = dayOf(now + daysMax * dayMs)
  const end = Date.parse(`${last}T23:59:59Z`)
  return end <= now + daysMax * dayMs ? last : dayOf(now + (daysMax - 1) * dayMs)
}

/** From when a day is looked at, and how far it may lie. */
export interface Bounds {
  readonly now: number
  readonly daysMax: number
  /** What it lasts already, where it is prolonged. */
  readonly before?: string | undefined
}

/** What is wrong with a day as an end; undefined when nothing is. */
export function wrongWith(day: string | undefined, { now, daysMax, before }: Bounds): string | undefined {
  const end = endOfDay(day)
  if (end === undefined) return 'Say the day that it ends: the end cannot be left out.'
  if (Date.parse(end) <= now) return 'This day has passed.'
  if (Date.parse(end) > now + daysMax * dayMs) return `At most ${daysMax} days from now: until ${lastDay(now, daysMax)}.`
  if (before !== undefined && Date.parse(end) <= Date.parse(before)) return 'It lasts as long already.'
  return undefined
}
