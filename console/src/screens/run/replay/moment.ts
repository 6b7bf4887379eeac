// Where everything is at a time of the drive, between two steps as well, and what that comes to in words. Pure: the canvas, the plan and the table show the
// same numbers.
import type { Box, Mark, Mover, Pose, ReplayFile } from './replay-file.ts'

/** The step at or before a time. */
export function stepAt(times: readonly number[], t: number): number {
  let [low, high] = [0, times.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((times[middle] ?? 0) <= t) low = middle
    else high = middle - 1
  }
  return low
}

function poseOf(track: readonly number[], step: number): Pose {
  const at = step * 3
  return { x: track[at] ?? 0, y: track[at + 1] ?? 0, yaw: track[at + 2] ?? 0 }
}

/** Where something is at a time; between two steps on the straight line, turning the short way. */
export function poseAt(times: readonly number[], { track }: Mover, t: number): Pose {
  const step = stepAt(times, t)
  const [from, next] = [times[step] ?? 0, times[step + 1]]
  const here = poseOf(track, step)
  if (next === undefined || t <= from) return here
  const there = poseOf(track, step + 1)
  const share = Math.min(1, (t - from) / (next - from))
  const turn = Math.atan2(Math.sin(there.yaw - here.yaw), Math.cos(there.yaw - here.yaw))
  return { x: here.x + share * (there.x - here.x), y: here.y + share * (there.y - here.y), yaw: here.yaw + share * turn }
}

/** What holds at a time. */
export interface Moment {
  readonly robot: Pose
  readonly metresPerSecond: number
  readonly nearest: { readonly name: string; readonly metres: number } | undefined
  readonly goals: number
  /** The last thing that happened; undefined before anything did. */
  readonly last: number | undefined
}

/** What holds at a time. */
export function momentAt(file: ReplayFile, t: number): Moment {
  const robot = poseAt(file.times, file.robot, t)
  const before = poseAt(file.times, file.robot, Math.max(0, t - file.stepSeconds))
  const near = file.people.map((person, at) => {
    const { x, y } = poseAt(file.times, person, t)
    return { name: person.name || `person ${at + 1}`, metres: Math.hypot(x - robot.x, y - robot.y) }
  })
  const last = file.marks.findLastIndex((mark) => mark.t <= t)
  return {
    robot,
    metresPerSecond: t <= 0 ? 0 : Math.hypot(robot.x - before.x, robot.y - before.y) / Math.min(t, file.stepSeconds),
    nearest: near.sort((one, other) => one.metres - other.metres)[0],
    goals: file.marks.filter((mark) => mark.kind === 'goal' && mark.t <= t).length,
    last: last === -1 ? undefined : last,
  }
}

/** The numbers of the first and the last call to read for some marks, at most so many apart; undefined where none of them is a call. */
export function callsWanted(marks: readonly Mark[], apartMax: number): readonly [first: number, last: number] | undefined {
  const numbers = marks.flatMap((mark) => (mark.kind === 'call' ? [mark.number] : []))
  const first = Math.min(...numbers)
  return numbers.length === 0 ? undefined : [first, Math.min(Math.max(...numbers), first + apartMax)]
}

/** A time of the drive: `12.4 s`. */
export const secondsOf = (t: number): string => `${t.toFixed(1)} s`

/** Marks at one time, as the time line draws them. */
export interface MarksAt {
  readonly t: number
  readonly marks: readonly Mark[]
}

/** The marks by their time. */
export function byTime(marks: readonly Mark[]): readonly MarksAt[] {
  const found = new Map<number, Mark[]>()
  for (const mark of marks) found.set(mark.t, [...(found.get(mark.t) ?? []), mark])
  return [...found].map(([t, of]) => ({ t, marks: of }))
}

type Point = readonly [x: number, y: number]

const cross = (o: Point, a: Point, b: Point): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

function half(points: readonly Point[]): Point[] {
  const hull: Point[] = []
  for (const point of points) {
    for (;;) {
      const [a, b] = [hull.at(-2), hull.at(-1)]
      if (a === undefined || b === undefined || cross(a, b, point) > 0) break
      hull.pop()
    }
    hull.push(point)
  }
  return hull.slice(0, -1)
}

/** The outline of a box as seen from above (Andrew’s monotone chain over its eight corners). */
export function outlineOf({ at, turn: [qx, qy, qz, qw], size }: Box): readonly Point[] {
  const corners: Point[] = []
  for (const sx of [-0.5, 0.5])
    for (const sy of [-0.5, 0.5])
      for (const sz of [-0.5, 0.5]) {
        const [x, y, z] = [sx * size[0], sy * size[1], sz * size[2]]
        // The first two rows of the quaternion’s rotation matrix.
        const px = (1 - 2 * (qy * qy + qz * qz)) * x + 2 * (qx * qy - qw * qz) * y + 2 * (qx * qz + qw * qy) * z
        const py = 2 * (qx * qy + qw * qz) * x + (1 - 2 * (qx * qx + qz * qz)) * y + 2 * (qy * qz - qw * qx) * z
        corners.push([at[0] + px, at[1] + py])
      }
  corners.sort((one, other) => one[0] - other[0] || one[1] - other[1])
  return [...half(corners), ...half(corners.toReversed())]
}
