// The shading pass: colours each visible pixel once. Rows are cut into runs of one face and runs into pieces of a few pixels; texture place
// and light are exact at the ends of a piece and straight lines between. That makes a frame cost milliseconds.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { frame, head, shading } from '../kernels/shared-memory.ts'
import type { Backdrop } from './backdrop.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { Geometry } from './geometry.ts'
import type { LightModel } from './light-model.ts'
import type { BakedSurface } from './material.ts'
import { markSmall } from './small-faces.ts'
import { noiseLength } from './tone.ts'
import type { View } from './view.ts'

/** Settings of one frame: exposure multiplies light; `noise` is a tile of pixel steps, read from `noiseStart` on. */
export interface ShadeSettings {
  readonly exposure: number
  readonly noise: Uint8Array
  readonly noiseStart: number
}

/** How finely a camera shades. */
export interface ShadeDetail {
  /** Pixels between exact evaluations of light and texture place. */
  readonly pieceLength: number
  /** Whether small faces are lit at their corners alone; not with sharp shadows, which fall across them. */
  readonly lightCorners: boolean
}

/** The kernels of a row, in the order in which they run. */
function kernelsOf({ visibility: { kernels } }: CameraMemory) {
  const [runs, record, prepare, cut] = [kernels.find('runs'), kernels.find('record'), kernels.find('prepare'), kernels.find('cut')]
  return { runs, record, prepare, cut, small: kernels.find('small'), place: kernels.find('place'), pieces: kernels.find('pieces') }
}

/** Shades what one camera sees. */
export class Shader {
  readonly #geometry: Geometry
  readonly #backdrop: Backdrop
  readonly #memory: CameraMemory
  readonly #kernels: ReturnType<typeof kernelsOf>
  #noise: Uint8Array | undefined

  constructor(geometry: Geometry, surfaces: readonly BakedSurface[], backdrop: Backdrop, memory: CameraMemory, detail: ShadeDetail) {
    this.#memory = memory
    this.#geometry = geometry
    this.#backdrop = backdrop
    backdrop.enter(memory)
    if (detail.lightCorners) markSmall(geometry, surfaces, memory.isSmall)
    memory.headFloats[shading.pieceLength / 8] = detail.pieceLength
    this.#kernels = kernelsOf(memory)
  }

  /** Writes colours, depth and bodies of what the memory's visibility buffer holds into its picture. */
  shade(view: View, model: LightModel, settings: ShadeSettings): void {
    this.#begin(view, settings)
    const { head: wholes, headFloats } = this.#memory
    const { runs, record, prepare, cut, small, place, pieces } = this.#kernels
    for (let y = 0; y < view.height; y++) {
      // A row's noise starts anywhere, so that no pattern repeats from row to row.
      wholes[head.noiseAt / 4] = (settings.noiseStart + Math.imul(y, 40503)) & (noiseLength - 1)
      const ray = (y + 0.5 - view.cy) / view.fy
      headFloats[head.rowRay / 8] = ray
      headFloats[frame.rowRay / 8] = (y + 0.5 - view.cy) * (1 / view.fy)
      runs(y)
      record()
      prepare()
      cut(y)
      small(y)
      const count = wholes[shading.endCount / 4] as number
      if (count === 0) continue
      place(count)
      model.lightEnds(count, ray)
      pieces(y, wholes[shading.pieceCount / 4] as number)
    }
  }

  #begin(view: View, { noise, exposure }: ShadeSettings): void {
    const { rays, headFloats, visibility, shownParts, matrices } = this.#memory
    // Number 0 is nothing: no row is the first to show it.
    visibility.shown.fill(0)[0] = 1
    shownParts.fill(0)
    matrices.set(this.#geometry.matrices)
    headFloats.set([view.cx, 1 / view.fx, 1 / view.fy, view.fx, ...view.position], frame.cx / 8)
    for (let axis = 0; axis < 3; axis++) headFloats.set(view.rotation.subarray(axis * 3, axis * 3 + 3), frame.rotation / 8 + axis * 4)
    headFloats[frame.exposure / 8] = exposure
    this.#backdrop.begin(view, this.#memory)
    for (let x = 0; x < view.width; x++) rays[x] = (x + 0.5 - view.cx) / view.fx
    if (this.#noise !== noise) this.#memory.noise.set(noise)
    this.#noise = noise
  }
}
