// The tables of `credentials`: signing keys and upstream secrets, sealed under the key-encryption key of their side, and what was issued.
// An attacker who can read here holds nothing without the key files, which lie outside the data folder; one who can write can break issuing, and is seen in the ledger.
/** Which key-encryption key something is sealed under. No key or credential is valid on both sides. */
export type Side = 'simulation' | 'production' | 'ledger'

/** What a signing key is for. */
export type KeyPurpose = 'identity' | 'provenance' | 'checkpoint'

/** A signing key; the private half is in `wrapped`. `environment_id` is empty for keys of the organization. */
export interface SigningKeyTable {
  org_id: string
  environment_id: string
  id: string
  purpose: KeyPurpose
  side: Side
  public_jwk: unknown
  wrapped: Uint8Array
  state: 'active' | 'retiring' | 'retired'
  created_at: Date
}

/** A token that was issued; the text is not kept. `id` is its `jti`. */
export interface CredentialTable {
  org_id: string
  id: string
  holder_id: string
  environment_id: string
  audience: string
  issued_at: Date
  expires_at: Date
  revoked_at: Date | null
}

/** An upstream credential that the broker injects. `fingerprint` tells equal secrets without showing them: HMAC under a key of the organization. */
export interface SecretTable {
  org_id: string
  id: string
  environment_id: string
  version: number
  side: Exclude<Side, 'ledger'>
  source: 'store' | 'inline'
  fingerprint: string
  wrapped: Uint8Array
  created_at: Date
}

/** A client assertion that was used. */
export interface AssertionUsedTable {
  org_id: string
  hash: string
  expires_at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    signing_key: SigningKeyTable
    credential: CredentialTable
    secret: SecretTable
    assertion_used: AssertionUsedTable
  }
}
