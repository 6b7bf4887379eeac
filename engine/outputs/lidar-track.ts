// A lidar of a recording: scans at its rate into the log, with faults on request.

import type { Random, RandomState } from '../math/random.ts'
import type { Moment, SensorHook } from '../run/sensor-hooks.ts'
import { Lidar, type LidarScan, type LidarSpec, rayDirections } from '../sensors/lidar.ts'
import type { SensedWorld } from '../sensors/sensed-world.ts'
import { activeFaults } from '../sensors/sensor-faults.ts'
import type { DriveLog } from './drive-log.ts'

/** Records one lidar, mounted under its own name. */
export class LidarTrack implements SensorHook {
  readonly name: string
  readonly periodNs: number
  scanCount = 0
  readonly #spec: LidarSpec
  readonly #random: Random
  readonly #log: DriveLog
  readonly #world: SensedWorld
  readonly #directions: Float64Array
  #lidar: Lidar | undefined
  #last: LidarScan | undefined

  constructor(spec: LidarSpec, random: Random, log: DriveLog, world: SensedWorld) {
    this.name = spec.name
    this.periodNs = spec.periodNs
    this.#spec = spec
    this.#random = random
    this.#log = log
    this.#world = world
    this.#directions = rayDirections(spec)
  }

  /** Scans now, unless a fault says otherwise. */
  sample(moment: Moment): void {
    const faults = activeFaults(this.#spec.faults ?? [], moment.faults, 'lidar', moment.timeNs)
    if (faults.drop) return
    const scan = faults.freeze && this.#last !== undefined ? { ...this.#last, timeNs: moment.timeNs } : this.#measure(moment, faults.noise)
    this.#last = scan
    this.scanCount++
    this.#log.scan(this.#spec, scan, this.#directions)
  }

  #measure(moment: Moment, noise: number): LidarScan {
    const world = this.#world.solid(moment.scene)
    this.#lidar ??= new Lidar(world, this.#spec, this.#random)
    world.place(moment.snapshot)
    return this.#lidar.scan(moment.timeNs, moment.mount(this.name), moment.robotIndex, noise)
  }

  /** The state of the noise. */
  state(): RandomState {
    return this.#random.state()
  }

  /** Continues the noise from an earlier state. */
  restore(state: unknown): void {
    // The run hands back what `state` gave.
    this.#random.restore(state as RandomState)
  }
}
