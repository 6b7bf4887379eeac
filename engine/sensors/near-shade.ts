// The soft shade around things that move: each is a few balls that hide part of the sky from what lies near them. Found through a coarse grid
// that is filled anew for every frame, so a hundred moving cartons cost no more than the few that are close. A kernel reads it (cover-kernel.ts).
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { ball, shadeGrid } from '../kernels/cover-kernel.ts'
import { shading } from '../kernels/shared-memory.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { Geometry, PartRange } from './geometry.ts'

const { side, ballsPerCell, ballsMax } = shadeGrid
const ballFloats = ball.bytes / 8
/** Farther than this many radii a ball hides nothing that an eye sees. */
const reachRadii = 4
/** Most balls of one thing. */
const stackMax = 4

/** Balls of moving parts, in reach of the camera. */
export class NearShade {
  readonly #geometry: Geometry
  readonly #memory: CameraMemory
  readonly #used: number[] = []
  #count = 0
  #originX = 0
  #originY = 0

  constructor(geometry: Geometry, memory: CameraMemory) {
    this.#geometry = geometry
    this.#memory = memory
  }

  /** Takes the moving parts where they are now, around a point of the floor plan (the camera's). */
  place(x: number, y: number): void {
    const { cells, headFloats } = this.#memory
    for (const cell of this.#used) cells[cell] = 0
    this.#used.length = 0
    this.#count = 0
    this.#originX = x - side / 2
    this.#originY = y - side / 2
    headFloats.set([this.#originX, this.#originY], shading.gridFrom / 8)
    for (const [index, part] of this.#geometry.parts.entries()) {
      if (part.moving && part.vertexTo > part.vertexFrom) this.#addPart(part, index * 12)
    }
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
    const stack = Math.max(1, Math.min(stackMax, Math.ceil(half[2] / Math.max(across, 0.05))))
    const radius = Math.min(across, half[2]) * 0.95
    for (let k = 0; k < stack; k++) {
      const lift = -half[2] + ((2 * k + 1) * half[2]) / stack
      this.#addBall(along(0), along(1), along(2) + lift, radius)
    }
  }

  #addBall(x: number, y: number, z: number, radius: number): void {
    if (!(radius > 0.01) || this.#count >= ballsMax) return
    const { balls } = this.#memory
    balls.set([x, y, z, radius * radius], this.#count++ * ballFloats)
    const reach = radius * reachRadii
    const i0 = Math.max(0, Math.floor(x - reach - this.#originX))
    const i1 = Math.min(side - 1, Math.floor(x + reach - this.#originX))
    const j0 = Math.max(0, Math.floor(y - reach - this.#originY))
    const j1 = Math.min(side - 1, Math.floor(y + reach - this.#originY))
    for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) this.#put((j * side + i) * ballsPerCell)
  }

  /** Adds the last ball to a cell, if there is room. */
  #put(cell: number): void {
    const { cells } = this.#memory
    for (let k = 0; k < ballsPerCell; k++) {
      if (cells[cell + k] !== 0) continue
      cells[cell + k] = this.#count
      this.#used.push(cell + k)
      return
    }
  }
}
