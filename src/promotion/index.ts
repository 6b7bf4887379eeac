// The door of `promotion`: crossing. Narrowing, the gate, review, the new identity, channels, going back.
import { showArtifact } from './actions/artifact.ts'
import { completePromotion, crossPromotion, pendingCrossings, rollBackPromotion } from './actions/cross.ts'
import { showDeciders } from './actions/deciders.ts'
import { foreseePromotion } from './actions/foresee.ts'
import { checkPromotion, proveKey } from './actions/gate.ts'
import { listPromotions, showPromotionAction } from './actions/look.ts'
import { pullArtifact } from './actions/pull.ts'
import { requestPromotion } from './actions/request.ts'
import { approvePromotion, rejectPromotion } from './actions/review.ts'
import { showTwin } from './actions/twin.ts'

/** What `promotion` can do. */
export const promotionActions = [
  requestPromotion,
  proveKey,
  checkPromotion,
  listPromotions,
  showPromotionAction,
  showDeciders,
  foreseePromotion,
  approvePromotion,
  rejectPromotion,
  crossPromotion,
  completePromotion,
  pendingCrossings,
  rollBackPromotion,
  showTwin,
  showArtifact,
  pullArtifact,
] as const
export { keyProofAudience } from './actions/gate.ts'
export type { PromotionErrorCode } from './error-codes.ts'
export { findPromotion, type PromotionFound } from './find-promotion.ts'
export { gateChecks } from './gate/gate.ts'
export { promotionsOfTwins, reviewsOfPeople } from './holders.ts'
export { covers, narrow, type Proposal, type ProposedRule } from './narrow.ts'
export type { ApprovalTable, ChannelTable, PromotionCheckTable, PromotionState, PromotionTable } from './tables.ts'
