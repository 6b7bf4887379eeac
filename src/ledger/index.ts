// The door of the ledger room: the log's tree and tiles, its proofs, notes, checkpoints and receipts, and the offline verifier. It knows only
// bytes: no store, no clock, no network. What entries mean is for the rooms after it.
export { type Appended, appendLeaves } from './append-leaves.ts'
export {
  type Checkpoint,
  cosignCheckpoint,
  formatCheckpoint,
  type ParsedCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.ts'
export { commitText } from './commitment.ts'
export { encodeEntryBundle, parseEntryBundle } from './entry-bundle.ts'
export { LedgerError, type LedgerErrorCode } from './errors.ts'
export { LOT_MAX } from './lot.ts'
export { decodeNote, formatNote, formatSignature, type NoteSignature, parseNote, parseSignatures, type SignedNote } from './note.ts'
export { cosignText, type NoteSigner, signText, type VerifiedSignature } from './note-signature.ts'
export { type LogTrust, type OpenedCheckpoint, openCheckpoint } from './open-checkpoint.ts'
export type { Ed25519Sign, Ed25519Verify, Sha256, TileReader, VerifyCrypto } from './ports.ts'
export { type ProofSource, proveConsistency, proveInclusion } from './prove.ts'
export { formatReceipt, parseReceipt, type Receipt } from './receipt.ts'
export { joinTile, TILE_BYTES, TILE_WIDTH, type TileWrite, tileWidth } from './tile.ts'
export { readTreeState } from './tile-nodes.ts'
export { formatTilePath, parseTilePath, type TileAddress } from './tile-path.ts'
export { ENTRY_BYTES_MAX, emptyRoot, HASH_BYTES, hashesEqual, hashLeaf, hashNode } from './tree-hash.ts'
export { decodeTreeState, EMPTY_TREE, encodeTreeState, type TreeState, treeRoot } from './tree-state.ts'
export {
  formatVerifierKey,
  parseVerifierKey,
  SIGNATURE_TYPE,
  type SignatureType,
  type VerifierKey,
  verifierKey,
} from './verifier-key.ts'
export { type ExportVerdict, type FaultyExport, type LogExport, type SoundExport, verifyExport } from './verify-export.ts'
export { type VerifiedNote, verifyNote } from './verify-note.ts'
export { type ConsistencyClaim, type InclusionClaim, verifyConsistency, verifyInclusion } from './verify-proof.ts'
export { type VerifiedReceipt, verifyReceipt } from './verify-receipt.ts'
