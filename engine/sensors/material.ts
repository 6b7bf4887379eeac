// What surfaces are made of, as the camera needs it: a tile, how many metres it covers, a colour, and whether it shines by itself.
// Equal surfaces share one entry and equal patterns one tile, so a thousand cartons cost a few.

import { EngineError } from '../errors.ts'
import type { LinearColour } from '../scene/scene.ts'
import type { Texture } from './texture.ts'
import { bakeTexture } from './texture.ts'
import type { PatternName } from './texture-patterns.ts'
import { patterns } from './texture-patterns.ts'

/** A surface: pattern, metres per tile (along u and v), linear colour, own light (0: none), mirror share (0 to 1). */
export interface Surface {
  readonly pattern: PatternName
  readonly metresU: number
  readonly metresV: number
  readonly colour: LinearColour
  readonly glow?: number
  readonly gloss?: number
  /** Corners share their shading: for round things. */
  readonly smooth?: boolean
}

/** A surface ready for shading: its tile, texels per metre, and every property given. */
export interface BakedSurface {
  readonly texture: Texture
  readonly perU: number
  readonly perV: number
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly glow: number
  readonly gloss: number
  readonly smooth: boolean
}

/** Most different surfaces of one scene. */
const surfacesMax = 4096

const tileSizes: Partial<Record<PatternName, number>> = { concrete: 256 }

const sharedTiles = new Map<PatternName, Texture>()

/** The surfaces of a scene, numbered. */
export class SurfaceBook {
  readonly surfaces: BakedSurface[] = []
  readonly #numbers = new Map<string, number>()
  readonly #tiles: Map<PatternName, Texture>

  /** Tiles depend on nothing but their names, so all books share them unless told otherwise. */
  constructor(tiles: Map<PatternName, Texture> = sharedTiles) {
    this.#tiles = tiles
  }

  /** The number of a surface, the same for equal ones; `value/out-of-range` past `surfacesMax`. */
  add(surface: Surface): number {
    const key = JSON.stringify(surface)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.surfaces.length
    if (number >= surfacesMax) {
      throw new EngineError('value/out-of-range', `The scene has more than ${surfacesMax} different surfaces; share materials.`, {
        surfacesMax,
      })
    }
    const texture = this.#tile(surface.pattern)
    const { colour, glow = 0, gloss = 0, smooth = false } = surface
    const perU = texture.size / surface.metresU
    const perV = texture.size / surface.metresV
    this.surfaces.push({ texture, perU, perV, red: colour.r, green: colour.g, blue: colour.b, glow, gloss, smooth })
    this.#numbers.set(key, number)
    return number
  }

  #tile(name: PatternName): Texture {
    const known = this.#tiles.get(name)
    if (known) return known
    const tile = bakeTexture(name, tileSizes[name] ?? 128, patterns[name])
    this.#tiles.set(name, tile)
    return tile
  }
}
