// Unit quaternions in the order x, y, z, w, as Rapier, glTF and Foxglove write them. Exact on every machine.

import { asin, atan2, cos, sin } from './trig.ts'
import type { Vec3 } from './vec3.ts'

/** A rotation; `w` is the scalar part. */
export interface Quat {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly w: number
}

/** No rotation. */
export const identityQuat: Quat = Object.freeze({ x: 0, y: 0, z: 0, w: 1 })

/** The rotation that does `b` first, then `a`. */
export const multiplyQuat = (a: Quat, b: Quat): Quat => ({
  x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
  y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
  z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
  w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
})

/** The inverse of a unit quaternion. */
export const conjugate = (q: Quat): Quat => ({ x: -q.x, y: -q.y, z: -q.z, w: q.w })

/** The same rotation with length one; all zeros become no rotation. */
export function normalizeQuat(q: Quat): Quat {
  const size = Math.sqrt(q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w)
  return size === 0 ? identityQuat : { x: q.x / size, y: q.y / size, z: q.z / size, w: q.w / size }
}

/** `v` turned by `q`. */
export function rotate(q: Quat, v: Vec3): Vec3 {
  const tx = 2 * (q.y * v.z - q.z * v.y)
  const ty = 2 * (q.z * v.x - q.x * v.z)
  const tz = 2 * (q.x * v.y - q.y * v.x)
  return {
    x: v.x + q.w * tx + q.y * tz - q.z * ty,
    y: v.y + q.w * ty + q.z * tx - q.x * tz,
    z: v.z + q.w * tz + q.x * ty - q.y * tx,
  }
}

/** Rotation about a unit axis by an angle in radians. */
export function fromAxisAngle(axis: Vec3, angle: number): Quat {
  const s = sin(angle / 2)
  return { x: axis.x * s, y: axis.y * s, z: axis.z * s, w: cos(angle / 2) }
}

/** Rotation about Z by an angle in radians. */
export const fromYaw = (yaw: number): Quat => ({ x: 0, y: 0, z: sin(yaw / 2), w: cos(yaw / 2) })

/** Fixed-axis roll, pitch, yaw in radians (the `rpy` of URDF and SDF): roll about X first, then pitch about Y, then yaw about Z. */
export function fromRollPitchYaw(roll: number, pitch: number, yaw: number): Quat {
  const [sr, cr] = [sin(roll / 2), cos(roll / 2)]
  const [sp, cp] = [sin(pitch / 2), cos(pitch / 2)]
  const [sy, cy] = [sin(yaw / 2), cos(yaw / 2)]
  return {
    x: sr * cp * cy - cr * sp * sy,
    y: cr * sp * cy + sr * cp * sy,
    z: cr * cp * sy - sr * sp * cy,
    w: cr * cp * cy + sr * sp * sy,
  }
}

/** The yaw of a rotation in radians, in (-pi, pi]. */
export const yawOf = (q: Quat): number => atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z))

/** The pitch of a rotation in radians, in [-pi/2, pi/2]. */
export const pitchOf = (q: Quat): number => asin(2 * (q.w * q.y - q.z * q.x))

/** The roll of a rotation in radians, in (-pi, pi]. */
export const rollOf = (q: Quat): number => atan2(2 * (q.w * q.x + q.y * q.z), 1 - 2 * (q.x * q.x + q.y * q.y))
