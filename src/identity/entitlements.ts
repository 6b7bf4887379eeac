// What somebody was given in the next room, behind a port, so that whoever is signed in can see it: `access` knows grants, `app` fills the port.
import type { Tx } from '../kernel/index.ts'

/** One grant as its holder sees it. `reason` is null where the text was erased; dates are in RFC 3339, null where there is none. */
export interface HeldGrant {
  readonly id: string
  readonly role: string
  readonly scope: { readonly kind: string; readonly id: string }
  /** Only in these environments; everywhere when empty. */
  readonly environments: readonly string[]
  readonly notBefore: string | null
  readonly notAfter: string | null
  readonly reason: string | null
}

/** Knows grants. Answers within the organization that the transaction is bound to. */
export interface Entitlements {
  /** The grants that a principal holds: neither taken away nor, at `now` (milliseconds since the epoch), past their end. At most 200. */
  of(tx: Tx, principal: string, now: number): Promise<readonly HeldGrant[]>
  /** The shipped roles that each of these holds, by grants as above, however many; nothing for whoever holds none. */
  rolesOf(tx: Tx, principals: readonly string[], now: number): Promise<ReadonlyMap<string, ReadonlySet<string>>>
}

/** Knows how things that grants are given on, and environments, are called. Answers within the organization that the transaction is bound to. */
export interface Slugs {
  /** By id: `slug`, or `slug@version` where there are several; nothing for what is not there, or has no slug. */
  of(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly entitlements: Entitlements
    readonly slugs: Slugs
  }
}
