// Why a command did not do what was asked: the cause, the remedy, the request id, and the exit code that a script sees.
import type { Problem } from '../server/index.ts'
import { type ExitCode, exitCodes, exitOf } from './exit-codes.ts'

/** What is known of a failure beside its cause. */
export interface FailureNotes {
  readonly next?: string | undefined
  readonly problem?: Problem | undefined
  readonly action?: string | undefined
  readonly faults?: readonly string[] | undefined
  readonly cause?: unknown
}

/** The fields at fault as the server names them, where its message does not. */
function faultsOf(message: string, problem: Problem | undefined): readonly string[] {
  const errors = (problem?.errors ?? []).filter(({ pointer }) => pointer !== '')
  const [only, ...more] = errors
  if (only === undefined) return []
  if (more.length > 0) return errors.map(({ pointer, detail }) => `\`${pointer}\` ${detail}`)
  return message.includes(only.pointer) ? [] : [`It is about \`${only.pointer}\`.`]
}

/** A failure that the person at the terminal can act on. */
export class CliFailure extends Error {
  readonly exit: ExitCode
  readonly next: string | undefined
  readonly problem: Problem | undefined
  /** The action that was refused. */
  readonly action: string | undefined
  /** What was at fault, in the words of the line that was typed. */
  readonly faults: readonly string[]

  constructor(exit: ExitCode, message: string, notes: FailureNotes = {}) {
    super(message, notes.cause === undefined ? {} : { cause: notes.cause })
    this.name = 'CliFailure'
    this.exit = exit
    this.next = notes.next
    this.problem = notes.problem
    this.action = notes.action
    this.faults = notes.faults ?? faultsOf(message, notes.problem)
  }
}

/** What was typed cannot be understood. */
export function usage(message: string, next?: string): CliFailure {
  return new CliFailure(exitCodes.usage, message, { next })
}

/** A server answered a problem, to an action where it was one. */
export function refused(problem: Problem, action?: string): CliFailure {
  return new CliFailure(exitOf(problem.code, problem.status), problem.detail, { next: problem.next, problem, action })
}

/** Whether a failure is a server's problem with this code. */
export function isProblem(error: unknown, code: string): error is CliFailure & { readonly problem: Problem } {
  return error instanceof CliFailure && error.problem?.code === code
}
