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

/**
 * Places of what is the same in a whole frame, in bytes, behind the lines: addresses and whole numbers, then floats. Two or three floats that belong
 * together begin at a multiple of 16.
 */
export const frame = {
  ends: 256,
  field: 260,
  /** Bytes from one row and from one layer of the light's cells to the next. */
  fieldRow: 264,
  fieldLayer: 268,
  display: 272,
  suns: 276,
  sunCount: 280,
  /** Whether light from above comes from one side more than from the others. */
  hasKey: 284,
  /** The pinhole: middle column, its reciprocal focal lengths, its focal length across. */
  cx: 288,
  stepX: 296,
  stepY: 304,
  fx: 312,
  eye: 320,
  /** World axes of the picture's x, y and z, 32 bytes each. */
  rotation: 352,
  /** Row of the picture as a ray, by multiplication: it differs from `head.rowRay` in the last bit. */
  rowRay: 448,
  perCell: 456,
  /** The light's cells: their low corner, and the last place in them. */
  origin: 464,
  last: 496,
  /** Least light, the share of light from above that comes from all sides, the key's share over its rise. */
  least: 528,
  soft: 536,
  keyScale: 544,
  exposure: 552,
  key: 560,
  tint: 592,
  /** Rows of the picture, and where the least depths of its tiles are. */
  height: 616,
  tiles: 620,
  /** The backdrop (backdrop-kernel.ts): addresses of its texels and of the tone table; then floats. */
  roof: 624,
  tone: 628,
  /** The eye's place over the roof's low corner; texels per metre. */
  roofFrom: 632,
  roofPer: 648,
  /** How far the roof hangs over the eye; rays that rise less than the next number never meet it. */
  rise: 664,
  risesLeast: 672,
  /** Light of the haze, and of what is seen beside the roof. */
  haze: 680,
  beside: 688,
} as const

/** Places of what drawing needs, in bytes: addresses, then floats; pairs of floats are those of the picture's x and y. */
export const drawing = {
  /** Addresses of corners and of faces (drawing-records.ts), of the vertices' places in their parts, and of a byte by face number plus one. */
  corners: 704,
  faces: 708,
  positions: 712,
  shown: 716,
  near: 720,
  /** From a part's frame to camera axes, three rows of four. */
  matrix: 736,
  /** Middle, focal lengths, and the first pixel's middle as a ray. */
  centre: 832,
  focal: 848,
  first: 864,
  /** Left and top, right and bottom of what was drawn since they were set, in pixels; they may lie beyond the picture. */
  leftTop: 880,
  rightBottom: 896,
} as const

/** Places of what shades a frame's faces, in bytes: addresses and whole numbers, then floats. */
export const shading = {
  /** Numbers plus one of the faces that a row is the first to show, and how many there are. */
  fresh: 912,
  freshCount: 916,
  /** Faces as they stand in the scene, and their records in this frame. */
  sources: 920,
  records: 924,
  /** Ends and pieces of a row, as `cut` leaves them. */
  endCount: 928,
  pieceCount: 932,
  /** The grid of balls that hide part of the sky, the balls, and the place of the grid's low corner on the floor plan (cover-kernel.ts). */
  cells: 936,
  balls: 940,
  gridFrom: 944,
  /** Pixels between two ends. */
  pieceLength: 960,
  /** Normals and texture coordinates of vertices, frames of parts in the world, a byte per part: 1 where the picture shows it. */
  normals: 968,
  uvs: 972,
  matrices: 976,
  shownParts: 980,
  /** Ends for the corners of one face. */
  corners: 984,
} as const

/** Bytes of a place or a normal, of a pair of texture coordinates, and of a part's frame in the world: three rows of four numbers. */
export const [vectorBytes, uvBytes, matrixBytes] = [24, 16, 96] as const

/** Bytes of the head. */
export const headBytes = 1008
/** Vectors may be read and written past the end of an array by less than this. */
const slackBytes = 32

/** Places arrays behind the head; each begins at a multiple of 16. */
export class MemoryPlan {
  /** Bytes planned so far. */
  bytes: number = headBytes

  /** Room for so many bytes; answers where it begins. */
  place(bytes: number): number {
    const at = this.bytes
    this.bytes += Math.ceil((bytes + slackBytes) / 16) * 16
    return at
  }
}

/** Writes a whole number into the head. */
export function setHead(kernels: Kernels, at: number, value: number): void {
  new Int32Array(kernels.buffer, at, 1)[0] = value
}
