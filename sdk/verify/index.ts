// The offline verifier, to be published apart: no I/O, no Node, no trust in whoever made the export. Bring SHA-256 and Ed25519, and the keys that you trust.
export {
  type Ed25519Verify,
  type ExportVerdict,
  type LogExport,
  type LogTrust,
  openCheckpoint,
  parseReceipt,
  parseVerifierKey,
  type Sha256,
  type VerifyCrypto,
  verifyExport,
  verifyInclusion,
  verifyReceipt,
} from '../../src/ledger/index.ts'
