// What the camera sees where the scene has nothing: a roof with trusses and the lamps that the scene lists, and haze towards the horizon.
// It is a backdrop only: depth and masks are empty there, and no ray ever hits it. A kernel fills pixels with it (backdrop-kernel.ts).

import { roofSide as side } from '../kernels/backdrop-kernel.ts'
import { frame } from '../kernels/shared-memory.ts'
import type { Light } from '../scene/scene.ts'
import type { CameraMemory } from './camera-memory.ts'
import { hash2 } from './texture.ts'
import { bakeToneTable } from './tone.ts'
import type { View } from './view.ts'

/** Where the roof hangs, and over which part of the floor plan it is drawn in detail. */
export interface RoofPlan {
  readonly height: number
  readonly low: readonly [number, number]
  readonly high: readonly [number, number]
  readonly lights: readonly Light[]
  /** Light that counts as typical in this scene; the roof is as dark as a roof above its lamps. */
  readonly typical: number
}

/** Roof and haze of one scene. */
export class Backdrop {
  readonly #plan: RoofPlan
  readonly #texels: Float32Array
  readonly #perX: number
  readonly #perY: number

  constructor(plan: RoofPlan) {
    this.#plan = plan
    this.#perX = side / Math.max(1, plan.high[0] - plan.low[0])
    this.#perY = side / Math.max(1, plan.high[1] - plan.low[1])
    this.#texels = this.#bake()
  }

  /** Writes what is the same in all frames into a camera's memory. */
  enter({ roof, tone, headFloats }: CameraMemory): void {
    roof.set(this.#texels)
    tone.set(bakeToneTable())
    headFloats.set([this.#perX, this.#perY], frame.roofPer / 8)
    const haze = this.#plan.typical * 0.3
    headFloats.set([haze, haze * 0.35], frame.haze / 8)
  }

  /** Sets where an eye is below the roof. */
  begin({ position: [x, y, z] }: View, { headFloats }: CameraMemory): void {
    const { height, low } = this.#plan
    const rise = height - z
    headFloats.set([x - low[0], y - low[1]], frame.roofFrom / 8)
    // Level or falling rays, and eyes above the roof, meet it nowhere: they see haze, as at an endless distance.
    headFloats.set([rise, rise > 0 ? 1e-4 : Infinity], frame.rise / 8)
  }

  #bake(): Float32Array {
    const texels = new Float32Array(side * side)
    const { low, typical } = this.#plan
    for (let j = 0; j < side; j++) {
      const y = low[1] + (j + 0.5) / this.#perY
      for (let i = 0; i < side; i++) {
        const x = low[0] + (i + 0.5) / this.#perX
        const truss = x - Math.floor(x / 4) * 4 < 0.3 ? 0.5 : 1
        const purlin = y - Math.floor(y / 1.6) * 1.6 < 0.14 ? 0.72 : 1
        const sheet = y * 5 - Math.floor(y * 5) < 0.2 ? 0.88 : 1
        texels[j * side + i] = typical * 0.16 * truss * purlin * sheet * (0.92 + 0.16 * hash2(i, j, 5))
      }
    }
    for (const light of this.#plan.lights) if (light.kind === 'point') this.#lamp(texels, light.position.x, light.position.y)
    return texels
  }

  /** A lamp is a bright tray with a pale edge. */
  #lamp(texels: Float32Array, x: number, y: number): void {
    const { low, typical } = this.#plan
    const [halfX, halfY] = [0.75, 0.16]
    const i0 = Math.max(0, Math.floor((x - halfX - low[0]) * this.#perX))
    const i1 = Math.min(side - 1, Math.floor((x + halfX - low[0]) * this.#perX))
    const j0 = Math.max(0, Math.floor((y - halfY - low[1]) * this.#perY))
    const j1 = Math.min(side - 1, Math.floor((y + halfY - low[1]) * this.#perY))
    for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) texels[j * side + i] = typical * 6
  }
}
