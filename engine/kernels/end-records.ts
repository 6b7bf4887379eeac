// Records that the camera's host and its kernels share beside the head: ends of pieces, the pieces between them, and the surfaces that they show.
// An end is where texture place and light are exact; a piece is what is painted in straight lines from one end to another.

/**
 * Places in the record of an end, in bytes. The host writes column, addresses of the face's record and of the surface's, and how open the place is;
 * `place` adds texture and place, `sample` the soft light, `light` the colour in paint units.
 */
export const end = {
  bytes: 224,
  column: 0,
  face: 4,
  surface: 8,
  /** u and v in texels of level 0, their slopes along the row, and the texels that a pixel covers. */
  texture: 16,
  slope: 32,
  footprint: 48,
  /** The share of the half space over it that moving things leave open. */
  open: 56,
  place: 64,
  normal: 96,
  ray: 128,
  /** Soft light from above and from below, and how much of the ceiling, of the key light or of the sun is seen. */
  soft: 160,
  seen: 176,
  colour: 192,
} as const

/** Places in a face's record, in bytes: planes over the picture (per ray x, ray y and 1) of 1/z, of u/z with v/z, its normal, and planes of normal/z. */
export const face = { bytes: 168, inverse: 0, texture: 24, normal: 72, bend: 96 } as const

/** Places in the record of a face as it stands in the scene, in bytes: numbers of its vertices (no fourth: -1), surface's record, number of its part. */
export const faceSource = { bytes: 24, vertices: 0, surface: 16, part: 20 } as const

/** Places in the record of a piece, in bytes: its ends (one and the same for a flat piece), first column, pixels, pixels from one end to the other. */
export const piece = { bytes: 20, endA: 0, endB: 4, from: 8, count: 12, steps: 16 } as const

/** Places in a surface's record, in bytes: texels per metre along u and v, colour, own light, mirror share, 1 for smooth ones, the texture's address. */
export const surface = { bytes: 64, per: 0, colour: 16, glow: 40, gloss: 48, isSmooth: 56, texture: 60 } as const

/** Most levels of a texture; places in its record, in bytes: its last level, the power of two of its side, each level's address. */
export const texture = { levelsMax: 14, bytes: 64, last: 0, bits: 4, levels: 8 } as const

/** Places in a directional light's record, in bytes: the way to it, its strength in three colours. */
export const sun = { bytes: 64, to: 0, colour: 32 } as const
