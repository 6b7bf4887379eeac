// The replay: the drive as few numbers as a viewer needs, on one simulated clock with the calls that the run made. Calls are named by their numbers on the
// tape, which the run counts itself; no wall clock gets in, so the same drive leaves the same bytes. docs/guides/warehouse-robot.md describes the format.
import { yawOf } from '../../engine/math/quat.ts'
import { compose } from '../../engine/math/transform.ts'
import type { Verdict } from '../../engine/run/assertions.ts'
import type { Moment, SensorHook } from '../../engine/run/sensor-hooks.ts'
import type { SimulationInput } from '../../engine/run/simulation-input.ts'
import { type Body, type Collider, poseAt, type Scene } from '../../engine/scene/scene.ts'

/** Steps, boxes and people of one replay, at most; what is left out is counted. */
export const replayLimits = { stepsMax: 9000, boxesMax: 4000, peopleMax: 64 } as const

const statePeriodNs = 200_000_000

type Row = readonly number[]

interface Box {
  readonly name: string
  readonly label: string
  /** Middle, metres. */
  readonly at: Row
  /** Quaternion, x y z w. */
  readonly turn: Row
  /** Whole extents, metres. */
  readonly size: Row
}

type Mark =
  | { readonly call: number; readonly t: number }
  | { readonly goal: number; readonly t: number }
  | { readonly end: string; readonly t: number }

const round = (value: number): number => Math.round(value * 1000) / 1000 + 0 // no negative zero

function extentsOf({ shape }: Collider): { size: Row; middle: Row } | undefined {
  switch (shape.kind) {
    case 'box':
      return { size: [shape.size.x, shape.size.y, shape.size.z], middle: [0, 0, 0] }
    case 'cylinder':
      return { size: [2 * shape.radius, 2 * shape.radius, shape.length], middle: [0, 0, 0] }
    case 'sphere':
      return { size: [2 * shape.radius, 2 * shape.radius, 2 * shape.radius], middle: [0, 0, 0] }
    case 'mesh':
      return boundsOf(shape.positions)
    case 'plane':
      return undefined // the floor: every viewer has one of its own
  }
}

function boundsOf(positions: Float32Array): { size: Row; middle: Row } {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (const [index, value] of positions.entries()) {
    const axis = index % 3
    low[axis] = Math.min(low[axis] ?? value, value)
    high[axis] = Math.max(high[axis] ?? value, value)
  }
  const both = (of: (low: number, high: number) => number): Row => [0, 1, 2].map((axis) => of(low[axis] ?? 0, high[axis] ?? 0))
  return { size: both((a, b) => b - a), middle: both((a, b) => (a + b) / 2) }
}

/** The boxes of a body: in the world, or in its own frame for what moves. */
function boxesOf(body: Body, isInWorld: boolean): Box[] {
  return body.colliders.flatMap((collider) => {
    const extents = collider.drawn ? extentsOf(collider) : undefined
    if (extents === undefined) return []
    const [x = 0, y = 0, z = 0] = extents.middle
    const inBody = compose(collider.pose, { position: { x, y, z }, rotation: { x: 0, y: 0, z: 0, w: 1 } })
    const { position, rotation } = isInWorld ? compose(body.pose, inBody) : inBody
    return {
      name: body.name,
      label: body.label,
      at: [position.x, position.y, position.z].map(round),
      turn: [rotation.x, rotation.y, rotation.z, rotation.w].map(round),
      size: extents.size.map(round),
    }
  })
}

/** Records a drive for a viewer. Give `hook` to the run, `called` each call as it is made, and ask for `text` at the end. */
export class ReplayRecorder {
  readonly hook: SensorHook
  readonly #times: number[] = []
  readonly #robot: number[] = []
  readonly #tracks = new Map<number, number[]>()
  readonly #marks: Mark[] = []
  #scene: Scene | undefined
  #robotIndex = 0
  #seconds = 0
  #calls = 0
  #goals = 0
  #stepsLeftOut = 0

  constructor() {
    this.hook = { name: 'replay', periodNs: statePeriodNs, sample: (moment) => this.#sample(moment) }
  }

  /** The run is making a call: it is the next one on its tape. */
  called(): void {
    this.#marks.push({ call: ++this.#calls, t: this.#seconds })
  }

  #sample(moment: Moment): void {
    this.#scene ??= moment.scene
    this.#robotIndex = moment.robotIndex
    this.#seconds = round(moment.timeNs / 1e9)
    while (this.#goals < moment.goalsReached) this.#marks.push({ goal: ++this.#goals, t: this.#seconds })
    if (this.#times.length >= replayLimits.stepsMax) {
      this.#stepsLeftOut++
      return
    }
    this.#times.push(this.#seconds)
    const { position, rotation } = moment.motion
    this.#robot.push(round(position.x), round(position.y), round(yawOf(rotation)))
    for (const [index, body] of moment.scene.bodies.entries()) {
      if (body.label !== 'person') continue
      const track = this.#tracks.get(index) ?? []
      if (!this.#tracks.has(index) && this.#tracks.size >= replayLimits.peopleMax) continue
      const pose = poseAt(moment.snapshot, index)
      track.push(round(pose.position.x), round(pose.position.y), round(yawOf(pose.rotation)))
      this.#tracks.set(index, track)
    }
  }

  /** Goals that were reached after the last step: the drive ends with its last goal. */
  #lastGoals({ measures }: Verdict, t: number): Mark[] {
    return Array.from({ length: Math.max(0, measures.goalsReached - this.#goals) }, (_, index) => ({ goal: this.#goals + index + 1, t }))
  }

  /** The replay as JSON. */
  text(drive: { readonly name: string; readonly seed: number; readonly goals: SimulationInput['goals'] }, verdict: Verdict): string {
    const scene = this.#scene
    const bodies = scene?.bodies ?? []
    const robot = bodies[this.#robotIndex]
    const still = bodies.filter((body) => body !== robot && body.label !== 'person').flatMap((body) => boxesOf(body, true))
    const end = verdict.momentNs === null ? verdict.measures.seconds : verdict.momentNs / 1e9
    return `${JSON.stringify({
      schema: 'warehouse-replay/1',
      scenario: drive.name,
      seed: drive.seed,
      stepSeconds: statePeriodNs / 1e9,
      goals: drive.goals.map(({ name, x, y }) => ({ name, x: round(x), y: round(y) })),
      boxes: still.slice(0, replayLimits.boxesMax),
      robot: { boxes: robot === undefined ? [] : boxesOf(robot, false), track: this.#robot },
      people: [...this.#tracks].map(([index, track]) => ({
        name: bodies[index]?.name ?? '',
        boxes: bodies[index] === undefined ? [] : boxesOf(bodies[index], false),
        track,
      })),
      times: this.#times,
      marks: [...this.#marks, ...this.#lastGoals(verdict, round(end)), { end: verdict.passed ? 'passed' : 'failed', t: round(end) }],
      leftOut: { steps: this.#stepsLeftOut, boxes: Math.max(0, still.length - replayLimits.boxesMax) },
    })}\n`
  }
}
