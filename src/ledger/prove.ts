// Making proofs from stored tiles: that an entry is in a log, and that one head of a log is the beginning of another. A proof that is made from
// wrong tiles simply does not verify, so the store needs no trust here.
import type { Sha256, TileReader } from './ports.ts'
import { consistencyRanges, inclusionRanges } from './subtree.ts'
import { readSubtrees } from './tile-nodes.ts'

/** The tree that a proof is made from: its tiles, and the size at which it is looked at. */
export interface ProofSource {
  readonly tiles: TileReader
  readonly size: number
}

/**
 * The inclusion proof of leaf `index`, hashes from the leaf's sibling up to the root's child.
 * Throws `proof-range`, `tile-malformed`. Source: RFC 6962 section 2.1.1.
 */
export async function proveInclusion(sha256: Sha256, { tiles, size }: ProofSource, index: number): Promise<Uint8Array[]> {
  return await readSubtrees(sha256, tiles, size, inclusionRanges(index, size))
}

/**
 * The consistency proof from the tree of `oldSize` leaves to the one of `size`; empty for equal sizes and from the empty tree.
 * Throws `proof-range`, `tile-malformed`. Source: RFC 6962 section 2.1.2.
 */
export async function proveConsistency(sha256: Sha256, { tiles, size }: ProofSource, oldSize: number): Promise<Uint8Array[]> {
  return await readSubtrees(sha256, tiles, size, consistencyRanges(oldSize, size))
}
