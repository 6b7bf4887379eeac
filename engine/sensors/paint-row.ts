// The last stage of shading a row: from light to paint units, and from ends and pieces to the whole numbers (32-bit, wrapping, exact everywhere)
// that the innermost loop of the camera paints with (paint-kernel.ts). Trusts the stages before it for ranges.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { lightShift, piece } from '../kernels/paint-kernel.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { BakedSurface } from './material.ts'
import type { RowBatch } from './row-batch.ts'
import { factorMax, type Texture } from './texture.ts'
import { pedestal, toneMax, toneScale } from './tone.ts'
import type { View } from './view.ts'

// A texel's code is the root of its factor, and display values follow the root of light closely, so their product is the picture:
// pixel = code × light >> lightShift, with light in steps so fine that a piece's slope survives rounding.
const codeOfOne = Math.sqrt(1 / factorMax) * 255
const lightUnit = ((255 - 2 * pedestal) / codeOfOne) * (1 << lightShift)
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

/** Writes the pieces of row `y` for the kernel that paints them; `noiseAt` is where the row's noise starts. */
export function takePieces(batch: RowBatch, surfaces: readonly BakedSurface[], y: number, noiseAt: number, memory: CameraMemory): void {
  const { pieces, texelsAt, rgbAt, picture } = memory
  for (let p = 0; p < batch.pieceCount; p++) {
    const from = batch.from[p] as number
    const { texture } = surfaces[batch.surface[batch.endA[p] as number] as number] as BakedSurface
    const at = p * (piece.bytes / 4)
    pieces[at + piece.out / 4] = rgbAt + (y * picture.width + from) * 3
    pieces[at + piece.count / 4] = batch.count[p] as number
    pieces[at + piece.noise / 4] = noiseAt + from * 3
    takeTexture(batch, p, y, texture, texelsAt.get(texture) as number, pieces, at)
    takeLight(batch, p, pieces, at)
  }
}

function takeTexture(batch: RowBatch, p: number, y: number, texture: Texture, texelsAt: number, pieces: Int32Array, at: number): void {
  const a = batch.endA[p] as number
  const b = batch.endB[p] as number
  const steps = batch.steps[p] as number
  const share = steps > 0 ? 1 / steps : 0
  // A flat piece (one end) is painted along the texture's slope there; it begins `steps` pixels before its end.
  const flat = a === b
  const slopeU = flat ? (batch.du[a] as number) : ((batch.u[b] as number) - (batch.u[a] as number)) * share
  const slopeV = flat ? (batch.dv[a] as number) : ((batch.v[b] as number) - (batch.v[a] as number)) * share
  const footprint = ((batch.footprint[a] as number) + (batch.footprint[b] as number)) * 0.5
  const level = levelOf(texture, footprint)
  const scale = texelScale >> level
  const jitter = jitterOf(footprint)
  const odd = (y & 1) * (jitter >> 1) - (jitter >> 2)
  const bits = texture.sizeBits - level
  pieces[at + piece.texels / 4] = texelsAt + (texture.offsets[level] as number) * 4
  pieces[at + piece.mask / 4] = (1 << bits) - 1
  pieces[at + piece.bits / 4] = bits
  pieces[at + piece.jitter / 4] = jitter
  // Places wrap at 65,536 texels, which every tile's size divides: a floor may be as large as it likes.
  pieces[at + piece.u / 4] = (((batch.u[a] as number) - (flat ? slopeU * steps : 0)) * scale + odd) | 0
  pieces[at + piece.v / 4] = (((batch.v[a] as number) - (flat ? slopeV * steps : 0)) * scale - odd) | 0
  pieces[at + piece.du / 4] = (slopeU * scale) | 0
  pieces[at + piece.dv / 4] = (slopeV * scale) | 0
}

function takeLight(batch: RowBatch, p: number, pieces: Int32Array, at: number): void {
  const a = batch.endA[p] as number
  const b = batch.endB[p] as number
  const steps = batch.steps[p] as number
  const share = steps > 0 ? 1 / steps : 0
  const { red, green, blue } = batch
  const light = at + piece.light / 4
  const step = at + piece.lightStep / 4
  pieces[light] = (red[a] as number) | 0
  pieces[light + 1] = (green[a] as number) | 0
  pieces[light + 2] = (blue[a] as number) | 0
  pieces[step] = (((red[b] as number) - (red[a] as number)) * share) | 0
  pieces[step + 1] = (((green[b] as number) - (green[a] as number)) * share) | 0
  pieces[step + 2] = (((blue[b] as number) - (blue[a] as number)) * share) | 0
}

/** What a texel of level 0 counts in the kernel's whole numbers; half of it per level. */
export const texelScale = 65_536

/** Each level halves the tile: the one at which a pixel covers 0.7 to 1.4 texels. */
export function levelOf(texture: Texture, footprint: number): number {
  return Math.min(texture.levels - 1, 32 - Math.clz32((footprint * texelsPerPixel) | 0))
}

/** Close up, texels are larger than pixels: a two by two pattern of shifts stands in for filtering between them. */
export function jitterOf(footprint: number): number {
  return footprint < 0.7 ? texelScale / 2 : 0
}
