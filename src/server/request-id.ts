// The id of a request: the caller's own where it is well-formed, else one of ours. It shows in answers, logs and ledger entries; it proves nothing.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Clock, newId } from '../kernel/index.ts'

const wellFormed = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Makes a request id of our own: `hrq_` and 26 characters. */
export function newRequestId(clock: Clock): string {
  return newId('hrq', { clock, random: { bytes: randomBytes } })
}

/** The id of a request. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>, clock: Clock): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && wellFormed.test(given) ? given : newRequestId(clock)
}
