// What the camera sees where the scene has nothing: a roof with trusses and the lamps that the scene lists, and haze towards the horizon.
// It is a backdrop only: depth and masks are empty there, and no ray ever hits it.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Light } from '../scene/scene.ts'
import { hash2 } from './texture.ts'
import { noiseLength, toneMax, toneScale } from './tone.ts'
import type { View } from './view.ts'

const side = 512

/** Where the roof hangs, and over which part of the floor plan it is drawn in detail. */
export interface RoofPlan {
  readonly height: number
  readonly low: readonly [number, number]
  readonly high: readonly [number, number]
  readonly lights: readonly Light[]
  /** Light that counts as typical in this scene; the roof is as dark as a roof above its lamps. */
  readonly typical: number
}

/** Draws roof and haze. */
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

  /** Fills pixels [from, to) of row `y`. */
  fill(
    view: View,
    y: number,
    from: number,
    to: number,
    settings: { readonly exposure: number; readonly noise: Uint8Array },
    noiseAt: number,
    tone: Uint8Array,
    rgb: Uint8Array,
  ): void {
    const m = view.rotation
    const { height, low, typical } = this.#plan
    const { noise, exposure } = settings
    const texels = this.#texels
    const [perX, perY] = [this.#perX, this.#perY]
    const haze = typical * 0.3
    const rise = height - view.position[2]
    const ry = (y + 0.5 - view.cy) / view.fy
    const x0 = view.position[0] - low[0]
    const y0 = view.position[1] - low[1]
    const [m0, m1, m2] = [m[0] as number, m[1] as number, m[2] as number]
    const [m6, m7, m8] = [m[6] as number, m[7] as number, m[8] as number]
    const rowX = (m[3] as number) * ry
    const rowY = (m[4] as number) * ry
    const rowZ = (m[5] as number) * ry
    let out = (y * view.width + from) * 3
    for (let x = from; x < to; x++) {
      const rx = (x + 0.5 - view.cx) / view.fx
      const dx = m0 * rx + rowX + m6
      const dy = m1 * rx + rowY + m7
      const dz = m2 * rx + rowZ + m8
      // Level or falling rays, and eyes above the roof, meet it nowhere: they see haze, as at an endless distance.
      const far = dz > 1e-4 && rise > 0 ? rise / dz : 1e9
      const i = Math.floor((x0 + dx * far) * perX)
      const j = Math.floor((y0 + dy * far) * perY)
      const fade = far / (far + 45)
      const roof = i >= 0 && j >= 0 && i < side && j < side ? (texels[j * side + i] as number) : haze * 0.35
      const light = Math.min(toneMax, (roof + (haze - roof) * fade * 0.7) * exposure) * toneScale
      const n = (noiseAt + x * 3) & (noiseLength - 1)
      rgb[out] = (tone[Math.floor(light * 0.96)] as number) + (noise[n] as number)
      rgb[out + 1] = (tone[Math.floor(light)] as number) + (noise[n + 1] as number)
      rgb[out + 2] = (tone[Math.floor(light)] as number) + (noise[n + 2] as number)
      out += 3
    }
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
