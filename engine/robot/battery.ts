// The battery: drained by the computer always and by the motors as they work; flat, it gives no torque.

import type { DriveState } from './drive.ts'
import type { BatterySpec } from './robot-spec.ts'

/** What the battery shows. */
export interface BatteryReading {
  /** 0 empty, 1 full. */
  readonly charge: number
  /** Watts drawn in the last step. */
  readonly watts: number
}

const motorWatts = (torque: number, speed: number, spec: BatterySpec): number => {
  const mechanical = torque * speed
  // Braking gives nothing back in a robot of this size.
  return (mechanical > 0 ? mechanical / spec.efficiency : 0) + spec.copperLoss * torque * torque
}

/** The battery of one robot in one run. */
export class Battery {
  readonly #spec: BatterySpec
  #joules: number
  #watts = 0

  constructor(spec: BatterySpec) {
    this.#spec = spec
    this.#joules = spec.capacityWh * 3600 * spec.startCharge
  }

  /** Drains one step of `dt` seconds; `extraWatts` is a fault's. */
  step(drive: DriveState, dt: number, extraWatts: number): void {
    const motors = motorWatts(drive.leftTorque, drive.leftSpeed, this.#spec) + motorWatts(drive.rightTorque, drive.rightSpeed, this.#spec)
    this.#watts = this.#spec.idleWatts + motors + extraWatts
    this.#joules = Math.max(0, this.#joules - this.#watts * dt)
  }

  /** Whether nothing is left. */
  isFlat(): boolean {
    return this.#joules === 0
  }

  /** The latest reading. */
  read(): BatteryReading {
    return { charge: this.#joules / (this.#spec.capacityWh * 3600), watts: this.#watts }
  }

  /** Everything remembered: joules left and watts of the last step. */
  state(): readonly [number, number] {
    return [this.#joules, this.#watts]
  }

  /** Continues from an earlier state of the same run. */
  restore(state: readonly [number, number]): void {
    ;[this.#joules, this.#watts] = state
  }
}
