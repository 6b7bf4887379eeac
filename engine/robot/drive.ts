// Wheels, tyres and motors. Each step: the motors turn the wheels within their torque curve, the tyres carry the wheels'
// slip into impulses on the body within a friction circle, and what slipped is what odometry later gets wrong. The two
// longitudinal contacts are solved together, so that stiff contact stays stable at any step length.

import type { Motion, MutableVec3 } from '../physics/physics-world.ts'
import { type DriveSpec, type MotionLimits, type RobotSpec, robotMass } from './robot-spec.ts'

/** A wish for the body's motion: metres per second forward, radians per second to the left. */
export interface Twist {
  readonly linear: number
  readonly angular: number
}

/** What the drive remembers from step to step. */
export interface DriveState {
  /** The twist that the motors aim for, after acceleration limits. */
  linear: number
  angular: number
  /** Radians per second of each wheel. */
  leftSpeed: number
  rightSpeed: number
  /** Newton metres of each motor in the last step. */
  leftTorque: number
  rightTorque: number
}

/** What the surroundings do to the drive in this step; all 1 and true on a good day. */
export interface DriveConditions {
  readonly leftGrounded: boolean
  readonly rightGrounded: boolean
  /** Scales tyre friction: oil on the floor. */
  readonly frictionScale: number
  /** Scales motor torque: an empty battery gives 0. */
  readonly torqueScale: number
}

/** Where an impulse goes: newton seconds in the world, at a point of the world. */
export type Push = (impulse: MutableVec3, point: MutableVec3) => void

const clamp = (value: number, limit: number): number => (value > limit ? limit : value < -limit ? -limit : value)
const approach = (from: number, to: number, most: number): number => from + clamp(to - from, most)

/** A wish cut to what the robot may do; a wish that is not a number is no motion. */
export const limitTwist = (wish: Twist, limits: MotionLimits): Twist => ({
  linear: Number.isFinite(wish.linear) ? clamp(wish.linear, limits.linear) : 0,
  angular: Number.isFinite(wish.angular) ? clamp(wish.angular, limits.angular) : 0,
})

/** The drive of one robot. Its state is plain data; impulses leave through `Push`. */
export class Drive {
  readonly state: DriveState = { linear: 0, angular: 0, leftSpeed: 0, rightSpeed: 0, leftTorque: 0, rightTorque: 0 }
  readonly #spec: DriveSpec
  readonly #limits: MotionLimits
  readonly #mass: number
  readonly #yawInertia: number
  readonly #load: number
  readonly #forward: MutableVec3 = { x: 1, y: 0, z: 0 }
  readonly #left: MutableVec3 = { x: 0, y: 1, z: 0 }
  readonly #point: MutableVec3 = { x: 0, y: 0, z: 0 }
  readonly #impulse: MutableVec3 = { x: 0, y: 0, z: 0 }

  constructor(robot: RobotSpec, gravity: number) {
    this.#spec = robot.drive
    this.#limits = robot.limits
    this.#mass = robotMass(robot)
    this.#yawInertia = robot.inertial.izz
    this.#load = (this.#mass * gravity * robot.drive.loadShare) / 2
  }

  /** One step of `dt` seconds towards `wish`, for a body that moves as `motion` says. */
  step(wish: Twist, motion: Motion, conditions: DriveConditions, dt: number, push: Push): void {
    this.#aim(wish, dt)
    this.#turnMotors(conditions.torqueScale, dt)
    this.#axes(motion)
    this.#roll(motion, conditions, dt, push)
  }

