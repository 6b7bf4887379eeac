// How cameras, lidars and recorders watch a run: each hook is called at its own rate, after the physics of that moment, with
// a view that is borrowed for the call. Hooks see; they cannot change the run, so the digest is the same with and without them.

import type { Command, PlanarPose } from '../control/controller.ts'
import type { Transform } from '../math/transform.ts'
import type { Motion } from '../physics/physics-world.ts'
import type { BatteryReading } from '../robot/battery.ts'
import type { ImuReading } from '../robot/imu.ts'
import type { OdometryReading } from '../robot/odometry.ts'
import type { RangeScan, RayCaster } from '../robot/range-scanner.ts'
import type { PoseSnapshot, Scene } from '../scene/scene.ts'
import type { Fault } from './faults.ts'

/** One moment of a run. Arrays and motions are borrowed: copy what you keep. */
export interface Moment {
  readonly timeNs: number
  readonly step: number
  /** World, people and robot. */
  readonly scene: Scene
  readonly snapshot: PoseSnapshot
  readonly robotIndex: number
  readonly motion: Motion
  /** World pose of a sensor mount of the robot; throws for a name that the robot does not have. */
  mount(name: string): Transform
  /** Rays into the physics world that pass through the robot itself. */
  readonly cast: RayCaster
  readonly odometry: OdometryReading
  readonly imu: ImuReading
  readonly battery: BatteryReading
  /** The controller's lidar: its latest scan, or null before the first. */
  readonly scan: RangeScan | null
  readonly command: Command
  /** Where the controller believes to be, or null when it does not say. */
  readonly estimate: PlanarPose | null
  readonly goalsReached: number
  readonly faults: readonly Fault[]
}

/** Something that watches. */
export interface SensorHook {
  readonly name: string
  /** Whole nanoseconds between samples; it is called at the first step at or after each multiple, from time zero on. */
  readonly periodNs: number
  sample(moment: Moment): void
  /** What the next sample depends on, for snapshots; leave out when there is nothing. */
  state?(): unknown
  restore?(state: unknown): void
}
