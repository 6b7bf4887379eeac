// The head of a log as its sequencer keeps it: size and frontier, at most 53 hashes, small enough to be written with every batch.
// Whoever can write the stored form can make the sequencer grow a different tree; witnesses and old receipts would show it.
import { LedgerError } from './errors.ts'
import { foldFrontier, frontierLength, TREE_SIZE_MAX } from './frontier.ts'
import type { Sha256 } from './ports.ts'
import { HASH_BYTES } from './tree-hash.ts'

/** Everything needed to append to a log: number of leaves, and the roots of its perfect subtrees, largest first. */
export interface TreeState {
  readonly size: number
  readonly frontier: readonly Uint8Array[]
}

const SIZE_BYTES = 8

/** The state of a log that has no entry yet. */
export const EMPTY_TREE: TreeState = { size: 0, frontier: [] }

/** The root hash of the tree that a state stands for. */
export function treeRoot(sha256: Sha256, state: TreeState): Uint8Array {
  return foldFrontier(sha256, state.frontier)
}

/** Checks that a state has one hash of 32 bytes per set bit of its size; throws `tree-state-malformed`. */
export function assertTreeState(state: TreeState): void {
  assertTreeSize(state.size)
  const wanted = frontierLength(state.size)
  if (state.frontier.length !== wanted || state.frontier.some((hash) => hash.length !== HASH_BYTES)) {
    throw new LedgerError(
      'tree-state-malformed',
      `A tree of ${state.size} leaves has a frontier of ${wanted} hashes of ${HASH_BYTES} bytes.`,
    )
  }
}

/** Checks that a size is a whole number from 0 to 2^53 - 1; throws `tree-state-malformed`. */
export function assertTreeSize(size: number): void {
  if (Number.isSafeInteger(size) && size >= 0) return
  throw new LedgerError('tree-state-malformed', `A tree size is a whole number from 0 to ${TREE_SIZE_MAX}, not ${size}.`)
}

/** The stored form of a state: size as big-endian uint64, then the frontier's hashes, largest subtree first. */
export function encodeTreeState(state: TreeState): Uint8Array {
  assertTreeState(state)
  const bytes = new Uint8Array(SIZE_BYTES + state.frontier.length * HASH_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(state.size))
  state.frontier.forEach((hash, at) => {
    bytes.set(hash, SIZE_BYTES + at * HASH_BYTES)
  })
  return bytes
}

/** Reads what `encodeTreeState` wrote; throws `tree-state-malformed` for anything else. */
export function decodeTreeState(bytes: Uint8Array): TreeState {
  if (bytes.length < SIZE_BYTES) throw new LedgerError('tree-state-malformed', `A stored tree state has at least ${SIZE_BYTES} bytes.`)
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0))
  const frontier: Uint8Array[] = []
  for (let at = SIZE_BYTES; at < bytes.length; at += HASH_BYTES) frontier.push(new Uint8Array(bytes.subarray(at, at + HASH_BYTES)))
  const state = { size, frontier }
  assertTreeState(state)
  return state
}
