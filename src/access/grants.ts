// Grants as policies: one grant is one Cedar permit whose id is the grant's, so that a decision's reasons name the grant.
// Ids and roles come from our own columns; they are still quoted as Cedar strings, so that no value can become policy text.
import type { Selectable } from 'kysely'
import { boundsOf, selfAndGroups } from '../identity/index.ts'
import type { EntityRef, Tx } from '../kernel/index.ts'
import { boundCondition, boundForbids } from './guests/bounded-policies.ts'
import type { GrantTable, PermissionTable } from './tables.ts'

/** A policy under its id. */
export interface Policy {
  readonly id: string
  readonly text: string
}

const quote = (text: string): string => JSON.stringify(text)
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** What a grant says, as its policy needs it. */
export type GrantTerms = Omit<
  Selectable<GrantTable>,
  'actions' | 'until_run' | 'until_batch' | 'custom_role' | 'request_id' | 'break_glass'
> &
  Partial<Pick<Selectable<GrantTable>, 'actions' | 'until_run' | 'until_batch' | 'custom_role' | 'request_id' | 'break_glass'>>

/** What a grant gives, as the scope of a policy: the group of actions that a role is, or single actions. */
function given({ role, actions = [] }: GrantTerms): string {
  if (role !== null) return `action in Action::${quote(`role:${role}`)}`
  return `action in [${actions.map((name) => `Action::${quote(name)}`).join(', ')}]`
}

/**
 * The Cedar text of one grant. For `holder`, when given, who holds it directly or through groups: the policy then speaks of that holder alone, because it
 * is made for a decision about him. `bound` is what bounds that holder, whatever is granted.
 */
export function grantPolicy(grant: GrantTerms, holder?: EntityRef, bound?: string): Policy {
  const conditions: string[] = bound === undefined ? [] : [bound]
  // Seconds are cut: rounded up here, so that a grant never begins early; and down below, so that it never ends late.
  if (grant.not_before !== null) conditions.push(`context.now >= ${Math.ceil(grant.not_before.getTime() / 1000)}`)
  if (grant.expires_at !== null) conditions.push(`context.now < ${seconds(grant.expires_at)}`)
  if (grant.environments.length > 0) {
    conditions.push(`(context.environment == "" || [${grant.environments.map(quote).join(', ')}].contains(context.environment))`)
  }
  const when = conditions.length === 0 ? '' : ` when { ${conditions.join(' && ')} }`
  const scope = `${grant.scope_type}::${quote(grant.scope_id)}`
  const of = holder ?? { type: grant.principal_type, id: grant.principal_id }
  const principal = of.type === 'Group' ? `principal in Group::${quote(of.id)}` : `principal == ${of.type}::${quote(of.id)}`
  return { id: grant.id, text: `permit(${principal}, ${given(grant)}, resource in ${scope})${when};` }
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
 * A path rule as a Cedar condition. `*` stays within its segment because the number of slashes must agree; `{id}` is a segment that holds a digit, because
 * the shape must agree; `/**` at the end is any rest. `/**` goes with neither of the others, and a pattern that mixes them permits nothing.
 */
function pathCondition(path: string): string {
  const open = path.endsWith('/**')
  const stem = open ? path.slice(0, -2) : path
  const hasId = stem.split('/').includes('{id}')
  if (open && (stem.includes('*') || hasId)) return 'false'
  if (hasId && stem.includes('*')) return 'false'
  const pattern = JSON.stringify(open ? `${stem}*` : stem.replaceAll('{id}', '*'))
  if (open) return `context.path like ${pattern}`
  const shape = hasId ? ` && context.shape == ${JSON.stringify(shapeOf(stem))}` : ''
  return `context.path like ${pattern} && context.slashes == ${slashesIn(stem)}${shape}`
}

/** The Cedar text of one rule of a run's or a service's permission. */
export function permissionPolicy(holderType: string, rule: Selectable<PermissionTable>): Policy {
  const methods = rule.methods.map(quote).join(', ')
  return {
    id: `${rule.origin_id}/${rule.number}`,
    text: `permit(principal == ${holderType}::${quote(rule.holder_id)}, action == Action::"connection:call", resource == Connection::${quote(rule.connection_id)}) when { [${methods}].contains(context.method) && ${pathCondition(rule.path)} };`,
  }
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
