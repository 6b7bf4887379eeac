// Small scenes for the tests of this folder and its neighbours: a floor and named boxes, cylinders, spheres and meshes at given places.

import type { Transform } from '../math/transform.ts'
import { fromPlanar } from '../math/transform.ts'
import { at, part } from '../scene/parts.ts'
import { type Body, type BodyMotion, type ClassLabel, plainMaterial, type Scene, type Shape } from '../scene/scene.ts'

/** A thing of a test scene. */
export interface Thing {
  readonly id: number
  readonly shape: Shape
  readonly pose: Transform
  readonly label?: ClassLabel
  readonly motion?: BodyMotion
}

/** A scene of these things, lit by one lamp. */
export function sceneOf(things: readonly Thing[]): Scene {
  const bodies: Body[] = things.map(({ id, shape, pose, label = 'other', motion = 'fixed' }) => ({
    id,
    name: `thing ${id}`,
    label,
    motion,
    pose,
    colliders: [part(shape, at(0, 0, 0), plainMaterial)],
  }))
  return {
    name: 'test',
    gravity: { x: 0, y: 0, z: -9.81 },
    bodies,
    lights: [
      {
        kind: 'point',
        name: 'lamp',
        position: { x: 0, y: 0, z: 5 },
        intensity: 9,
        range: 18,
        colour: { r: 1, g: 1, b: 1 },
        castShadow: false,
      },
    ],
    ambient: { r: 0.2, g: 0.2, b: 0.2 },
    warnings: [],
  }
}

/** A cube of `side` metres, centred at a point, turned by `yaw`. */
export function cube(id: number, x: number, y: number, z: number, side: number, yaw = 0, label: ClassLabel = 'box'): Thing {
  return { id, shape: { kind: 'box', size: { x: side, y: side, z: side } }, pose: fromPlanar(x, y, yaw, z), label }
}

/** The floor at height zero, 40 m wide. */
export const floor: Thing = { id: 1, shape: { kind: 'plane', size: { x: 40, y: 40 } }, pose: fromPlanar(0, 0, 0), label: 'floor' }
