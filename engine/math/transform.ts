// Rigid poses: a position and a rotation. `compose(parent, child)` reads from the outside in, as frames are nested.

import { conjugate, fromRollPitchYaw, fromYaw, identityQuat, multiplyQuat, type Quat, rotate } from './quat.ts'
import { add, scale, type Vec3, zero3 } from './vec3.ts'

/** Where something is and how it is turned, in its parent's frame. Metres; unit quaternion. */
export interface Transform {
  readonly position: Vec3
  readonly rotation: Quat
}

/** The parent's own frame. */
export const identity: Transform = Object.freeze({ position: zero3, rotation: identityQuat })

/** The child's pose in the frame that `parent` is given in. */
export const compose = (parent: Transform, child: Transform): Transform => ({
  position: add(parent.position, rotate(parent.rotation, child.position)),
  rotation: multiplyQuat(parent.rotation, child.rotation),
})

/** The pose that undoes `t`. */
export function invert(t: Transform): Transform {
  const rotation = conjugate(t.rotation)
  return { position: scale(rotate(rotation, t.position), -1), rotation }
}

/** A point of the child's frame in the parent's frame. */
export const apply = (t: Transform, point: Vec3): Vec3 => add(t.position, rotate(t.rotation, point))

/** A point of the parent's frame in the child's frame. */
export const applyInverse = (t: Transform, point: Vec3): Vec3 =>
  rotate(conjugate(t.rotation), { x: point.x - t.position.x, y: point.y - t.position.y, z: point.z - t.position.z })

/** A pose on the floor plan: metres, and yaw in radians. */
export const fromPlanar = (x: number, y: number, yaw: number, z = 0): Transform => ({ position: { x, y, z }, rotation: fromYaw(yaw) })

/** A pose from `x y z roll pitch yaw`, as SDF and URDF write it: metres and radians. */
export const fromXyzRpy = (x: number, y: number, z: number, roll: number, pitch: number, yaw: number): Transform => ({
  position: { x, y, z },
  rotation: fromRollPitchYaw(roll, pitch, yaw),
})
