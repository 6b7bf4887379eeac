// The door of `posture`: what goes across all rooms. For now evidence: trails, exports, receipts.
import { exportLedger, readTile, receiptForEntry, traceThing } from './actions/ledger.ts'

/** What `posture` can do. */
export const postureActions = [traceThing, exportLedger, receiptForEntry, readTile] as const
