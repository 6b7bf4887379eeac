// What need not be drawn: parts whose whole box lies behind what is already drawn, measured by tiles. What is left out so could not have changed
// a pixel, so a picture is the same whatever was drawn before; only the time that it takes differs.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { tileBits } from '../kernels/tiles-kernel.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { PartRange } from './geometry.ts'
import type { Hider, Visibility } from './rasterise.ts'
import type { View } from './view.ts'

/** How much nearer than its box a part counts, as a share: far more than rounding can do. */
const margin = 1 + 1e-5

/** Answers what the picture drawn so far hides. */
export class HiddenParts implements Hider {
  readonly #tiles: Float32Array
  readonly #columns: number
  readonly #visibility: Visibility
  readonly #measure: () => void
  // The box that is asked about: left, top, right, bottom in pixels, and the largest reciprocal depth in it.
  readonly #box = new Float64Array(5)

  constructor({ visibility, tiles }: CameraMemory) {
    this.#tiles = tiles
    this.#visibility = visibility
    this.#columns = (visibility.width + (1 << tileBits) - 1) >> tileBits
    this.#measure = visibility.kernels.find('tiles')
  }

  /** Takes what is drawn up to now as what may hide. */
  measure(): void {
    this.#measure()
  }

  /** Whether no pixel of a part can be seen; `m` takes its frame to camera axes. */
  hides(view: View, m: Float64Array, part: PartRange): boolean {
    return this.#project(view, m, part) && this.#hidesBox()
  }

  /** Whether nothing can be seen of what lies in the box. */
  #hidesBox(): boolean {
    const { width, height } = this.#visibility
    const box = this.#box
    // A pixel more on each side, for rounding.
    const from = Math.max(0, Math.floor((box[0] as number) - 1)) >> tileBits
    const top = Math.max(0, Math.floor((box[1] as number) - 1)) >> tileBits
    const to = Math.min(width - 1, Math.floor((box[2] as number) + 1)) >> tileBits
    const low = Math.min(height - 1, Math.floor((box[3] as number) + 1)) >> tileBits
    const limit = (box[4] as number) * margin
    for (let j = top; j <= low; j++) {
      const row = j * this.#columns
      for (let i = from; i <= to; i++) if (!((this.#tiles[row + i] as number) > limit)) return false
    }
    return true
  }

  /** Sets the box on the picture that holds all corners; answers false if one is at the eye or behind it. */
  #project(view: View, m: Float64Array, { low, high }: PartRange): boolean {
    const box = this.#box
    box.fill(Infinity, 0, 2)
    box.fill(-Infinity, 2, 5)
    for (let corner = 0; corner < 8; corner++) {
      const x = (corner & 1) === 0 ? low[0] : high[0]
      const y = (corner & 2) === 0 ? low[1] : high[1]
      const z = (corner & 4) === 0 ? low[2] : high[2]
      const ahead = (m[8] as number) * x + (m[9] as number) * y + (m[10] as number) * z + (m[11] as number)
      if (!(ahead > view.near)) return false
      const inverse = 1 / ahead
      const column = view.cx + view.fx * ((m[0] as number) * x + (m[1] as number) * y + (m[2] as number) * z + (m[3] as number)) * inverse
      const row = view.cy + view.fy * ((m[4] as number) * x + (m[5] as number) * y + (m[6] as number) * z + (m[7] as number)) * inverse
      box[0] = Math.min(box[0] as number, column)
      box[1] = Math.min(box[1] as number, row)
      box[2] = Math.max(box[2] as number, column)
      box[3] = Math.max(box[3] as number, row)
      box[4] = Math.max(box[4] as number, inverse)
    }
    return true
  }
}
