// How a call is shown: what was tried, what was decided and how it went. The path is the caller's own text; it is shown, never followed.
import { z } from 'zod'
import { toMoment } from '../kernel/index.ts'
import type { Call } from './tape.ts'

/** A call as it is shown: an item of a tape. */
export const callOutput = z.object({
  id: z.string(),
  number: z.number(),
  connection: z.string(),
  method: z.string(),
  path: z.string(),
  decision: z.enum(['allowed', 'denied']),
  code: z.string().nullable(),
  state: z.enum(['decided', 'settled', 'unknown']),
  status: z.number().nullable(),
  responseBytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  entry: z.string(),
  at: z.string().nullable(),
})

/** The shown form of a call. */
export function showCall(call: Call): z.input<typeof callOutput> {
  const { id, number, connection, method, path, decision, code, state, status, response_bytes, duration_ms, entry_id, at } = call
  return {
    id,
    number,
    connection,
    method,
    path,
    decision,
    code,
    state,
    status,
    responseBytes: response_bytes,
    durationMs: duration_ms,
    entry: entry_id,
    at: toMoment(at),
  }
}
