// What `access` needs of later rooms: the scopes that grants can be given on, and the words of the catalogue.
import type { EntityRef, EnvironmentRef, Tx } from '../kernel/index.ts'

/** Knows the scopes that grants can be given on. Answers within the organization that the transaction is bound to. */
export interface Scopes {
  exists(tx: Tx, scope: EntityRef): Promise<boolean>
  /** The scope and everything above it, itself first and the organization last; nothing for one that is not there. */
  above(tx: Tx, scope: EntityRef): Promise<readonly EntityRef[] | undefined>
  /** The same of many at once, by `type id`, in few statements. What is not there stands under the organization alone. */
  chains(tx: Tx, org: string, scopes: readonly EntityRef[]): Promise<ReadonlyMap<string, readonly EntityRef[]>>
  /** An environment with its class; nothing for one that is not there. */
  environment(tx: Tx, id: string): Promise<EnvironmentRef | undefined>
  /** What something given on a scope, in environments (everywhere when none is named), would reach: production, a privileged twin. */
  stakes(tx: Tx, scope: EntityRef, environments: readonly string[]): Promise<readonly ('production' | 'privileged')[]>
  /** Whether a twin in the scope can influence a release, feeds production, or has a connection for control or with credentials. */
  isPrivileged(tx: Tx, scope: EntityRef): Promise<boolean>
}

/** The actions that can be granted, each with the roles that hold it. */
export type GrantableActions = ReadonlyMap<string, readonly string[]>

declare module '../kernel/action.ts' {
  interface Ports {
    readonly scopes: Scopes
    readonly grantable: GrantableActions
  }
}
