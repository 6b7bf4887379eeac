// The shading pass: colours each visible pixel once. Rows are cut into runs of one face and runs into pieces of a few pixels; texture place
// and light are exact at the ends of a piece and straight lines between. That makes a frame cost milliseconds.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Backdrop } from './backdrop.ts'
import type { Geometry } from './geometry.ts'
import type { LightModel } from './light-model.ts'
import type { BakedSurface } from './material.ts'
import { exposeEnds, paintRow } from './paint-row.ts'
import type { Picture } from './picture.ts'
import { placeEnds } from './place-ends.ts'
import type { Visibility } from './rasterise.ts'
import { RowBatch } from './row-batch.ts'
import { SmallFaces } from './small-faces.ts'
import { recordStride, writeRecord } from './surface-record.ts'
import { bakeDisplayTable, bakeToneTable, noiseLength } from './tone.ts'
import type { View } from './view.ts'

/** Runs of at most this many pixels get one end, in their middle. */
const shortRun = 8

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

/** Shades visibility buffers of one geometry. */
export class Shader {
  readonly #geometry: Geometry
  readonly #surfaces: readonly BakedSurface[]
  readonly #backdrop: Backdrop
  readonly #instanceOf: Uint16Array
  readonly #records: Float64Array
  readonly #recordFrame: Uint32Array
  readonly #tone = bakeToneTable()
  readonly #display = bakeDisplayTable()
  readonly #small: SmallFaces
  #batch = new RowBatch(0)
  #batchWidth = 0
  #frame = 0

  /** `instanceOf` has the body of each face number plus one, and 0 for nothing. */
  constructor(geometry: Geometry, surfaces: readonly BakedSurface[], backdrop: Backdrop, instanceOf: Uint16Array) {
    this.#instanceOf = instanceOf
    this.#geometry = geometry
    this.#surfaces = surfaces
    this.#backdrop = backdrop
    this.#small = new SmallFaces(geometry, surfaces)
    this.#records = new Float64Array(geometry.materials.length * recordStride)
    this.#recordFrame = new Uint32Array(geometry.materials.length)
  }

  /** Writes colours, depth and bodies of what `seen` holds. `points` are the rasteriser's. */
  shade(view: View, seen: Visibility, points: Float64Array, model: LightModel, settings: ShadeSettings, picture: Picture): void {
    this.#frame++
    const { width, height } = seen
    const { rgb } = picture
    if (width !== this.#batchWidth) this.#batch = new RowBatch(width)
    this.#batchWidth = width
    const batch = this.#batch
    this.#small.begin(view)
    for (let y = 0; y < height; y++) {
      // A row's noise starts anywhere, so that no pattern repeats from row to row.
      const noiseAt = (settings.noiseStart + Math.imul(y, 40503)) & (noiseLength - 1)
      batch.clear()
      let x = 0
      while (x < width) {
        const face = seen.faces[y * width + x] as number
        const end = x + this.#readRun(seen, y * width + x, y * width + width, face, picture)
        if (face === 0) this.#backdrop.fill(view, y, x, end, settings, noiseAt, this.#tone, rgb)
        else if (settings.lightCorners && this.#small.isSmall[face - 1] === 1) {
          this.#prepare(view, model, points, face - 1, settings.exposure)
          const it = this.#surfaces[this.#geometry.materials[face - 1] as number] as BakedSurface
          this.#small.paint(view, it, face - 1, y, x, end, rgb, settings.noise, noiseAt)
        } else this.#cut(points, face - 1, x, end, settings.pieceLength)
        x = end
      }
      placeEnds(batch, view, y, this.#records, this.#surfaces)
      model.lightEnds(batch, this.#surfaces)
      exposeEnds(batch, view, y, settings.exposure, this.#surfaces, this.#display)
      paintRow(batch, this.#surfaces, y, width, rgb, settings.noise, noiseAt)
    }
  }

  /** Depth and bodies of the run of one face that begins at pixel `from`; answers its length. */
  #readRun(seen: Visibility, from: number, rowEnd: number, face: number, picture: Picture): number {
    const { inverseDepth, faces } = seen
    const { depth, instances } = picture
    const instance = this.#instanceOf[face] as number
    const scale = face === 0 ? 0 : 1
    let i = from
    do {
      depth[i] = scale / (inverseDepth[i] as number)
      instances[i] = instance
      i++
    } while (i < rowEnd && (faces[i] as number) === face)
    return i - from
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
  #cut(points: Float64Array, face: number, from: number, to: number, pieceLength: number): void {
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
    let before = batch.addEnd(from, record, surface)
    for (let x = from; x < to; x += pieceLength) {
      const stop = x + pieceLength < to ? x + pieceLength : to
      // The last piece ends on the run's last pixel: past it the face's plane says nothing about the picture.
      const last = stop < to ? stop : to - 1
      const end = last > x ? batch.addEnd(last, record, surface) : before
      batch.addPiece(before, end, x, stop - x, last - x)
      before = end
    }
  }
}
