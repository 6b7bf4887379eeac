// Where things lie in the memory that kernels and typed arrays share: a head of fixed places, then arrays one after another.
// Sizes come from pictures and scenes that were checked before (view.ts, visual-world.ts).

import type { Kernels } from './module.ts'

/** Places of the head, in bytes: addresses and whole numbers first, then floats. */
export const head = {
  width: 0,
  inverseDepth: 4,
  faces: 8,
  instanceOf: 12,
  depth: 16,
  instances: 20,
  rgb: 24,
  noise: 28,
  runs: 32,
  runCount: 36,
  small: 40,
  isSmall: 44,
  rays: 48,
  pieces: 52,
  tails: 56,
  noiseAt: 60,
  /** The reciprocal depth: its change from column to column, from row to row, and its value at the first pixel. */
  plane: 64,
  /** Row of the picture, as a ray. */
  rowRay: 88,
  /** Up to five pairs of lines that open and close a span: both columns at row 0, then both changes from row to row; what closes is negative. */
  lines: 96,
} as const

/** Bytes of a pair of lines. */
export const lineBytes = 32
/** Most pairs of lines of one face. */
export const pairsMax = 5

const headBytes: number = head.lines + pairsMax * lineBytes
/** Vectors may be read and written past the end of an array by less than this. */
const slackBytes = 32

/** Places arrays behind the head; each begins at a multiple of 16. */
export class MemoryPlan {
  /** Bytes planned so far. */
  bytes: number = headBytes

  /** Room for so many bytes; answers where it begins. */
  place(bytes: number): number {
    const at = this.bytes
    this.bytes += (bytes + slackBytes + 15) & ~15
    return at
  }
}

/** Writes a whole number into the head. */
export function setHead(kernels: Kernels, at: number, value: number): void {
  new Int32Array(kernels.buffer, at, 1)[0] = value
}
