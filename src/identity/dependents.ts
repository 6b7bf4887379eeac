// What `identity` needs of a later room: what keeps going by what somebody holds. Whoever takes something away ends it in the same transaction.
import type { Ports, Tx } from '../kernel/index.ts'

/** From whom something was taken away, and when. */
export interface Losing {
  /** People and workloads. */
  readonly holders: readonly string[]
  readonly at: Date
  readonly ports: Ports
}

/** Knows what keeps going by what somebody holds. */
export interface Dependents {
  /** Ends what these hold nothing for any more, as the store stands within the transaction; returns how many. Idempotent. */
  endFor(tx: Tx, losing: Losing): Promise<number>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly dependents: Dependents
  }
}
