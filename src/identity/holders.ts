// What a person holds in later rooms, behind a port: each room that keeps something for people ends it here when they leave.
import type { OrgId, Ports, Tx } from '../kernel/index.ts'

/** A leaver, and when. */
export interface Leaver {
  readonly org: OrgId
  readonly person: string
  readonly at: Date
  readonly ports: Ports
}

/**
 * Something that people hold. `endFor` runs within the leaver's own transaction, is idempotent, and returns how many things it ended.
 * It touches the store alone; what must follow on the outside follows from the stored state.
 */
export interface Holder {
  readonly what: string
  endFor(tx: Tx, leaver: Leaver): Promise<number>
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** Filled by `app` with the holders of later rooms. */
    readonly holders: readonly Holder[]
    /** Filled by `app`: waits for acts that are being admitted, and holds back all others until the transaction ends. */
    holdAdmissions(tx: Tx): Promise<void>
  }
}
