// How bright a point of a surface is: soft light from the volume, directional lights with or without a shadow map, and the shade that moving
// things throw on what is near them. The sums are a kernel's (light-kernel.ts); here is what it sums, and what only the host knows.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { sun } from '../kernels/end-records.ts'
import { frame } from '../kernels/shared-memory.ts'
import type { Light } from '../scene/scene.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { LightVolume } from './light-volume.ts'
import { scatteredShare } from './light-volume.ts'
import type { ShadowMap } from './shadow-map.ts'

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

/** Numbers of a directional light's record: the way to the light, and its strength in three colours. */
function sunRecord(light: Light): readonly number[] {
  if (light.kind !== 'directional') return []
  const { direction: d, colour } = light
  const strength = light.intensity * (1 - scatteredShare)
  return [-d.x, -d.y, -d.z, 0, strength * colour.r, strength * colour.g, strength * colour.b, 0]
}

/** Records of all directional lights, one after another. */
export function sunRecords(lights: readonly Light[]): readonly number[] {
  return lights.flatMap(sunRecord)
}

/** Lights surfaces of one scene. */
export class LightModel {
  readonly #memory: CameraMemory
  readonly #sample: (...values: number[]) => void
  readonly #cover: (...values: number[]) => void
  readonly #light: (...values: number[]) => void
  /** The shadow map of this frame, if shadows are on. */
  shadowMap: ShadowMap | undefined

  constructor(volume: LightVolume, lights: readonly Light[], memory: CameraMemory) {
    this.#memory = memory
    const { find } = memory.visibility.kernels
    this.#sample = find('sample')
    this.#cover = find('cover')
    this.#light = find('light')
    const suns = sunRecords(lights)
    memory.suns.set(suns)
    memory.field.set(volume.field)
    writeVolume(volume, memory)
    writeShares(volume, suns.length / (sun.bytes / 8), memory)
  }

  /** Sets the colours of the first ends of a row, in paint units; `ray` is the row of the picture as a ray. */
  lightEnds(count: number, ray: number): void {
    const { ends, endsAt } = this.#memory
    this.#sample(endsAt, count)
    // From here on `seen` is how much of the key light or the sun arrives.
    if (this.shadowMap !== undefined) this.shadowMap.cover(ends, count)
    this.#cover(endsAt, count)
    this.#light(endsAt, count, ray)
  }
}

function writeVolume({ grid }: LightVolume, { head, headFloats }: CameraMemory): void {
  const { nx, ny, nz, origin } = grid
  head[frame.fieldRow / 4] = nx * 16
  head[frame.fieldLayer / 4] = nx * ny * 16
  headFloats[frame.perCell / 8] = 1 / grid.cell
  headFloats.set(origin, frame.origin / 8)
  // The last place between two cells, a thousandth before the last cell's middle.
  headFloats.set(
    [nx, ny, nz].map((count) => count - 1.001),
    frame.last / 8,
  )
}

function writeShares({ typical, tint }: LightVolume, sunCount: number, { head, headFloats }: CameraMemory): void {
  const key = sunCount > 0 ? 0 : keyShare
  head[frame.sunCount / 4] = sunCount
  head[frame.hasKey / 4] = key > 0 ? 1 : 0
  headFloats[frame.least / 8] = typical * 0.07
  headFloats[frame.soft / 8] = 1 - key
  headFloats[frame.keyScale / 8] = key / keyTo[2]
  headFloats.set(keyTo, frame.key / 8)
  headFloats.set([tint.r, tint.g, tint.b], frame.tint / 8)
}
