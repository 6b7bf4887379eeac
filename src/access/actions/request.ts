// Asking for access: what one wants for oneself, on what scope, for how long and why. Nobody asks for another, and asking gives nothing; the answer says who
// could approve it and which duties it would bring together. What is asked for comes from outside: it must exist.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { callerEntity, requestMinutes, sessionType } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  type Locating,
  moment,
  newId,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  reasonText,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { actionsOf, requireOne, requireThere, scopeOf, termsShape } from '../give.ts'
import { approvable, holdsAny, type Looking, policiesFor, wouldBeAllowed } from '../requests/deciders.ts'
import { findRequest, type RequestFound, requestEntity, requestType, surrounded, surroundedAll } from '../requests/find-request.ts'
import { detailOf, requestDetail, requestOutput, requestStates, shownRequests, stepsOf, stepsShape } from '../requests/shown.ts'
import { approvalsFor, stakesOf } from '../requests/stakes.ts'
import type { AccessRequestTable } from '../tables.ts'
import { approveRequest } from './request-decide.ts'

/** The most requests of one person that may be open at a time. */
const openRequestsMax = 20
const minutesMax = 7 * 1440
const aheadMaxMs = 30 * 86_400_000
const bodyBytesMax = 16_384

const requestInput = z.strictObject({
  ...termsShape,
  notBefore: moment.optional().meta({ description: 'From then on, at most 30 days ahead; from the approval on where it is left out.' }),
  minutes: z.coerce
    .number()
    .int()
    .min(5)
    .max(minutesMax)
    .optional()
    .meta({ description: 'How long the grant shall last; as the organization set, where it is left out: 60 minutes usually.' }),
  openMinutes: z.coerce.number().int().min(5).max(minutesMax).optional().meta({
    description: 'How long the request itself waits to be decided; as the organization set, where it is left out: a day usually.',
  }),
  reason: reasonText,
})
type RequestInput = z.output<typeof requestInput>

interface Asking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly input: RequestInput
}

/** The row of a request. Throws `invalid` for what is not there, or would be over before it begins. */
async function rowOf({ tx, ports, principal, input }: Asking, id: string): Promise<Selectable<AccessRequestTable>> {
  const actions = await actionsOf(tx, input)
  const now = ports.clock.now()
  const notBefore = input.notBefore === undefined ? null : new Date(input.notBefore)
  if (notBefore !== null && notBefore.getTime() > now + aheadMaxMs)
    throw fail('invalid', 'At most 30 days ahead can be asked for.', { pointer: '/notBefore' })
  const { role = null, customRole = null } = input
  const scope = { scope_type: input.scopeType, scope_id: input.scope ?? principal.org }
  const environments: string[] = [...new Set(input.environments)]
  const usual = await requestMinutes(tx)
  const second = await stakesOf(tx, ports, { role, actions, ...scope, environments })
  return {
    org_id: principal.org,
    id,
    asker_id: principal.id,
    role,
    custom_role: customRole,
    actions,
    ...scope,
    environments,
    minutes: input.minutes ?? usual.minutes,
    not_before: notBefore,
    state: 'open',
    approvals_needed: approvalsFor(second),
    created_at: new Date(now),
    expires_at: new Date(now + (input.openMinutes ?? usual.openMinutes) * 60_000),
    closed_at: null,
    closed_by: null,
    grant_id: null,
  }
}

async function requireRoom(tx: Tx, asker: string): Promise<void> {
  const open = await tx.selectFrom('access_request').select('id').where('asker_id', '=', asker).where('state', '=', 'open').execute()
  if (open.length < openRequestsMax) return
  throw fail('too_large', `At most ${openRequestsMax} requests of one person are open at a time.`, {
    next: 'Withdraw one that is no longer needed.',
  })
}

async function locateAsking({ input, tx, ports, principal }: Locating<RequestInput>) {
  requireOne(input)
  const above = await scopeOf(tx, ports, input, principal.org)
  await requireThere(tx, ports, input)
  const id = newId('req', ports)
  const resource = { type: 'AccessRequest', id, attributes: { self: principal.id, approvers: [] }, parents: above }
  return { resource, found: { id, above } }
}

function factsOf({
  role,
  custom_role,
  actions,
  scope_type,
  scope_id,
  environments,
  minutes,
  approvals_needed,
}: Selectable<AccessRequestTable>) {
  const what = role !== null ? { role } : custom_role !== null ? { customRole: custom_role } : { actions }
  return { ...what, scope: { type: scope_type, id: scope_id }, environments, minutes, approvals: approvals_needed }
}

/** Asks for access for oneself. */
export const createRequest = action({
  name: 'request:create',
  summary:
    'Ask for a role or single actions for yourself: on a scope, in environments, for some minutes, for a reason. Says who could approve it.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: requestType,
  input: requestInput,
  output: requestDetail,
  locate: locateAsking,
  async perform({ input, found, tx, ports, principal, allowed }) {
    await requireRoom(tx, principal.id)
    const row = await rowOf({ tx, ports, principal, input }, found.id)
    await tx.insertInto('access_request').values(row).execute()
    const look = { tx, ports, version: allowed.version }
    const pending = { action: 'request:create', by: principal.id, text: input.reason }
    return {
      result: await detailOf(look, approveRequest, await surrounded(tx, ports, row), pending),
      facts: { ...factsOf(row), expiresAt: row.expires_at.toISOString() },
      texts: { reason: input.reason },
    }
  },
})

