// The door of `posture`: what goes across all rooms. Evidence (trails, exports, receipts), what needs somebody, who answers for what, what a leaver leaves behind.
import { listAttention } from './actions/attention.ts'
import { listEntries, showEntry } from './actions/entries.ts'
import { erasePerson } from './actions/erase.ts'
import { showLeaving } from './actions/leaving.ts'
import { exportLedger, readTile, receiptForEntry, traceThing } from './actions/ledger.ts'
import { listFallbacks, listOwnership, setFallback } from './actions/ownership.ts'
import { acceptOwnership, declineOwnership } from './actions/ownership-answer.ts'
import { handOver, offerOwnership, withdrawOwnership } from './actions/ownership-offer.ts'
import { sweepOwnership } from './actions/ownership-sweep.ts'

/** What `posture` can do. */
export const postureActions = [
  listAttention,
  showLeaving,
  erasePerson,
  handOver,
  listOwnership,
  offerOwnership,
  withdrawOwnership,
  acceptOwnership,
  declineOwnership,
  setFallback,
  listFallbacks,
  sweepOwnership,
  listEntries,
  showEntry,
  traceThing,
  exportLedger,
  receiptForEntry,
  readTile,
] as const
export { offersToPeople, thingsOfPeople } from './holders.ts'
export type { OrphanTable, OwnershipFallbackTable, OwnershipOfferTable } from './tables.ts'
