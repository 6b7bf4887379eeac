// Times in words. Everything is told in UTC, because what is compared is written in UTC: tapes, ledgers, certificates.

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** The unit that a length of time is told in: its seconds, and its word. */
function unitOf(seconds: number): readonly [unit: number, word: string] {
  if (seconds < minute) return [1, 'second']
  if (seconds < hour) return [minute, 'minute']
  if (seconds < day) return [hour, 'hour']
  if (seconds < 60 * day) return [day, 'day']
  return seconds < 2 * year ? [30 * day, 'month'] : [year, 'year']
}

/** How far a moment is from now, in one unit: `3 minutes ago`, `in 2 hours`, `now`. */
export function relative(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000)
  const far = Math.abs(seconds)
  if (far < 3) return 'now'
  const [unit, word] = unitOf(far)
  const count = (unit > minute ? Math.round : Math.floor)(far / unit) // 47 hours are nearer to two days than to one
  const said = `${count} ${word}${count === 1 ? '' : 's'}`
  return seconds < 0 ? `${said} ago` : `in ${said}`
}

/** The exact moment in UTC, to the second: `2026-11-22 07:42:32 UTC`. */
export function exact(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A sentence of the server's with its moments as the console tells them: to the second, in UTC. */
export function withMoments(text: string): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z/g, (written) => {
    const at = momentOf(written)
    return at === undefined ? written : exact(at)
  })
}

const two = (value: number): string => String(value).padStart(2, '0')

/** What is left until a moment: `4:05`, `1 h 2 min`, `3 d 4 h`; undefined when it has passed. Seconds are told in the last hour, when they matter. */
export function left(until: number, now: number): string | undefined {
  const seconds = Math.ceil((until - now) / 1000)
  if (seconds <= 0) return undefined
  if (seconds >= day) return both(Math.floor(seconds / day), 'd', Math.floor((seconds % day) / hour), 'h')
  if (seconds >= hour) return both(Math.floor(seconds / hour), 'h', Math.floor((seconds % hour) / minute), 'min')
  return `${Math.floor(seconds / minute)}:${two(seconds % minute)}`
}

/** A length of time: `340 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < minute) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < hour) return both(Math.floor(whole / minute), 'min', whole % minute, 's')
  return both(Math.floor(whole / hour), 'h', Math.floor((whole % hour) / minute), 'min')
}

function both(large: number, unit: string, small: number, below: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${below}`
}

/** A number of bytes: `812 B`, `3.4 kB`, `12 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [unit, by] = bytes < 1_000_000 ? ['kB', 1000] : bytes < 1_000_000_000 ? ['MB', 1_000_000] : ['GB', 1_000_000_000]
  const value = bytes / by
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** A count with its noun: `1 call`, `12,000 calls`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** A moment that the API told, in milliseconds; undefined for none. */
export function momentOf(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
