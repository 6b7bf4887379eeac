// A failure at the terminal: the cause, the remedy, the request id; with --json the problem itself. Always on stderr, so that stdout holds data or nothing.
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import { type Io, reasonOf } from './io.ts'
import { createPaint, safe } from './print/paint.ts'
import { readSessions } from './sign-in/session-file.ts'

/** Others who are signed in on this machine and hold, by their names, a role that would do. */
function othersWho(roles: unknown, args: readonly string[], io: Io): string | undefined {
  if (!Array.isArray(roles) || args.includes('--as')) return undefined
  const fitting = readSessions(io)
    .sessions.map((one) => one.person.slug)
    .filter((slug) => roles.includes(slug))
  return fitting.length === 0
    ? undefined
    : `Signed in here as well: ${[...new Set(fitting)].map((slug) => `--as ${safe(slug)}`).join(', ')}.`
}

const localCodes: Readonly<Record<number, string>> = {
  [exitCodes.usage]: 'usage',
  [exitCodes.denied]: 'denied',
  [exitCodes.signInFirst]: 'unauthenticated',
  [exitCodes.notFound]: 'not_found',
  [exitCodes.awaitingApproval]: 'awaiting_approval',
  [exitCodes.network]: 'network',
  [exitCodes.proofFails]: 'proof_fails',
}

function jsonOf({ problem, exit, message, next }: CliFailure): object {
  return problem ?? { code: localCodes[exit] ?? 'failed', detail: message, ...(next === undefined ? {} : { next }) }
}

function linesOf(failure: CliFailure, args: readonly string[], io: Io): string[] {
  const paint = createPaint(io.errIsTerminal && io.env.NO_COLOR === undefined && !args.includes('--no-color'))
  const { problem } = failure
  const faults = failure.faults.map((fault) => `  ${safe(fault)}`)
  const others = problem?.code === 'denied' ? othersWho(problem.roles, args, io) : undefined
  return [
    `${paint.red('✗')} ${safe(failure.message)}`,
    ...faults,
    ...(failure.next === undefined ? [] : [`  ${safe(failure.next)}`]),
    ...(others === undefined ? [] : [`  ${others}`]),
    ...(problem === undefined ? [] : [paint.dim(`  ${safe(problem.code)}, request ${safe(problem.requestId)}`)]),
  ]
}

/** Prints why a command failed and returns its exit code. */
export function reportFailure(error: unknown, args: readonly string[], io: Io): ExitCode {
  const failure =
    error instanceof CliFailure
      ? error
      : new CliFailure(exitCodes.failed, `This should not have happened: ${reasonOf(error)}`, {
          next: 'Please report it with the command.',
          cause: error,
        })
  if (args.includes('--json')) io.err(`${JSON.stringify(jsonOf(failure), null, 2)}\n`)
  else io.err(`${linesOf(failure, args, io).join('\n')}\n`)
  return failure.exit
}
