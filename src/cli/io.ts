// Everything that the command line touches outside itself: two streams, the environment, the clock, the network. Tests bring their own.
import { CliFailure } from './failure.ts'

/** The outside of one command. */
export interface Io {
  /** Data, and nothing else. */
  out(text: string): void
  /** Everything that is not data. */
  err(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Columns of the terminal. */
  readonly width: number
  now(): number
  wait(milliseconds: number): Promise<void>
  fetch(url: string, init: RequestInit): Promise<Response>
}

/** The outside of this process. */
export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? 100,
    now: () => Date.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    fetch: (url, init) => fetch(url, init),
  }
}

/** A text of the environment, or undefined where it is empty. */
export function setting(io: Pick<Io, 'env'>, name: string): string | undefined {
  const value = io.env[name]?.trim()
  return value === undefined || value === '' ? undefined : value
}

/** What a thrown value says. */
export function reasonOf(error: unknown): string {
  if (error instanceof CliFailure || error instanceof Error) return error.message
  return String(error)
}
