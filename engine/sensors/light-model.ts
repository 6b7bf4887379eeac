// How bright a point of a surface is: soft light from the volume, directional lights with or without a shadow map, and the shade that moving
// things throw on what is near them. Runs over whole columns of a row's ends.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Light } from '../scene/scene.ts'
import type { LightVolume } from './light-volume.ts'
import { sampleEnds, scatteredShare } from './light-volume.ts'
import type { BakedSurface } from './material.ts'
import type { NearShade } from './near-shade.ts'
import type { RowBatch } from './row-batch.ts'
import type { ShadowMap } from './shadow-map.ts'

/** A directional light as the model uses it: the way to the light, and its strength in three colours. */
interface Sun {
  readonly to: readonly [number, number, number]
  readonly r: number
  readonly g: number
  readonly b: number
}

/** The share of the light from above that is treated as coming from one side, so that faces differ and shadow maps have something to hide. */
const keyShare = 0.4
/** The way to that side. */
const keyTo: readonly [number, number, number] = [0.33, 0.22, 0.918]

/** The way the shadow map looks: the first directional light that casts shadows, else the overhead key. */
export function shadowDirection(lights: readonly Light[]): readonly [number, number, number] {
  for (const light of lights) {
    if (light.kind === 'directional' && light.castShadow) return [-light.direction.x, -light.direction.y, -light.direction.z]
  }
  return keyTo
}

/** Lights surfaces of one scene. */
export class LightModel {
  readonly #volume: LightVolume
  readonly #suns: readonly Sun[]
  readonly #shade: NearShade
  readonly #keyShare: number
  /** The shadow map of this frame, if shadows are on. */
  shadowMap: ShadowMap | undefined

  constructor(volume: LightVolume, lights: readonly Light[], shade: NearShade) {
    this.#volume = volume
    this.#shade = shade
    this.#suns = lights.flatMap((light) => (light.kind === 'directional' ? [sunOf(light)] : []))
    this.#keyShare = this.#suns.length > 0 ? 0 : keyShare
  }

  /** Sets the three colours of all ends of a row to the light that a white surface gives back there. */
  lightEnds(batch: RowBatch, surfaces: readonly BakedSurface[]): void {
    sampleEnds(this.#volume, batch)
    // From here on `seen` is how much of the key light or the sun arrives.
    if (this.shadowMap !== undefined) this.shadowMap.cover(batch)
    this.#soft(batch)
    if (this.#keyShare > 0) addKey(batch, this.#keyShare)
    this.#tint(batch)
    for (const sun of this.#suns) addSun(batch, sun)
    this.#shade.cover(batch)
    shine(batch, surfaces)
  }

  #soft(batch: RowBatch): void {
    const { nx, ny, nz, down, up, red } = batch
    const least = this.#volume.typical * 0.07
    const soft = 1 - this.#keyShare
    for (let e = 0; e < batch.endCount; e++) {
      const rise = nz[e] as number
      const above = Math.max(0, rise)
      const below = Math.max(0, -rise)
      const side = 1 - above - below
      const fromAbove = (down[e] as number) * soft * (above + side * (0.5 + 0.06 * ((nx[e] as number) - (ny[e] as number))))
      red[e] = fromAbove + (up[e] as number) * (below + side * 0.5) + least
    }
  }

  #tint(batch: RowBatch): void {
    const { red, green, blue } = batch
    const { r, g, b } = this.#volume.tint
    for (let e = 0; e < batch.endCount; e++) {
      const level = red[e] as number
      red[e] = level * r
      green[e] = level * g
      blue[e] = level * b
    }
  }
}

function sunOf(light: Extract<Light, { kind: 'directional' }>): Sun {
  const { direction: d, colour } = light
  const strength = light.intensity * (1 - scatteredShare)
  return { to: [-d.x, -d.y, -d.z], r: strength * colour.r, g: strength * colour.g, b: strength * colour.b }
}

function addKey(batch: RowBatch, share: number): void {
  const { nx, ny, nz, down, seen, red } = batch
  const scale = share / keyTo[2]
  for (let e = 0; e < batch.endCount; e++) {
    const facing = (nx[e] as number) * keyTo[0] + (ny[e] as number) * keyTo[1] + (nz[e] as number) * keyTo[2]
    red[e] = (red[e] as number) + (down[e] as number) * (0.3 + 0.7 * (seen[e] as number)) * Math.max(0, facing) * scale
  }
}

function addSun(batch: RowBatch, sun: Sun): void {
  const { nx, ny, nz, seen, red, green, blue } = batch
  const [tx, ty, tz] = sun.to
  for (let e = 0; e < batch.endCount; e++) {
    const light = Math.max(0, (nx[e] as number) * tx + (ny[e] as number) * ty + (nz[e] as number) * tz) * (seen[e] as number)
    red[e] = (red[e] as number) + sun.r * light
    green[e] = (green[e] as number) + sun.g * light
    blue[e] = (blue[e] as number) + sun.b * light
  }
}

/** Glossy faces mirror more of the lamps the flatter they are looked at. */
function shine(batch: RowBatch, surfaces: readonly BakedSurface[]): void {
  const { surface, nx, ny, nz, rayX, rayY, rayZ, red, green, blue } = batch
  for (let e = 0; e < batch.endCount; e++) {
    const { gloss } = surfaces[surface[e] as number] as BakedSurface
    if (gloss === 0) continue
    const dx = rayX[e] as number
    const dy = rayY[e] as number
    const dz = rayZ[e] as number
    const facing = -(dx * (nx[e] as number) + dy * (ny[e] as number) + dz * (nz[e] as number)) / Math.sqrt(dx * dx + dy * dy + dz * dz)
    const graze = 1 - Math.max(0, facing)
    const squared = graze * graze
    const more = 1 + gloss * squared * squared * graze
    red[e] = (red[e] as number) * more
    green[e] = (green[e] as number) * more
    blue[e] = (blue[e] as number) * more
  }
}
