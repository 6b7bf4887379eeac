// Checking proofs: arithmetic over hashes, no I/O. Everything in a claim but the root comes from whoever wants to be believed; the roots come from
// checkpoints whose signatures were verified before.
import { Climb } from './climb.ts'
import { LedgerError } from './errors.ts'
import type { Sha256 } from './ports.ts'
import { assertHash, emptyRoot, hashesEqual, hashNode } from './tree-hash.ts'

/** The most hashes that a proof can have: one per level of a tree whose size fits in 63 bits. */
export const PROOF_HASHES_MAX = 63

/** The claim that a leaf with this hash is number `index` of the tree with this size and root. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** The claim that the tree with the old size and root is the beginning of the one with the new size and root. */
export interface ConsistencyClaim {
  readonly oldSize: number
  readonly newSize: number
  readonly proof: readonly Uint8Array[]
  readonly oldRoot: Uint8Array
  readonly newRoot: Uint8Array
}

/** Throws unless the claim holds: `proof-range`, `proof-malformed`, `hash-length`, `inclusion-mismatch`. Source: RFC 9162 section 2.1.3.2. */
export function verifyInclusion(sha256: Sha256, { index, size, leafHash, proof, root }: InclusionClaim): void {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new LedgerError('proof-range', `There is no leaf ${index} in a tree of ${size} leaves.`)
  }
  assertHashes([leafHash, root, ...proof])
  const climb = new Climb(index, size - 1)
  let hash = leafHash
  for (const sibling of proof) {
    const side = climb.step()
    if (side === 'none') throw tooLong(proof)
    hash = side === 'left' ? hashNode(sha256, sibling, hash) : hashNode(sha256, hash, sibling)
  }
  if (climb.isAtRoot && hashesEqual(hash, root)) return
  throw new LedgerError('inclusion-mismatch', `The proof does not lead from leaf ${index} to the root of the tree of ${size} leaves.`)
}

/** Throws unless the claim holds: `proof-range`, `hash-length`, `proof-malformed`, `consistency-mismatch`. Source: RFC 9162 section 2.1.4.2. */
export function verifyConsistency(sha256: Sha256, claim: ConsistencyClaim): void {
  const { oldSize, newSize, proof, oldRoot, newRoot } = claim
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) {
    throw new LedgerError('proof-range', `A tree of ${oldSize} leaves cannot be the beginning of one of ${newSize}.`)
  }
  assertHashes([oldRoot, newRoot, ...proof])
  if (isConsistent(sha256, claim)) return
  throw new LedgerError('consistency-mismatch', `The tree of ${oldSize} leaves is not shown to be the beginning of the one of ${newSize}.`)
}

function isConsistent(sha256: Sha256, { oldSize, newSize, proof, oldRoot, newRoot }: ConsistencyClaim): boolean {
  if (oldSize === newSize) return proof.length === 0 && hashesEqual(oldRoot, newRoot)
  if (oldSize === 0) return proof.length === 0 && hashesEqual(oldRoot, emptyRoot(sha256))
  const climb = new Climb(oldSize - 1, newSize - 1)
  climb.skipRightChildren()
  // The old root is its own first hash when it is the root of a perfect subtree; then the proof leaves it out.
  const [first, ...rest] = climb.isLeftmost ? [oldRoot, ...proof] : proof
  if (first === undefined) return false
  let oldHash = first
  let newHash = first
  for (const sibling of rest) {
    const side = climb.step()
    if (side === 'none') throw tooLong(proof)
    if (side === 'left') oldHash = hashNode(sha256, sibling, oldHash)
    newHash = side === 'left' ? hashNode(sha256, sibling, newHash) : hashNode(sha256, newHash, sibling)
  }
  return climb.isAtRoot && hashesEqual(oldHash, oldRoot) && hashesEqual(newHash, newRoot)
}

function assertHashes(hashes: readonly Uint8Array[]): void {
  for (const hash of hashes) assertHash(hash)
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function tooLong(proof: readonly Uint8Array[]): LedgerError {
  return new LedgerError('proof-malformed', `The proof goes on above the root: it has ${proof.length} hashes, which is too many.`)
}
