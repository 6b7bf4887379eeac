// A moment as an auditor writes it, in UTC, and as the API takes it. What is typed is text that anybody may have written; what is no moment is refused here,
// before a reading is asked for and recorded.

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
const written = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(\.\d{1,3})?)?)?(?: ?(?:Z|UTC))?$/
const ago = /^(\d{1,4}) ?([mhd])$/

/** The moment that a text tells as RFC 3339: `2026-11-22`, `2026-11-22 08:00`, or so long ago: `15m`, `2h`, `7d`. Undefined when it tells none. */
export function momentIn(text: string, now: number): string | undefined {
  const since = ago.exec(text.trim())
  if (since !== null) return new Date(now - Number(since[1]) * (units[since[2] ?? ''] ?? 0)).toISOString()
  const [, date, time = '00:00', seconds = '00', part = ''] = written.exec(text.trim()) ?? []
  if (date === undefined) return undefined
  const moment = new Date(`${date}T${time}:${seconds}${part}Z`)
  // A day that the calendar does not have would become another one.
  return Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(date) ? undefined : moment.toISOString()
}

/** A moment of the URL as it is typed: without what says nothing. */
export function typedMoment(moment: string): string {
  const at = new Date(moment)
  if (Number.isNaN(at.getTime())) return moment
  return at
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
    .replace(/:00$/, '')
    .replace(/ 00:00$/, '')
}
