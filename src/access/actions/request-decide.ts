// Deciding on a request: approving a step of it, denying it, withdrawing it, and closing what nobody decided in time. The approval that it needs last gives what
// was asked for, by the code of `grant:create`, in the same transaction. Each holds the request first, so that of several at once exactly one comes first.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { personPrincipal } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  type Locating,
  locateOrganization,
  organizationType,
  type Performing,
  type Ports,
  reasonText,
  type Tx,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { lacking, requireHeld } from '../bounds.ts'
import { actionsOf, factsOf, type Giver, give, grantRelated, grantRow, requireThere, scopeOf } from '../give.ts'
import { stillHolds } from '../reach.ts'
import { locatedRequest } from '../requests/deciders.ts'
import {
  endsAt,
  findRequest,
  holdOpen,
  minutesSoFar,
  type RequestFound,
  requestType,
  surrounded,
  termsOf,
} from '../requests/find-request.ts'
import { detailOf, requestDetail, requestOutput, shownRequests } from '../requests/shown.ts'
import { approvalsFor, stakesOf } from '../requests/stakes.ts'
import type { AccessRequestTable, GrantTable } from '../tables.ts'

const oneRequest = { request: idOf('req') }

async function locateDeciding({ input, tx, ports }: Locating<{ readonly request: string }>) {
  return locatedRequest(await findRequest(tx, ports, input.request))
}

const askerOf = ({ row }: RequestFound) => ({ rel: 'asker', type: 'Person', id: row.asker_id })

const approveInput = z.strictObject({
  ...oneRequest,
  minutes: z.coerce.number().int().min(1).optional().meta({ description: 'Shorter than was asked for; never longer.' }),
  despite: z
    .array(z.string().max(60))
    .max(20)
    .default([])
    .meta({ description: 'Declared conflicts of duties that it is given in spite of.' }),
  reason: reasonText,
})

function minutesOf(found: RequestFound, minutes: number | undefined): number {
  const most = minutesSoFar(found)
  if (minutes !== undefined && minutes > most)
    throw fail('invalid', `It was asked for ${most} minutes; an approval may only shorten that.`, { pointer: '/minutes' })
  return minutes ?? most
}

/** Whether somebody who approved could do so still: he is here, holds the right to it, and what is asked for is his to give. */
async function couldStill(
  { tx, ports }: Giver,
  { row, environment }: RequestFound,
  person_id: string,
  given: Selectable<GrantTable>,
): Promise<boolean> {
  const person = await tx.selectFrom('person').selectAll().where('id', '=', person_id).where('state', '=', 'active').executeTakeFirst()
  if (person === undefined) return false
  const scope = { type: row.scope_type, id: row.scope_id }
  const approving = { holder: person_id, action: approveRequest.name, scope, environment: environment?.id }
  if (!(await stillHolds(tx, ports, approving))) return false
  return (await lacking({ tx, ports, giver: personPrincipal(person, ''), given })).length === 0
}

/** Takes back the approvals of those who could no longer give it; answers how many still stand. */
async function standing(giver: Giver, found: RequestFound, given: Selectable<GrantTable>): Promise<number> {
  const { row, approvals } = found
  let still = 0
  for (const { person_id } of approvals) {
    if (await couldStill(giver, found, person_id, given)) still++
    else await giver.tx.deleteFrom('access_approval').where('request_id', '=', row.id).where('person_id', '=', person_id).execute()
  }
  return still
}

/** Refuses a role that came to give more while it was asked for: nobody who looked at the request has seen that. Throws `conflict`. */
function requireNoMore({ custom_role: role, actions: asked }: Selectable<AccessRequestTable>, actions: readonly string[]): void {
  const more = role === null ? [] : actions.filter((name) => !asked.includes(name))
  if (more.length === 0) return
  throw fail('conflict', 'This role gives more by now than when it was asked for.', {
    facts: { more: more.slice(0, 50) },
    next: 'Deny it, and have it asked for again.',
  })
}

/** What was asked for, as a grant by the approver; whoever may not give it is refused. */
async function grantFor(giver: Giver, found: RequestFound, actions: readonly string[], minutes: number): Promise<Selectable<GrantTable>> {
  const { row } = found
  const { tx, ports, principal } = giver
  const expiresAt = endsAt(row, minutes, ports.clock.now())
  const given = grantRow(giver, termsOf(row), actions, { to: { type: 'Person', id: row.asker_id }, expiresAt, request: row.id })
  await requireHeld({ tx, ports, giver: principal, given })
  return given
}

async function close(
  tx: Tx,
  { row }: RequestFound,
  to: Pick<Selectable<AccessRequestTable>, 'state' | 'closed_by' | 'grant_id'>,
  now: number,
): Promise<void> {
  await tx
    .updateTable('access_request')
    .set({ ...to, closed_at: new Date(now) })
    .where('id', '=', row.id)
    .where('state', '=', 'open')
    .execute()
}

type Approving = Performing<'request:approve', z.output<typeof approveInput>, RequestFound>

