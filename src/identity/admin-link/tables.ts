// The table of admin links. An attacker who can read here learns no link: only SHA-256 of 32 random bytes is kept. One who can write can open a link that
// proposes a connection, which an administrator would still have to accept.

/** A link by which somebody from elsewhere sets up a connection, a directory, or both. */
export interface AdminLinkTable {
  org_id: string
  id: string
  hash: string
  /** Whom it is for, as its maker wrote. */
  name: string
  purpose: 'sign-in' | 'directory' | 'both'
  /** The connection and the directory that it made; null until it has. */
  sso_id: string | null
  directory_id: string | null
  made_by: string
  created_at: Date
  expires_at: Date
  /** When it was revoked, or ended with what it had set up being accepted, or with whoever made it. */
  ended_at: Date | null
  accepted_at: Date | null
}
