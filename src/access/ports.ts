// What `access` needs of later rooms: whether a scope that somebody names exists.
import type { EntityRef, Tx } from '../kernel/index.ts'

/** Knows the scopes that grants can be given on. Answers within the organization that the transaction is bound to. */
export interface Scopes {
  exists(tx: Tx, scope: EntityRef): Promise<boolean>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly scopes: Scopes
  }
}
