// The tables of `access`: grants of roles, the permissions of runs and promoted services, and the take-away counter.
// An attacker who can write here can grant himself anything; every row that changes has its entry in the ledger.
import type { Generated } from 'kysely'

/** A role, or single actions, given to a principal or a group on a scope. */
export interface GrantTable {
  org_id: string
  id: string
  principal_type: string
  principal_id: string
  /** Null where single actions are given. */
  role: string | null
  actions: Generated<string[]>
  scope_type: string
  scope_id: string
  environments: string[]
  not_before: Date | null
  expires_at: Date | null
  /** The run whose end is the grant's. */
  until_run: Generated<string | null>
  given_by: string
  created_at: Date
  revoked_at: Date | null
}

/** One rule of what a run or a promoted service may call. */
export interface PermissionTable {
  org_id: string
  holder_id: string
  number: number
  connection_id: string
  methods: string[]
  path: string
  /** The scenario or the promotion that the rule comes from. */
  origin_id: string
}

/** Duties that nobody shall hold together. */
export interface DutyConflictTable {
  org_id: string
  slug: string
  /** Roles and actions; whoever holds one of these holds none of the other side. */
  one_side: string[]
  other_side: string[]
  created_at: Date
  ended_at: Date | null
}

/** How often something was taken away in an organization. */
export interface TakeawayTable {
  org_id: string
  version: Generated<number>
}

declare module '../kernel/action.ts' {
  interface Tables {
    grant: GrantTable
    permission: PermissionTable
    duty_conflict: DutyConflictTable
    takeaway: TakeawayTable
  }
}
