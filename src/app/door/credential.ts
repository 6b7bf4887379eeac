// What a caller shows at the door. Texts come from outside and are attacker-controlled; `channel` and `system` are made by our own parts in this process.
import type { SignInProof } from '../../identity/index.ts'
import type { OrgId, RunId, SystemPart } from '../../kernel/index.ts'

/** A proof of who is calling, not yet checked. */
export type Credential =
  /** `tws_…`: the secret of a session. */
  | { readonly kind: 'session'; readonly token: string }
  /** `twl_…`: a one-time link, good for creating one session. */
  | { readonly kind: 'link'; readonly token: string }
  /** `twd_…`: the token of a directory, good for what it says over SCIM. */
  | { readonly kind: 'directory'; readonly token: string }
  /** `twa_…`: an admin link, good for setting up what it is for. */
  | { readonly kind: 'admin_link'; readonly token: string }
  /** A JWT signed by an environment's issuer. */
  | { readonly kind: 'token'; readonly token: string }
  /** A JWT signed by a workload's own key (RFC 7523), good for getting a token and for proving the key. */
  | { readonly kind: 'assertion'; readonly token: string; readonly org: OrgId; readonly audience: string }
  /** The channel of a run's own cell: the supervisor holds its other end. */
  | { readonly kind: 'channel'; readonly org: OrgId; readonly run: RunId; readonly epoch: number }
  /** What an identity provider proved of somebody, good for creating one session; made in this process alone. */
  | { readonly kind: 'provider'; readonly org: OrgId; readonly proof: SignInProof }
  /** A part of the product. */
  | { readonly kind: 'system'; readonly org: OrgId; readonly part: SystemPart }

const tokenBytesMax = 8192

/** Reads an `Authorization` header. Returns nothing for what is not a bearer credential of ours. */
export function readBearer(header: string | undefined): Credential | undefined {
  if (header === undefined || header.length > tokenBytesMax) return undefined
  const match = /^Bearer ([A-Za-z0-9._~+/=-]+)$/.exec(header)
  const token = match?.[1]
  if (token === undefined) return undefined
  if (token.startsWith('tws_')) return { kind: 'session', token }
  if (token.startsWith('twl_')) return { kind: 'link', token }
  if (token.startsWith('twa_')) return { kind: 'admin_link', token }
  return { kind: 'token', token }
}
