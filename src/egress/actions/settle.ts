// The outcome of a call, recorded after it; and what becomes of calls whose outcome nobody knows.
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import {
  action,
  digestText,
  fail,
  type Located,
  organizationEntity,
  type Performing,
  type ResourceType,
  type Tx,
} from '../../kernel/index.ts'
import type { Call } from '../tape.ts'

/** A recorded call as a resource. */
export const callType = { name: 'Call', attributes: { holder: 'String' }, parents: ['Organization'] } as const satisfies ResourceType

const settleInput = z.strictObject({
  call: z.string().max(40),
  status: z.number().int().min(100).max(599).nullable(),
  code: z.string().max(60).nullable(),
  responseDigest: digestText.nullable(),
  responseBytes: z.number().int().min(0).nullable(),
  durationMs: z.number().int().min(0),
  redacted: z.number().int().min(0),
})

type SettleInput = z.output<typeof settleInput>
type Settling = Performing<'call:settle', SettleInput, Call>

function located(call: Call): Located<Call> {
  const resource = {
    type: 'Call',
    id: call.id,
    attributes: { holder: call.holder_id },
    parents: [{ type: 'Organization', id: call.org_id }],
  }
  return { resource, others: [organizationEntity(call.org_id)], found: call }
}

function done({ input, found: call }: Settling) {
  const { status, code, responseDigest, responseBytes, durationMs, redacted } = input
  return {
    result: { call: call.id },
    facts: { status, code, response: responseDigest, bytes: responseBytes, durationMs, redacted },
    related: [{ rel: 'holder', type: 'Holder', id: call.holder_id }],
  }
}

/** The statement that settles calls, each once: it leaves those that were settled, or given up, before as they are. */
function settling(its: readonly Settling[]): RawBuilder<unknown> {
  const column = (of: (input: SettleInput) => string | number | null) => its.map(({ input }) => of(input))
  return sql`
    update call set state = 'settled', status = s.status, code = s.code, response_digest = s.digest, response_bytes = s.bytes, duration_ms = s.duration
    from unnest(
      ${column((one) => one.call)}::text[], ${column((one) => one.status)}::int[], ${column((one) => one.code)}::text[],
      ${column((one) => one.responseDigest)}::text[], ${column((one) => one.responseBytes)}::bigint[], ${column((one) => one.durationMs)}::int[]
    ) as s (id, status, code, digest, bytes, duration)
    where call.id = s.id and call.state = 'decided'`
}

/** How several outcomes are recorded together: all calls are looked up at once. What is out of the ordinary is left to the action itself. */
export const settleTogether = {
  async locate(tx: Tx, its: readonly { readonly input: unknown }[]) {
    const wanted = its.map(({ input }) => (input as SettleInput).call) // the door has just parsed it with this action's schema
    const { rows } = await sql<Call>`select * from call where id = any(${wanted}::text[]) and state = 'decided'`.execute(tx)
    const byId = new Map(rows.map((call) => [call.id, call]))
    return wanted.map((id) => {
      const call = byId.get(id)
      byId.delete(id)
      return call === undefined ? undefined : located(call)
    })
  },
  // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
  async perform(performing: readonly Performing<string, unknown, unknown>[], last: (statement: RawBuilder<unknown>) => void) {
    const its = performing as readonly Settling[]
    // One that was settled before undoes all of them, as what was taken away meanwhile would; each says what it found when it is governed on its own.
    last(sql`with settled as (${settling(its)} returning 1) select require_admitted(count(*), ${its.length}) from settled`)
    return its.map(done)
  },
}

/** Records how a call went. */
export const settleCall = action({
  name: 'call:settle',
  summary: 'Record how an allowed call went.',
  effect: 'change',
  roles: [],
  system: ['broker'],
  resource: callType,
  input: settleInput,
  output: z.object({ call: z.string() }),
  locate: async ({ input, tx }) => {
    const call = await tx.selectFrom('call').selectAll().where('id', '=', input.call).executeTakeFirst()
    if (call === undefined) throw fail('not_found', 'There is no call with this id.')
    return located(call)
  },
  async perform(it) {
    const { numAffectedRows } = await settling([it]).execute(it.tx)
    if (numAffectedRows !== 1n) throw fail('conflict', 'This call was settled before.')
    return done(it)
  },
})

/** A call of a run that is still live has an outcome yet to come. */
async function requireEnded(tx: Tx, holder: string): Promise<void> {
  const run = await tx.selectFrom('run').select('state').where('id', '=', holder).executeTakeFirst()
  if (run !== undefined && run.state !== 'ending' && run.state !== 'ended')
    throw fail('conflict', 'This run has not ended: its calls may still be answered.')
}

/** Marks the calls of a holder whose outcome was never recorded: the server went away in between, and what the upstream did is not known. */
export const abandonCalls = action({
  name: 'call:abandon',
  summary: 'Mark the calls of an ended run whose outcome nobody recorded as unknown.',
  effect: 'change',
  roles: [],
  system: ['worker', 'reaper'],
  resource: callType,
  input: z.strictObject({ holder: z.string().max(40) }),
  output: z.object({ unknown: z.number() }),
  locate: async ({ input, tx, principal }) => {
    await requireEnded(tx, input.holder)
    const resource = {
      type: 'Call',
      id: input.holder,
      attributes: { holder: input.holder },
      parents: [{ type: 'Organization', id: principal.org }],
    }
    return { resource, others: [organizationEntity(principal.org)], found: undefined }
  },
  async perform({ input, tx }) {
    const marked = await tx
      .updateTable('call')
      .set({ state: 'unknown' })
      .where('holder_id', '=', input.holder)
      .where('state', '=', 'decided')
      .executeTakeFirst()
    const unknown = Number(marked.numUpdatedRows)
    return { result: { unknown }, facts: { unknown }, related: [{ rel: 'holder', type: 'Holder', id: input.holder }] }
  },
})
