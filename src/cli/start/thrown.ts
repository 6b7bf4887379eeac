// What was thrown, as the log tells it: the failure with its stack, and what it came from, down to what PostgreSQL or the operating system said. A failure of ours
// tells callers nothing of that, so the log is the only place where it can be read. INVARIANT: no message that quotes what it was given is told.
import { inspect } from 'node:util'

const framesMax = 12
const framesOfCauseMax = 4
const causesMax = 4
const textMax = 2_000

// Parsers quote what they could not read; so does PostgreSQL in its class 22 (data exceptions).
const quoting = /^(SyntaxError|\$?ZodError)$/
const dataException = /^22...$/

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Name, code and message of an error, in as far as they quote nothing. */
function headOf(error: Error): string {
  const code = codeOf(error)
  const name = error.name === 'error' ? 'PostgreSQL' : error.name // what `pg` calls its own
  const named = code === '' ? name : `${name} ${code}`
  return quoting.test(error.name) || dataException.test(code)
    ? `${named} (its message may quote what it was given)`
    : `${named}: ${error.message}`.slice(0, textMax)
}

function framesOf({ stack = '' }: Error, most: number): string[] {
  return stack
    .split('\n')
    .filter((line) => /^ +at .+:\d+:\d+\)?$/.test(line))
    .slice(0, most)
}

function causeLines(error: Error): string[] {
  const lines: string[] = []
  let { cause } = error
  for (let deep = 0; deep < causesMax && cause !== undefined; deep++) {
    if (!(cause instanceof Error)) return [...lines, `because of ${typeof cause}`]
    lines.push(`because of ${headOf(cause)}`, ...framesOf(cause, framesOfCauseMax))
    cause = cause instanceof AggregateError ? cause.errors[0] : cause.cause
  }
  return lines
}

/** What was thrown: its stack, and the causes behind it. */
export function whatWasThrown(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error).split('\n').slice(0, framesMax).join('\n').slice(0, textMax)
  return [headOf(error), ...framesOf(error, framesMax), ...causeLines(error)].join('\n')
}

/** The message of a failure, and of what it came from where that says something more: for the person who started it. */
export function whyItFailed(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const told = [error.message]
  let { cause } = error
  for (let deep = 0; deep < causesMax && cause instanceof Error; deep++) {
    const { message } = cause
    if (message !== '' && !told.some((one) => one.includes(message))) told.push(`because: ${message}`)
    cause = cause.cause
  }
  return told.join('\n')
}
