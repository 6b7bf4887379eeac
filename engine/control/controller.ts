// The seam between the simulation and a controller under test: what it is told at the start, what it observes, what it may
// command. The embedded navigator and an external process both stand behind it. A controller is not trusted: its commands
// are limited, and its claims (estimate, done) are shown but never believed by the verdict.

import type { BatteryReading } from '../robot/battery.ts'
import type { Twist } from '../robot/drive.ts'
import type { ImuReading } from '../robot/imu.ts'
import type { OdometryReading } from '../robot/odometry.ts'
import type { RangeScan } from '../robot/range-scanner.ts'
import type { MotionLimits } from '../robot/robot-spec.ts'
import type { OccupancyGrid } from './occupancy-grid.ts'

/** A pose on the floor: metres and radians. */
export interface PlanarPose {
  readonly x: number
  readonly y: number
  readonly yaw: number
}

/** A place to reach, in order. */
export interface Goal {
  readonly name: string
  readonly x: number
  readonly y: number
}

/** What a controller knows before the first step. */
export interface ControllerStart {
  readonly limits: MotionLimits
  readonly footprintRadius: number
  readonly lidar: PlanarPose
  /** What a lidar sees of the standing world. */
  readonly map: OccupancyGrid
  /** Where the robot must not go, when that is more than the map shows. */
  readonly keepOut: OccupancyGrid | null
  readonly goals: readonly Goal[]
  /** Metres around a goal that count as reached. */
  readonly goalTolerance: number
  /** Where the robot was put down, as well as a person can tell. */
  readonly start: PlanarPose
  readonly controlPeriodNs: number
  readonly seed: number
}

/** What a controller sees each period. */
export interface Observation {
  readonly timeNs: number
  readonly odometry: OdometryReading
  readonly imu: ImuReading
  readonly battery: BatteryReading
  /** The scan that was delivered since the last period, or null. Borrowed: copy what you keep. */
  readonly scan: RangeScan | null
}

/** What a controller answers. */
export interface Command {
  readonly twist: Twist
  readonly status: 'driving' | 'waiting' | 'done' | 'gave-up'
  /** Why it waits or gave up. */
  readonly reason?: string
  /** Where it believes to be. */
  readonly estimate?: PlanarPose
  /** Where it means to go next: x, y in turn. */
  readonly path?: readonly number[]
}

/** Something that drives. In-process ones answer at once; external ones answer with a promise. */
export interface Controller {
  start(info: ControllerStart): void | Promise<void>
  decide(observation: Observation): Command | Promise<Command>
  /** Everything that the next decision depends on, as structured-cloneable data; undefined when it cannot be known. */
  state(): unknown
  restore(state: unknown): void
  /** Ends whatever runs outside. */
  stop?(): void
}

/** A controller failed in a way that ends the run with this reason: it hung, crashed, or answered nonsense or too late. */
export class ControllerFailure extends Error {
  readonly kind: 'hang' | 'late' | 'crash' | 'nonsense'

  constructor(kind: ControllerFailure['kind'], message: string) {
    super(message)
    this.name = 'ControllerFailure'
    this.kind = kind
  }
}

/** Standing still. */
export const standStill: Twist = Object.freeze({ linear: 0, angular: 0 })