/** Keeps an approval, and gives what was asked for where it was the last that was needed. */
async function approve({ input, found, tx, ports, principal }: Approving) {
  const { row } = found
  await holdOpen(tx, ports, found)
  const terms = termsOf(row)
  await scopeOf(tx, ports, terms, row.org_id)
  await requireThere(tx, ports, terms)
  const actions = await actionsOf(tx, terms)
  requireNoMore(row, actions)
  const minutes = minutesOf(found, input.minutes)
  const giver = { tx, ports, principal }
  const given = await grantFor(giver, found, actions, minutes)
  const step = (await standing(giver, found, given)) + 1
  const shorter = input.minutes ?? null
  const at = new Date(ports.clock.now())
  await tx
    .insertInto('access_approval')
    .values({ org_id: row.org_id, request_id: row.id, step, person_id: principal.id, minutes: shorter, at })
    .execute()
  // What it would reach may have become more since it was asked for; it never takes fewer than it took then.
  const needed = Math.max(row.approvals_needed, approvalsFor(await stakesOf(tx, ports, given)))
  if (needed !== row.approvals_needed)
    await tx.updateTable('access_request').set({ approvals_needed: needed }).where('id', '=', row.id).execute()
  const facts = { step, needed, minutes }
  if (step < needed) return { facts, related: [askerOf(found)] }
  const conflicts = await give(giver, given, input.despite)
  await close(tx, found, { state: 'approved', closed_by: principal.id, grant_id: given.id }, at.getTime())
  return { facts: { ...facts, ...factsOf(given, conflicts) }, related: [askerOf(found), ...grantRelated(given)] }
}

async function again(tx: Tx, ports: Ports, { row }: RequestFound): Promise<RequestFound> {
  const now = await tx.selectFrom('access_request').selectAll().where('id', '=', row.id).executeTakeFirstOrThrow()
  return surrounded(tx, ports, now)
}

/** Approves a step of a request; the last gives what was asked for. */
export const approveRequest = action({
  name: 'request:approve',
  summary: 'Approve a request, as somebody else to whom it is to give; the last approval that it needs gives what was asked for.',
  effect: 'change',
  roles: ['admin'],
  resource: requestType,
  context: { grantees: 'Set<String>' },
  input: approveInput,
  output: requestDetail,
  locate: locateDeciding,
  async perform(it) {
    const { tx, ports, found, principal, input, allowed } = it
    const done = await approve(it)
    const pending = { action: 'request:approve', by: principal.id, text: input.reason }
    const result = await detailOf({ tx, ports, version: allowed.version }, approveRequest, await again(tx, ports, found), pending)
    return { result, ...done, texts: { reason: input.reason } }
  },
})

/** Denies a request; it ends here. */
export const denyRequest = action({
  name: 'request:deny',
  summary: 'Deny a request; it ends here.',
  effect: 'change',
  roles: ['admin'],
  resource: requestType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({ ...oneRequest, reason: reasonText }),
  output: requestOutput,
  locate: locateDeciding,
  async perform({ input, found, tx, ports, principal }) {
    await holdOpen(tx, ports, found)
    await close(tx, found, { state: 'denied', closed_by: principal.id, grant_id: null }, ports.clock.now())
    const [result] = await shownRequests(tx, [await again(tx, ports, found)])
    if (result === undefined) throw new Error('A request that was denied is not there.')
    return { result, facts: { given: found.approvals.length }, related: [askerOf(found)], texts: { reason: input.reason } }
  },
})

/** Withdraws one's own request. */
export const withdrawRequest = action({
  name: 'request:withdraw',
  summary: 'Withdraw your own request; it ends here.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: requestType,
  input: z.strictObject({ ...oneRequest, reason: reasonText.optional() }),
  output: requestOutput,
  locate: async ({ input, tx, ports }) => {
    const located = locatedRequest(await findRequest(tx, ports, input.request))
    return { ...located, context: {} }
  },
  async perform({ input, found, tx, ports, principal }) {
    await holdOpen(tx, ports, found)
    await close(tx, found, { state: 'withdrawn', closed_by: principal.id, grant_id: null }, ports.clock.now())
    const [result] = await shownRequests(tx, [await again(tx, ports, found)])
    if (result === undefined) throw new Error('A request that was withdrawn is not there.')
    return { result, facts: { given: found.approvals.length }, ...(input.reason === undefined ? {} : { texts: { reason: input.reason } }) }
  },
})

const overdueMax = 100

/** Finds requests that nobody decided in time. */
export const findOverdueRequests = action({
  name: 'request:overdue',
  summary: 'Find the requests that nobody decided in time.',
  effect: 'read',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ requests: z.array(idOf('req')) }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const rows = await tx
      .selectFrom('access_request')
      .select('id')
      .where('state', '=', 'open')
      .where('expires_at', '<=', new Date(ports.clock.now()))
      .orderBy('id')
      .limit(overdueMax)
      .execute()
    return { result: { requests: rows.map(({ id }) => id) } }
  },
})

/** Closes a request that nobody decided in time. Whoever decided at the same moment was first, or finds it closed. */
export const expireRequest = action({
  name: 'request:expire',
  summary: 'Close a request that nobody decided in time.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: requestType,
  input: z.strictObject(oneRequest),
  output: z.object({ expired: z.boolean() }),
  locate: async ({ input, tx, ports }) => ({
    ...locatedRequest(await findRequest(tx, ports, input.request)),
    context: {},
  }),
  async perform({ found, tx, ports }) {
    await holdAdmissions(tx)
    const now = ports.clock.now()
    const { row } = await again(tx, ports, found)
    if (row.state !== 'open' || row.expires_at.getTime() > now) return { result: { expired: false }, isUnchanged: true }
    await close(tx, found, { state: 'expired', closed_by: null, grant_id: null }, now)
    return { result: { expired: true }, facts: { given: found.approvals.length }, related: [askerOf(found)] }
  },
})
