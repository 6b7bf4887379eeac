// From light to pixel values: a filmic curve and the display gamma in one table, and a tile of sensor noise. Both are made with + - * / and
// square roots alone; the gamma is the three-root fit of the sRGB curve by Ian Taylor (error below half a step of 255).

import type { Random } from '../math/random.ts'

/** Table entries per unit of exposed light. */
export const toneScale = 2048
/** The table's length: light above the last entry is white. */
export const toneLength = 8192

/** Pixel steps that the noise may move a pixel at most; black and white keep this distance from 0 and 255, as a sensor's black level does. */
export const pedestal = 6

/** Pixel values before noise (0 to 255 - 2 × `pedestal`) for exposed light in steps of 1 / `toneScale`. */
export function bakeToneTable(): Uint8Array {
  const table = new Uint8Array(toneLength)
  const span = 255 - 2 * pedestal
  for (let i = 0; i < toneLength; i++) table[i] = Math.floor(gamma(filmic((i + 0.5) / toneScale)) * span + 0.5)
  return table
}

/** Display values before noise, from 0 (black) to 1 (white), for exposed light in steps of 1 / `toneScale`. */
export function bakeDisplayTable(): Float64Array {
  return Float64Array.from({ length: toneLength }, (_, i) => gamma(filmic(i / toneScale)))
}

/** The largest light that the table answers for, a little below its end so that rounding cannot leave it. */
export const toneMax = (toneLength - 1) / toneScale - 1e-6

/** A filmic shoulder and toe (Narkowicz's fit), scaled so that middle grey stays where it is. */
function filmic(x: number): number {
  const e = x * 0.85
  const y = (e * (2.51 * e + 0.03)) / (e * (2.43 * e + 0.59) + 0.14)
  return y > 1 ? 1 : y
}

/** The sRGB curve by three square roots. */
function gamma(x: number): number {
  const s1 = Math.sqrt(x)
  const s2 = Math.sqrt(s1)
  const s3 = Math.sqrt(s2)
  const y = 0.662002687 * s1 + 0.68412206 * s2 - 0.323583601 * s3 - 0.022541147 * x
  return y < 0 ? 0 : y > 1 ? 1 : y
}

/** Where reading the noise wraps: a power of two, for a mask; the tile repeats its beginning, so that a read of some bytes never wraps inside. */
export const noiseLength = 1 << 15
/** Bytes of a tile of noise. */
export const noiseBytes: number = noiseLength + 32

/** Read noise in pixel steps with the given deviation, clipped at `pedestal` and lifted by it: a sum of uniform draws, near enough to normal for an eye and a network. */
export function bakeNoise(random: Random, sigma: number): Uint8Array {
  const table = new Uint8Array(noiseBytes)
  for (let i = 0; i < noiseLength; i++) {
    const word = random.uint32()
    // Four bytes of one word: variance 4 × (256² - 1) / 12, so the sum over 147.8 has deviation 1.
    const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510
    const value = Math.floor((sum / 147.8) * sigma + 0.5)
    table[i] = pedestal + (value > pedestal ? pedestal : value < -pedestal ? -pedestal : value)
  }
  table.copyWithin(noiseLength, 0, noiseBytes - noiseLength)
  return table
}