  #aim(wish: Twist, dt: number): void {
    const target = limitTwist(wish, this.#limits)
    this.state.linear = approach(this.state.linear, target.linear, this.#limits.linearAcceleration * dt)
    this.state.angular = approach(this.state.angular, target.angular, this.#limits.angularAcceleration * dt)
  }

  #turnMotors(torqueScale: number, dt: number): void {
    const { wheelRadius, track } = this.#spec
    const s = this.state
    s.leftTorque = this.#torque((s.linear - (s.angular * track) / 2) / wheelRadius, s.leftSpeed, torqueScale, dt)
    s.rightTorque = this.#torque((s.linear + (s.angular * track) / 2) / wheelRadius, s.rightSpeed, torqueScale, dt)
    s.leftSpeed += (s.leftTorque * dt) / this.#spec.wheelInertia
    s.rightSpeed += (s.rightTorque * dt) / this.#spec.wheelInertia
  }

  /** Speed control of one wheel: enough torque to be there within a few steps, also against the body's mass. */
  #torque(target: number, speed: number, scale: number, dt: number): number {
    const { stallTorque, freeSpeed, wheelInertia } = this.#spec
    const driving = (target - speed) * speed > 0
    const share = driving ? Math.max(0, 1 - Math.abs(speed) / freeSpeed) : 1
    const limit = stallTorque * share * scale
    return clamp(((target - speed) * (wheelInertia + this.#bodyShare())) / (3 * dt), limit)
  }

  #bodyShare(): number {
    return (this.#mass / 2) * this.#spec.wheelRadius * this.#spec.wheelRadius
  }

  #axes(motion: Motion): void {
    const { x, y, z, w } = motion.rotation
    this.#forward.x = 1 - 2 * (y * y + z * z)
    this.#forward.y = 2 * (x * y + w * z)
    this.#forward.z = 2 * (x * z - w * y)
    this.#left.x = 2 * (x * y - w * z)
    this.#left.y = 1 - 2 * (x * x + z * z)
    this.#left.z = 2 * (y * z + w * x)
  }

  #roll(motion: Motion, conditions: DriveConditions, dt: number, push: Push): void {
    const { wheelRadius, track, wheelInertia } = this.#spec
    const s = this.state
    const [f, l, v] = [this.#forward, this.#left, motion.linear]
    const ahead = v.x * f.x + v.y * f.y + v.z * f.z
    const sideways = v.x * l.x + v.y * l.y + v.z * l.z
    const half = track / 2
    const slipLeft = s.leftSpeed * wheelRadius - (ahead - motion.angular.z * half)
    const slipRight = s.rightSpeed * wheelRadius - (ahead + motion.angular.z * half)
    const own = 1 / this.#mass + (half * half) / this.#yawInertia + (wheelRadius * wheelRadius) / wheelInertia
    const other = 1 / this.#mass - (half * half) / this.#yawInertia
    const det = own * own - other * other
    const wantLeft = conditions.leftGrounded ? (own * slipLeft - other * slipRight) / det : 0
    const wantRight = conditions.rightGrounded ? (own * slipRight - other * slipLeft) / det : 0
    const side = (-sideways * this.#mass) / 2
    s.leftSpeed -= this.#touch(motion, half, wantLeft, conditions.leftGrounded ? side : 0, s.leftSpeed, conditions, dt, push)
    s.rightSpeed -= this.#touch(motion, -half, wantRight, conditions.rightGrounded ? side : 0, s.rightSpeed, conditions, dt, push)
  }

  /** One tyre: clips the wanted impulse to the friction circle, pushes the body, and returns by how much the wheel slows. */
  #touch(motion: Motion, offset: number, along: number, across: number, speed: number, c: DriveConditions, dt: number, push: Push): number {
    const { wheelRadius, axleX, wheelInertia, tyreFriction, rollingResistance } = this.#spec
    const grip = tyreFriction * c.frictionScale * this.#load * dt
    const size = Math.sqrt(along * along + across * across)
    const keep = size > grip ? grip / size : 1
    const [f, l] = [this.#forward, this.#left]
    this.#impulse.x = f.x * along * keep + l.x * across * keep
    this.#impulse.y = f.y * along * keep + l.y * across * keep
    this.#impulse.z = 0
    this.#point.x = motion.position.x + f.x * axleX + l.x * offset
    this.#point.y = motion.position.y + f.y * axleX + l.y * offset
    this.#point.z = motion.position.z
    if (keep * size > 0) push(this.#impulse, this.#point)
    const drag = clamp(rollingResistance * this.#load * wheelRadius * dt, Math.abs(speed) * wheelInertia)
    return (along * keep * wheelRadius + (speed > 0 ? drag : -drag)) / wheelInertia
  }
}
