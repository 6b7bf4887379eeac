// The solid world as rays meet it: a tree over what stands still, built once, and a small one over what moves, rebuilt for each scan.

import type { Transform } from '../math/transform.ts'
import { type PoseSnapshot, poseAt, poseStride, type Scene } from '../scene/scene.ts'
import type { RayPart, RayShapes } from './ray-shapes.ts'
import { countShapes, createShapes, restingPose, solidParts, writeShapes } from './ray-shapes.ts'
import { RayTree } from './ray-tree.ts'
import { checkPose } from './view.ts'

/** Casts rays into one scene. Not for use from two places at once: it keeps the last ray's answer. */
export class SolidWorld {
  readonly scene: Scene
  readonly #fixed: RayTree
  readonly #moving: readonly RayPart[]
  readonly #movingShapes: RayShapes
  readonly #placed: Float64Array
  readonly #movingTree: RayTree
  /** The body that the last ray met, as an index into the scene; -1 for none. */
  hitBody = -1

  constructor(scene: Scene) {
    this.scene = scene
    const { fixed, moving } = solidParts(scene)
    const shapes = createShapes(countShapes(fixed))
    writeShapes(shapes, fixed, (index) => restingPose(scene.bodies, index))
    this.#fixed = new RayTree(shapes)
    this.#moving = moving
    this.#placed = new Float64Array(moving.length * poseStride).fill(Number.NaN)
    this.#movingShapes = createShapes(countShapes(moving))
    writeShapes(this.#movingShapes, moving, (index) => restingPose(scene.bodies, index))
    this.#movingTree = new RayTree(this.#movingShapes)
  }

  /** Takes the moving bodies where a snapshot has them; `value/not-finite` for a body that has left the numbers. */
  place(snapshot: PoseSnapshot): void {
    if (!this.#hasMoved(snapshot)) return
    const poses = new Map<number, Transform>()
    const poseOf = (index: number): Transform => {
      const known = poses.get(index)
      if (known) return known
      const pose = checkPose(poseAt(snapshot, index), `body \`${this.scene.bodies[index]?.name ?? index}\``)
      poses.set(index, pose)
      return pose
    }
    writeShapes(this.#movingShapes, this.#moving, poseOf)
    this.#movingTree.rebuild()
  }

  /** Whether any moving body is elsewhere than at the last call; remembers where they are. */
  #hasMoved(snapshot: PoseSnapshot): boolean {
    let moved = false
    for (const [place, { bodyIndex }] of this.#moving.entries()) {
      for (let field = 0; field < poseStride; field++) {
        const value = snapshot.poses[bodyIndex * poseStride + field] ?? Number.NaN
        // NaN differs from everything, itself included, and so is always looked at.
        if (value !== this.#placed[place * poseStride + field]) moved = true
        this.#placed[place * poseStride + field] = value
      }
    }
    return moved
  }

  /** Sets the origin of the rays to come. */
  from(x: number, y: number, z: number): void {
    this.#fixed.from(x, y, z)
    this.#movingTree.from(x, y, z)
  }

  /** Metres along the unit direction at `at` to the nearest solid nearer than `most`, else `most`; passes through the body `except`. */
  cast(directions: Float64Array, at: number, most: number, except: number): number {
    const still = this.#fixed.cast(directions, at, most, except)
    this.hitBody = this.#fixed.hitBody
    const nearest = this.#movingTree.cast(directions, at, still, except)
    if (this.#movingTree.hit >= 0) this.hitBody = this.#movingTree.hitBody
    return nearest
  }
}
