// The worlds that the sensors of one run share, made when the first moment tells the scene: what cameras see, its light, and what rays meet.

import type { Scene } from '../scene/scene.ts'
import { type Lighting, prepareLighting } from './camera-render.ts'
import { SolidWorld } from './solid-world.ts'
import { buildVisualWorld, type VisualWorld } from './visual-world.ts'

/** What sensors see of a run; made again when the scene is another one. */
export class SensedWorld {
  #visual: VisualWorld | undefined
  #lighting: Lighting | undefined
  #solid: SolidWorld | undefined

  /** What cameras see. */
  visual(scene: Scene): VisualWorld {
    if (this.#visual?.scene !== scene) {
      this.#visual = buildVisualWorld(scene)
      this.#lighting = undefined
    }
    return this.#visual
  }

  /** Its light. */
  lighting(scene: Scene): Lighting {
    const visual = this.visual(scene)
    this.#lighting ??= prepareLighting(visual)
    return this.#lighting
  }

  /** What rays meet. */
  solid(scene: Scene): SolidWorld {
    if (this.#solid?.scene !== scene) this.#solid = new SolidWorld(scene)
    return this.#solid
  }
}
