// Textures: square tiles of surface detail with smaller copies for distance, baked once from a pattern. A texel holds three factors for the
// material's own colour, square-root coded (255 is a factor of 1.5), so one tile serves boxes of many browns. Integer hashes only: exact everywhere.

/** A baked tile: `texels` holds all levels one after another, `offsets[level]` where each begins; level 0 has `size` × `size` texels. */
export interface Texture {
  readonly name: string
  readonly size: number
  /** `size` is two to this power. */
  readonly sizeBits: number
  readonly levels: number
  readonly texels: Int32Array
  readonly offsets: Uint32Array
}

/** The colour factors of a pattern at a place of its tile (both from 0 to 1): 1 leaves the material's colour as it is. */
export type Pattern = (u: number, v: number) => readonly [number, number, number]

/** The factor that code 255 stands for. */
export const factorMax = 1.5

/** Bakes a pattern into a tile of `size` (a power of two) and its smaller copies. */
export function bakeTexture(name: string, size: number, pattern: Pattern): Texture {
  let levels = 1
  while (size >> levels >= 4) levels++
  const offsets = new Uint32Array(levels)
  for (let level = 1; level < levels; level++) offsets[level] = (offsets[level - 1] ?? 0) + (size >> (level - 1)) ** 2
  const texels = new Int32Array((offsets[levels - 1] ?? 0) + (size >> (levels - 1)) ** 2)
  let plane = bakeLevel(size, pattern)
  for (let level = 0; level < levels; level++) {
    const side = size >> level
    if (level > 0) plane = halve(plane, side)
    const base = offsets[level] ?? 0
    for (let i = 0; i < side * side; i++) {
      texels[base + i] = code(plane[i * 3] ?? 0) | (code(plane[i * 3 + 1] ?? 0) << 8) | (code(plane[i * 3 + 2] ?? 0) << 16)
    }
  }
  return { name, size, sizeBits: 31 - Math.clz32(size), levels, texels, offsets }
}

function bakeLevel(size: number, pattern: Pattern): Float64Array {
  const plane = new Float64Array(size * size * 3)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) plane.set(pattern((x + 0.5) / size, (y + 0.5) / size), (y * size + x) * 3)
  }
  return plane
}

function halve(plane: Float64Array, side: number): Float64Array {
  const out = new Float64Array(side * side * 3)
  const row = side * 2 * 3
  for (let y = 0; y < side; y++) {
    for (let at = 0; at < side * 3; at++) {
      const from = y * 2 * row + Math.floor(at / 3) * 6 + (at % 3)
      const four = (plane[from] ?? 0) + (plane[from + 3] ?? 0) + (plane[from + row] ?? 0) + (plane[from + row + 3] ?? 0)
      out[y * side * 3 + at] = four / 4
    }
  }
  return out
}

function code(factor: number): number {
  const clamped = factor < 0 ? 0 : factor > factorMax ? factorMax : factor
  return Math.floor(Math.sqrt(clamped / factorMax) * 255 + 0.5)
}

/** A number from 0 to 1 that depends on two whole numbers and a seed alone. */
export function hash2(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed + 1, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Smooth noise from 0 to 1 that repeats after 1 in both directions; `cells` bumps (whole numbers) per tile along u and v. */
export function noise2(u: number, v: number, cellsU: number, cellsV: number, seed: number): number {
  const x = u * cellsU
  const y = v * cellsV
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const fx = smooth(x - x0)
  const fy = smooth(y - y0)
  const xa = wrap(x0, cellsU)
  const xb = wrap(x0 + 1, cellsU)
  const ya = wrap(y0, cellsV)
  const yb = wrap(y0 + 1, cellsV)
  const low = hash2(xa, ya, seed) * (1 - fx) + hash2(xb, ya, seed) * fx
  const high = hash2(xa, yb, seed) * (1 - fx) + hash2(xb, yb, seed) * fx
  return low * (1 - fy) + high * fy
}

/** Four octaves of `noise2`, from 0 to 1 around 0.5. */
export function cloud(u: number, v: number, cells: number, seed: number): number {
  return (
    noise2(u, v, cells, cells, seed) * 0.5 +
    noise2(u, v, cells * 2, cells * 2, seed + 1) * 0.25 +
    noise2(u, v, cells * 4, cells * 4, seed + 2) * 0.15 +
    noise2(u, v, cells * 8, cells * 8, seed + 3) * 0.1
  )
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t)
}

function wrap(value: number, period: number): number {
  return value - Math.floor(value / period) * period
}
