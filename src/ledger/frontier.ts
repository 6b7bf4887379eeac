// The frontier: the roots of the perfect subtrees that make up a tree, largest first (one per set bit of its size). It is all that is needed
// to go on appending and to say the root. A wrong frontier gives a wrong root, which no proof and no witness would then agree with.
import { LedgerError } from './errors.ts'
import type { Sha256 } from './ports.ts'
import { emptyRoot, hashNode } from './tree-hash.ts'

/** The largest tree this room handles: 2^53 - 1 leaves, the limit of exact numbers in JavaScript. */
export const TREE_SIZE_MAX = Number.MAX_SAFE_INTEGER

/** Told of each node that an appended leaf completes: its height (0 for the leaf itself), its index at that height, its hash. */
export type NodeListener = (height: number, index: number, hash: Uint8Array) => void

/** How many hashes the frontier of a tree of `size` leaves has: the number of set bits. */
export function frontierLength(size: number): number {
  let bits = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return bits
}

/**
 * Appends one leaf hash to `frontier`, in place, and tells `onNode` of every node that became complete, lowest first.
 * `size` is the number of leaves before it. Costs one node hash per leaf on average.
 */
export function pushLeaf(sha256: Sha256, frontier: Uint8Array[], size: number, leaf: Uint8Array, onNode?: NodeListener): void {
  let node = leaf
  let index = size
  onNode?.(0, index, node)
  for (let height = 1; index % 2 === 1; height++) {
    const left = frontier.pop()
    if (left === undefined) throw new LedgerError('tree-state-malformed', `The frontier of a tree of ${size} leaves has too few hashes.`)
    node = hashNode(sha256, left, node)
    index = (index - 1) / 2
    onNode?.(height, index, node)
  }
  frontier.push(node)
}

/** The root of the tree that a frontier stands for: its hashes folded from the right (RFC 6962, section 2.1). */
export function foldFrontier(sha256: Sha256, frontier: readonly Uint8Array[]): Uint8Array {
  const last = frontier.at(-1)
  if (last === undefined) return emptyRoot(sha256)
  return frontier.slice(0, -1).reduceRight((right, left) => hashNode(sha256, left, right), last)
}
