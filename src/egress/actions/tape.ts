// Reading a tape: governed content, since it shows topology and failure conditions.
import { z } from 'zod'
import { action, idOf, pageInput, toMoment } from '../../kernel/index.ts'
import { findRun, runType } from '../../runs/index.ts'
import type { Call } from '../tape.ts'

const callOutput = z.object({
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

function shown(call: Call): z.input<typeof callOutput> {
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

/** Reads a run's tape, in order. */
export const readRunTape = action({
  name: 'run:tape',
  summary: 'Read a run’s tape: every call that it made, allowed or refused.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer'],
  resource: runType,
  input: z.strictObject({ run: idOf('run'), limit: pageInput.limit, after: z.coerce.number().int().min(0).default(0) }),
  output: z.object({ items: z.array(callOutput), allowed: z.number(), denied: z.number(), next: z.number().nullable() }),
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx }) {
    const rows = await tx
      .selectFrom('call')
      .selectAll()
      .where('holder_id', '=', run.id)
      .where('number', '>', input.after)
      .orderBy('number')
      .limit(input.limit + 1)
      .execute()
    const counts = await tx
      .selectFrom('call')
      .select((eb) => ['decision', eb.fn.countAll<number>().as('count')])
      .where('holder_id', '=', run.id)
      .groupBy('decision')
      .execute()
    const count = (decision: string) => counts.find((row) => row.decision === decision)?.count ?? 0
    const items = rows.slice(0, input.limit)
    const next = rows.length > input.limit ? (items.at(-1)?.number ?? null) : null
    return { result: { items: items.map(shown), allowed: count('allowed'), denied: count('denied'), next } }
  },
})
