// Requests for access that wait for somebody: to be decided, or answered a moment ago; and uses of break-glass that nobody has reviewed. Who could decide is
// asked as the door would decide it; nobody else is told.
import { type GrantTable, requestsToDecide, usesToReview } from '../../access/index.ts'
import { type Names, namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking } from './item.ts'

const dayMs = 86_400_000

interface Wanted {
  readonly role: string | null
  readonly custom_role: string | null
  readonly actions: readonly string[]
}

/** What is asked for, in a word or two. */
function what({ role, custom_role, actions }: Wanted): string {
  return (
    role ?? custom_role ?? (actions.length > 2 ? `${actions.slice(0, 2).join(', ')} and ${actions.length - 2} more` : actions.join(', '))
  )
}

interface Placed {
  readonly scope_type: string
  readonly scope_id: string
  readonly environments: readonly string[]
}

/** Where it would reach: on what, and in which environments where not in all. */
function where({ scope_type, scope_id, environments }: Placed, nameOf: Names): string {
  const on = scope_type === 'Organization' ? 'on everything here' : `on ${scope_type.toLowerCase()} ${nameOf(scope_id) ?? scope_id}`
  return environments.length === 0 ? on : `${on}, in ${environments.map((id) => nameOf(id) ?? id).join(', ')}`
}

/** Open requests that the caller could approve. */
export async function toDecide(it: Looking): Promise<AttentionItem[]> {
  const { tx, ports, principal, version } = it
  const { looked, requests } = await requestsToDecide({ tx, ports, version }, principal, candidatesMax)
  bounded(it, [...looked])
  const nameOf = await namesOf(
    tx,
    requests.flatMap(({ row }) => [row.asker_id, row.scope_id, ...row.environments]),
  )
  return requests.map(({ row, approvals }) => ({
    kind: 'request_to_decide',
    subject: { type: 'AccessRequest', id: row.id },
    title: `${nameOf(row.asker_id) ?? row.asker_id} asks for ${what(row)} ${where(row, nameOf)}`,
    why: `For ${row.minutes} minutes. ${approvals.length > 0 ? 'One has approved it, and it takes a second' : 'It is yours to give'}: approve or deny it.`,
    since: row.created_at.toISOString(),
    until: row.expires_at.toISOString(),
    action: 'request:approve',
  }))
}

const answers = {
  approved: 'It was approved: what you asked for is yours until it ends.',
  denied: 'It was denied.',
  expired: 'Nobody decided on it in time.',
  ended: 'It ended: the role that you asked for gives more by now, or is there no more, or you had left. Ask again, if you still need it.',
} as const

/** Requests of the caller that were answered within the last day; an approved one for as long as it gives something. */
export async function answeredRequests(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('access_request')
    .leftJoin('grant', (join) => join.onRef('grant.org_id', '=', 'access_request.org_id').onRef('grant.id', '=', 'access_request.grant_id'))
    .select(['access_request.id', 'access_request.state', 'access_request.role', 'access_request.custom_role', 'access_request.actions'])
    .select(['access_request.closed_at', 'access_request.created_at', 'grant.expires_at as ends', 'grant.revoked_at'])
    .where('asker_id', '=', principal.id)
    .where('access_request.state', 'in', ['approved', 'denied', 'expired', 'ended'])
    .where('closed_at', '>', new Date(now - dayMs))
    .orderBy('access_request.id')
    .limit(candidatesMax)
    .execute()
  const told = bounded(it, rows).filter(
    ({ state, ends, revoked_at }) => state !== 'approved' || (revoked_at === null && (ends?.getTime() ?? 0) > now),
  )
  return told.flatMap((row) =>
    row.state === 'approved' || row.state === 'denied' || row.state === 'expired' || row.state === 'ended'
      ? [
          {
            kind: 'request_answered' as const,
            subject: { type: 'AccessRequest', id: row.id },
            title: `Your request for ${what(row)}`,
            why: answers[row.state],
            since: (row.closed_at ?? row.created_at).toISOString(),
            until: row.ends?.toISOString() ?? null,
            action: 'request:show',
          },
        ]
      : [],
  )
}

type Until = Pick<GrantTable, 'revoked_at' | 'expires_at'>

const isLive = ({ revoked_at, expires_at }: Until, now: number): boolean => revoked_at === null && (expires_at?.getTime() ?? 0) > now

/** Uses of break-glass that nobody has reviewed, for everybody who could. */
export async function breakGlassToReview(it: Looking): Promise<AttentionItem[]> {
  const { tx, now } = it
  const { looked, uses } = await usesToReview(it, candidatesMax)
  bounded(it, [...looked])
  const nameOf = await namesOf(
    tx,
    uses.flatMap(({ principal_id, scope_id, environments }) => [principal_id, scope_id, ...environments]),
  )
  return uses.map((use) => ({
    kind: 'break_glass_to_review',
    subject: { type: 'Grant', id: use.id },
    title: `${nameOf(use.principal_id) ?? use.principal_id} broke the glass: ${use.role ?? ''} ${where(use, nameOf)}`,
    why: isLive(use, now)
      ? 'It is in force now. Say whether it was justified; if not, it ends at once.'
      : 'It is over. Say whether it was justified; until then it stays here.',
    since: use.created_at.toISOString(),
    until: isLive(use, now) ? (use.expires_at?.toISOString() ?? null) : null,
    action: 'grant:review',
  }))
}
