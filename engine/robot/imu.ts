// The inertial sensor: true angular velocity and specific force of the body, plus bias that walks and white noise.

import { conjugate, rotate } from '../math/quat.ts'
import type { Random, RandomState } from '../math/random.ts'
import { type Vec3, vec3 } from '../math/vec3.ts'
import type { Motion } from '../physics/physics-world.ts'
import type { ImuSpec } from './robot-spec.ts'

/** One sample in the body's axes: radians per second, and metres per second squared of specific force (rest shows +g up). */
export interface ImuReading {
  readonly angular: Vec3
  readonly acceleration: Vec3
}

/** Everything that the sensor remembers. */
export interface ImuState {
  readonly gyroBias: Vec3
  readonly accelerationBias: Vec3
  readonly lastVelocity: Vec3
  readonly reading: ImuReading
  readonly random: RandomState
}

/** The inertial sensor of one robot in one run. */
export class Imu {
  readonly #spec: ImuSpec
  readonly #random: Random
  readonly #gravity: Vec3
  #gyroBias: Vec3
  #accelerationBias: Vec3
  #last: Vec3 = vec3(0, 0, 0)
  #reading: ImuReading

  constructor(spec: ImuSpec, random: Random, gravity: Vec3) {
    this.#spec = spec
    this.#random = random
    this.#gravity = gravity
    this.#gyroBias = this.#noise(spec.gyroBias)
    this.#accelerationBias = this.#noise(spec.accelerationBias)
    this.#reading = { angular: vec3(0, 0, 0), acceleration: vec3(0, 0, 0) }
  }

  #noise(sigma: number): Vec3 {
    return vec3(sigma * this.#random.gaussian(), sigma * this.#random.gaussian(), sigma * this.#random.gaussian())
  }

  /** Samples a body that moves so, `dt` seconds after the last sample. */
  sample(motion: Motion, dt: number): ImuReading {
    const inverse = conjugate(motion.rotation)
    const v = motion.linear
    const g = this.#gravity
    const force = rotate(inverse, vec3((v.x - this.#last.x) / dt - g.x, (v.y - this.#last.y) / dt - g.y, (v.z - this.#last.z) / dt - g.z))
    const spin = rotate(inverse, motion.angular)
    this.#last = vec3(v.x, v.y, v.z)
    const walk = this.#noise(this.#spec.gyroBiasWalk * Math.sqrt(dt))
    this.#gyroBias = vec3(this.#gyroBias.x + walk.x, this.#gyroBias.y + walk.y, this.#gyroBias.z + walk.z)
    this.#reading = {
      angular: this.#disturb(spin, this.#gyroBias, this.#spec.gyroNoise),
      acceleration: this.#disturb(force, this.#accelerationBias, this.#spec.accelerationNoise),
    }
    return this.#reading
  }

  #disturb(v: Vec3, bias: Vec3, sigma: number): Vec3 {
    const n = this.#noise(sigma)
    return vec3(v.x + bias.x + n.x, v.y + bias.y + n.y, v.z + bias.z + n.z)
  }

  /** The latest sample. */
  read(): ImuReading {
    return this.#reading
  }

  /** A copy of everything remembered. */
  state(): ImuState {
    return {
      gyroBias: this.#gyroBias,
      accelerationBias: this.#accelerationBias,
      lastVelocity: this.#last,
      reading: this.#reading,
      random: this.#random.state(),
    }
  }

  /** Continues from an earlier state of the same run. */
  restore(state: ImuState): void {
    this.#gyroBias = state.gyroBias
    this.#accelerationBias = state.accelerationBias
    this.#last = state.lastVelocity
    this.#reading = state.reading
    this.#random.restore(state.random)
  }
}
