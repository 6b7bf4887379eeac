// The shading pass: colours each visible pixel once. Rows are cut into runs of one face and runs into pieces of a few pixels; texture place
// and light are exact at the ends of a piece and straight lines between. That makes a frame cost milliseconds.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { face as faceFields, surface as surfaceFields } from '../kernels/end-records.ts'
import { frame, head } from '../kernels/shared-memory.ts'
import type { Backdrop } from './backdrop.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { Geometry } from './geometry.ts'
import type { LightModel } from './light-model.ts'
import type { BakedSurface } from './material.ts'
import type { RowBatch } from './row-batch.ts'
import { SmallFaces } from './small-faces.ts'
import { recordStride, writeRecord } from './surface-record.ts'
import { noiseLength } from './tone.ts'
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
  /** 1 for each part that the last picture showed; faces are in `visibility.shown`. */
  readonly shownParts: Uint8Array
  readonly #shown: Uint8Array
  readonly #small: SmallFaces
  readonly #batch: RowBatch
  readonly #kernels: Readonly<Record<'runs' | 'backdrop' | 'small' | 'place' | 'pieces', (...values: number[]) => void>>
  #noise: Uint8Array | undefined

  constructor(geometry: Geometry, surfaces: readonly BakedSurface[], backdrop: Backdrop, memory: CameraMemory) {
    this.#memory = memory
    this.#geometry = geometry
    this.#surfaces = surfaces
    this.#backdrop = backdrop
    backdrop.enter(memory)
    this.#small = new SmallFaces(geometry, surfaces, memory)
    this.#shown = memory.visibility.shown
    this.shownParts = new Uint8Array(geometry.parts.length)
    this.#batch = memory.row
    const { find } = memory.visibility.kernels
    this.#kernels = { runs: find('runs'), backdrop: find('backdrop'), small: find('small'), place: find('place'), pieces: find('pieces') }
  }

  /** Writes colours, depth and bodies of what the memory's visibility buffer holds into its picture. */
  shade(view: View, points: Float64Array, model: LightModel, settings: ShadeSettings): void {
    this.#begin(view, settings)
    const batch = this.#batch
    const memory = this.#memory
    for (let y = 0; y < view.height; y++) {
      // A row's noise starts anywhere, so that no pattern repeats from row to row.
      memory.head[head.noiseAt / 4] = (settings.noiseStart + Math.imul(y, 40503)) & (noiseLength - 1)
      const ray = (y + 0.5 - view.cy) / view.fy
      memory.headFloats[head.rowRay / 8] = ray
      memory.headFloats[frame.rowRay / 8] = (y + 0.5 - view.cy) * (1 / view.fy)
      this.#kernels.runs(y)
      if (this.#readRuns(view, y, points, model, settings)) this.#kernels.small(y)
      if (batch.pieceCount === 0) continue
      this.#kernels.place(batch.endCount)
      model.lightEnds(batch, ray)
      this.#kernels.pieces(y, batch.pieceCount)
    }
  }

  #begin(view: View, { noise, exposure }: ShadeSettings): void {
    this.#shown.fill(0)
    this.shownParts.fill(0)
    const { rays, headFloats } = this.#memory
    headFloats.set([view.cx, 1 / view.fx, 1 / view.fy, view.fx, ...view.position], frame.cx / 8)
    for (let axis = 0; axis < 3; axis++) headFloats.set(view.rotation.subarray(axis * 3, axis * 3 + 3), frame.rotation / 8 + axis * 4)
    headFloats[frame.exposure / 8] = exposure
    this.#backdrop.begin(view, this.#memory)
    for (let x = 0; x < view.width; x++) rays[x] = (x + 0.5 - view.cx) / view.fx
    if (this.#noise !== noise) this.#memory.noise.set(noise)
    this.#noise = noise
  }

  /** Goes through a row's runs: fills what is empty, prepares small faces, cuts the others into pieces. Answers whether a small face is there. */
  #readRuns(view: View, y: number, points: Float64Array, model: LightModel, settings: ShadeSettings): boolean {
    const { runs, isSmall } = this.#memory
    const count = (this.#memory.head[head.runCount / 4] as number) * 2
    this.#batch.clear()
    let hasSmall = false
    let x = 0
    for (let run = 0; run < count; run += 2) {
      const face = runs[run] as number
      const end = runs[run + 1] as number
      if (face === 0) this.#kernels.backdrop(y, x, end)
      else if (settings.lightCorners && (isSmall[face] as number) === 1) {
        this.#prepare(view, model, points, face - 1)
        hasSmall = true
      } else this.#cut(view, y, points, face - 1, x, end, settings.pieceLength)
      x = end
    }
    return hasSmall
  }

  /** Makes sure that a small face is ready to be painted in this frame. */
  #prepare(view: View, model: LightModel, points: Float64Array, face: number): void {
    if (this.#shown[face + 1] === 1) return
    this.#record(face, points)
    this.#small.prepare(view, model, this.#surfaces, face, points)
  }

  /** Writes the record of a face that is seen for the first time in this frame. */
  #record(face: number, points: Float64Array): void {
    this.#shown[face + 1] = 1
    this.shownParts[this.#geometry.partOfTriangle[face] as number] = 1
    const surface = this.#surfaces[this.#geometry.materials[face] as number] as BakedSurface
    writeRecord(this.#geometry, points, face, surface.smooth, this.#memory.faces, face * recordStride)
  }

  /** Cuts a run into pieces and makes sure that its face's record is there. */
  #cut(view: View, y: number, points: Float64Array, face: number, from: number, to: number, pieceLength: number): void {
    const { facesAt, surfacesAt } = this.#memory
    const number = this.#geometry.materials[face] as number
    if (this.#shown[face + 1] === 0) this.#record(face, points)
    const record = facesAt + face * faceFields.bytes
    const surface = surfacesAt + number * surfaceFields.bytes
    const batch = this.#batch
    if (to - from <= shortRun) {
      const middle = (from + to) >> 1
      const end = batch.addEnd(middle, record, surface)
      batch.addPiece(end, end, from, to - from, middle - from)
      return
    }
    const length = this.#lengthOf(view, y, face * recordStride, from, to, pieceLength)
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
    const r = this.#memory.faces
    const level = (r[record + 1] as number) * ((y + 0.5 - view.cy) / view.fy) + (r[record + 2] as number)
    const slope = (r[record] as number) / view.fx
    const w = level + slope * ((slope > 0 ? from : to) + 0.5 - view.cx)
    const length = Math.min(lengthMax, Math.floor(metresMax * view.fx * w))
    return length > wanted && Math.abs(slope) * length < bendMax * w ? length : wanted
  }
}
