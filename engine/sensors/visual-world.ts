// From the neutral scene to what cameras see: one mesh per body, and the surfaces they are made of. Dresses plain shapes by their label (a carton gets print, an upright its keyholes) without changing their outline by a millimetre.
// Trusts no scene: poses and sizes are checked here, so that nothing that is not finite reaches the rasteriser.

import { EngineError } from '../errors.ts'
import type { Body, Scene } from '../scene/scene.ts'
import { classIdOf, poseStride } from '../scene/scene.ts'
import type { Geometry, Part } from './geometry.ts'
import { joinParts, placeParts } from './geometry.ts'
import type { BakedSurface } from './material.ts'
import { SurfaceBook } from './material.ts'
import { MeshBuilder } from './mesh.ts'
import { frameOf } from './scene-shapes.ts'
import { checkPose } from './view.ts'
import { dress } from './visual-dress.ts'

/** Most triangles that sensors take from one scene, and the largest coordinate in metres. */
const worldLimits = { trianglesMax: 4_000_000, coordinateMax: 100_000, bodiesMax: 65_535 } as const

/** A scene as cameras see it; built once, shared by all cameras of a run. */
export interface VisualWorld {
  readonly scene: Scene
  /** Drawn triangles. */
  readonly drawn: Geometry
  readonly surfaces: readonly BakedSurface[]
  /** Triangles left out because they have no area. */
  readonly zeroAreaCount: number
}

/** Builds the visual world of a scene; `value/not-finite` and `value/out-of-range` name the body that cannot be seen. */
export function buildVisualWorld(scene: Scene, book: SurfaceBook = new SurfaceBook()): VisualWorld {
  if (scene.bodies.length > worldLimits.bodiesMax) {
    throw new EngineError(
      'scene/too-many-bodies',
      `The scene has ${scene.bodies.length} bodies; sensors tell ${worldLimits.bodiesMax} apart.`,
      {
        bodiesMax: worldLimits.bodiesMax,
      },
    )
  }
  const drawn: Part[] = []
  const counts = { triangles: 0, zeroArea: 0 }
  for (const [index, body] of scene.bodies.entries()) {
    checkPose(body.pose, `body \`${body.name}\``)
    drawn.push(partOf(body, index, book, counts))
  }
  return { scene, drawn: joinParts(drawn), surfaces: book.surfaces, zeroAreaCount: counts.zeroArea }
}

/** Moves the moving bodies of a world to where a snapshot has them; `value/not-finite` names the body that has left the numbers. */
export function placeBodies(world: VisualWorld, poses: Float64Array): void {
  const wanted = world.scene.bodies.length * poseStride
  if (poses.length < wanted) {
    throw new EngineError('value/missing', `The snapshot holds ${poses.length} numbers; the scene needs ${wanted}.`, { wanted })
  }
  for (let i = 0; i < wanted; i++) {
    if (!Number.isFinite(poses[i])) {
      const name = world.scene.bodies[Math.floor(i / poseStride)]?.name ?? ''
      throw new EngineError('value/not-finite', `The pose of body \`${name}\` holds ${poses[i]}.`, { body: name })
    }
  }
  placeParts(world.drawn, poses)
}

function partOf(body: Body, bodyIndex: number, book: SurfaceBook, counts: { triangles: number; zeroArea: number }): Part {
  const builder = new MeshBuilder()
  for (const collider of body.colliders) {
    if (!collider.drawn) continue
    dress(builder, frameOf(collider.pose), collider, body, book)
    if (counts.triangles + builder.triangleCount > worldLimits.trianglesMax) {
      throw new EngineError(
        'mesh/too-many-triangles',
        `Sensors take ${worldLimits.trianglesMax} triangles; body \`${body.name}\` passes that.`,
        {
          trianglesMax: worldLimits.trianglesMax,
        },
      )
    }
  }
  counts.triangles += builder.triangleCount
  counts.zeroArea += builder.zeroAreaCount
  const mesh = builder.build()
  checkCoordinates(mesh.positions, body.name)
  const labelled = body.label !== 'floor' && body.label !== 'wall'
  const moving = body.motion !== 'fixed'
  return { bodyIndex, instanceId: body.id, classId: classIdOf(body.label), moving, labelled, pose: body.pose, mesh }
}

function checkCoordinates(positions: Float64Array, name: string): void {
  for (const value of positions) {
    if (!Number.isFinite(value)) throw new EngineError('value/not-finite', `The shape of body \`${name}\` holds ${value}.`, { body: name })
    if (Math.abs(value) > worldLimits.coordinateMax) {
      throw new EngineError(
        'value/out-of-range',
        `Body \`${name}\` reaches to ${value} m; sensors see ${worldLimits.coordinateMax} m from the origin.`,
        { body: name, coordinateMax: worldLimits.coordinateMax },
      )
    }
  }
}
