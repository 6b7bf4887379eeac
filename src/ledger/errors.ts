// Every refusal of the ledger room, by name. Nothing here trusts anything: a code says what did not hold, the message says it to a person.
// Messages quote sizes, indexes and names, never entry bytes, so they may be shown to whoever handed in the proof.

/**
 * What did not hold, one word per reason.
 *
 * - `entry-too-large`, `hash-length`, `tree-full`, `tree-state-malformed`: input of the tree
 * - `tile-path-malformed`, `tile-malformed`, `tile-write-misfit`, `bundle-malformed`: tiles and entry bundles
 * - `proof-range`, `proof-malformed`, `inclusion-mismatch`, `consistency-mismatch`: proofs
 * - `key-malformed`, `key-type-unsupported`, `key-id-mismatch`: verifier keys
 * - `note-too-large`, `note-malformed`, `note-unsigned`, `signature-invalid`: signed notes
 * - `checkpoint-malformed`, `origin-mismatch`, `witness-quorum-missing`: checkpoints
 * - `receipt-malformed`: receipts
 * - `entry-changed`, `entry-missing`, `entry-reordered`, `entry-extra`, `size-mismatch`, `root-mismatch`, `tile-mismatch`: exports
 */
export type LedgerErrorCode =
  | 'entry-too-large'
  | 'hash-length'
  | 'tree-full'
  | 'tree-state-malformed'
  | 'tile-path-malformed'
  | 'tile-malformed'
  | 'tile-write-misfit'
  | 'bundle-malformed'
  | 'proof-range'
  | 'proof-malformed'
  | 'inclusion-mismatch'
  | 'consistency-mismatch'
  | 'key-malformed'
  | 'key-type-unsupported'
  | 'key-id-mismatch'
  | 'note-too-large'
  | 'note-malformed'
  | 'note-unsigned'
  | 'signature-invalid'
  | 'checkpoint-malformed'
  | 'origin-mismatch'
  | 'witness-quorum-missing'
  | 'receipt-malformed'
  | 'entry-changed'
  | 'entry-missing'
  | 'entry-reordered'
  | 'entry-extra'
  | 'size-mismatch'
  | 'root-mismatch'
  | 'tile-mismatch'

/** A refusal of the ledger room; `code` is stable, `message` is for people. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode

  constructor(code: LedgerErrorCode, message: string) {
    super(message)
    this.name = 'LedgerError'
    this.code = code
  }
}
