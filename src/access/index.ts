// The door of `access`: may they. Decisions, grants and requests for them, guardrails, mappings, guests, and what has been taken away.
import { breakGlass, listBrokenGlass, reviewBreakGlass } from './actions/break-glass.ts'
import { declareConflict, endConflict, listConflicts, previewConflict } from './actions/conflict.ts'
import {
  addToEngagement,
  createEngagement,
  dueEngagements,
  endEngagementAction,
  extendEngagement,
  lapseEngagement,
  listEngagements,
  showEngagement,
} from './actions/engagement.ts'
import { confirmEngagement, sponsorEngagement, suspendEngagement } from './actions/engagement-need.ts'
import { showEngine } from './actions/engine.ts'
import { addExample, listExamples, removeExample } from './actions/example.ts'
import { createGrant, previewGrant, revokeGrant } from './actions/grant.ts'
import { listGrants, showGrant } from './actions/grant-list.ts'
import { activateGuardrail, changeGuardrail, createGuardrail, listGuardrails, retireGuardrail, showGuardrail } from './actions/guardrail.ts'
import { endGuest, inviteGuest, lapseGuest, listGuests, showGuest } from './actions/guest.ts'
import { acceptGuest, extendGuest, sponsorGuest } from './actions/guest-sponsor.ts'
import { changeMapping, createMapping, listMappings, retireMapping, showMapping } from './actions/mapping.ts'
import { previewMapping, previewPosition } from './actions/mapping-preview.ts'
import { listPeople, showPerson } from './actions/person-look.ts'
import { changePosition, createPosition, listPositions, retirePosition, showPosition } from './actions/position.ts'
import { createRequest, listRequests, previewRequest, showRequest } from './actions/request.ts'
import { approveRequest, denyRequest, expireRequest, findOverdueRequests, withdrawRequest } from './actions/request-decide.ts'
import { changeRole, createRole, listRoles, retireRole, showRole } from './actions/role.ts'

/** What `access` can do. */
export const accessActions = [
  createGrant,
  previewGrant,
  listGrants,
  showGrant,
  revokeGrant,
  breakGlass,
  reviewBreakGlass,
  listBrokenGlass,
  createRequest,
  previewRequest,
  listRequests,
  showRequest,
  approveRequest,
  denyRequest,
  withdrawRequest,
  findOverdueRequests,
  expireRequest,
  declareConflict,
  previewConflict,
  listConflicts,
  endConflict,
  createGuardrail,
  listGuardrails,
  showGuardrail,
  activateGuardrail,
  changeGuardrail,
  retireGuardrail,
  createRole,
  listRoles,
  showRole,
  changeRole,
  retireRole,
  addExample,
  listExamples,
  removeExample,
  listPeople,
  showPerson,
  createPosition,
  listPositions,
  showPosition,
  previewPosition,
  changePosition,
  retirePosition,
  createMapping,
  previewMapping,
  listMappings,
  showMapping,
  changeMapping,
  retireMapping,
  inviteGuest,
  acceptGuest,
  extendGuest,
  sponsorGuest,
  listGuests,
  showGuest,
  endGuest,
  lapseGuest,
  createEngagement,
  listEngagements,
  showEngagement,
  addToEngagement,
  confirmEngagement,
  suspendEngagement,
  sponsorEngagement,
  extendEngagement,
  endEngagementAction,
  lapseEngagement,
  dueEngagements,
  showEngine,
] as const
export { usesToReview } from './actions/break-glass.ts'
export { createGrant } from './actions/grant.ts'
export { requestsToDecide } from './actions/request.ts'
export { administratorIds, administrators } from './administrators.ts'
export { holdAdmissions, holdTakeaways, takeawayVersion, takeawayVersionOf } from './admission.ts'
export { giving } from './bounds.ts'
export { type CedarCounts, type CedarEngine, createCedar } from './cedar.ts'
export { type CompiledCedar, createCompiledCedar } from './compiled/compiled-cedar.ts'
export { EntityStore } from './compiled/entity-store.ts'
export { recordFrom, uidFromJson } from './compiled/json-values.ts'
export { type CompiledPolicy, compilePolicy, compilePolicyJson, type ReadPolicy, readPolicy } from './compiled/policies.ts'
export { PolicyIndex } from './compiled/policy-index.ts'
export { checkPolicyLimits } from './compiled/policy-limits.ts'
export { readByCedar } from './compiled/request-shape.ts'
export { type Decider, type Decision, type DecisionRequest, decide, isMinted, policiesBehind, rolesFor, wouldAllow } from './decide.ts'
export { type DecisionFinding, DecisionFindings } from './decision-findings.ts'
export { requireHoldable } from './duties.ts'
export type { AccessErrorCode } from './error-codes.ts'
export type { Examination, Examined, ExaminedAnswer, ExaminedQuestion, Examiner, Supposed, Supposing } from './examiner.ts'
export { examplesOf } from './examples/hold.ts'
export { exampleOf, rulesNow, type Verdict, verdictOn, withGuardrail, withoutGuardrail } from './examples/verdict.ts'
export { type ExplainedGrant, type ExplainedPolicy, explained, explainPolicies, type NearMiss, nearMisses } from './explain.ts'
export { requireTime, scopeTypes } from './give.ts'
export { actionsGiven, givesAction, givesIn, holdsAt, holdsIn } from './gives.ts'
export { breaksGlass, glassAction, glassTerms, rolesByGlass } from './glass/way.ts'
export { type GrantTerms, grantPolicy, type Policy, pathContext, permissionPolicy, policiesOf, shapeOf, slashesIn } from './grants.ts'
export { createGuardrails, type Guardrails, guardrailsInForce } from './guardrails/held.ts'
export { inForce, ownGuardrail } from './guardrails/in-force.ts'
export { findGuardrail, type Guardrail, guardrailOutput, guardrailShape, shownGuardrail } from './guardrails/shown.ts'
export { requireSound } from './guardrails/sound.ts'
export { isWayOut, wayOut } from './guardrails/way-out.ts'
export { boundCondition, boundForbids, ofEngagement } from './guests/bounded-policies.ts'
export { engagementsOfSponsors, guestsOfSponsors, invitationsOfPeople } from './guests/ending.ts'
export { heldGrants } from './held-grants.ts'
export { changesHolding, HeldMemory } from './held-memory.ts'
export { endGrantsUntil, grantsOfPeople } from './holders.ts'
export { following, mappedOfPeople } from './mappings/following.ts'
export { because, meaningOf, whoAlone } from './meanings.ts'
export { requireNothingAtStake } from './other-hands.ts'
export type { GrantableActions, Scopes } from './ports.ts'
export { type Kept, stillHolds } from './reach.ts'
export { approvalsOfPeople, requestsOfPeople } from './requests/holders.ts'
export { roleHolders } from './role-holders.ts'
export { cedarSchema, type ReadSchema, readSchema, requestContext, resourceTypes } from './schema.ts'
export { guardrails, isFreshSignIn, shippedPolicies } from './shipped-policies.ts'
export type { GrantTable, PermissionTable, TakeawayTable } from './tables.ts'
