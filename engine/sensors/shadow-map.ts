// A shadow map: the world seen from far away along the key light, with the same rasteriser as the camera. Fixed parts are drawn once;
// each frame copies that picture and draws the moving ones over it.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { end } from '../kernels/end-records.ts'
import type { Geometry, PartRange } from './geometry.ts'
import { cross, unit } from './mesh.ts'
import type { Visibility } from './rasterise.ts'
import { createVisibility, Rasteriser } from './rasterise.ts'
import type { View } from './view.ts'

/** Numbers of a record of an end. */
const endStride = end.bytes / 8
const side = 1536
const distanceMetres = 120

/** Answers how much of the key light reaches a point. */
export class ShadowMap {
  readonly #rasteriser: Rasteriser
  readonly #view: View
  readonly #fixed: Float32Array
  readonly #now: Visibility

  /** `to` is the unit way to the light; the map covers `radius` metres around `centre`; only parts that `casts` are drawn. */
  constructor(
    geometry: Geometry,
    to: readonly [number, number, number],
    centre: readonly [number, number, number],
    radius: number,
    casts: (part: PartRange) => boolean,
  ) {
    this.#view = lightView(to, centre, radius)
    this.#now = createVisibility(geometry, side, side)
    this.#rasteriser = new Rasteriser(geometry, this.#now)
    for (const [index, part] of geometry.parts.entries()) {
      if (!part.moving && casts(part)) this.#rasteriser.draw(this.#view, index)
    }
    this.#fixed = this.#now.inverseDepth.slice()
  }

  /** Draws the moving parts where the geometry has them now. */
  update(): void {
    this.#now.inverseDepth.set(this.#fixed)
    for (const [index, part] of this.#rasteriser.geometry.parts.entries()) {
      if (part.moving) this.#rasteriser.draw(this.#view, index)
    }
  }

  /** Sets `seen` of the first ends of a row to how much of the key light arrives: 0 in the shadow, 1 lit, smooth over a few texels. */
  cover(ends: Float64Array, count: number): void {
    const v = this.#view
    const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = nine(v.rotation)
    const [px, py, pz] = v.position
    const last = count * endStride
    for (let at = 0; at < last; at += endStride) {
      const place = at + end.place / 8
      const normal = at + end.normal / 8
      // Two centimetres off the surface, or it would lie in its own shadow.
      const dx = (ends[place] as number) + (ends[normal] as number) * 0.02 - px
      const dy = (ends[place + 1] as number) + (ends[normal + 1] as number) * 0.02 - py
      const dz = (ends[place + 2] as number) + (ends[normal + 2] as number) * 0.02 - pz
      const ahead = m6 * dx + m7 * dy + m8 * dz
      const sx = v.cx + (v.fx * (m0 * dx + m1 * dy + m2 * dz)) / ahead - 0.5
      const sy = v.cy + (v.fy * (m3 * dx + m4 * dy + m5 * dz)) / ahead - 0.5
      const inside = sx >= 1 && sy >= 1 && sx < side - 2 && sy < side - 2
      ends[at + end.seen / 8] = inside ? this.#lit(sx, sy, 1 / (ahead - 0.08)) : 1
    }
  }

  /** The share of nine texels, weighted smoothly, that nothing nearer to the light covers. */
  #lit(sx: number, sy: number, limit: number): number {
    const d = this.#now.inverseDepth
    const i = Math.floor(sx)
    const j = Math.floor(sy)
    const fx = sx - i
    const fy = sy - j
    let lit = 0
    for (let row = -1; row <= 2; row++) {
      const weight = row === -1 ? 1 - fy : row === 2 ? fy : 1
      const at = (j + row) * side + i
      const a = (d[at - 1] as number) <= limit ? 1 - fx : 0
      const b = (d[at] as number) <= limit ? 1 : 0
      const c = (d[at + 1] as number) <= limit ? 1 : 0
      const e = (d[at + 2] as number) <= limit ? fx : 0
      lit += weight * (a + b + c + e)
    }
    return lit / 9
  }
}

type Nine = [number, number, number, number, number, number, number, number, number]

function nine(m: Float64Array): Nine {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m
  return [a, b, c, d, e, f, g, h, i]
}

function lightView(to: readonly [number, number, number], centre: readonly [number, number, number], radius: number): View {
  const ahead = unit([-to[0], -to[1], -to[2]])
  const right = unit(cross(ahead, Math.abs(ahead[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]), [1, 0, 0])
  const down = cross(ahead, right)
  const focal = (side / 2) * (distanceMetres / radius)
  return {
    width: side,
    height: side,
    fx: focal,
    fy: focal,
    cx: side / 2,
    cy: side / 2,
    near: 1,
    far: distanceMetres + radius * 2 + 50,
    rotation: Float64Array.of(...right, ...down, ...ahead),
    position: [centre[0] - ahead[0] * distanceMetres, centre[1] - ahead[1] * distanceMetres, centre[2] - ahead[2] * distanceMetres],
  }
}
