// The door of `posture`: what goes across all rooms. For now evidence: trails, exports, receipts.
import { listAttention } from './actions/attention.ts'
import { listEntries, showEntry } from './actions/entries.ts'
import { exportLedger, readTile, receiptForEntry, traceThing } from './actions/ledger.ts'

/** What `posture` can do. */
export const postureActions = [listAttention, listEntries, showEntry, traceThing, exportLedger, receiptForEntry, readTile] as const
