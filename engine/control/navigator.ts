// The embedded controller: localises itself, plans, follows, avoids; and gives up with a reason when there is no way.
// It sees what a real robot would see (odometry, lidar, map) and never the truth. Its whole memory is in `state`.

import { cos, sin } from '../math/trig.ts'
import type { Twist } from '../robot/drive.ts'
import type { RangeScan } from '../robot/range-scanner.ts'
import {
  type Command,
  type Controller,
  type ControllerStart,
  type Goal,
  type Observation,
  type PlanarPose,
  standStill,
} from './controller.ts'
import { CostMap, type CostMapState, strangerMargin } from './cost-map.ts'
import { type NearPoints, nearPointsFor, pointAhead, pursue, slowFor } from './follow-path.ts'
import { Localiser, type LocaliserState } from './localiser.ts'
import { planPath } from './plan-path.ts'

const REPLAN_NS = 1_000_000_000
/** How long it waits for a way that was blocked, before it gives up. */
const PATIENCE_NS = 25_000_000_000
/** How long it waits before it forgets, once per goal, what it has not seen lately, and goes to look again. */
const SECOND_LOOK_NS = 3_000_000_000
const LATELY_NS = 6_000_000_000
/** How long it stands before something near before it backs off a little. */
const BACK_OFF_AFTER_NS = 5_000_000_000
const BACK_OFF_NS = 1_500_000_000
const WALL_CLEARANCE = 0.03

interface NavigatorMemory {
  goal: number
  path: number[] | null
  planNs: number
  /** Since when there is no way, or nothing moves; -1 when all is well. */
  noWaySinceNs: number
  stuckSinceNs: number
  hasLookedTwice: boolean
  backOffUntilNs: number
}

interface NavigatorState {
  readonly memory: NavigatorMemory
  readonly localiser: LocaliserState
  readonly costs: CostMapState
  readonly points: NearPoints
}

interface Parts {
  readonly info: ControllerStart
  readonly localiser: Localiser
  readonly costs: CostMap
}

const freshMemory = (): NavigatorMemory => ({
  goal: 0,
  path: null,
  planNs: -REPLAN_NS,
  noWaySinceNs: -1,
  stuckSinceNs: -1,
  hasLookedTwice: false,
  backOffUntilNs: -1,
})

/** The controller that drives when a scenario brings none of its own. */
export class Navigator implements Controller {
  #parts: Parts | null = null
  #memory = freshMemory()
  #points: NearPoints = nearPointsFor(0)

  /** Reads the map and the task. */
  start(info: ControllerStart): void {
    const localiser = new Localiser(info.map, info.lidar, info.start, info.seed)
    this.#parts = { info, localiser, costs: new CostMap(info.map, info.keepOut, info.footprintRadius) }
    this.#memory = freshMemory()
  }

  #need(): Parts {
    if (this.#parts === null) throw new Error('the navigator was not started')
    return this.#parts
  }

  /** One decision. */
  decide(observation: Observation): Command {
    const parts = this.#need()
    parts.localiser.move(observation.odometry)
    if (observation.scan !== null) this.#look(parts, observation.scan, observation)
    const estimate = parts.localiser.estimate()
    const goal = this.#currentGoal(parts.info, estimate)
    if (goal === undefined) return { twist: standStill, status: 'done', estimate }
    return { ...this.#drive(parts, goal, estimate, observation.timeNs), estimate }
  }

  #look(parts: Parts, scan: RangeScan, { odometry, timeNs }: Observation): void {
    const age = (timeNs - scan.timeNs) / 1e9
    parts.localiser.weigh(scan, odometry, age)
    const now = parts.localiser.estimate()
    const yaw = now.yaw - odometry.angular * age
    const base = { x: now.x - odometry.linear * age * cos(yaw), y: now.y - odometry.linear * age * sin(yaw), yaw }
    const { lidar } = parts.info
    const [c, s] = [cos(yaw), sin(yaw)]
    parts.costs.see(scan, { x: base.x + c * lidar.x - s * lidar.y, y: base.y + s * lidar.x + c * lidar.y, yaw: yaw + lidar.yaw }, timeNs)
    this.#gather(parts, scan, base)
  }

  /** Notes the points around the robot, and how much room each wants. */
  #gather(parts: Parts, scan: RangeScan, base: PlanarPose): void {
    const { lidar, footprintRadius } = parts.info
    if (this.#points.x.length < scan.ranges.length) this.#points = nearPointsFor(scan.ranges.length)
    const points = this.#points
    points.count = 0
    const [c, s] = [cos(base.yaw), sin(base.yaw)]
    for (let i = 0; i < scan.ranges.length; i++) {
      const range = scan.ranges[i] ?? Number.NaN
      if (!(range >= scan.rangeMin && range < 4)) continue
      const angle = lidar.yaw + scan.angleMin + i * scan.angleIncrement
      const [x, y] = [lidar.x + range * cos(angle), lidar.y + range * sin(angle)]
      const isKnown = parts.costs.isExplained(base.x + c * x - s * y, base.y + s * x + c * y)
      points.x[points.count] = x
      points.y[points.count] = y
      points.clearance[points.count] = footprintRadius + (isKnown ? WALL_CLEARANCE : strangerMargin - 0.04)
      points.count += 1
    }
  }

