// What a person holds, behind a port: each room that keeps something for people ends it here when they leave, and says afterwards what of it is still there.
import type { OrgId, Ports, Tx } from '../kernel/index.ts'

/** Whose, and at what moment. */
export interface Held {
  readonly org: OrgId
  readonly person: string
  readonly at: Date
}

/** A leaver, and when. */
export interface Leaver extends Held {
  readonly ports: Ports
}

/** What becomes of something when the person leaves who holds it. */
export type Becomes = 'ended' | 'stopped' | 'taken_back'

/**
 * Something that people hold. `endFor` runs within the leaver's own transaction, is idempotent, and returns how many things it ended.
 * It touches the store alone; what must follow on the outside follows from the stored state.
 */
export interface Holder {
  /** A plural noun in snake case, and the key under which it is counted. */
  readonly what: string
  readonly becomes: Becomes
  endFor(tx: Tx, leaver: Leaver): Promise<number>
  /** How many of them count at this moment: asked of the rows themselves, so that it finds what `endFor` forgot. */
  remaining(tx: Tx, held: Held): Promise<number>
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** Filled by `app` with the holders of all rooms, in the order in which they end. */
    readonly holders: readonly Holder[]
    /** Filled by `app`: waits for acts that are being admitted, and holds back all others until the transaction ends. */
    holdAdmissions(tx: Tx): Promise<void>
  }
}
