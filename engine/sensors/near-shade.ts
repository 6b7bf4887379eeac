// The soft shade around things that move: each is a few balls that hide part of the sky from what lies near them. Found through a coarse grid
// that is filled anew for every frame, so a hundred moving cartons cost no more than the few that are close.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { end } from '../kernels/end-records.ts'
import type { Geometry, PartRange } from './geometry.ts'
import { endStride, type RowBatch } from './row-batch.ts'

const cellMetres = 1
const ballsPerCell = 6
const gridSide = 128
/** Farther than this many radii a ball hides nothing that an eye sees. */
const reachRadii = 4

/** Balls of moving parts, in reach of the camera. */
export class NearShade {
  readonly #geometry: Geometry
  readonly #cells = new Int16Array(gridSide * gridSide * ballsPerCell).fill(-1)
  readonly #used: number[] = []
  #balls = new Float64Array(64)
  #count = 0
  #originX = 0
  #originY = 0

  constructor(geometry: Geometry) {
    this.#geometry = geometry
  }

  /** Takes the moving parts where they are now, around a point of the floor plan (the camera's). */
  place(x: number, y: number): void {
    for (const cell of this.#used) this.#cells[cell] = -1
    this.#used.length = 0
    this.#count = 0
    this.#originX = x - (gridSide * cellMetres) / 2
    this.#originY = y - (gridSide * cellMetres) / 2
    for (const [index, part] of this.#geometry.parts.entries()) {
      if (part.moving && part.vertexTo > part.vertexFrom) this.#addPart(part, index * 12)
    }
  }

  /** Sets how open the places of a row's ends are: the share of the half space over each that moving things leave. Ends are open at first. */
  cover(batch: RowBatch): void {
    if (this.#count === 0) return
    const { ends } = batch
    const last = batch.endCount * endStride
    for (let at = 0; at < last; at += endStride) {
      const i = Math.floor(((ends[at + end.place / 8] as number) - this.#originX) / cellMetres)
      const j = Math.floor(((ends[at + end.place / 8 + 1] as number) - this.#originY) / cellMetres)
      const inside = i >= 0 && j >= 0 && i < gridSide && j < gridSide
      if (!inside || (this.#cells[(j * gridSide + i) * ballsPerCell] as number) < 0) continue
      ends[at + end.open / 8] = this.#openOver(ends, at, (j * gridSide + i) * ballsPerCell)
    }
  }

  /** What the balls of a cell leave open over the end at `e`. */
  #openOver(ends: Float64Array, e: number, cell: number): number {
    const b = this.#balls
    const place = e + end.place / 8
    const normal = e + end.normal / 8
    let open = 1
    for (let k = 0; k < ballsPerCell; k++) {
      const ball = this.#cells[cell + k] as number
      if (ball < 0) break
      const at = ball * 4
      const dx = (b[at] as number) - (ends[place] as number)
      const dy = (b[at + 1] as number) - (ends[place + 1] as number)
      const dz = (b[at + 2] as number) - (ends[place + 2] as number)
      const area = (b[at + 3] as number) * (b[at + 3] as number)
      const squared = dx * dx + dy * dy + dz * dz
      const along = dx * (ends[normal] as number) + dy * (ends[normal + 1] as number) + dz * (ends[normal + 2] as number)
      // On the ball's own surface, and inside, it hides nothing of itself.
      const hidden = squared < area * 1.05 ? 0 : (along * area) / (squared * Math.sqrt(squared))
      open *= 1 - Math.max(0, Math.min(0.85, hidden))
    }
    return open
  }

  #addPart(part: PartRange, at: number): void {
    const m = this.#geometry.matrices
    const [x, y, z] = part.centre
    const along = (row: number): number =>
      (m[at + row * 4] as number) * x +
      (m[at + row * 4 + 1] as number) * y +
      (m[at + row * 4 + 2] as number) * z +
      (m[at + row * 4 + 3] as number)
    const half = [part.high[0] - x, part.high[1] - y, part.high[2] - z] as const
    const across = Math.min(half[0], half[1], 1.5)
    // Tall things stand on several balls, so that the lowest one touches the floor.
    const stack = Math.max(1, Math.min(4, Math.ceil(half[2] / Math.max(across, 0.05))))
    const radius = Math.min(across, half[2]) * 0.95
    for (let k = 0; k < stack; k++) {
      const lift = -half[2] + ((2 * k + 1) * half[2]) / stack
      this.#addBall(along(0), along(1), along(2) + lift, radius)
    }
  }

  #addBall(x: number, y: number, z: number, radius: number): void {
    if (!(radius > 0.01) || this.#count >= 8000) return
    const ball = this.#count++
    if (this.#balls.length < (ball + 1) * 4) {
      const grown = new Float64Array(this.#balls.length * 2)
      grown.set(this.#balls)
      this.#balls = grown
    }
    this.#balls.set([x, y, z, radius], ball * 4)
    const reach = radius * reachRadii
    const i0 = Math.max(0, Math.floor((x - reach - this.#originX) / cellMetres))
    const i1 = Math.min(gridSide - 1, Math.floor((x + reach - this.#originX) / cellMetres))
    const j0 = Math.max(0, Math.floor((y - reach - this.#originY) / cellMetres))
    const j1 = Math.min(gridSide - 1, Math.floor((y + reach - this.#originY) / cellMetres))
    for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) this.#put((j * gridSide + i) * ballsPerCell, ball)
  }

  #put(cell: number, ball: number): void {
    for (let k = 0; k < ballsPerCell; k++) {
      if (this.#cells[cell + k] !== -1) continue
      this.#cells[cell + k] = ball
      this.#used.push(cell + k)
      return
    }
  }
}
