// The rules of signing in: who must come through a provider, and how fresh a sign-in must be for what cannot be taken back.
import type { OrgId, Tx } from '../../kernel/index.ts'

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
