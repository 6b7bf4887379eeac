// The offline verifier, to be published apart: no I/O, no Node, no trust in whoever made the export. Bring SHA-256 and Ed25519, and the keys that you trust.
export {
  commitText,
  type Ed25519Verify,
  type ExportVerdict,
  LedgerError,
  type LogExport,
  type LogTrust,
  openCheckpoint,
  parseReceipt,
  parseVerifierKey,
  type Sha256,
  type VerifiedReceipt,
  type VerifyCrypto,
  verifyExport,
  verifyInclusion,
  verifyReceipt,
} from '../../src/ledger/index.ts'
export { type ReceiptOfEntry, trustIn, verifyReceiptInBrowser } from './in-browser.ts'
export { sha256 } from './sha256.ts'
