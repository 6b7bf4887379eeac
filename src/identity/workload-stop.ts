// What `identity` needs of a later room for whatever is not a person and has an end: that a workload stops.
import type { Ports, Tx } from '../kernel/index.ts'

/** Stops workloads. */
export interface WorkloadStop {
  /** Stops a workload with everything that it keeps going, unless it has ended. Idempotent. */
  stop(tx: Tx, it: { readonly workload: string; readonly at: Date; readonly ports: Ports }): Promise<void>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly workloadStop: WorkloadStop
  }
}
