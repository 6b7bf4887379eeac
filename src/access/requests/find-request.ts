// A request as it stands: its row, the approvals that it has so far, and where its scope lies. Whoever decides holds it first: admissions wait, so that of an
// approval, a withdrawal, an expiry and the asker's leaving exactly one comes first, and whoever comes later sees that.
import type { Selectable } from 'kysely'
import {
  type Entity,
  type EntityRef,
  type EnvironmentRef,
  fail,
  idOf,
  organizationRef,
  type Ports,
  type ResourceType,
  roles,
  type Tx,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { scopeTypes, type Terms } from '../give.ts'
import type { AccessApprovalTable, AccessRequestTable } from '../tables.ts'

/** A request for access: its asker's own, and below the scope that it asks for. */
export const requestType = {
  name: 'AccessRequest',
  attributes: { self: 'String', approvers: 'Set<String>' },
  parents: [...scopeTypes],
} as const satisfies ResourceType

/** A request as it was found; `approvals` are those that count so far, in the order of their steps. */
export interface RequestFound {
  readonly row: Selectable<AccessRequestTable>
  readonly approvals: readonly Selectable<AccessApprovalTable>[]
  readonly above: readonly EntityRef[]
  /** The environment, where the request is for exactly one. */
  readonly environment: EnvironmentRef | undefined
}

/** A request as a resource of decisions. */
export function requestEntity({ row, approvals, above }: RequestFound): Entity {
  const approvers = approvals.map(({ person_id }) => person_id)
  return { type: 'AccessRequest', id: row.id, attributes: { self: row.asker_id, approvers }, parents: above }
}

/** The approvals of a request, in the order of their steps. */
async function approvalsOf(tx: Tx, request: string): Promise<Selectable<AccessApprovalTable>[]> {
  return tx.selectFrom('access_approval').selectAll().where('request_id', '=', request).orderBy('step').execute()
}

/** Remembers what was found under a key. */
async function once<T>(known: Map<string, T>, key: string, find: () => Promise<T>): Promise<T> {
  const before = known.get(key)
  if (before !== undefined || known.has(key)) return before as T // what was set under this key
  const found = await find()
  known.set(key, found)
  return found
}

/** What surrounds the rows of requests. A scope that is no longer there leaves the organization, so that the request can still be closed. */
export async function surroundedAll(tx: Tx, ports: Ports, rows: readonly Selectable<AccessRequestTable>[]): Promise<RequestFound[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const approvals = await tx.selectFrom('access_approval').selectAll().where('request_id', 'in', ids).orderBy('step').execute()
  const scopes = new Map<string, readonly EntityRef[] | undefined>()
  const environments = new Map<string, EnvironmentRef | undefined>()
  const found: RequestFound[] = []
  for (const row of rows) {
    const { scope_type: type, scope_id: id } = row
    const above = await once(scopes, `${type} ${id}`, () => ports.scopes.above(tx, { type, id }))
    const [only, ...others] = row.environments
    const isOne = only !== undefined && others.length === 0
    const environment = isOne ? await once(environments, only, () => ports.scopes.environment(tx, only)) : undefined
    const own = approvals.filter(({ request_id }) => request_id === row.id)
    found.push({ row, approvals: own, above: above ?? [organizationRef(row.org_id)], environment })
  }
  return found
}

/** What surrounds the row of a request. */
export async function surrounded(tx: Tx, ports: Ports, row: Selectable<AccessRequestTable>): Promise<RequestFound> {
  const [found] = await surroundedAll(tx, ports, [row])
  if (found === undefined) throw new Error('Nothing surrounds a request.')
  return found
}

/** Finds a request. Throws `not_found`. */
export async function findRequest(tx: Tx, ports: Ports, id: string): Promise<RequestFound> {
  const row = await tx.selectFrom('access_request').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no request with this id.')
  return surrounded(tx, ports, row)
}

/** What a request asks for, as whoever gives reads it. */
export function termsOf(row: Selectable<AccessRequestTable>): Terms {
  const { role, custom_role, actions } = row
  const what =
    role !== null
      ? { role: roles.find((one) => one === role) }
      : custom_role !== null
        ? { customRole: custom_role }
        : { actions: [...actions] }
  return {
    ...what,
    scopeType: scopeTypes.find((one) => one === row.scope_type) ?? 'Organization',
    scope: row.scope_id,
    environments: row.environments.map((id) => idOf('env').parse(id)),
    ...(row.not_before === null ? {} : { notBefore: row.not_before.toISOString() }),
  }
}

/** The shortest time that the asker and those who approved so far would have it last. */
export function minutesSoFar({ row, approvals }: Pick<RequestFound, 'row' | 'approvals'>): number {
  return Math.min(row.minutes, ...approvals.map(({ minutes }) => minutes ?? row.minutes))
}

/** When a grant ends that begins now, or later where the asker wants that. */
export function endsAt({ not_before }: Pick<Selectable<AccessRequestTable>, 'not_before'>, minutes: number, now: number): Date {
  return new Date(Math.max(now, not_before?.getTime() ?? 0) + minutes * 60_000)
}

/**
 * Waits for acts that are being admitted, holds back every other, and then looks whether the request is still what was decided on and still open at this
 * moment. Throws `stale` when it moved meanwhile (it is then decided again), `request_closed`, `request_expired`.
 */
export async function holdOpen(tx: Tx, ports: Ports, { row, approvals }: RequestFound): Promise<void> {
  await holdAdmissions(tx)
  const now = await tx.selectFrom('access_request').select('state').where('id', '=', row.id).executeTakeFirst()
  const standing = await approvalsOf(tx, row.id)
  const isUnmoved = standing.length === approvals.length && standing.every(({ person_id }, at) => person_id === approvals[at]?.person_id)
  if (now?.state !== row.state || !isUnmoved) throw fail('stale', 'Somebody else decided on this request at the same time.')
  requireOpen(row, ports.clock.now())
}

/** Refuses what is decided or over. A clock that says less than when it was asked cannot be trusted with an expiry. */
function requireOpen({ state, expires_at, created_at }: Selectable<AccessRequestTable>, now: number): void {
  if (state !== 'open')
    throw fail('request_closed', `This request is ${state}.`, { facts: { state }, next: 'Ask again, if it is still needed.' })
  if (expires_at.getTime() <= now)
    throw fail('request_expired', 'This request has expired: nobody decided on it in time.', { next: 'Ask again, if it is still needed.' })
  if (created_at.getTime() > now)
    throw fail('request_closed', 'The clock is before the moment that this was asked at; nothing is decided by it.', { facts: { state } })
}
