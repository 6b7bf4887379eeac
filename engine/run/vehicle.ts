// The robot of a run as one thing: motion in the physics world, drive, odometry, inertial sensor, battery, and what faults do
// to them. The loop steps it; its state is one piece of plain data.

import { EngineError } from '../errors.ts'
import type { Random } from '../math/random.ts'
import type { Transform } from '../math/transform.ts'
import { compose } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import { emptyMotion, type Motion, type PhysicsWorld } from '../physics/physics-world.ts'
import { Battery } from '../robot/battery.ts'
import { Drive, type DriveConditions, type DriveState, type Twist } from '../robot/drive.ts'
import { Imu, type ImuState } from '../robot/imu.ts'
import { Odometry, type OdometryState } from '../robot/odometry.ts'
import type { RobotSpec } from '../robot/robot-spec.ts'
import type { Faults } from './faults.ts'

/** Everything that the vehicle remembers outside of the physics world. */
export interface VehicleState {
  readonly drive: DriveState
  readonly odometry: OdometryState
  readonly imu: ImuState
  readonly battery: readonly [number, number]
}

const GROUND_SLACK = 0.02
const DOWN: Vec3 = { x: 0, y: 0, z: -1 }

/** The robot of one run. */
export class Vehicle {
  readonly spec: RobotSpec
  /** Index of its body in the scene. */
  readonly index: number
  /** Where it is and how it moves, after the last step; written in place. */
  readonly motion: Motion = emptyMotion()
  readonly drive: Drive
  readonly odometry: Odometry
  readonly imu: Imu
  readonly battery: Battery
  readonly #physics: PhysicsWorld
  readonly #faults: Faults
  readonly #floorZ: number

  constructor(spec: RobotSpec, index: number, physics: PhysicsWorld, faults: Faults, random: Random, gravity: Vec3) {
    this.spec = spec
    this.index = index
    this.#physics = physics
    this.#faults = faults
    this.drive = new Drive(spec, Math.sqrt(gravity.x * gravity.x + gravity.y * gravity.y + gravity.z * gravity.z))
    this.odometry = new Odometry(spec, random.stream('odometry'))
    this.imu = new Imu(spec.imu, random.stream('imu'), gravity)
    this.battery = new Battery(spec.battery)
    this.read()
    this.#floorZ = this.motion.position.z
  }

  /** Reads its motion out of the physics world. */
  read(): void {
    this.#physics.readMotion(this.index, this.motion)
  }

  readonly #push = (impulse: Vec3, point: Vec3): void => this.#physics.applyImpulse(this.index, impulse, point)

  /** Before the physics: motors and tyres. */
  push(wish: Twist, timeNs: number, dt: number): void {
    this.drive.step(wish, this.motion, this.#conditions(timeNs), dt, this.#push)
  }

  /** After the physics: what its sensors and battery make of the step. */
  feel(timeNs: number, dt: number): void {
    this.read()
    const { state } = this.drive
    if (this.#faults.at('odometry-freeze', timeNs) === undefined) this.odometry.step(state.leftSpeed, state.rightSpeed, dt)
    this.imu.sample(this.motion, dt)
    this.battery.step(state, dt, this.#faults.at('battery-drain', timeNs)?.amount ?? 0)
  }

  #conditions(timeNs: number): DriveConditions {
    const grounded = this.#isGrounded()
    const torque = this.#faults.at('weak-motors', timeNs)?.amount ?? 1
    return {
      leftGrounded: grounded,
      rightGrounded: grounded,
      frictionScale: this.#faults.at('slippery-floor', timeNs)?.amount ?? 1,
      torqueScale: this.battery.isFlat() ? 0 : torque,
    }
  }

  /** Upright and at floor height needs no ray; only a lifted or tilted robot is measured. */
  #isGrounded(): boolean {
    const { position, rotation } = this.motion
    const up = 1 - 2 * (rotation.x * rotation.x + rotation.y * rotation.y)
    if (up < 0.8) return false
    if (Math.abs(position.z - this.#floorZ) < GROUND_SLACK) return true
    const metres = this.#physics.castRay({ x: position.x, y: position.y, z: position.z + 0.1 }, DOWN, 1, this.index)
    return metres >= 0 && metres < 0.1 + GROUND_SLACK
  }

  /** The world pose of a sensor mount; throws for a name that the robot does not have. */
  mount(name: string): Transform {
    const mount = this.spec.mounts[name]
    if (mount === undefined) throw new EngineError('run/bad-input', `Robot \`${this.spec.name}\` has no mount \`${name}\``, { mount: name })
    return compose({ position: { ...this.motion.position }, rotation: { ...this.motion.rotation } }, mount)
  }

  /** The numbers of its state that a digest covers. */
  numbers(): readonly number[] {
    const { position: p, rotation: r, linear: v, angular: w } = this.motion
    const d = this.drive.state
    const o = this.odometry.read()
    const i = this.imu.read()
    const body = [p.x, p.y, p.z, r.x, r.y, r.z, r.w, v.x, v.y, v.z, w.x, w.y, w.z]
    return [
      ...body,
      d.leftSpeed,
      d.rightSpeed,
      o.x,
      o.y,
      o.yaw,
      i.angular.z,
      i.acceleration.x,
      i.acceleration.y,
      this.battery.read().charge,
    ]
  }

  /** Everything remembered; borrowed in part, so clone it to keep it. */
  state(): VehicleState {
    return { drive: this.drive.state, odometry: this.odometry.state(), imu: this.imu.state(), battery: this.battery.state() }
  }

  /** Continues from an earlier state of the same run; the physics world must be restored first. */
  restore(state: VehicleState): void {
    Object.assign(this.drive.state, state.drive)
    this.odometry.restore(state.odometry)
    this.imu.restore(state.imu)
    this.battery.restore(state.battery)
    this.read()
  }
}
