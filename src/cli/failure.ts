// Why a command did not do what was asked: the cause, the remedy, the request id, and the exit code that a script sees.
import type { Problem } from '../server/index.ts'
import { type ExitCode, exitCodes, exitOf } from './exit-codes.ts'

/** A failure that the person at the terminal can act on. */
export class CliFailure extends Error {
  readonly exit: ExitCode
  readonly next: string | undefined
  readonly problem: Problem | undefined

  constructor(
    exit: ExitCode,
    message: string,
    notes: { readonly next?: string | undefined; readonly problem?: Problem; readonly cause?: unknown } = {},
  ) {
    super(message, notes.cause === undefined ? {} : { cause: notes.cause })
    this.name = 'CliFailure'
    this.exit = exit
    this.next = notes.next
    this.problem = notes.problem
  }
}

/** What was typed cannot be understood. */
export function usage(message: string, next?: string): CliFailure {
  return new CliFailure(exitCodes.usage, message, { next })
}

/** A server answered a problem. */
export function refused(problem: Problem): CliFailure {
  return new CliFailure(exitOf(problem.code, problem.status), problem.detail, { next: problem.next, problem })
}

/** Whether a failure is a server's problem with this code. */
export function isProblem(error: unknown, code: string): error is CliFailure & { readonly problem: Problem } {
  return error instanceof CliFailure && error.problem?.code === code
}
