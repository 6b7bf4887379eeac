// Between the lidar and the controller: scans at the scanner's rate, delivered after its latency; faults drop, freeze or blur them.

import type { RangeScan, RangeScanner, ScanView } from '../robot/range-scanner.ts'
import { activeFaults } from '../sensors/sensor-faults.ts'
import type { Faults } from './faults.ts'
import type { Moment } from './sensor-hooks.ts'

interface Pending {
  readonly dueNs: number
  readonly scan: RangeScan
}

/** Everything that the feed remembers, with the scanner's own state. */
export interface LidarFeedState {
  readonly nextNs: number
  readonly pending: readonly Pending[]
  readonly fresh: RangeScan | null
  readonly latest: RangeScan | null
  readonly scanner: unknown
}

/** The scans of one run on their way to the controller. */
export class LidarFeed {
  readonly #scanner: RangeScanner
  readonly #faults: Faults
  #nextNs = 0
  #pending: Pending[] = []
  #fresh: RangeScan | null = null
  #latest: RangeScan | null = null

  constructor(scanner: RangeScanner, faults: Faults) {
    this.#scanner = scanner
    this.#faults = faults
  }

  /** Measures if a scan is due at this time, and delivers what has been under way long enough. */
  step(timeNs: number, moment: () => Moment): void {
    if (timeNs >= this.#nextNs) {
      this.#nextNs += this.#scanner.periodNs
      const now = moment()
      this.#measure(timeNs, {
        scene: now.scene,
        snapshot: now.snapshot,
        mount: now.mount('lidar'),
        robotIndex: now.robotIndex,
        cast: now.cast,
        noise: activeFaults([], this.#faults.active(timeNs), 'lidar', timeNs).noise,
      })
    }
    while (this.#pending.length > 0 && (this.#pending[0]?.dueNs ?? 0) <= timeNs) {
      const arrived = this.#pending.shift()?.scan ?? null
      this.#fresh = arrived
      this.#latest = arrived
    }
  }

  #measure(timeNs: number, view: ScanView): void {
    const measured = this.#scanner.scan(view)
    if (measured === null || this.#faults.at('lidar-drop', timeNs) !== undefined) return
    const frozen = this.#faults.at('lidar-freeze', timeNs) !== undefined ? this.#latest : null
    const scan = frozen === null ? measured : { ...frozen, timeNs }
    this.#pending.push({ dueNs: timeNs + this.#scanner.latencyNs, scan })
  }

  /** The scan that was delivered since the last call, or null. */
  take(): RangeScan | null {
    const scan = this.#fresh
    this.#fresh = null
    return scan
  }

  /** The latest delivered scan. */
  latest(): RangeScan | null {
    return this.#latest
  }

  /** A copy of everything remembered. */
  state(): LidarFeedState {
    return { nextNs: this.#nextNs, pending: [...this.#pending], fresh: this.#fresh, latest: this.#latest, scanner: this.#scanner.state() }
  }

  /** Continues from an earlier state of the same run. */
  restore(state: LidarFeedState): void {
    this.#nextNs = state.nextNs
    this.#pending = [...state.pending]
    this.#fresh = state.fresh
    this.#latest = state.latest
    this.#scanner.restore(state.scanner)
  }
}
