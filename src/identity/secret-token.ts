// Bearer secrets of ours: `tws_` (session), `twl_` (one-time link), `twd_` (directory) and `twa_` (admin link), the organization's id, a dot, 32 random bytes.
// The organization in it only says where to look; the random part is the proof, and only its hash is kept.
import { base64url, hex, isId, type OrgId, type Ports, type Random, type Sha256, utf8 } from '../kernel/index.ts'

/** The kinds of secrets that we hand out. */
export type SecretKind = 'tws' | 'twl' | 'twd' | 'twa'

const secretBytes = 32
const pattern = /^(tws|twl|twd|twa)_(org_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/

/** Makes a secret and the hash to keep of it. */
export function newSecretToken(kind: SecretKind, org: OrgId, ports: { random: Random; sha256: Sha256 }): { token: string; hash: string } {
  const token = `${kind}_${org}.${base64url(ports.random.bytes(secretBytes))}`
  return { token, hash: hashSecret(token, ports) }
}

/** The hash under which a secret is kept: SHA-256 of its whole text, in hexadecimal. The secret has 256 random bits, so no stretching is needed. */
export function hashSecret(token: string, ports: Pick<Ports, 'sha256'>): string {
  return hex(ports.sha256(utf8(token)))
}

/** The organization that a secret names, if it has the form of one. */
export function organizationOfSecret(kind: SecretKind, token: string): OrgId | undefined {
  const match = pattern.exec(token)
  const org = match?.[2]
  return match?.[1] === kind && isId('org', org) ? org : undefined
}
