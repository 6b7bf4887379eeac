// The tables of signing in: connections to identity providers, whom their subjects are here, domains, rules, and when sessions were last used.
// An attacker who can read here learns no client credential (sealed); one who can write can decide who signs in as whom, and is seen in the ledger.
import type { ColumnType, Generated, Selectable } from 'kysely'

/** A connection to an identity provider. */
export interface SsoTable {
  org_id: string
  id: string
  slug: string
  name: string
  protocol: 'oidc' | 'saml'
  issuer: string
  client_id: string
  method: 'secret' | 'key' | 'certificate'
  sealed: Uint8Array
  public_jwk: string | null
  /** See `saml.ts` beside this file. */
  saml: unknown
  loopback: boolean
  provisions: boolean
  clearance: number
  step_up_acr: string | null
  /** Proposed until an administrator accepts what an admin link set up: nobody signs in through it, and it vouches for nobody. */
  state: 'proposed' | 'active' | 'retired'
  created_at: Date
}

/** The row of a connection. */
export type SsoRow = Selectable<SsoTable>

/** Whom a provider's subject is here. */
export interface SsoIdentityTable {
  org_id: string
  sso_id: string
  subject: string
  person_id: string
  created_at: Date
  /** What the connection said of the person when he last signed in, as far as mappings may ask for it, and when. */
  said: ColumnType<Readonly<Record<string, string>> | null, string | undefined, string>
  said_at: ColumnType<Date | null, Date | undefined, Date>
}

/** A sign-in, assertion or logout token that was used. */
export interface SsoUsedTable {
  org_id: string
  hash: string
  expires_at: Date
}

/** A passkey: the public half of a key that a person's device holds. */
export interface PasskeyTable {
  org_id: string
  id: string
  person_id: string
  /** The authenticator's own id of it, in base64url. */
  credential_id: string
  public_key: Uint8Array
  counter: number
  transports: string
  synced: boolean
  name: string
  state: 'active' | 'suspended' | 'removed'
  created_at: Date
  used_at: Date | null
}

/** The hash of a recovery code. */
export interface RecoveryCodeTable {
  org_id: string
  hash: string
  person_id: string
  created_at: Date
  used_at: Date | null
}

/** A domain that the organization says is its own; proved where `verified_at` is set, and not any more where `lapsed_at` is. */
export interface DomainTable {
  org_id: string
  id: string
  name: string
  sso_id: string
  token: string
  verified_at: Date | null
  /** When its record was looked for last, since when it was missing, and at how many looks in a row. */
  checked_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  missing_since: ColumnType<Date | null, Date | null | undefined, Date | null>
  missed_looks: Generated<number>
  lapsed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  created_at: Date
}

/** A row of a domain. */
export type DomainRow = Selectable<DomainTable>

/** How people sign in to an organization; the usual rules where there is no row. */
export interface SignInRulesTable {
  org_id: string
  require_sso: boolean
  step_up_seconds: number
}

/** When a session was last used. */
export interface SessionSeenTable {
  org_id: string
  session_id: string
  at: Date
  /** The limits of the roles that its person held then; null until it was used for a minute. */
  idle_seconds: Generated<number | null>
  ends_at: Generated<Date | null>
}
