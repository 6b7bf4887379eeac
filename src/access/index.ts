// The door of `access`: may they. Decisions, grants, and what has been taken away.
import { declareConflict, endConflict, listConflicts } from './actions/conflict.ts'
import { showEngine } from './actions/engine.ts'
import { createGrant, listGrants, previewGrant, revokeGrant } from './actions/grant.ts'

/** What `access` can do. */
export const accessActions = [
  createGrant,
  previewGrant,
  listGrants,
  revokeGrant,
  declareConflict,
  listConflicts,
  endConflict,
  showEngine,
] as const
export { createGrant } from './actions/grant.ts'
export { administrators } from './administrators.ts'
export { holdAdmissions, takeAway, takeawayVersion, takeawayVersionOf } from './admission.ts'
export { giving } from './bounds.ts'
export { type CedarCounts, type CedarEngine, createCedar } from './cedar.ts'
export { type CompiledCedar, createCompiledCedar } from './compiled/compiled-cedar.ts'
export { EntityStore } from './compiled/entity-store.ts'
export { recordFrom, uidFromJson } from './compiled/json-values.ts'
export { type CompiledPolicy, compilePolicy, compilePolicyJson } from './compiled/policies.ts'
export { PolicyIndex } from './compiled/policy-index.ts'
export { checkPolicyLimits } from './compiled/policy-limits.ts'
export { type Decider, type Decision, type DecisionRequest, decide, isMinted, rolesFor, wouldAllow } from './decide.ts'
export { type DecisionFinding, DecisionFindings } from './decision-findings.ts'
export type { Examined, ExaminedAnswer, ExaminedQuestion, Examiner, Supposed, Supposing } from './examiner.ts'
export { type ExplainedGrant, type ExplainedPolicy, explained, explainPolicies, type NearMiss, nearMisses } from './explain.ts'
export { type GrantTerms, grantPolicy, type Policy, pathContext, permissionPolicy, policiesOf, shapeOf, slashesIn } from './grants.ts'
export { heldGrants } from './held-grants.ts'
export { endGrantsUntil, grantsOfPeople } from './holders.ts'
export { because, meaningOf } from './meanings.ts'
export type { GrantableActions, Scopes } from './ports.ts'
export { roleHolders } from './role-holders.ts'
export { cedarSchema, requestContext, resourceTypes } from './schema.ts'
export { freshSignIn, guardrails, shippedPolicies } from './shipped-policies.ts'
export type { GrantTable, PermissionTable, TakeawayTable } from './tables.ts'
