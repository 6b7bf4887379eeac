// A view: the pinhole through which the rasteriser looks, for cameras and for shadow maps. Camera axes are optical (x right, y down, z ahead).
// Its numbers come from scenarios, which are untrusted: `checkIntrinsics` refuses what is absurd before anything is allocated.

import { EngineError } from '../errors.ts'
import { rotate } from '../math/quat.ts'
import type { Transform } from '../math/transform.ts'
import { tan } from '../math/trig.ts'

/** A pinhole camera without distortion. Pixels; the centre of pixel (0, 0) is at (0.5, 0.5). */
export interface Intrinsics {
  readonly width: number
  readonly height: number
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
}

/** A pinhole with a place: `rotation` takes world to camera axes (three rows), `position` is its centre in the world. */
export interface View extends Intrinsics {
  /** Metres; nothing nearer is seen. */
  readonly near: number
  /** Metres; nothing farther is seen. */
  readonly far: number
  readonly rotation: Float64Array
  readonly position: readonly [number, number, number]
}

/** Limits of a camera that may be asked for. */
const viewLimits = { sideMin: 2, sideMax: 4096, pixelsMax: 8_388_608, focalMin: 1, focalMax: 1_000_000 } as const

/** Intrinsics from a horizontal field of view in radians, with square pixels and the axis in the middle. */
export function intrinsicsFromFov(width: number, height: number, horizontalFov: number): Intrinsics {
  if (!(horizontalFov > 0.01 && horizontalFov < 3.1)) {
    throw new EngineError('value/out-of-range', `A field of view of ${horizontalFov} rad is outside 0.01 to 3.1.`, { horizontalFov })
  }
  const focal = width / (2 * tan(horizontalFov / 2))
  return checkIntrinsics({ width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2 })
}

/** The same intrinsics, or `value/not-finite` or `value/out-of-range` naming the limit that was hit. */
export function checkIntrinsics(it: Intrinsics): Intrinsics {
  for (const [name, value] of Object.entries(it)) {
    if (!Number.isFinite(value)) throw new EngineError('value/not-finite', `The camera's \`${name}\` is ${value}; give a number.`, { name })
  }
  const { sideMin, sideMax, pixelsMax, focalMin, focalMax } = viewLimits
  const sides = [it.width, it.height]
  if (sides.some((side) => !Number.isInteger(side) || side < sideMin || side > sideMax) || it.width * it.height > pixelsMax) {
    throw new EngineError(
      'value/out-of-range',
      `A camera of ${it.width} × ${it.height} pixels is outside whole sides of ${sideMin} to ${sideMax} and ${pixelsMax} pixels in all.`,
      { width: it.width, height: it.height, sideMax, pixelsMax },
    )
  }
  if ([it.fx, it.fy].some((focal) => focal < focalMin || focal > focalMax)) {
    throw new EngineError('value/out-of-range', `Focal lengths ${it.fx}, ${it.fy} are outside ${focalMin} to ${focalMax} pixels.`, {
      focalMax,
    })
  }
  return it
}

/** Refuses a pose that holds anything but finite numbers, or no rotation at all, with `value/not-finite`. */
export function checkPose(pose: Transform, what: string): Transform {
  const { position: p, rotation: q } = pose
  const numbers = [p.x, p.y, p.z, q.x, q.y, q.z, q.w]
  const norm = q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w
  if (!numbers.every(Number.isFinite) || norm < 0.5 || norm > 2) {
    throw new EngineError('value/not-finite', `The pose of ${what} is not a place and a unit rotation: ${numbers.join(' ')}.`, { what })
  }
  return pose
}

/** A view from a sensor frame whose x looks ahead and z up (as robots mount them). */
export function viewFromSensor(intrinsics: Intrinsics, pose: Transform, near: number, far: number): View {
  checkPose(pose, 'a camera')
  const right = rotate(pose.rotation, { x: 0, y: -1, z: 0 })
  const down = rotate(pose.rotation, { x: 0, y: 0, z: -1 })
  const ahead = rotate(pose.rotation, { x: 1, y: 0, z: 0 })
  const rotation = Float64Array.of(right.x, right.y, right.z, down.x, down.y, down.z, ahead.x, ahead.y, ahead.z)
  return { ...intrinsics, near, far, rotation, position: [pose.position.x, pose.position.y, pose.position.z] }
}
