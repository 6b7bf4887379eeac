// The tables of `identity`: organizations, people, one-time links, sessions, workloads.
// An attacker who can read here learns names and addresses, no secret: links and sessions are kept as SHA-256 of 32 random bytes.
import type { Generated } from 'kysely'
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
import type { DomainTable, SessionSeenTable, SignInRulesTable, SsoIdentityTable, SsoTable, SsoUsedTable } from './sign-in/tables.ts'

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
  email: string
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
  clearance: number
  state: 'pending' | 'active' | 'suspended' | 'ended'
  jwk: Generated<unknown>
  thumbprint: string | null
  expires_at: Date | null
  promotion_id: string | null
  created_at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    organization: OrganizationTable
    person: PersonTable
    one_time_link: OneTimeLinkTable
    session: SessionTable
    group: GroupTable
    group_member: GroupMemberTable
    workload: WorkloadTable
    directory: DirectoryTable
    directory_token: DirectoryTokenTable
    directory_user: DirectoryUserTable
    directory_address: DirectoryAddressTable
    directory_group: DirectoryGroupTable
    directory_member: DirectoryMemberTable
    directory_delivery: DirectoryDeliveryTable
    directory_former: DirectoryFormerTable
    sso: SsoTable
    sso_identity: SsoIdentityTable
    sso_used: SsoUsedTable
    domain: DomainTable
    sign_in_rules: SignInRulesTable
    session_seen: SessionSeenTable
  }
}
