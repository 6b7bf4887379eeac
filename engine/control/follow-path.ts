// Follows way points by pure pursuit within the robot's limits, and slows or stops for what the lidar sees on the arc ahead.
// The arc is checked against every lidar point: a point may not come nearer than its clearance, and braking must always do.

import { atan2, cos, sin, wrapAngle } from '../math/trig.ts'
import type { Twist } from '../robot/drive.ts'
import type { MotionLimits } from '../robot/robot-spec.ts'
import type { PlanarPose } from './controller.ts'

/** Lidar points around the robot in its base frame, with the clearance in metres that each wants. */
export interface NearPoints {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly clearance: Float64Array
  count: number
}

/** Room for the points of one scan. */
export const nearPointsFor = (beams: number): NearPoints => ({
  x: new Float64Array(beams),
  y: new Float64Array(beams),
  clearance: new Float64Array(beams),
  count: 0,
})

/** The point `lookahead` metres further along the path from its nearest point to (x, y), and how far off the path that is. */
export function pointAhead(
  path: readonly number[],
  x: number,
  y: number,
  lookahead: number,
): { readonly x: number; readonly y: number; readonly off: number; readonly left: number } {
  let [best, bestSegment, bestT] = [Number.POSITIVE_INFINITY, 0, 0]
  const segments = Math.max(1, path.length / 2 - 1)
  for (let i = 0; i < segments; i++) {
    const { ax, ay, dx, dy } = segmentAt(path, i)
    const size = dx * dx + dy * dy
    const t = size === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / size))
    const [px, py] = [ax + t * dx - x, ay + t * dy - y]
    const d = px * px + py * py
    if (d < best) [best, bestSegment, bestT] = [d, i, t]
  }
  let ahead = lookahead
  let t = bestT
  let found: { x: number; y: number } | null = null
  let left = 0
  for (let i = bestSegment; i < segments; i++) {
    const { ax, ay, dx, dy } = segmentAt(path, i)
    const span = Math.sqrt(dx * dx + dy * dy)
    const rest = span * (1 - t)
    left += rest
    if (found === null && rest >= ahead && span > 0) found = { x: ax + dx * (t + ahead / span), y: ay + dy * (t + ahead / span) }
    ahead -= rest
    t = 0
  }
  const end = { x: path[path.length - 2] ?? x, y: path[path.length - 1] ?? y }
  return { ...(found ?? end), off: Math.sqrt(best), left }
}

function segmentAt(path: readonly number[], i: number): { ax: number; ay: number; dx: number; dy: number } {
  const [ax, ay] = [path[2 * i] ?? 0, path[2 * i + 1] ?? 0]
  return { ax, ay, dx: (path[2 * i + 2] ?? ax) - ax, dy: (path[2 * i + 3] ?? ay) - ay }
}

/** The twist that pursues a point: turns on the spot when it lies aside, drives an arc otherwise. `left` is metres to the end. */
export function pursue(pose: PlanarPose, target: { readonly x: number; readonly y: number }, left: number, limits: MotionLimits): Twist {
  const [dx, dy] = [target.x - pose.x, target.y - pose.y]
  const distance = Math.sqrt(dx * dx + dy * dy)
  const bearing = wrapAngle(atan2(dy, dx) - pose.yaw)
  if (Math.abs(bearing) > 0.9) return { linear: 0, angular: Math.max(-1, Math.min(1, bearing)) * 0.7 * limits.angular }
  const curvature = distance < 0.05 ? 0 : (2 * sin(bearing)) / distance
  const braking = Math.sqrt(2 * 0.5 * limits.linearAcceleration * Math.max(0.02, left))
  const cornering = (0.6 * limits.angular) / Math.max(0.001, Math.abs(curvature))
  const linear = Math.min(limits.linear, braking, cornering)
  return { linear, angular: Math.max(-limits.angular, Math.min(limits.angular, linear * curvature)) }
}

/** Metres that the robot can go along the arc of `twist` before a point comes nearer than its clearance; `horizon` when all is clear. */
export function freeMetres(points: NearPoints, twist: Twist, horizon: number): number {
  const direction = twist.linear < 0 ? -1 : 1
  const curvature = Math.abs(twist.linear) < 1e-3 ? 0 : twist.angular / twist.linear
  const step = 0.08
  for (let s = step; s <= horizon; s += step) {
    const yaw = direction * s * curvature
    const [c, n] = [cos(yaw / 2), sin(yaw / 2)]
    const [x, y] = [direction * s * c, direction * s * n]
    for (let i = 0; i < points.count; i++) {
      const [px, py, want] = [points.x[i] ?? 0, points.y[i] ?? 0, points.clearance[i] ?? 0]
      const d = (px - x) * (px - x) + (py - y) * (py - y)
      // A point that is already too near only matters while the robot moves towards it.
      if (d < want * want && d < px * px + py * py - 1e-4) return s - step
    }
  }
  return horizon
}

/** The twist, slowed so that the robot can always stop in the free metres ahead of it. */
export function slowFor(
  points: NearPoints,
  twist: Twist,
  limits: MotionLimits,
  periodSeconds: number,
): { readonly twist: Twist; readonly free: number } {
  const horizon = 0.3 + (twist.linear * twist.linear) / (2 * 0.6 * limits.linearAcceleration) + 2 * Math.abs(twist.linear) * periodSeconds
  const free = freeMetres(points, twist, horizon)
  if (free >= horizon) return { twist, free }
  const a = 0.6 * limits.linearAcceleration
  const reaction = 2 * periodSeconds
  // v²/2a + v·reaction = free, solved for v.
  const most = Math.max(0, -a * reaction + Math.sqrt(a * reaction * a * reaction + 2 * a * Math.max(0, free - 0.04)))
  const scale = Math.min(1, most / Math.max(1e-6, Math.abs(twist.linear)))
  return { twist: { linear: twist.linear * scale, angular: twist.angular * (twist.linear === 0 ? 1 : scale) }, free }
}
