// Times and sizes as people read them; the exact value stays beside or behind it in JSON.

/** `2026-11-22 05:14:38Z`, or a dash. */
export function momentText(value: unknown): string {
  return typeof value === 'string' ? value.replace('T', ' ').replace(/\.\d+Z$/, 'Z') : '—'
}

/** The time of the day alone, with milliseconds: `05:14:38.123`. */
export function clockText(value: string): string {
  return value.slice(11, 23)
}

/** `4,182 bytes`. */
export function bytesText(value: unknown): string {
  return typeof value === 'number' ? `${value.toLocaleString('en')} bytes` : '—'
}

/** `12.3 ms`, `2.4 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
  return `${(milliseconds / 1_000).toFixed(1)} s`
}

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`
}
