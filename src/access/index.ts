// The door of `access`: may they. Decisions, grants, and what has been taken away.
import { createGrant, listGrants, revokeGrant } from './actions/grant.ts'

/** What `access` can do. */
export const accessActions = [createGrant, listGrants, revokeGrant] as const
export { createGrant } from './actions/grant.ts'
export { takeAway, takeawayVersion } from './admission.ts'
export { type CedarEngine, createCedar } from './cedar.ts'
export { type Decider, type Decision, type DecisionRequest, decide, isMinted, rolesFor, wouldAllow } from './decide.ts'
export type { Examined, ExaminedAnswer, ExaminedQuestion, Examiner } from './examiner.ts'
export { grantPolicy, type Policy, pathContext, permissionPolicy, policiesOf, shapeOf, slashesIn } from './grants.ts'
export { heldGrants } from './held-grants.ts'
export { grantsOfPeople } from './holders.ts'
export { because, meaningOf } from './meanings.ts'
export type { Scopes } from './ports.ts'
export { cedarSchema, requestContext, resourceTypes } from './schema.ts'
export { guardrails, shippedPolicies } from './shipped-policies.ts'
export type { GrantTable, PermissionTable, TakeawayTable } from './tables.ts'
