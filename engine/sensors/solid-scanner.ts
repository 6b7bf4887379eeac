// The planar lidar as the closed loop drives it: the seam of engine/robot/range-scanner.ts, filled with a lidar that has stated noise, loss,
// steps and latency. Its own random stream is all the state it has.

import { createRandom, type Random, type RandomState } from '../math/random.ts'
import type { RangeScan, RangeScanner, ScanView } from '../robot/range-scanner.ts'
import { Lidar, type LidarSpec, planarLidar } from './lidar.ts'
import { activeFaults } from './sensor-faults.ts'
import { SolidWorld } from './solid-world.ts'

/** A scanner of the loop. Rebuilds its world when the loop's scene is another one. */
export class SolidScanner implements RangeScanner {
  readonly periodNs: number
  readonly latencyNs: number
  readonly #spec: LidarSpec
  readonly #random: Random
  #world: SolidWorld | undefined
  #lidar: Lidar | undefined

  constructor(seed: number, spec: LidarSpec = planarLidar) {
    this.#spec = { ...spec, elevations: [spec.elevations[0] ?? 0] }
    this.periodNs = spec.periodNs
    this.latencyNs = spec.latencyNs
    this.#random = createRandom(seed).stream(`lidar ${spec.name}`)
  }

  /** One scan from where the mount is now, or null while a fault drops it. */
  scan(view: ScanView): RangeScan | null {
    if (this.#world?.scene !== view.scene || this.#lidar === undefined) {
      this.#world = new SolidWorld(view.scene)
      this.#lidar = new Lidar(this.#world, this.#spec, this.#random)
    }
    const { timeNs } = view.snapshot
    const faults = activeFaults(this.#spec.faults ?? [], [], 'lidar', timeNs)
    this.#world.place(view.snapshot)
    const { ranges } = this.#lidar.scan(timeNs, view.mount, view.robotIndex, faults.noise * view.noise)
    if (faults.drop) return null
    const { azimuthMin, azimuthSpan, columns, rangeMin, rangeMax } = this.#spec
    return { timeNs, angleMin: azimuthMin, angleIncrement: azimuthSpan / columns, rangeMin, rangeMax, ranges }
  }

  /** The state of the noise. */
  state(): RandomState {
    return this.#random.state()
  }

  /** Continues the noise from an earlier state. */
  restore(state: unknown): void {
    // The loop hands back what `state` gave.
    this.#random.restore(state as RandomState)
  }
}
