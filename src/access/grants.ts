// Grants as policies: one grant is one Cedar permit whose id is the grant's, so that a decision's reasons name the grant.
// Ids and roles come from our own columns; they are still quoted as Cedar strings, so that no value can become policy text.
import type { Selectable } from 'kysely'
import type { Tx } from '../kernel/index.ts'
import type { GrantTable, PermissionTable } from './tables.ts'

/** A policy under its id. */
export interface Policy {
  readonly id: string
  readonly text: string
}

const quote = (text: string): string => JSON.stringify(text)
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** The Cedar text of one grant. */
export function grantPolicy(grant: Selectable<GrantTable>): Policy {
  const conditions: string[] = []
  // Seconds are cut: rounded up here, so that a grant never begins early; and down below, so that it never ends late.
  if (grant.not_before !== null) conditions.push(`context.now >= ${Math.ceil(grant.not_before.getTime() / 1000)}`)
  if (grant.expires_at !== null) conditions.push(`context.now < ${seconds(grant.expires_at)}`)
  if (grant.environments.length > 0) {
    conditions.push(`(context.environment == "" || [${grant.environments.map(quote).join(', ')}].contains(context.environment))`)
  }
  const when = conditions.length === 0 ? '' : ` when { ${conditions.join(' && ')} }`
  const scope = `${grant.scope_type}::${quote(grant.scope_id)}`
  return {
    id: grant.id,
    text: `permit(principal == ${grant.principal_type}::${quote(grant.principal_id)}, action in Action::${quote(`role:${grant.role}`)}, resource in ${scope})${when};`,
  }
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

/** The policies that a principal holds of its own: live grants, and for runs and services their permission rules. */
export async function policiesOf(tx: Tx, holder: { readonly type: string; readonly id: string }): Promise<Policy[]> {
  const grants = await tx.selectFrom('grant').selectAll().where('principal_id', '=', holder.id).where('revoked_at', 'is', null).execute()
  const rules = await tx.selectFrom('permission').selectAll().where('holder_id', '=', holder.id).orderBy('number').execute()
  return [...grants.map(grantPolicy), ...rules.map((rule) => permissionPolicy(holder.type, rule))]
}
