// The tables of `promotion`. An attacker who can write here could claim approvals; crossing re-checks the gate, and every step has its entry in the ledger.

/** The states of a promotion. */
export type PromotionState =
  | 'requested'
  | 'checked'
  | 'in_review'
  | 'approved'
  | 'rejected'
  | 'crossing'
  | 'crossed'
  | 'superseded'
  | 'rolled_back'
  | 'revoked'

/** One crossing of an artifact into another trust domain, with the identity that it makes there. */
export interface PromotionTable {
  org_id: string
  id: string
  artifact_id: string
  run_id: string
  twin_id: string
  source_id: string
  environment_id: string
  workload_id: string
  state: PromotionState
  channel: string
  owner_id: string
  proposal: unknown
  nonce: string
  key_proved_at: Date | null
  thumbprint: string | null
  approvals_needed: number
  makers: string[]
  requested_by: string
  requested_at: Date
  crossed_by: string | null
  /** The entry that decided the crossing; it must be in a signed checkpoint before the crossing takes effect. */
  cross_entry: string | null
  crossed_at: Date | null
  expires_at: Date
  version: number
}

/** What one gate check found. */
export interface PromotionCheckTable {
  org_id: string
  promotion_id: string
  name: string
  result: 'passed' | 'failed' | 'not_assessed'
  blocking: boolean
  detail: string
  facts: unknown
  at: Date
}

/** One person's decision, on one version of the promotion. */
export interface ApprovalTable {
  org_id: string
  promotion_id: string
  person_id: string
  decision: 'approved' | 'rejected'
  promotion_version: number
  at: Date
}

/** What a production workload pulls: `payments@production` points at one artifact. */
export interface ChannelTable {
  org_id: string
  environment_id: string
  slug: string
  artifact_id: string
  promotion_id: string
  owner_id: string
  changed_at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    promotion: PromotionTable
    promotion_check: PromotionCheckTable
    approval: ApprovalTable
    channel: ChannelTable
  }
}
