// The tables of `identity`: organizations, people, one-time links, sessions, workloads.
// An attacker who can read here learns names and addresses, no secret: links and sessions are kept as SHA-256 of 32 random bytes.
import type { ColumnType, Generated } from 'kysely'
import type { AdminLinkTable } from './admin-link/tables.ts'
import type { Because } from './leave.ts'
import type {
  DirectoryAddressTable,
  DirectoryDeliveryTable,
  DirectoryFormerTable,
  DirectoryGroupTable,
  DirectoryMemberTable,
  DirectoryTable,
  DirectoryTokenTable,
  DirectoryUserTable,
} from './scim/tables.ts'
import type { LimitedRole } from './session-limits.ts'
import type {
  DomainTable,
  PasskeyTable,
  RecoveryCodeTable,
  SessionSeenTable,
  SignInRulesTable,
  SsoIdentityTable,
  SsoTable,
  SsoUsedTable,
} from './sign-in/tables.ts'

/** The tenant. `label` is the random part of its trust domains. */
export interface OrganizationTable {
  org_id: string
  slug: string
  name: string
  label: string
  created_at: Date
}

/** A human. */
export interface PersonTable {
  org_id: string
  id: string
  slug: string
  name: string
  /** As it was written. */
  email: string
  /** The address as it is compared: in lower case. The store makes it. */
  email_key: ColumnType<string, never, never>
  /** Since when it is his, where he had another one before; nobody who came in before that is found by it. Null where nothing is known against it. */
  address_since: ColumnType<Date | null, Date | null | undefined, Date | null>
  clearance: number
  state: 'active' | 'left'
  salt: string
  created_at: Date
}

/** A link that signs a person in once. */
export interface OneTimeLinkTable {
  org_id: string
  hash: string
  person_id: string
  expires_at: Date
  used_at: Date | null
  /** Whether it was made although the organization requires its provider. */
  break_glass: Generated<boolean>
  /** No session that it opens lasts longer; null unless its own person made it in a session that a link had opened. */
  lasts_until: Generated<Date | null>
  /** The session that it was made in; null where it was made by no person. */
  made_in: string | null
}

/** A signed-in person. */
export interface SessionTable {
  org_id: string
  id: string
  hash: string
  person_id: string
  created_at: Date
  expires_at: Date
  ended_at: Date | null
  /** The entry of its beginning; the address that it was opened from lies beside that. */
  entry_id: string | null
  /** What the device called itself, reduced to few words. */
  device: Generated<string>
  idle_seconds: Generated<number>
  /** When the person proved himself; null where nobody knows. */
  authenticated_at: Date | null
  acr: string | null
  break_glass: Generated<boolean>
  sso_id: string | null
  sso_subject: string | null
  sso_session: string | null
  sso_name_format: string | null
  passkey_id: string | null
  recovery: boolean
  /** The session in which the link was made that opened it; null for any other. */
  opened_from: string | null
}

/** How long sessions last by role, where the organization set it. */
export interface SessionLimitTable {
  org_id: string
  role: LimitedRole
  ttl_seconds: number
  idle_seconds: number
}

/** What else an organization set for itself. */
export interface OrganizationSettingsTable {
  org_id: string
  grace_days: number | null
  /** How long the log of a directory is kept. */
  delivery_days: Generated<number | null>
  request_open_minutes: number | null
  request_minutes: number | null
}

/** An export of everything that the organization keeps, for whoever asked for it, until it ends. */
export interface ArchiveTable {
  org_id: string
  id: string
  asker_id: string
  parts: number
  rows: number
  bytes: number
  created_at: Date
  expires_at: Date
}

/** A part of it, sealed under the organization's own key for this place alone. */
export interface ArchivePartTable {
  org_id: string
  archive_id: string
  number: number
  sealed: Uint8Array
}

/** That an organization is to be deleted: asked for by one, and in force once another confirmed it. */
export interface OrganizationDeletionTable {
  org_id: string
  asked_by: string
  asked_at: Date
  confirmed_by: string | null
  confirmed_at: Date | null
  due_at: Date | null
}

