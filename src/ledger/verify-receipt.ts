// The question of an auditor: is this very entry in that log? Entry and receipt come from whoever wants to be believed, the trust from the auditor.
import type { Checkpoint } from './checkpoint.ts'
import type { VerifiedSignature } from './note-signature.ts'
import { type LogTrust, openCheckpoint } from './open-checkpoint.ts'
import type { VerifyCrypto } from './ports.ts'
import { parseReceipt } from './receipt.ts'
import { hashLeaf } from './tree-hash.ts'
import { verifyInclusion } from './verify-proof.ts'

/** What a verified receipt shows: the entry is number `index` of the log with this head, which these keys signed. */
export interface VerifiedReceipt {
  readonly index: number
  readonly checkpoint: Checkpoint
  readonly signatures: readonly VerifiedSignature[]
}

/**
 * Verifies that the bytes of an entry are in the trusted log, by its receipt alone.
 * Throws `receipt-malformed`, `entry-too-large`, `proof-range`, `proof-malformed`, `inclusion-mismatch`, and what `openCheckpoint` throws.
 */
export function verifyReceipt(crypto: VerifyCrypto, receipt: string, entry: Uint8Array, trust: LogTrust): VerifiedReceipt {
  const { index, proof, checkpoint: note } = parseReceipt(receipt)
  const { checkpoint, signatures } = openCheckpoint(crypto.ed25519Verify, note, trust)
  const { size, root } = checkpoint
  verifyInclusion(crypto.sha256, { index, size, root, proof, leafHash: hashLeaf(crypto.sha256, entry) })
  return { index, checkpoint, signatures }
}
