// The innermost loop of the camera: paints the pieces of one row. Whole-number arithmetic only (32-bit, wrapping), which is exact everywhere
// and several times faster than the same in floating point. Trusts the stages before it for ranges.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { BakedSurface } from './material.ts'
import type { RowBatch } from './row-batch.ts'
import { factorMax, type Texture } from './texture.ts'
import { noiseLength, pedestal, toneMax, toneScale } from './tone.ts'
import type { View } from './view.ts'

// A texel's code is the root of its factor, and display values follow the root of light closely, so their product is the picture:
// pixel = code × light >> shift, with light in steps so fine that a piece's slope survives rounding.
const shift = 18
const codeOfOne = Math.sqrt(1 / factorMax) * 255
const lightUnit = ((255 - 2 * pedestal) / codeOfOne) * (1 << shift)
const white = 255 - 2 * pedestal
const texelsPerPixel = 1 / 1.4

/** The second stage's last step: light times surface colour, exposure and the lens's fall-off, as display values in paint units. */
export function exposeEnds(
  batch: RowBatch,
  view: View,
  y: number,
  exposure: number,
  surfaces: readonly BakedSurface[],
  display: Float64Array,
): void {
  const { column, surface, red, green, blue } = batch
  const ry = (y + 0.5 - view.cy) / view.fy
  const stepX = 1 / view.fx
  const top = toneMax * toneScale
  for (let e = 0; e < batch.endCount; e++) {
    const it = surfaces[surface[e] as number] as BakedSurface
    const rx = ((column[e] as number) + 0.5 - view.cx) * stepX
    const gain = exposure * (1 - 0.22 * (rx * rx + ry * ry)) * toneScale
    const r = Math.min(top, Math.max(0, ((red[e] as number) + it.glow) * it.red * gain))
    const g = Math.min(top, Math.max(0, ((green[e] as number) + it.glow) * it.green * gain))
    const b = Math.min(top, Math.max(0, ((blue[e] as number) + it.glow) * it.blue * gain))
    red[e] = (display[r | 0] as number) * lightUnit
    green[e] = (display[g | 0] as number) * lightUnit
    blue[e] = (display[b | 0] as number) * lightUnit
  }
}

/** Paints all pieces of row `y`; `noiseAt` is where the row's noise starts. */
export function paintRow(
  batch: RowBatch,
  surfaces: readonly BakedSurface[],
  y: number,
  width: number,
  rgb: Uint8Array,
  noise: Uint8Array,
  noiseAt: number,
): void {
  for (let p = 0; p < batch.pieceCount; p++) {
    const from = batch.from[p] as number
    const it = surfaces[batch.surface[batch.endA[p] as number] as number] as BakedSurface
    takePiece(batch, p)
    paintPiece(it.texture, batch.count[p] as number, y, (y * width + from) * 3, rgb, noise, (noiseAt + from * 3) & (noiseLength - 1))
  }
}

/**
 * What the next piece begins with and how it changes from pixel to pixel: u, v, their steps, then red, green, blue, their steps, and the texels
 * that a pixel covers. Texels of level 0 and paint units. One scratch for all: pieces are painted one at a time.
 */
export const pen = new Float64Array(11)

function takePiece(batch: RowBatch, p: number): void {
  const a = batch.endA[p] as number
  const b = batch.endB[p] as number
  const steps = batch.steps[p] as number
  const share = steps > 0 ? 1 / steps : 0
  // A flat piece (one end) is painted along the texture's slope there; it begins `steps` pixels before its end.
  const flat = a === b
  const slopeU = flat ? (batch.du[a] as number) : ((batch.u[b] as number) - (batch.u[a] as number)) * share
  const slopeV = flat ? (batch.dv[a] as number) : ((batch.v[b] as number) - (batch.v[a] as number)) * share
  pen[0] = (batch.u[a] as number) - (flat ? slopeU * steps : 0)
  pen[1] = (batch.v[a] as number) - (flat ? slopeV * steps : 0)
  pen[2] = slopeU
  pen[3] = slopeV
  pen[4] = batch.red[a] as number
  pen[5] = batch.green[a] as number
  pen[6] = batch.blue[a] as number
  pen[7] = ((batch.red[b] as number) - (batch.red[a] as number)) * share
  pen[8] = ((batch.green[b] as number) - (batch.green[a] as number)) * share
  pen[9] = ((batch.blue[b] as number) - (batch.blue[a] as number)) * share
  pen[10] = ((batch.footprint[a] as number) + (batch.footprint[b] as number)) * 0.5
}

/** Paints `count` pixels of row `y` with the pen; `at` is the first byte of the first pixel. */
export function paintPiece(
  texture: Texture,
  count: number,
  y: number,
  at: number,
  rgb: Uint8Array,
  noise: Uint8Array,
  noiseAt: number,
): void {
  const footprint = pen[10] as number
  // Each level halves the tile: the one is taken at which a pixel covers 0.7 to 1.4 texels.
  const level = Math.min(texture.levels - 1, 32 - Math.clz32((footprint * texelsPerPixel) | 0))
  const scale = 65536 >> level
  const du = ((pen[2] as number) * scale) | 0
  const dv = ((pen[3] as number) * scale) | 0
  const dr = (pen[7] as number) | 0
  const dg = (pen[8] as number) | 0
  const db = (pen[9] as number) | 0
  // Close up, texels are larger than pixels: a two by two pattern of shifts stands in for filtering between them.
  const jitter = footprint < 0.7 ? 32768 : 0
  const odd = (y & 1) * (jitter >> 1) - (jitter >> 2)
  // Places wrap at 65,536 texels, which every tile's size divides: a floor may be as large as it likes.
  const { texels } = texture
  let u = (((pen[0] as number) * scale) | 0) + odd
  let v = (((pen[1] as number) * scale) | 0) - odd
  let lr = (pen[4] as number) | 0
  let lg = (pen[5] as number) | 0
  let lb = (pen[6] as number) | 0
  const bits = texture.sizeBits - level
  const mask = (1 << bits) - 1
  const base = texture.offsets[level] as number
  const end = at + count * 3
  let n = noiseAt
  let j = 0
  for (let out = at; out < end; out += 3) {
    const texel = texels[base + ((((v + j) >> 16) & mask) << bits) + (((u + j) >> 16) & mask)] as number
    const pr = Math.imul(texel & 255, lr) >> shift
    const pg = Math.imul((texel >> 8) & 255, lg) >> shift
    const pb = Math.imul(texel >> 16, lb) >> shift
    rgb[out] = (pr < white ? pr : white) + (noise[n] as number)
    rgb[out + 1] = (pg < white ? pg : white) + (noise[n + 1] as number)
    rgb[out + 2] = (pb < white ? pb : white) + (noise[n + 2] as number)
    n = (n + 3) & (noiseLength - 1)
    j = jitter - j
    u = (u + du) | 0
    v = (v + dv) | 0
    lr = (lr + dr) | 0
    lg = (lg + dg) | 0
    lb = (lb + db) | 0
  }
}
