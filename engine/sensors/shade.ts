// The shading pass: colours each visible pixel once. Rows are cut into runs of one face and runs into pieces of a few pixels; texture place
// and light are exact at the ends of a piece and straight lines between. That makes a frame cost milliseconds.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { head } from '../kernels/shared-memory.ts'
import type { Backdrop } from './backdrop.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { Geometry } from './geometry.ts'
import type { LightModel } from './light-model.ts'
import type { BakedSurface } from './material.ts'
import { exposeEnds, takePieces } from './paint-row.ts'
import { placeEnds } from './place-ends.ts'
import { RowBatch } from './row-batch.ts'
import { SmallFaces } from './small-faces.ts'
import { recordStride, writeRecord } from './surface-record.ts'
import { bakeDisplayTable, bakeToneTable, noiseLength } from './tone.ts'
import type { View } from './view.ts'

/** Runs of at most this many pixels get one end, in their middle. */
const shortRun = 8
/** Most pixels of a piece, most metres that they cover, and most that depth may change along it, as a share. */
const lengthMax = 64
const metresMax = 0.4
const bendMax = 0.06

/** Settings of one frame: exposure multiplies light; `noise` is a tile of pixel steps, read from `noiseStart` on. */
export interface ShadeSettings {
  readonly exposure: number
  readonly noise: Uint8Array
  readonly noiseStart: number
  /** Pixels between exact evaluations of light and texture place. */
  readonly pieceLength: number
  /** Whether small faces are lit at their corners alone; not with sharp shadows, which fall across them. */
  readonly lightCorners: boolean
}

/** Shades what one camera sees. */
export class Shader {
  readonly #geometry: Geometry
  readonly #surfaces: readonly BakedSurface[]
  readonly #backdrop: Backdrop
  readonly #memory: CameraMemory
  readonly #records: Float64Array
  readonly #recordFrame: Uint32Array
  readonly #tone = bakeToneTable()
  readonly #display = bakeDisplayTable()
  readonly #small: SmallFaces
  readonly #batch: RowBatch
  readonly #kernels: Readonly<Record<'runs' | 'small' | 'pieces', (value: number) => void>>
  #noise: Uint8Array | undefined
  #frame = 0

  constructor(geometry: Geometry, surfaces: readonly BakedSurface[], backdrop: Backdrop, memory: CameraMemory) {
    this.#memory = memory
    this.#geometry = geometry
    this.#surfaces = surfaces
    this.#backdrop = backdrop
    this.#small = new SmallFaces(geometry, surfaces, memory)
    this.#records = new Float64Array(geometry.materials.length * recordStride)
    this.#recordFrame = new Uint32Array(geometry.materials.length)
    this.#batch = new RowBatch(memory.picture.width)
    const { find } = memory.visibility.kernels
    this.#kernels = { runs: find('runs'), small: find('small'), pieces: find('pieces') }
  }