  #currentGoal(info: ControllerStart, estimate: PlanarPose): Goal | undefined {
    for (;;) {
      const goal = info.goals[this.#memory.goal]
      if (goal === undefined) return undefined
      const [dx, dy] = [goal.x - estimate.x, goal.y - estimate.y]
      if (dx * dx + dy * dy > 0.36 * info.goalTolerance * info.goalTolerance) return goal
      this.#memory.goal += 1
      this.#memory.hasLookedTwice = false
      this.#memory.path = null
    }
  }

  #drive(parts: Parts, goal: Goal, estimate: PlanarPose, timeNs: number): Command {
    this.#replan(parts, goal, estimate, timeNs)
    const { path, noWaySinceNs } = this.#memory
    if (path === null) return this.#wait(parts, goal, estimate, timeNs, timeNs - noWaySinceNs)
    const { limits, controlPeriodNs } = parts.info
    const ahead = pointAhead(path, estimate.x, estimate.y, 0.35 + 0.3 * limits.linear)
    const wish = pursue(estimate, ahead, ahead.left, limits)
    const { twist, free } = slowFor(this.#points, wish, limits, controlPeriodNs / 1e9)
    return { ...this.#unstick(wish, twist, free, limits.linear, timeNs), path }
  }

  #replan(parts: Parts, goal: Goal, estimate: PlanarPose, timeNs: number): void {
    const memory = this.#memory
    if (memory.path !== null && timeNs - memory.planNs < REPLAN_NS) return
    if (memory.path === null && memory.noWaySinceNs >= 0 && timeNs - memory.planNs < REPLAN_NS) return
    memory.planNs = timeNs
    memory.path = planPath(parts.costs, [estimate.x, estimate.y], [goal.x, goal.y], 'seen')
    if (memory.path !== null) memory.noWaySinceNs = -1
    else if (memory.noWaySinceNs < 0) memory.noWaySinceNs = timeNs
  }

  /** There is no way now: wait for people to pass, then give up and say why. */
  #wait(parts: Parts, goal: Goal, estimate: PlanarPose, timeNs: number, waitedNs: number): Command {
    const name = `goal \`${goal.name}\` (${goal.x.toFixed(2)}, ${goal.y.toFixed(2)})`
    if (planPath(parts.costs, [estimate.x, estimate.y], [goal.x, goal.y], 'standing') === null)
      return { twist: standStill, status: 'gave-up', reason: `the map has no way to ${name} for a robot of this size` }
    if (waitedNs > SECOND_LOOK_NS && !this.#memory.hasLookedTwice) {
      this.#memory.hasLookedTwice = true
      parts.costs.forgetBefore(timeNs - LATELY_NS)
    }
    const seen = parts.costs.nearestSeen(estimate.x, estimate.y)
    const where = seen === null ? 'something' : `something that is not on the map near (${seen.x.toFixed(1)}, ${seen.y.toFixed(1)})`
    const reason = `every way to ${name} is blocked by ${where}`
    return waitedNs > PATIENCE_NS ? { twist: standStill, status: 'gave-up', reason } : { twist: standStill, status: 'waiting', reason }
  }

  #unstick(wish: Twist, twist: Twist, free: number, linearMax: number, timeNs: number): Command {
    const memory = this.#memory
    if (timeNs < memory.backOffUntilNs) return this.#backOff(linearMax)
    const stands = wish.linear > 0 && twist.linear < 0.02
    if (!stands) {
      memory.stuckSinceNs = -1
      return { twist, status: 'driving' }
    }
    if (memory.stuckSinceNs < 0) memory.stuckSinceNs = timeNs
    if (timeNs - memory.stuckSinceNs > BACK_OFF_AFTER_NS) {
      memory.stuckSinceNs = timeNs
      memory.backOffUntilNs = timeNs + BACK_OFF_NS
    }
    return { twist, status: 'waiting', reason: `the way ahead is free for ${free.toFixed(2)} m only` }
  }

  #backOff(linearMax: number): Command {
    const wish = { linear: -0.2 * linearMax, angular: 0 }
    const limits = { linear: linearMax, angular: 1, linearAcceleration: 0.5, angularAcceleration: 1 }
    return { twist: slowFor(this.#points, wish, limits, 0.1).twist, status: 'driving', reason: 'backing off' }
  }

  /** Everything that the next decision depends on. */
  state(): NavigatorState {
    const { localiser, costs } = this.#need()
    return structuredClone({ memory: this.#memory, localiser: localiser.state(), costs: costs.state(), points: this.#points })
  }

  /** Continues from an earlier state of the same task. */
  restore(state: unknown): void {
    // The simulation hands back what `state` gave.
    const { memory, localiser, costs, points } = structuredClone(state as NavigatorState)
    const parts = this.#need()
    this.#memory = memory
    parts.localiser.restore(localiser)
    parts.costs.restore(costs)
    this.#points = points
  }
}
