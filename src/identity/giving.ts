// What `identity` needs of a later room: whether somebody may give what a group holds. Whoever is put into a group is given all of that.
import type { Ports, Principal, Tx } from '../kernel/index.ts'

/** Knows what can be given by whom. */
export interface Giving {
  /** Throws `conflict` when the member would hold duties that are kept apart, and `denied` unless everything that a group holds, directly or through groups above it, is the giver's to give. */
  requireMayGive(it: {
    readonly tx: Tx
    readonly ports: Ports
    readonly giver: Principal
    readonly group: string
    readonly member: string
  }): Promise<void>
  /** For members whom a directory puts into a group: what it holds was granted to whoever the directory names. Throws `conflict` when one would hold duties that are kept apart. */
  requireMayJoin(it: { readonly tx: Tx; readonly ports: Ports; readonly group: string; readonly members: readonly string[] }): Promise<void>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly giving: Giving
  }
}
