// What `access` needs of later rooms: the scopes that grants can be given on, and the words of the catalogue.
import type { EntityRef, Tx } from '../kernel/index.ts'

/** Knows the scopes that grants can be given on. Answers within the organization that the transaction is bound to. */
export interface Scopes {
  exists(tx: Tx, scope: EntityRef): Promise<boolean>
  /** The scope and everything above it, itself first and the organization last; nothing for one that is not there. */
  above(tx: Tx, scope: EntityRef): Promise<readonly EntityRef[] | undefined>
}

/** The actions that can be granted, each with the roles that hold it. */
export type GrantableActions = ReadonlyMap<string, readonly string[]>

declare module '../kernel/action.ts' {
  interface Ports {
    readonly scopes: Scopes
    readonly grantable: GrantableActions
  }
}
