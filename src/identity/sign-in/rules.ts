// The rules of signing in: who must come through a provider, how long a session lasts and may lie unused, how fresh it must be for what cannot be taken back.
import type { OrgId, Ports, Tx } from '../../kernel/index.ts'

/** How long a sign-in counts as fresh where an organization did not say: as long as the session of somebody who may do such things. */
export const usualStepUpSeconds = 8 * 3600

/** The sign-in rules of an organization. */
export interface SignInRules {
  readonly requireSso: boolean
  readonly stepUpSeconds: number
}

/** The rules of the organization that the transaction is bound to. */
export async function signInRules(tx: Tx): Promise<SignInRules> {
  const row = await tx.selectFrom('sign_in_rules').select(['require_sso', 'step_up_seconds']).executeTakeFirst()
  return { requireSso: row?.require_sso ?? false, stepUpSeconds: row?.step_up_seconds ?? usualStepUpSeconds }
}

/** Changes some of the rules; the others stay. */
export async function changeRules(tx: Tx, org: OrgId, change: Partial<SignInRules>): Promise<SignInRules> {
  const after = { ...(await signInRules(tx)), ...change }
  const columns = { require_sso: after.requireSso, step_up_seconds: after.stepUpSeconds }
  await tx
    .insertInto('sign_in_rules')
    .values({ org_id: org, ...columns })
    .onConflict((conflict) => conflict.column('org_id').doUpdateSet(columns))
    .execute()
  return after
}

/** How long a session lasts at most, and how long it may lie unused, in seconds. */
export interface SessionLimits {
  readonly ttlSeconds: number
  readonly idleSeconds: number
}

const usual: SessionLimits = { ttlSeconds: 12 * 3600, idleSeconds: 6 * 3600 }
const privileged: SessionLimits = { ttlSeconds: 8 * 3600, idleSeconds: 2 * 3600 }
const privilegedRoles: ReadonlySet<string> = new Set(['admin', 'reviewer', 'deployer'])

/** The limits of a session that this person opens now: shorter for whoever can change what others may, or let something out. */
export async function sessionLimits(tx: Tx, person: string, ports: Ports): Promise<SessionLimits> {
  const grants = await ports.entitlements.of(tx, person, ports.clock.now())
  return grants.some(({ role }) => privilegedRoles.has(role)) ? privileged : usual
}