/** That a person left: when, why, and how many of each thing ended. Kept for reading back; nothing is decided by it. */
export interface PersonLeavingTable {
  org_id: string
  person_id: string
  at: Date
  because: Because
  ended: Readonly<Record<string, number>>
}

/** A group of people, workloads and groups. */
export interface GroupTable {
  org_id: string
  id: string
  slug: string
  name: string
  owner_id: string
  created_at: Date
}

/** That somebody, or a group, is directly in a group. */
export interface GroupMemberTable {
  org_id: string
  group_id: string
  member_id: string
  added_at: Date
}

/** A standing workload: CI, an agent, a production service. `jwk` is its public key; the private one never reaches us. */
export interface WorkloadTable {
  org_id: string
  id: string
  kind: 'pipeline' | 'agent' | 'service'
  slug: string
  environment_id: string
  owner_id: string
  /** The person who brought its key, of which he may know the private half; null where a part of the product did. */
  brought_by: string | null
  clearance: number
  state: 'pending' | 'active' | 'suspended' | 'ended'
  jwk: Generated<unknown>
  thumbprint: string | null
  /** The key before, which is good until then; who brought it is remembered until a later one is brought. */
  former_jwk: Generated<unknown>
  former_thumbprint: Generated<string | null>
  former_until: Generated<Date | null>
  former_brought_by: Generated<string | null>
  expires_at: Date | null
  promotion_id: string | null
  created_at: Date
  /** What it is again when somebody takes it over; null unless it stopped because its owner left. */
  resumes_as: Generated<'pending' | 'active' | null>
}

/** An invitation of a guest. Somebody may be invited more than once; each has its own sponsor and its own end. */
export interface GuestTable {
  org_id: string
  id: string
  person_id: string
  sponsor_id: string
  /** Who was asked to become the sponsor and has not accepted yet. */
  asked_id: string | null
  role: string
  projects: string[]
  environments: string[]
  until: Date
  /** Invited until the sponsor accepts; paused from when he leaves until another one does. */
  state: 'invited' | 'active' | 'paused' | 'ended'
  engagement_id: string | null
  invited_by: string
  created_at: Date
  ended_at: Date | null
}

/** Guests, agents and services of a partner, with one end. */
export interface EngagementTable {
  org_id: string
  id: string
  slug: string
  name: string
  sponsor_id: string
  /** Whether he has left, since when he answers for it no more, whether he is here again or not. */
  sponsor_left: boolean
  projects: string[]
  until: Date
  /** Active while its sponsor says that there is a need to know. */
  state: 'unconfirmed' | 'active' | 'suspended' | 'ended'
  created_by: string
  created_at: Date
  ended_at: Date | null
}

/** That somebody, or a workload, belongs to an engagement: to one at most. */
export interface EngagementMemberTable {
  org_id: string
  member_id: string
  engagement_id: string
  added_at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    organization: OrganizationTable
    person: PersonTable
    one_time_link: OneTimeLinkTable
    session: SessionTable
    person_leaving: PersonLeavingTable
    session_limit: SessionLimitTable
    organization_settings: OrganizationSettingsTable
    organization_deletion: OrganizationDeletionTable
    archive: ArchiveTable
    archive_part: ArchivePartTable
    group: GroupTable
    group_member: GroupMemberTable
    workload: WorkloadTable
    guest: GuestTable
    engagement: EngagementTable
    engagement_member: EngagementMemberTable
    admin_link: AdminLinkTable
    directory: DirectoryTable
    directory_token: DirectoryTokenTable
    directory_user: DirectoryUserTable
    directory_address: DirectoryAddressTable
    directory_group: DirectoryGroupTable
    directory_member: DirectoryMemberTable
    directory_delivery: DirectoryDeliveryTable
    directory_former: DirectoryFormerTable
    passkey: PasskeyTable
    recovery_code: RecoveryCodeTable
    sso: SsoTable
    sso_identity: SsoIdentityTable
    sso_used: SsoUsedTable
    domain: DomainTable
    sign_in_rules: SignInRulesTable
    session_seen: SessionSeenTable
  }
}
