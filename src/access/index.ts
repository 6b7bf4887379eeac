// The door of `access`: may they. Decisions, grants, and what has been taken away.
export { takeAway, takeawayVersion } from './admission.ts'
export { type CedarEngine, createCedar } from './cedar.ts'
export { type Decider, type Decision, type DecisionRequest, decide, isMinted, rolesFor } from './decide.ts'
export { grantPolicy, permissionPolicy, type Policy, policiesOf } from './grants.ts'
export { cedarSchema, requestContext, resourceTypes } from './schema.ts'
export { guardrails, shippedPolicies } from './shipped-policies.ts'
export type { GrantTable, PermissionTable, TakeawayTable } from './tables.ts'
