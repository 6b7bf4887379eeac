// The ledger's rows, which `app` writes and `posture` reads: entries without a number, what they speak of, and the erasable texts beside them.
// The role that writes here can add entries and neither change nor remove one; numbering them is the sequencer's role.
import type { Generated } from 'kysely'

/** One recorded act. */
export interface EntryTable {
  org_id: string
  id: string
  xact: Generated<string>
  at: Date
  action: string
  outcome: string
  actor_id: string
  resource_id: string
  /** Where it happened, for finding it; the body says it as well. */
  environment_id: string | null
  body: string
}

/** Entries that one transaction left together; `seq` is the number of the first, null until the sequencer numbers them. */
export interface EntryLotTable {
  org_id: string
  xact: string
  first: string
  ids: string[]
  seq: number | null
}

/** The numbers of entries, one by one: a view. */
export interface EntryNumberView {
  org_id: string
  seq: number
  entry_id: string
}

/** Entries with their numbers: a view. `seq` is null until the sequencer numbers it. */
export interface NumberedEntryView extends EntryTable {
  seq: number | null
}

/** An entry speaks of a thing. */
export interface EntryRefTable {
  org_id: string
  ref_id: string
  entry_id: string
  rel: string
}

/** An erasable text of an entry. */
export interface SidecarTable {
  org_id: string
  entry_id: string
  name: string
  salt: string
  content: string
}

/** The hashes of a Merkle tile, as many as there are so far. */
export interface TileTable {
  org_id: string
  level: number
  idx: number
  hashes: Uint8Array
}

/** The head of an organization's log: moved by compare-and-set alone. */
export interface LogHeadTable {
  org_id: string
  origin: string
  size: number
  /** The encoded tree state: size and frontier. */
  state: Uint8Array
}

/** A signed checkpoint that was released. */
export interface CheckpointTable {
  org_id: string
  size: number
  note: string
  at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    entry: EntryTable
    entry_lot: EntryLotTable
    entry_number: EntryNumberView
    numbered_entry: NumberedEntryView
    entry_ref: EntryRefTable
    sidecar: SidecarTable
    tile: TileTable
    log_head: LogHeadTable
    checkpoint: CheckpointTable
  }
}
