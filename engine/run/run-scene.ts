// Puts people and robot into the world of a run. The order is fixed: world, people, robot and its parts last.

import { EngineError } from '../errors.ts'
import { fromPlanar } from '../math/transform.ts'
import { PhysicsWorld } from '../physics/physics-world.ts'
import type { Rapier } from '../physics/rapier.ts'
import { robotBodies } from '../robot/robot-spec.ts'
import { checkScene } from '../scene/check-scene.ts'
import type { Scene } from '../scene/scene.ts'
import { Crowd } from './crowd.ts'
import type { SimulationInput } from './simulation-input.ts'

/** A scene that holds everything of a run, and where in it what is. */
export interface RunScene {
  readonly scene: Scene
  readonly crowd: Crowd
  readonly robotIndex: number
}

/** Height of the floor below a point, found by a ray through the world without robot and people. */
export function floorBelow(rapier: Rapier, scene: Scene, x: number, y: number): number {
  const fixed = { ...scene, bodies: scene.bodies.filter((body) => body.label === 'floor'), joints: [] }
  const world = new PhysicsWorld(rapier, fixed.bodies.length === 0 ? scene : fixed, 0.01)
  try {
    world.step()
    const top = 20
    const metres = world.castDown({ x, y, z: top }, 2 * top)
    if (metres < 0) throw new EngineError('run/bad-input', `There is no floor below the start (${x}, ${y})`, { x, y })
    return top - metres
  } finally {
    world.free()
  }
}

/** Composes the scene of a run; the robot stands on the floor at its start. */
export function composeRun(rapier: Rapier, input: SimulationInput): RunScene {
  const { scene, robot, start } = input
  const people = input.people ?? []
  const crowd = new Crowd(people, scene.bodies.length)
  const firstId = 1 + scene.bodies.reduce((most, body) => Math.max(most, body.id), 0)
  const pose = fromPlanar(start.x, start.y, start.yaw, floorBelow(rapier, scene, start.x, start.y))
  const others = [...scene.bodies, ...crowd.bodies(firstId)]
  const robotIndex = others.length
  const bodies = [...others, ...robotBodies(robot, firstId + people.length, pose)]
  const joints = (robot.joints ?? []).map((joint) => ({ ...joint, parent: joint.parent + robotIndex, child: joint.child + robotIndex }))
  return { scene: checkScene({ ...scene, bodies, joints: [...(scene.joints ?? []), ...joints] }), crowd, robotIndex }
}
