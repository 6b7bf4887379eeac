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
  if (grant.not_before !== null) conditions.push(`context.now >= ${seconds(grant.not_before)}`)
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

/** A path rule as a Cedar condition: `*` stays within its segment because the number of slashes must agree; only a last `/**` lifts that. */
function pathCondition(path: string): string {
  const open = path.endsWith('/**')
  const pattern = JSON.stringify(open ? path.slice(0, -1) : path)
  return open ? `context.path like ${pattern}` : `context.path like ${pattern} && context.slashes == ${slashesIn(path)}`
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
