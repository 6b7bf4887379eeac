// The outcome of a call, recorded after it; and what becomes of calls whose outcome nobody knows.
import { sql } from 'kysely'
import { z } from 'zod'
import {
  action,
  digestText,
  fail,
  type Located,
  organizationEntity,
  type Performing,
  prepared,
  type ResourceType,
  type Sendable,
  type Tx,
} from '../../kernel/index.ts'
import type { Call } from '../tape.ts'

/** A recorded call as a resource. */
const callType = { name: 'Call', attributes: { holder: 'String' }, parents: ['Organization'] } as const satisfies ResourceType

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
/** What is read of a call to find out whose it is. */
type OpenCall = Pick<Call, 'org_id' | 'id' | 'holder_id'>
type Settling = Performing<'call:settle', SettleInput, OpenCall>

function located(call: OpenCall): Located<OpenCall> {
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

/** Outcomes of calls, each field a list. */
interface Outcomes {
  readonly ids: readonly string[]
  readonly statuses: readonly (number | null)[]
  readonly codes: readonly (string | null)[]
  readonly digests: readonly (string | null)[]
  readonly bytes: readonly (number | null)[]
  readonly durations: readonly number[]
  readonly wanted: number
}

function outcomes(its: readonly Settling[]): Outcomes {
  const inputs = its.map(({ input }) => input)
  return {
    ids: inputs.map(({ call }) => call),
    statuses: inputs.map(({ status }) => status),
    codes: inputs.map(({ code }) => code),
    digests: inputs.map(({ responseDigest }) => responseDigest),
    bytes: inputs.map(({ responseBytes }) => responseBytes),
    durations: inputs.map(({ durationMs }) => durationMs),
    wanted: inputs.length,
  }
}

/** Settles calls, each once: it leaves those that were settled, or given up, before as they are. */
const settled = (it: Outcomes) => sql<{ id: string }>`
  update call set state = 'settled', status = s.status, code = s.code, response_digest = s.digest, response_bytes = s.bytes, duration_ms = s.duration
  from unnest(
    ${it.ids}::text[], ${it.statuses}::int[], ${it.codes}::text[], ${it.digests}::text[], ${it.bytes}::bigint[], ${it.durations}::int[]
  ) as s (id, status, code, digest, bytes, duration)
  where call.id = s.id and call.state = 'decided' returning call.id`

const settling = prepared((_, it: Outcomes) => settled(it))
const settlingAll = prepared(
  (_, it: Outcomes) => sql`with settled as (${settled(it)}) select require_admitted(count(*), ${it.wanted}) from settled`,
)

const openCalls = prepared(
  (_, { wanted }: { wanted: readonly string[] }) =>
    sql<OpenCall>`select org_id, id, holder_id from call where id = any(${wanted}::text[]) and state = 'decided'`,
)

/** How several outcomes are recorded together: all calls are looked up at once. What is out of the ordinary is left to the action itself. */
export const settleTogether = {
  async locate(tx: Tx, its: readonly { readonly input: unknown }[]) {
    const wanted = its.map(({ input }) => (input as SettleInput).call) // the door has just parsed it with this action's schema
    const open = await openCalls({ wanted }).execute(tx)
    const byId = new Map(open.map((call) => [call.id, call]))
    return wanted.map((id) => {
      const call = byId.get(id)
      byId.delete(id)
      return call === undefined ? undefined : located(call)
    })
  },
  // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
  async perform(performing: readonly Performing<string, unknown, unknown>[], last: (statement: Sendable) => void) {
    const its = performing as readonly Settling[]
    // One that was settled before undoes all of them, as what was taken away meanwhile would; each says what it found when it is governed on its own.
    last(settlingAll(outcomes(its)))
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
    const call = await tx.selectFrom('call').select(['org_id', 'id', 'holder_id']).where('id', '=', input.call).executeTakeFirst()
    if (call === undefined) throw fail('not_found', 'There is no call with this id.')
    return located(call)
  },
  async perform(it) {
    const settled = await settling(outcomes([it])).execute(it.tx)
    if (settled.length !== 1) throw fail('conflict', 'This call was settled before.')
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
