// The tables of signing in: connections to identity providers, whom their subjects are here, domains, rules, and when sessions were last used.
// An attacker who can read here learns no client credential (sealed); one who can write can decide who signs in as whom, and is seen in the ledger.

/** A connection to an identity provider. */
export interface SsoTable {
  org_id: string
  id: string
  slug: string
  name: string
  issuer: string
  client_id: string
  method: 'secret' | 'key'
  sealed: Uint8Array
  public_jwk: string | null
  loopback: boolean
  provisions: boolean
  clearance: number
  step_up_acr: string | null
  state: 'active' | 'retired'
  created_at: Date
}

/** Whom a provider's subject is here. */
export interface SsoIdentityTable {
  org_id: string
  sso_id: string
  subject: string
  person_id: string
  created_at: Date
}

/** A sign-in or logout token that was used. */
export interface SsoUsedTable {
  org_id: string
  hash: string
  expires_at: Date
}

/** A domain that the organization says is its own; proved where `verified_at` is set. */
export interface DomainTable {
  org_id: string
  id: string
  name: string
  sso_id: string
  token: string
  verified_at: Date | null
  created_at: Date
}

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
}
