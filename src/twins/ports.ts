// What `twins` needs of later rooms: those that keep something for a twin end it when the twin is retired.
import type { OrgId, Tx } from '../kernel/index.ts'

/** A twin that is being retired, and when. */
export interface RetiredTwin {
  readonly org: OrgId
  readonly twin: string
  readonly at: Date
}

/** Something that belongs to a twin. `endForTwin` runs within the retirement's own transaction, is idempotent, and returns how many things it ended. */
export interface TwinPart {
  readonly what: string
  endForTwin(tx: Tx, retired: RetiredTwin): Promise<number>
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** Filled by `app` with the parts of later rooms. */
    readonly twinParts: readonly TwinPart[]
  }
}
