// Wheel odometry: counts encoder ticks, turns them into a pose with slightly wrong wheel radius and track, and so drifts
// the way real odometry does. Slip adds to it by itself, because it is the wheels that are counted.

import type { Random, RandomState } from '../math/random.ts'
import { cos, sin, TAU, wrapAngle } from '../math/trig.ts'
import type { RobotSpec } from './robot-spec.ts'

/** A pose on the floor and the speeds, in the frame where odometry began. */
export interface OdometryReading {
  readonly x: number
  readonly y: number
  readonly yaw: number
  readonly linear: number
  readonly angular: number
}

/** Everything that odometry remembers. */
export interface OdometryState {
  x: number
  y: number
  yaw: number
  linear: number
  angular: number
  leftTurn: number
  rightTurn: number
  leftTicks: number
  rightTicks: number
  random: RandomState
}

/** The odometry of one robot in one run; the fixed errors are drawn from its random stream at the start. */
export class Odometry {
  readonly #state: OdometryState
  readonly #random: Random
  readonly #leftRadius: number
  readonly #rightRadius: number
  readonly #track: number
  readonly #walk: number
  readonly #tick: number

  constructor(robot: RobotSpec, random: Random) {
    const { radiusSigma, trackSigma, walkSigma, ticksPerTurn } = robot.odometry
    this.#random = random
    this.#leftRadius = robot.drive.wheelRadius * (1 + radiusSigma * random.gaussian())
    this.#rightRadius = robot.drive.wheelRadius * (1 + radiusSigma * random.gaussian())
    this.#track = robot.drive.track * (1 + trackSigma * random.gaussian())
    this.#walk = walkSigma
    this.#tick = TAU / ticksPerTurn
    this.#state = {
      x: 0,
      y: 0,
      yaw: 0,
      linear: 0,
      angular: 0,
      leftTurn: 0,
      rightTurn: 0,
      leftTicks: 0,
      rightTicks: 0,
      random: random.state(),
    }
  }

  #count(turn: number, before: number): number {
    const ticks = Math.floor(turn / this.#tick)
    return ticks - before
  }

  /** Counts one step of `dt` seconds in which the wheels turned at these speeds in radians per second. */
  step(leftSpeed: number, rightSpeed: number, dt: number): void {
    const s = this.#state
    const noise = this.#walk * Math.sqrt((Math.abs(leftSpeed) + Math.abs(rightSpeed)) * dt)
    s.leftTurn += leftSpeed * dt + (noise === 0 ? 0 : noise * this.#random.gaussian())
    s.rightTurn += rightSpeed * dt + (noise === 0 ? 0 : noise * this.#random.gaussian())
    const left = this.#count(s.leftTurn, s.leftTicks)
    const right = this.#count(s.rightTurn, s.rightTicks)
    s.leftTicks += left
    s.rightTicks += right
    this.#integrate(left * this.#tick * this.#leftRadius, right * this.#tick * this.#rightRadius, dt)
  }

  #integrate(left: number, right: number, dt: number): void {
    const s = this.#state
    const forward = (left + right) / 2
    const turn = (right - left) / this.#track
    const middle = s.yaw + turn / 2
    s.x += forward * cos(middle)
    s.y += forward * sin(middle)
    s.yaw = wrapAngle(s.yaw + turn)
    // Speeds from single ticks jump; a short average is what encoders report.
    s.linear += (forward / dt - s.linear) * 0.2
    s.angular += (turn / dt - s.angular) * 0.2
  }

  /** The latest reading. */
  read(): OdometryReading {
    const { x, y, yaw, linear, angular } = this.#state
    return { x, y, yaw, linear, angular }
  }

  /** A copy of everything remembered. */
  state(): OdometryState {
    return { ...this.#state, random: this.#random.state() }
  }

  /** Continues from an earlier state of the same run. */
  restore(state: OdometryState): void {
    Object.assign(this.#state, state)
    this.#random.restore(state.random)
  }
}