/** Says what a request would come to, without making it. */
export const previewRequest = action({
  name: 'request:preview',
  summary: 'Say what a request would come to, without making it: who could approve it, and which duties it would bring together.',
  effect: 'read',
  roles: [],
  by: ['person'],
  resource: requestType,
  bodyBytesMax,
  input: requestInput.partial({ reason: true }),
  output: z.object(stepsShape),
  locate: ({ input, ...it }) => locateAsking({ ...it, input: { ...input, reason: '' } }),
  async perform({ input, found, tx, ports, principal, allowed }) {
    const row = await rowOf({ tx, ports, principal, input: { ...input, reason: '' } }, found.id)
    const look = { tx, ports, version: allowed.version }
    const result = await stepsOf(look, approveRequest, await surrounded(tx, ports, row), { words: [], names: new Map() })
    return { result }
  },
})

/** Shows a request. */
export const showRequest = action({
  name: 'request:show',
  summary: 'Show a request: what is asked for and why, its steps, and who may decide each.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: requestType,
  input: z.strictObject({ request: idOf('req') }),
  output: requestDetail,
  locate: async ({ input, tx, ports }) => {
    const found = await findRequest(tx, ports, input.request)
    return { resource: requestEntity(found), found }
  },
  async perform({ found, tx, ports, allowed }) {
    return { result: await detailOf({ tx, ports, version: allowed.version }, approveRequest, found) }
  },
})

/** The open requests that somebody could approve now, oldest first; of all that are open, `limit` are looked at. */
export async function requestsToDecide(
  look: Looking,
  principal: Principal,
  limit: number,
): Promise<{ readonly looked: readonly RequestFound[]; readonly requests: readonly RequestFound[] }> {
  const { tx, ports } = look
  if (!(await holdsAny(look, approveRequest, principal))) return { looked: [], requests: [] }
  const rows = await tx
    .selectFrom('access_request')
    .selectAll()
    .where('state', '=', 'open')
    .where('expires_at', '>', new Date(ports.clock.now()))
    .where('asker_id', '!=', principal.id)
    .orderBy('id')
    .limit(limit)
    .execute()
  const looked = await surroundedAll(tx, ports, rows)
  return { looked, requests: await onlyFor(look, principal, looked, 'to_decide') }
}

const which = z.enum(['mine', 'to_decide', 'all'])
type Which = z.output<typeof which>

/** Those of several requests that the caller may see, or could approve. */
async function onlyFor(look: Looking, principal: Principal, all: readonly RequestFound[], whose: Which): Promise<RequestFound[]> {
  if (whose === 'mine') return [...all]
  if (whose === 'to_decide') return approvable(look, approveRequest, principal, all)
  const policies = await policiesFor(look, principal)
  return all.filter((found) => wouldBeAllowed(look, { capability: showRequest, principal, policies, found }))
}

function rowsFor(tx: Tx, { which: whose, state, after, limit }: ListInput, me: string, now: Date) {
  let query = tx
    .selectFrom('access_request')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('id', '<', after)
  if (state !== undefined) query = query.where('state', '=', state)
  if (whose === 'mine') query = query.where('asker_id', '=', me)
  if (whose === 'to_decide') query = query.where('state', '=', 'open').where('expires_at', '>', now).where('asker_id', '!=', me)
  return query.execute()
}

/** Whose requests are looked through: for whoever may see no others, his own or none, because already where a page ends would tell him of them. */
async function reachOf(look: Looking, principal: Principal, whose: Which): Promise<Which | undefined> {
  if (whose === 'mine' || (await holdsAny(look, whose === 'all' ? showRequest : approveRequest, principal))) return whose
  return whose === 'all' ? 'mine' : undefined
}

const listInput = z.strictObject({
  which: which.default('mine').meta({ description: 'Your own; those that you could approve now; or all that you may see.' }),
  state: z.enum(requestStates).optional(),
  ...pageInput,
})
type ListInput = z.output<typeof listInput>

/** Lists requests. */
export const listRequests = action({
  name: 'request:list',
  summary: 'List requests, newest first: your own, those that you could approve, or all that you may see.',
  effect: 'read',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: listInput,
  output: pageOf(requestOutput),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ input, tx, ports, principal, allowed }) {
    const look = { tx, ports, version: allowed.version }
    const whose = await reachOf(look, principal, input.which)
    if (whose === undefined) return { result: { items: [], next: null } }
    const page = toPage(await rowsFor(tx, { ...input, which: whose }, principal.id, new Date(ports.clock.now())), input.limit)
    const all = await surroundedAll(tx, ports, page.items)
    const kept = await onlyFor(look, principal, all, whose)
    return { result: { items: await shownRequests(tx, kept), next: page.next } }
  },
})
