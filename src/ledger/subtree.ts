// Which subtrees a proof is made of (RFC 6962, sections 2.1.1 and 2.1.2), as ranges of leaves. Numbers only: no hash, nothing to trust.
import { LedgerError } from './errors.ts'

/** The leaves from `begin` up to, not including, `end`; `begin` is a multiple of the largest power of two that fits in the range. */
export interface LeafRange {
  readonly begin: number
  readonly end: number
}

/** A perfect subtree: `2 ** height` leaves, the `index`-th of its height. */
export interface NodePlace {
  readonly height: number
  readonly index: number
}

/** The subtrees whose roots prove that leaf `index` is in a tree of `size` leaves, from the leaf to the root; throws `proof-range`. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isSize(size) || !isSize(index) || index >= size) throw outOfRange(`There is no leaf ${index} in a tree of ${size} leaves.`)
  const ranges: LeafRange[] = []
  let begin = 0
  let end = size
  while (end - begin > 1) {
    const middle = begin + largestPowerOfTwoBelow(end - begin)
    const isLeft = index < middle
    ranges.push(isLeft ? { begin: middle, end } : { begin, end: middle })
    if (isLeft) end = middle
    else begin = middle
  }
  return ranges.reverse()
}

/** The subtrees whose roots prove that a tree of `oldSize` leaves is the beginning of one of `newSize`, lowest first; throws `proof-range`. */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) {
    throw outOfRange(`A tree of ${oldSize} leaves cannot be the beginning of one of ${newSize}.`)
  }
  if (oldSize === 0) return []
  const ranges: LeafRange[] = []
  let begin = 0
  let end = newSize
  while (oldSize !== end) {
    const middle = begin + largestPowerOfTwoBelow(end - begin)
    const isLeft = oldSize <= middle
    ranges.push(isLeft ? { begin: middle, end } : { begin, end: middle })
    if (isLeft) end = middle
    else begin = middle
  }
  // RFC 6962: the old tree's own root is left out, because the verifier has it.
  if (begin > 0) ranges.push({ begin, end })
  return ranges.reverse()
}

/** The perfect subtrees that a range consists of, left to right, largest first. */
export function perfectSubtrees({ begin, end }: LeafRange): NodePlace[] {
  const places: NodePlace[] = []
  for (let at = begin; at < end; ) {
    const height = heightWithin(end - at)
    places.push({ height, index: at / 2 ** height })
    at += 2 ** height
  }
  return places
}

/** The largest power of two that is smaller than `size` (at least 2); exact up to 2^53. */
function largestPowerOfTwoBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

function heightWithin(leaves: number): number {
  let height = 0
  while (2 ** (height + 1) <= leaves) height += 1
  return height
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function outOfRange(message: string): LedgerError {
  return new LedgerError('proof-range', message)
}
