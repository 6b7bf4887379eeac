// What a grant gives, read from its row: which action, in which environment, at which time. The same as its policy says (`grantPolicy`), for those who look at
// thousands of grants at once; a test holds the two together. It decides nothing: what guardrails forbid is asked of the decision itself.
import type { Selectable } from 'kysely'
import { grantPolicy, type Policy } from './grants.ts'
import type { GrantableActions } from './ports.ts'
import type { GrantTable } from './tables.ts'

type Terms = Pick<Selectable<GrantTable>, 'role' | 'actions' | 'environments' | 'not_before' | 'expires_at'>

/** Whether a grant counts at a time, in milliseconds since the epoch: to the second, as policies compare. */
export function holdsAt({ not_before, expires_at }: Pick<Terms, 'not_before' | 'expires_at'>, now: number): boolean {
  const second = Math.floor(now / 1000)
  if (not_before !== null && second < Math.ceil(not_before.getTime() / 1000)) return false
  return expires_at === null || second < Math.floor(expires_at.getTime() / 1000)
}

/** Whether a grant holds an action. */
export function givesAction({ role, actions }: Pick<Terms, 'role' | 'actions'>, action: string, grantable: GrantableActions): boolean {
  return role === null ? actions.includes(action) : (grantable.get(action)?.includes(role) ?? false)
}

/** Whether a grant counts in an environment; what happens in none is everywhere. */
export function givesIn({ environments }: Pick<Terms, 'environments'>, environment: string | undefined): boolean {
  return environment === undefined || environments.length === 0 || environments.includes(environment)
}

/** The actions that a grant holds, in the order of the catalogue where it is a role. */
export function actionsGiven({ role, actions }: Pick<Terms, 'role' | 'actions'>, grantable: GrantableActions): readonly string[] {
  return role === null ? actions : [...grantable].filter(([, roles]) => roles.includes(role)).map(([name]) => name)
}

/** The policy of whoever holds a role or single actions on the whole organization, without an end. */
export function holdsIn(org: string, terms: Pick<Terms, 'role' | 'actions'>): Policy {
  const always = { environments: [], not_before: null, expires_at: null, given_by: '', created_at: new Date(0), revoked_at: null }
  const scope = { org_id: org, id: 'held', principal_type: 'Person', principal_id: 'somebody', scope_type: 'Organization', scope_id: org }
  return grantPolicy({ ...scope, ...always, ...terms })
}
