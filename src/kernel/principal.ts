// Who acts. A principal is made by `authenticate` in `app` from a proof that it checked, or is one of the named system principals.
// Nothing a request says about itself is in here.
import type { OrgId } from './ids.ts'
import type { Attributes, EntityRef } from './vocabulary.ts'

/** The kinds of principals. */
export const principalKinds = ['person', 'pipeline', 'agent', 'service', 'run', 'directory', 'admin_link', 'system'] as const

/** One of `person`, `pipeline`, `agent`, `service`, `run`, `directory`, `admin_link`, `system`. */
export type PrincipalKind = (typeof principalKinds)[number]

/** An authenticated actor in one organization. */
export interface Principal {
  readonly kind: PrincipalKind
  /** The id of the person, workload, run, directory or admin link; the name of the part for `system`. */
  readonly id: string
  readonly org: OrgId
  /** A short public name: a slug, never an address. */
  readonly name: string
  /** The whole SPIFFE ID, where the principal has one. */
  readonly spiffeId?: string
  /** 0 to 3, compared with sensitivities. */
  readonly clearance: number
  /** Every id along the `act` chain, the actor's own first: separation of duties holds for all of them. */
  readonly chain: readonly string[]
  /** The environment that the credential is good for; absent for people. */
  readonly environment?: string
  /** The id of the session or credential that authenticated this request. */
  readonly credential?: string
  /** When this person signed in, in milliseconds since the epoch; absent where nobody signed in. */
  readonly authenticatedAt?: number
  /** By what means he signed in, as his provider names them; absent where no provider said. */
  readonly acr?: string
  /** For how many seconds a sign-in counts as fresh in his organization; absent where nobody signed in. */
  readonly stepUpSeconds?: number
  /** For an admin link: the connection and the directory that it sets up, as its room names them. */
  readonly setsUp?: { readonly sso: string; readonly directory: string }
  /** For a directory: that nobody has accepted it yet. */
  readonly isProposed?: boolean
  /** What a provider said of him, while his session is being opened. */
  readonly provider?: ProviderSignIn
  /** How he proved himself to us alone, while his session is being opened. */
  readonly own?: OwnSignIn
  /**
   * For a workload: the key that it has just shown, or that it got its token by, by its thumbprint; and of one that it has just shown, until when that is good,
   * where another has followed it.
   */
  readonly provedKey?: { readonly thumbprint: string; readonly until: number | undefined }
  /** The address that the request came from, as the server saw it; absent for what comes from within. */
  readonly address?: string
  /** For a run: the epoch in which its credentials count. */
  readonly epoch?: number
}

/** Where a person signed in, as a session keeps it. */
export interface ProviderSignIn {
  /** The connection (`sso_…`). */
  readonly sso: string
  readonly subject: string
  /** In which format the provider names him, where it said so (SAML). */
  readonly nameFormat?: string
  /** The provider's own session (`sid`), where it said so. */
  readonly session: string | undefined
  /** Names the sign-in, so that it is used once. */
  readonly attempt: string
  /** Names what the provider signed, where that alone could be shown again until a moment (milliseconds since the epoch). */
  readonly once?: { readonly hash: string; readonly until: number }
  /** What the provider said of him that mappings may ask for, by attribute. */
  readonly said?: Readonly<Record<string, string>>
}

/** What a person proved himself with, without a provider. */
export type OwnSignIn =
  /** A passkey (`psk_…`), and the counter that the device told. */
  | { readonly kind: 'passkey'; readonly passkey: string; readonly counter: number; readonly isSynced: boolean; readonly attempt: string }
  /** A recovery code, by its hash. */
  | { readonly kind: 'recovery'; readonly hash: string }

/** The attributes that policies see of every principal. */
export const principalAttributes = { clearance: 'Long', chain: 'Set<String>' } as const satisfies Attributes

/** The Cedar type name of a principal kind. A run, directory or admin link that acts is a `RunIdentity`, `DirectoryIdentity` or `AdminLinkIdentity`; `Run`, `Directory` and `AdminLink` are what others act on. */
export function principalType(kind: PrincipalKind): string {
  if (kind === 'run') return 'RunIdentity'
  if (kind === 'directory') return 'DirectoryIdentity'
  if (kind === 'admin_link') return 'AdminLinkIdentity'
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}

/** How the entry and the policies name a principal. */
export function principalRef(principal: Principal): EntityRef {
  return { type: principalType(principal.kind), id: principal.id }
}

/** A part of the product that acts on its own: it comes through the same door, as itself. */
export function systemPrincipal(org: OrgId, part: SystemPart): Principal {
  return { kind: 'system', id: part, org, name: part, clearance: 3, chain: [part] }
}

/** The parts that may act as system principals. */
export const systemParts = ['worker', 'broker', 'reaper', 'sealer', 'gate', 'crosser', 'watcher', 'starter', 'sign-in'] as const
/** A part that may act as a system principal. */
export type SystemPart = (typeof systemParts)[number]
