// Grants as policies: one grant is one Cedar permit whose id is the grant's, so that a decision's reasons name the grant.
// Ids and roles come from our own columns; they are still quoted as Cedar strings, so that no value can become policy text.
import type { Selectable } from 'kysely'
import { boundsOf, selfAndGroups } from '../identity/index.ts'
import type { EntityRef, Tx } from '../kernel/index.ts'
import { boundCondition, boundForbids } from './guests/bounded-policies.ts'
import {
  actionAmong,
  actionIn,
  actionIs,
  all,
  any,
  compared,
  isLike,
  isOneOf,
  never,
  type Policy,
  permit,
  principalIs,
  resourceOf,
  type Said,
  word,
} from './said.ts'
import type { GrantTable, PermissionTable } from './tables.ts'

export type { Policy } from './said.ts'

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** What a grant says, as its policy needs it. */
export type GrantTerms = Omit<
  Selectable<GrantTable>,
  'actions' | 'until_run' | 'until_batch' | 'custom_role' | 'request_id' | 'break_glass'
> &
  Partial<Pick<Selectable<GrantTable>, 'actions' | 'until_run' | 'until_batch' | 'custom_role' | 'request_id' | 'break_glass'>>

/** What a grant gives, as the scope of a policy: the group of actions that a role is, or single actions. */
function given({ role, actions = [] }: GrantTerms): Said {
  return role === null ? actionAmong(actions) : actionIn(`role:${role}`)
}

const [now, environment] = [word('now'), word('environment')]
const isNowhere = compared(environment, '==', '')

/**
 * The policy of one grant. For `holder`, when given, who holds it directly or through groups: the policy then speaks of that holder alone, because it
 * is made for a decision about him. `bound` is what bounds that holder, whatever is granted.
 */
export function grantPolicy(grant: GrantTerms, holder?: EntityRef, bound?: Said): Policy {
  const conditions: Said[] = bound === undefined ? [] : [bound]
  // Seconds are cut: rounded up here, so that a grant never begins early; and down below, so that it never ends late.
  if (grant.not_before !== null) conditions.push(compared(now, '>=', Math.ceil(grant.not_before.getTime() / 1000)))
  if (grant.expires_at !== null) conditions.push(compared(now, '<', seconds(grant.expires_at)))
  if (grant.environments.length > 0) conditions.push(any([isNowhere, isOneOf(grant.environments, environment)]))
  const of = holder ?? { type: grant.principal_type, id: grant.principal_id }
  const scope = { type: grant.scope_type, id: grant.scope_id }
  const head = [principalIs(of, of.type === 'Group'), given(grant), resourceOf('in', scope)] as const
  return permit(grant.id, head, conditions.length === 0 ? undefined : all(conditions))
}

/** How many slashes a path has: with their number fixed, a `*` can match none of them. */
export function slashesIn(path: string): number {
  return path.split('/').length - 1
}

/** The shape of a path: every segment that holds a digit, as ids do, becomes one star. A pattern's `{id}` has the same shape. */
export function shapeOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment === '{id}' || /\d/.test(segment) ? '*' : segment))
    .join('/')
}

/** What the context of a call says of its path. The path is one that the broker has read strictly: it holds no star and no brace. */
export function pathContext(path: string): { readonly path: string; readonly slashes: number; readonly shape: string } {
  return { path, slashes: slashesIn(path), shape: shapeOf(path) }
}

/**
 * A path rule as conditions. `*` stays within its segment because the number of slashes must agree; `{id}` is a segment that holds a digit, because
 * the shape must agree; `/**` at the end is any rest. `/**` goes with neither of the others, and a pattern that mixes them permits nothing.
 */
function pathConditions(path: string): readonly Said[] {
  const open = path.endsWith('/**')
  const stem = open ? path.slice(0, -2) : path
  const hasId = stem.split('/').includes('{id}')
  if (stem.includes('*') && (open || hasId)) return [never]
  if (open && hasId) return [never]
  if (open) return [isLike(word('path'), `${stem}*`)]
  const shape = hasId ? [compared(word('shape'), '==', shapeOf(stem))] : []
  return [isLike(word('path'), stem.replaceAll('{id}', '*')), compared(word('slashes'), '==', slashesIn(stem)), ...shape]
}

/** The policy of one rule of a run's or a service's permission. */
export function permissionPolicy(holderType: string, rule: Selectable<PermissionTable>): Policy {
  const holder = principalIs({ type: holderType, id: rule.holder_id }, false)
  const head = [holder, actionIs('connection:call'), resourceOf('==', { type: 'Connection', id: rule.connection_id })] as const
  return permit(`${rule.origin_id}/${rule.number}`, head, all([isOneOf(rule.methods, word('method')), ...pathConditions(rule.path)]))
}

/** The grants that somebody holds and that were not taken away, directly or through groups. */
export async function grantsHeld(tx: Tx, holder: string): Promise<Selectable<GrantTable>[]> {
  return tx.selectFrom('grant').selectAll().where('principal_id', 'in', selfAndGroups(holder)).where('revoked_at', 'is', null).execute()
}

/** Whoever can be a guest, or of an engagement. */
const mayBeBounded: ReadonlySet<string> = new Set(['Person', 'Pipeline', 'Agent', 'Service'])

/**
 * The policies that a request of a principal is decided by, beside those that ship: live grants, directly or through groups, for runs and services their
 * permission rules, and the guardrails of the organization that are in force.
 */
export async function policiesOf(tx: Tx, holder: EntityRef, guardrails: readonly Policy[]): Promise<Policy[]> {
  const [grants, rules, bounds] = await Promise.all([
    grantsHeld(tx, holder.id),
    // Rules are made for runs by their manifest and for workloads by their promotion, for people never.
    holder.type === 'Person' ? [] : tx.selectFrom('permission').selectAll().where('holder_id', '=', holder.id).orderBy('number').execute(),
    mayBeBounded.has(holder.type) ? boundsOf(tx, holder.id) : [],
  ])
  const bound = boundCondition(bounds)
  return [
    ...grants.map((grant) => grantPolicy(grant, holder, bound)),
    ...rules.map((rule) => permissionPolicy(holder.type, rule)),
    ...boundForbids(bounds),
    ...guardrails,
  ]
}
