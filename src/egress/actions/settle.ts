// The outcome of a call, recorded after it; and what becomes of calls whose outcome nobody knows.
import { z } from 'zod'
import { action, digestText, fail, organizationEntity, type ResourceType } from '../../kernel/index.ts'

/** A recorded call as a resource. */
export const callType = { name: 'Call', attributes: { holder: 'String' }, parents: ['Organization'] } as const satisfies ResourceType

/** Records how a call went. */
export const settleCall = action({
  name: 'call:settle',
  summary: 'Record how an allowed call went.',
  effect: 'change',
  roles: [],
  system: ['broker'],
  resource: callType,
  input: z.strictObject({
    call: z.string().max(40),
    status: z.number().int().min(100).max(599).nullable(),
    code: z.string().max(60).nullable(),
    responseDigest: digestText.nullable(),
    responseBytes: z.number().int().min(0).nullable(),
    durationMs: z.number().int().min(0),
    redacted: z.number().int().min(0),
  }),
  output: z.object({ call: z.string() }),
  locate: async ({ input, tx, principal }) => {
    const call = await tx.selectFrom('call').selectAll().where('id', '=', input.call).executeTakeFirst()
    if (call === undefined) throw fail('not_found', 'There is no call with this id.')
    const resource = {
      type: 'Call',
      id: call.id,
      attributes: { holder: call.holder_id },
      parents: [{ type: 'Organization', id: principal.org }],
    }
    return { resource, others: [organizationEntity(principal.org)], found: call }
  },
  async perform({ input, found: call, tx }) {
    if (call.state !== 'decided') throw fail('conflict', 'This call was settled before.')
    const { status, code, responseDigest, responseBytes, durationMs, redacted } = input
    const moved = await tx
      .updateTable('call')
      .set({ state: 'settled', status, code, response_digest: responseDigest, response_bytes: responseBytes, duration_ms: durationMs })
      .where('id', '=', call.id)
      .where('state', '=', 'decided')
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) throw fail('conflict', 'Somebody else settled this call.')
    return {
      result: { call: call.id },
      facts: { status, code, response: responseDigest, bytes: responseBytes, durationMs, redacted },
      related: [{ rel: 'holder', type: 'Holder', id: call.holder_id }],
    }
  },
})

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
  locate: async ({ input, principal }) => ({
    resource: {
      type: 'Call',
      id: input.holder,
      attributes: { holder: input.holder },
      parents: [{ type: 'Organization', id: principal.org }],
    },
    others: [organizationEntity(principal.org)],
    found: undefined,
  }),
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
