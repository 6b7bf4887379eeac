// The tables of `posture`: who was asked to take something over, who answers where no owner does, and what was found to have none.
// An attacker who can write here can offer things and hide orphans; whether an owner is here is asked of the person's own row whenever a run begins.

/** That somebody was asked to take a thing over: the newest offer of each thing. */
export interface OwnershipOfferTable {
  org_id: string
  thing_id: string
  kind: string
  from_id: string
  to_id: string
  offered_by: string
  offered_at: Date
  /** The entry that holds the reason, erasable beside it. */
  entry_id: string
  /** `lapsed`: whoever was asked has left without an answer. */
  state: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'lapsed'
  decided_at: Date | null
  /** The entry that holds why it was declined, erasable beside it. */
  decided_entry_id: string | null
}

/** Who answers for what lies in a project, or in the organization, when its owner is gone. */
export interface OwnershipFallbackTable {
  org_id: string
  scope_id: string
  group_id: string
}

/** A standing thing whose owner has left. */
export interface OrphanTable {
  org_id: string
  thing_id: string
  kind: string
  owner_id: string
  found_at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    ownership_offer: OwnershipOfferTable
    ownership_fallback: OwnershipFallbackTable
    orphan: OrphanTable
  }
}
