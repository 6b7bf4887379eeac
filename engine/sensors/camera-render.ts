// One look through a camera: rasterise, shade, and read off depth and masks from the same visibility buffer, so that every label is exact by
// construction. Knows no rate, latency or fault: those are camera.ts.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { classIdOf } from '../scene/scene.ts'
import { Backdrop } from './backdrop.ts'
import { type CameraMemory, createCameraMemory } from './camera-memory.ts'
import { HiddenParts } from './hidden-parts.ts'
import { createLightGrid } from './light-grid.ts'
import { LightModel, shadowDirection, sunRecords } from './light-model.ts'
import type { LightVolume } from './light-volume.ts'
import { fillLightVolume, scatteredShare } from './light-volume.ts'
import { NearShade } from './near-shade.ts'
import type { Picture } from './picture.ts'
import type { Visibility } from './rasterise.ts'
import { clearVisibility, Rasteriser } from './rasterise.ts'
import { type ShadeDetail, Shader } from './shade.ts'
import { ShadowMap } from './shadow-map.ts'
import type { View } from './view.ts'
import type { VisualWorld } from './visual-world.ts'

/** The lighting of a scene, which cameras share. */
export interface Lighting {
  readonly volume: LightVolume
  readonly backdrop: Backdrop
}

/** Prepares the lighting of a world; the slow part of a camera's start (tens of milliseconds). */
export function prepareLighting(world: VisualWorld): Lighting {
  const { scene } = world
  const highest = scene.lights.reduce((top, light) => (light.kind === 'point' ? Math.max(top, light.position.z + 0.4) : top), 3)
  const grid = createLightGrid(world.drawn, Math.min(highest, 30))
  const volume = fillLightVolume(grid, scene.lights, scene.ambient)
  const low = [grid.origin[0], grid.origin[1]] as const
  const high = [low[0] + grid.nx * grid.cell, low[1] + grid.ny * grid.cell] as const
  const height = grid.origin[2] + (grid.nz - 1) * grid.cell
  return { volume, backdrop: new Backdrop({ height, low, high, lights: scene.lights, typical: typicalLight(volume, world) }) }
}

/** What a level, open floor receives: soft light and the suns. Exposure is chosen for it. */
export function typicalLight(volume: LightVolume, world: VisualWorld): number {
  let sum = volume.typical
  for (const light of world.scene.lights) {
    if (light.kind === 'directional') sum += (1 - scatteredShare) * light.intensity * Math.max(0, -light.direction.z)
  }
  return Math.max(sum, 1e-3)
}

const softDetail: ShadeDetail = { pieceLength: 24, lightCorners: true }
/** Sharp shadows fall across pieces and small faces. */
const sharpDetail: ShadeDetail = { pieceLength: 4, lightCorners: false }

/** Renders views of one world at one resolution. */
export class CameraRenderer {
  readonly visibility: Visibility
  readonly rasteriser: Rasteriser
  readonly picture: Picture
  readonly #world: VisualWorld
  readonly #shader: Shader
  readonly #model: LightModel
  readonly #shade: NearShade
  readonly #shadowMap: ShadowMap | undefined
  readonly #hidden: HiddenParts
  readonly #memory: CameraMemory
  // Class by face number plus one; nothing has number 0.
  readonly #classOf: Uint8Array

  constructor(world: VisualWorld, lighting: Lighting, width: number, height: number, shadows: boolean) {
    this.#world = world
    const { lights } = world.scene
    const light = { field: lighting.volume.field.length, suns: sunRecords(lights).length }
    const memory = createCameraMemory(world.drawn, world.surfaces, light, width, height)
    this.#memory = memory
    this.visibility = memory.visibility
    this.picture = memory.picture
    this.rasteriser = new Rasteriser(world.drawn, this.visibility)
    this.#hidden = new HiddenParts(memory)
    const { parts, partOfTriangle } = world.drawn
    this.#classOf = new Uint8Array(partOfTriangle.length + 1)
    for (const [triangle, part] of partOfTriangle.entries()) {
      memory.instanceOf[triangle + 1] = parts[part]?.instanceId ?? 0
      this.#classOf[triangle + 1] = parts[part]?.classId ?? 0
    }
    this.#shader = new Shader(world.drawn, world.surfaces, lighting.backdrop, memory, shadows ? sharpDetail : softDetail)
    this.#shade = new NearShade(world.drawn, memory)
    this.#model = new LightModel(lighting.volume, lights, memory)
    this.#shadowMap = shadows ? shadowMapOf(world, lighting.volume) : undefined
    this.#model.shadowMap = this.#shadowMap
  }

  /** Looks: the bodies of the world must have been placed. */
  render(view: View, exposure: number, noise: Uint8Array, noiseStart: number): Picture {
    clearVisibility(this.visibility, view.far)
    this.#draw(view)
    this.#shade.place(view.position[0], view.position[1])
    this.#shadowMap?.update()
    this.#shader.shade(view, this.#model, { exposure, noise, noiseStart })
    return this.picture
  }

  /** Draws what the last picture showed, and then what that does not hide: each face has its pixels by its depth and number, in any order. */
  #draw(view: View): void {
    const { parts } = this.#world.drawn
    const { shownParts } = this.#memory
    for (let index = 0; index < parts.length; index++) if (shownParts[index] === 1) this.rasteriser.drawShown(view, index)
    this.#hidden.measure()
    for (let index = 0; index < parts.length; index++) this.rasteriser.drawRest(view, index, this.#hidden, shownParts[index] === 1)
  }

  /** The class mask of the last picture, written when it is asked for: class number per pixel, 0 where nothing is. */
  readClasses(out: Uint8Array): void {
    const { faces } = this.visibility
    for (let i = 0; i < faces.length; i++) out[i] = this.#classOf[faces[i] as number] as number
  }
}

function shadowMapOf(world: VisualWorld, volume: LightVolume): ShadowMap {
  const { grid } = volume
  const half = [(grid.nx * grid.cell) / 2, (grid.ny * grid.cell) / 2, (grid.nz * grid.cell) / 2] as const
  const centre = [grid.origin[0] + half[0], grid.origin[1] + half[1], grid.origin[2] + half[2]] as const
  const radius = Math.sqrt(half[0] * half[0] + half[1] * half[1])
  // Daylight comes through the roof: walls do not keep it out, and the floor has nobody below it.
  const through = [classIdOf('wall'), classIdOf('floor')]
  return new ShadowMap(world.drawn, shadowDirection(world.scene.lights), centre, radius, ({ classId }) => !through.includes(classId))
}
