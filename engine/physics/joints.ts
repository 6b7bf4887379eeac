// The joints of a scene in the physics: limits are the solver's, and damping and friction are a motor that wants no movement. The motor is set
// before each step from the velocities of that moment alone, so a restored run continues with the same bits. Trusts checked scenes.

import type { RigidBody, UnitImpulseJoint, World } from '@dimforge/rapier3d-deterministic-compat'
import { rotate } from '../math/quat.ts'
import { add, cross, dot, subtract, type Vec3 } from '../math/vec3.ts'
import type { Scene, SceneJoint } from '../scene/scene.ts'
import type { Rapier } from './rapier.ts'

/** Speed below which friction gives way to creeping, radians or metres per second: a joint at rest under load moves no faster. */
const CREEP = 0.002

interface Linked {
  readonly joint: SceneJoint
  readonly handle: number
}

/** Passes of the solver in a world with joints: with fewer, a held joint sinks by hundredths of a radian per second under its load. */
const PASSES = 16

/** Adds the joints of a scene to its world; `bodies` are rigid body handles by place in the scene. */
export function addJoints(rapier: Rapier, world: World, scene: Scene, bodies: readonly number[]): Linked[] {
  const joints = scene.joints ?? []
  if (joints.length > 0) world.integrationParameters.numInternalPgsIterations = PASSES
  return joints.map((joint) => {
    const origin = { x: 0, y: 0, z: 0 }
    const slides = joint.kind === 'prismatic'
    const data = slides
      ? rapier.JointData.prismatic(joint.anchor, origin, joint.axis)
      : rapier.JointData.revolute(joint.anchor, origin, joint.axis)
    const [parent, child] = [joint.parent, joint.child].map((place) => world.getRigidBody(bodies[place] ?? -1))
    if (parent === undefined || child === undefined) throw new Error(`Joint ${joint.name} hangs on no body: the scene was not checked`)
    // Joints of these kinds leave one axis free.
    const made = world.createImpulseJoint(data, parent, child, true) as UnitImpulseJoint
    if (joint.limits !== undefined) made.setLimits(...joint.limits)
    made.setContactsEnabled(false)
    return { joint, handle: made.handle }
  })
}

/** Sets the resistance of all joints for the coming step. */
export function resistJoints(rapier: Rapier, world: World, linked: readonly Linked[]): void {
  for (const { joint, handle } of linked) {
    if (joint.damping === 0 && joint.friction === 0) continue
    // Joints of these kinds leave one axis free, and are made by nobody but addJoints.
    const made = world.getImpulseJoint(handle) as UnitImpulseJoint
    const speed = Math.abs(speedOf(joint, made.body1(), made.body2()))
    made.configureMotorModel(rapier.MotorModel.ForceBased)
    // The motor's pull grows with the speed; this slope makes it damping and friction together at the present one.
    made.configureMotorVelocity(0, joint.damping + joint.friction / Math.max(speed, CREEP))
  }
}

/** How fast a joint turns or slides: radians or metres per second. */
function speedOf(joint: SceneJoint, parent: RigidBody, child: RigidBody): number {
  const axis = rotate(parent.rotation(), joint.axis)
  if (joint.kind !== 'prismatic') return dot(axis, subtract(child.angvel(), parent.angvel()))
  const place = child.translation()
  return dot(axis, subtract(velocityAt(child, place), velocityAt(parent, place)))
}

const velocityAt = (body: RigidBody, place: Vec3): Vec3 => add(body.linvel(), cross(body.angvel(), subtract(place, body.worldCom())))
