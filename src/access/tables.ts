// The tables of `access`: grants of roles and requests for them, the permissions of runs and promoted services, an organization's own roles and guardrails, the take-away counter,
// the name of what everybody holds.
// An attacker who can write here can grant himself anything; every row that changes has its entry in the ledger.
import type { ColumnType, Generated } from 'kysely'
import type { MappingAttribute } from '../identity/index.ts'
import type { EnvironmentClass, Json, Role, Sensitivity } from '../kernel/index.ts'

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
  /** The batch whose end is the grant's. */
  until_batch: Generated<string | null>
  /** The organization's own role that the actions come from. */
  custom_role: Generated<string | null>
  /** The request that it answers. */
  request_id: Generated<string | null>
  /** Whether its holder gave it to himself, to be reviewed: it gives no right to give. */
  break_glass: Generated<boolean>
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

/** A role of an organization's own. */
export interface CustomRoleTable {
  org_id: string
  slug: string
  title: string
  actions: string[]
  state: 'active' | 'retired'
  version: number
  created_by: string
  created_at: Date
  retired_at: Date | null
}

/** A guardrail of an organization's own. Whoever can write here decides what nobody may, within one organization. */
export interface GuardrailTable {
  org_id: string
  slug: string
  title: string
  /** Cedar: one policy that forbids. */
  policy: string
  environment_classes: EnvironmentClass[]
  sensitivity: Sensitivity | null
  state: 'draft' | 'active' | 'retired'
  version: number
  created_by: string
  created_at: Date
  activated_at: Date | null
  retired_at: Date | null
}

/** A question with the decision that is expected of a guardrail or a role. */
export interface PolicyExampleTable {
  org_id: string
  slug: string
  /** Exactly one of `guardrail` and `role` is there. */
  guardrail: string | null
  role: string | null
  question: Json
  expected: 'allowed' | 'denied'
  note: string | null
  created_by: string
  created_at: Date
}

/** A term as it is kept. */
export interface Term {
  readonly role: Role | null
  readonly customRole: string | null
  readonly scope: { readonly type: string; readonly id: string }
  readonly environments: readonly string[]
}

/** A condition on what a directory says of somebody. */
export interface Condition {
  readonly attribute: MappingAttribute
  readonly oneOf: readonly string[]
}

/** Something that is written as JSON, or is not there. */
type AsJson<T> = ColumnType<T, string | null, string | null>

/** A position: a name for roles on scopes. */
export interface PositionTable {
  org_id: string
  slug: string
  title: string
  terms: ColumnType<readonly Term[], string, string>
  state: 'active' | 'retired'
  version: number
  created_by: string
  created_at: Date
  retired_at: Date | null
}

/** A standing grant: whoever is in a group, or is said to be something by a directory, holds what it gives. Whoever can write here can give himself anything. */
export interface MappingTable {
  org_id: string
  id: string
  slug: string
  title: string
  /** Exactly one of `group_id` and `conditions` is there, and of `position` and `terms`. */
  group_id: string | null
  conditions: AsJson<readonly Condition[] | null>
  /** The directory whose word counts; any, where it is null. */
  directory_id: string | null
  position: string | null
  terms: AsJson<readonly Term[] | null>
  expires_at: Date | null
  state: 'active' | 'retired'
  version: number
  created_by: string
  created_at: Date
  retired_at: Date | null
}

/** That a grant comes by a mapping. */
export interface MappedGrantTable {
  org_id: string
  grant_id: string
  mapping_id: string
  principal_id: string
  /** What its term is known by. */
  term: string
}

/** That the end of a guest's invitation, or of an engagement, is the grant's. */
export interface BoundGrantTable {
  org_id: string
  grant_id: string
  bound_id: string
}

/** What somebody asks for, for himself. Whoever can write here still gives nothing. */
export interface AccessRequestTable {
  org_id: string
  id: string
  asker_id: string
  /** A role that ships, or single actions: those of a role of the organization's own as they were when it was asked for, or others. */
  role: string | null
  custom_role: string | null
  actions: string[]
  scope_type: string
  scope_id: string
  environments: string[]
  /** How long the grant shall last. */
  minutes: number
  not_before: Date | null
  state: 'open' | 'approved' | 'denied' | 'withdrawn' | 'expired' | 'ended'
  approvals_needed: number
  created_at: Date
  expires_at: Date
  closed_at: Date | null
  /** Null where nobody decided. */
  closed_by: string | null
  grant_id: string | null
}

/** An approval that counts; one that is taken back is removed. Whoever can write here can approve in the name of others. */
export interface AccessApprovalTable {
  org_id: string
  request_id: string
  step: number
  person_id: string
  /** What it shortened the grant to. */
  minutes: number | null
  at: Date
}

/** What somebody else said of a use of break-glass. */
export interface BreakGlassReviewTable {
  org_id: string
  grant_id: string
  verdict: 'justified' | 'not_justified'
  reviewed_by: string
  reviewed_at: Date
}

/** How often something was taken away in an organization. */
export interface TakeawayTable {
  org_id: string
  version: Generated<number>
}

/** The name of what everybody in an organization holds: another one whenever a row changes that this is read from. The database alone writes it. */
export interface HoldingTable {
  org_id: string
  version: string
}

declare module '../kernel/action.ts' {
  interface Tables {
    grant: GrantTable
    permission: PermissionTable
    duty_conflict: DutyConflictTable
    custom_role: CustomRoleTable
    guardrail: GuardrailTable
    policy_example: PolicyExampleTable
    takeaway: TakeawayTable
    holding: HoldingTable
    access_request: AccessRequestTable
    access_approval: AccessApprovalTable
    break_glass_review: BreakGlassReviewTable
    position: PositionTable
    mapping: MappingTable
    mapped_grant: MappedGrantTable
    bound_grant: BoundGrantTable
  }
}
