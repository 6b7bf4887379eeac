// Exit codes. They are fixed, because scripts hold to them: one can tell a refusal from a mistake, and both from a network that is down.
import type { ErrorCode } from '../kernel/index.ts'
import { statusOf } from '../server/index.ts'

/** The exit codes of the command line. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  denied: 3,
  signInFirst: 4,
  notFound: 5,
  stale: 6,
  awaitingApproval: 7,
  network: 8,
  proofFails: 9,
  interrupted: 130,
} as const

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Codes whose exit does not follow from their status: they wait for another person. */
const waiting = new Set<ErrorCode>(['gate_failed', 'not_promoted', 'key_not_proved'])

const byStatus: Readonly<Record<number, ExitCode>> = {
  401: exitCodes.signInFirst,
  403: exitCodes.denied,
  404: exitCodes.notFound,
  409: exitCodes.stale,
  412: exitCodes.stale,
  502: exitCodes.network,
  503: exitCodes.network,
}

/** The exit code of a problem that a server answered. */
export function exitOf(code: string, status: number): ExitCode {
  const known = Object.hasOwn(statusOf, code) ? (code as ErrorCode) : undefined // the map has exactly the codes
  if (known !== undefined && waiting.has(known)) return exitCodes.awaitingApproval
  return byStatus[status] ?? exitCodes.failed
}