  /** Writes colours, depth and bodies of what the memory's visibility buffer holds into its picture. `points` are the rasteriser's. */
  shade(view: View, points: Float64Array, model: LightModel, settings: ShadeSettings): void {
    this.#begin(view, settings.noise)
    const batch = this.#batch
    const memory = this.#memory
    for (let y = 0; y < view.height; y++) {
      // A row's noise starts anywhere, so that no pattern repeats from row to row.
      const noiseAt = (settings.noiseStart + Math.imul(y, 40503)) & (noiseLength - 1)
      memory.head[head.noiseAt / 4] = noiseAt
      memory.headFloats[head.rowRay / 8] = (y + 0.5 - view.cy) / view.fy
      this.#kernels.runs(y)
      if (this.#readRuns(view, y, points, model, settings, noiseAt)) this.#kernels.small(y)
      if (batch.pieceCount === 0) continue
      placeEnds(batch, view, y, this.#records, this.#surfaces)
      model.lightEnds(batch, this.#surfaces)
      exposeEnds(batch, view, y, settings.exposure, this.#surfaces, this.#display)
      takePieces(batch, this.#surfaces, y, noiseAt, memory)
      this.#kernels.pieces(batch.pieceCount)
    }
  }

  #begin(view: View, noise: Uint8Array): void {
    this.#frame++
    const { rays } = this.#memory
    for (let x = 0; x < view.width; x++) rays[x] = (x + 0.5 - view.cx) / view.fx
    if (this.#noise !== noise) this.#memory.noise.set(noise)
    this.#noise = noise
  }

  /** Goes through a row's runs: fills what is empty, prepares small faces, cuts the others into pieces. Answers whether a small face is there. */
  #readRuns(view: View, y: number, points: Float64Array, model: LightModel, settings: ShadeSettings, noiseAt: number): boolean {
    const { runs, isSmall, picture } = this.#memory
    const count = (this.#memory.head[head.runCount / 4] as number) * 2
    this.#batch.clear()
    let hasSmall = false
    let x = 0
    for (let run = 0; run < count; run += 2) {
      const face = runs[run] as number
      const end = runs[run + 1] as number
      if (face === 0) this.#backdrop.fill(view, y, x, end, settings, noiseAt, this.#tone, picture.rgb)
      else if (settings.lightCorners && (isSmall[face] as number) === 1) {
        this.#prepare(view, model, points, face - 1, settings.exposure)
        hasSmall = true
      } else this.#cut(view, y, points, face - 1, x, end, settings.pieceLength)
      x = end
    }
    return hasSmall
  }

  /** Makes sure that a small face is ready to be painted in this frame. */
  #prepare(view: View, model: LightModel, points: Float64Array, face: number, exposure: number): void {
    if (this.#recordFrame[face] === this.#frame) return
    this.#recordFrame[face] = this.#frame
    const surface = this.#surfaces[this.#geometry.materials[face] as number] as BakedSurface
    const record = face * recordStride
    writeRecord(this.#geometry, points, face, surface.smooth, this.#records, record)
    this.#small.prepare(view, model, this.#surfaces, face, points, this.#records, record, exposure, this.#display)
  }

  /** Cuts a run into pieces and makes sure that its face's record is there. */
  #cut(view: View, y: number, points: Float64Array, face: number, from: number, to: number, pieceLength: number): void {
    const surface = this.#geometry.materials[face] as number
    const record = face * recordStride
    if (this.#recordFrame[face] !== this.#frame) {
      this.#recordFrame[face] = this.#frame
      writeRecord(this.#geometry, points, face, (this.#surfaces[surface] as BakedSurface).smooth, this.#records, record)
    }
    const batch = this.#batch
    if (to - from <= shortRun) {
      const middle = (from + to) >> 1
      const end = batch.addEnd(middle, record, surface)
      batch.addPiece(end, end, from, to - from, middle - from)
      return
    }
    const length = this.#lengthOf(view, y, record, from, to, pieceLength)
    let before = batch.addEnd(from, record, surface)
    for (let x = from; x < to; x += length) {
      const stop = x + length < to ? x + length : to
      // The last piece ends on the run's last pixel: past it the face's plane says nothing about the picture.
      const last = stop < to ? stop : to - 1
      const end = last > x ? batch.addEnd(last, record, surface) : before
      batch.addPiece(before, end, x, stop - x, last - x)
      before = end
    }
  }

  /** Pixels of a piece: more than wanted where they are close to the eye and equally far, so that light and texture run straight. */
  #lengthOf(view: View, y: number, record: number, from: number, to: number, wanted: number): number {
    const r = this.#records
    const level = (r[record + 1] as number) * ((y + 0.5 - view.cy) / view.fy) + (r[record + 2] as number)
    const slope = (r[record] as number) / view.fx
    const w = level + slope * ((slope > 0 ? from : to) + 0.5 - view.cx)
    const length = Math.min(lengthMax, Math.floor(metresMax * view.fx * w))
    return length > wanted && Math.abs(slope) * length < bendMax * w ? length : wanted
  }
}
