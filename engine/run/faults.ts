// Faults on request: what breaks, from when until when. The loop acts on those of drive, battery and lidar; cameras and
// other sensors ask for the ones that they know by kind.

import { EngineError } from '../errors.ts'

/** Kinds that the loop acts on, and kinds that are left to sensors. */
const faultKinds = [
  'slippery-floor',
  'weak-motors',
  'battery-drain',
  'lidar-drop',
  'lidar-freeze',
  'lidar-noise-burst',
  'odometry-freeze',
  'camera-drop',
  'camera-freeze',
  'camera-glare',
  'camera-noise-burst',
] as const

/** One of the kinds of fault. */
export type FaultKind = (typeof faultKinds)[number]

/** A fault and its window. `amount`: friction or torque that remains (0 to 1), watts drained, strength of glare (0 to 1), or how many times the usual noise; others ignore it. */
export interface Fault {
  readonly kind: FaultKind
  readonly fromSeconds: number
  readonly untilSeconds: number
  readonly amount?: number
}

/** The faults of a run, with the question that each part asks. */
export class Faults {
  readonly #faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    for (const fault of faults) {
      const ok = faultKinds.includes(fault.kind) && fault.fromSeconds >= 0 && fault.untilSeconds >= fault.fromSeconds
      if (!ok) throw new EngineError('run/bad-input', `Fault \`${fault.kind}\` is unknown or has no window`, { kind: fault.kind })
      if (fault.amount !== undefined && !(fault.amount >= 0 && fault.amount <= 1e6))
        throw new EngineError('value/out-of-range', `Fault \`${fault.kind}\` has the amount ${fault.amount}; it must be 0 or more`, {
          kind: fault.kind,
        })
    }
    this.#faults = faults
  }

  /** Whether there are none, ever. */
  isEmpty(): boolean {
    return this.#faults.length === 0
  }

  /** The first fault of a kind that acts at this time. */
  at(kind: FaultKind, timeNs: number): Fault | undefined {
    const seconds = timeNs / 1e9
    return this.#faults.find((fault) => fault.kind === kind && seconds >= fault.fromSeconds && seconds < fault.untilSeconds)
  }

  /** All faults that act at this time. */
  active(timeNs: number): readonly Fault[] {
    const seconds = timeNs / 1e9
    return this.#faults.filter((fault) => seconds >= fault.fromSeconds && seconds < fault.untilSeconds)
  }
}
