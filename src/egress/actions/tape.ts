// Reading a tape: governed content, since it shows topology and failure conditions.
import { z } from 'zod'
import { action, idOf } from '../../kernel/index.ts'
import { findRun, runType } from '../../runs/index.ts'
import { httpMethods } from '../../twins/index.ts'
import { connectionName } from '../connection-name.ts'
import { callOutput, showCall } from '../shown.ts'

/** Reads a run's tape, in order. */
export const readRunTape = action({
  name: 'run:tape',
  summary: 'Read a run’s tape: every call that it made, allowed or refused.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer'],
  resource: runType,
  input: z.strictObject({
    run: idOf('run'),
    limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: 'At most so many calls.' }),
    after: z.coerce.number().int().min(0).max(2_147_483_647).default(0).meta({
      description: 'Go on after the call with this number. Numbers are consecutive from 1, so any place of the tape can be read at once.',
    }),
    decision: callOutput.shape.decision.optional(),
    connection: connectionName.optional(),
    method: z.enum(httpMethods).optional(),
  }),
  output: z.object({
    items: z.array(callOutput),
    /** Of the whole tape. */
    allowed: z.number(),
    denied: z.number(),
    /** Of the calls that the filters let through, before and after `after`. */
    matching: z.number(),
    next: z.number().nullable(),
  }),
  locate: async ({ input, tx }) => {
    const found = await findRun(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx }) {
    const { decision, connection, method } = input
    let tape = tx.selectFrom('call').where('holder_id', '=', run.id)
    if (decision !== undefined) tape = tape.where('decision', '=', decision)
    if (connection !== undefined) tape = tape.where('connection', '=', connection)
    if (method !== undefined) tape = tape.where('method', '=', method)
    const rows = await tape
      .selectAll()
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
    const count = (which: string) => counts.find((row) => row.decision === which)?.count ?? 0
    const [allowed, denied] = [count('allowed'), count('denied')]
    const { matching } = isFiltered(input)
      ? await tape.select((eb) => eb.fn.countAll<number>().as('matching')).executeTakeFirstOrThrow()
      : { matching: allowed + denied }
    const items = rows.slice(0, input.limit)
    const next = rows.length > input.limit ? (items.at(-1)?.number ?? null) : null
    return { result: { items: items.map(showCall), allowed, denied, matching, next } }
  },
})

function isFiltered(input: { readonly [filter in 'decision' | 'connection' | 'method']?: string | undefined }): boolean {
  return input.decision !== undefined || input.connection !== undefined || input.method !== undefined
}
