// The loop's own planar lidar: rays into the physics world with gaussian noise. Sensors with more truth to them stand behind
// the same interface.

import { rotate } from '../math/quat.ts'
import { createRandom, type Random, type RandomState } from '../math/random.ts'
import { cos, sin, TAU } from '../math/trig.ts'
import type { Vec3 } from '../math/vec3.ts'
import type { RangeScan, RangeScanner, ScanView } from './range-scanner.ts'

/** What a plain scanner is like. */
export interface PlainScannerSpec {
  readonly beams: number
  readonly rangeMin: number
  readonly rangeMax: number
  /** Metres of noise, one sigma. */
  readonly sigma: number
  readonly periodNs: number
  readonly latencyNs: number
}

/** 240 beams all around, 12 m, 10 Hz, a centimetre of noise, 20 ms late. */
const usualScanner: PlainScannerSpec = {
  beams: 240,
  rangeMin: 0.12,
  rangeMax: 12,
  sigma: 0.01,
  periodNs: 100_000_000,
  latencyNs: 20_000_000,
}

/** A planar lidar that casts `beams` rays once per period; its noise comes from `seed`. */
export class PlainScanner implements RangeScanner {
  readonly periodNs: number
  readonly latencyNs: number
  readonly #spec: PlainScannerSpec
  readonly #random: Random
  readonly #directions: readonly Vec3[]

  constructor(seed: number, spec: PlainScannerSpec = usualScanner) {
    this.#spec = spec
    this.periodNs = spec.periodNs
    this.latencyNs = spec.latencyNs
    this.#random = createRandom(seed).stream('lidar')
    this.#directions = Array.from({ length: spec.beams }, (_, i) => ({
      x: cos((TAU * i) / spec.beams),
      y: sin((TAU * i) / spec.beams),
      z: 0,
    }))
  }

  /** One scan from where the mount is now. */
  scan(view: ScanView): RangeScan {
    const { rangeMin, rangeMax, sigma, beams } = this.#spec
    const ranges = new Float32Array(beams)
    for (const [i, direction] of this.#directions.entries()) {
      const metres = view.cast(view.mount.position, rotate(view.mount.rotation, direction), rangeMax)
      const noise = sigma * view.noise * this.#random.gaussian()
      ranges[i] = metres < 0 ? Number.POSITIVE_INFINITY : Math.max(rangeMin, metres + noise)
    }
    return { timeNs: view.snapshot.timeNs, angleMin: 0, angleIncrement: TAU / beams, rangeMin, rangeMax, ranges }
  }

  /** The state of the noise. */
  state(): RandomState {
    return this.#random.state()
  }

  /** Continues the noise from an earlier state. */
  restore(state: unknown): void {
    // The simulation hands back what `state` gave.
    this.#random.restore(state as RandomState)
  }
}
