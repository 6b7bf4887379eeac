// The seam between the closed loop and whatever measures ranges. The loop knows this interface alone; the plain scanner
// beside it casts rays into the physics world, and engine/sensors brings lidars with noise, latency and faults.

import type { Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import type { PoseSnapshot, Scene } from '../scene/scene.ts'

/** One sweep of a planar lidar, in the frame of its mount: beam i points along `angleMin + i * angleIncrement`. */
export interface RangeScan {
  /** Whole nanoseconds of simulated time at which it was measured. */
  readonly timeNs: number
  /** Radians, counter-clockwise from the mount's x axis. */
  readonly angleMin: number
  readonly angleIncrement: number
  /** Metres. */
  readonly rangeMin: number
  readonly rangeMax: number
  /** Metres per beam; Infinity where nothing came back, NaN where the sensor failed. */
  readonly ranges: Float32Array
}

/** Casts one ray into the physics world: metres to the nearest solid surface, or -1 for none within `maxMetres`. */
export type RayCaster = (origin: Vec3, direction: Vec3, maxMetres: number) => number

/** What a scanner may look at. */
export interface ScanView {
  readonly scene: Scene
  /** Borrowed: valid during the call only. */
  readonly snapshot: PoseSnapshot
  /** The sensor's pose in the world. */
  readonly mount: Transform
  /** Index of the robot in `scene.bodies`: its own body is not to be seen. */
  readonly robotIndex: number
  readonly cast: RayCaster
  /** Factor of the scanner's usual noise; 1 unless a fault says otherwise. */
  readonly noise: number
}

/** A planar lidar as the loop drives it. Pure but for its own state, which it gives away for snapshots. */
export interface RangeScanner {
  readonly periodNs: number
  /** Nanoseconds from measurement to delivery. */
  readonly latencyNs: number
  /** One scan, or null when this one is lost. */
  scan(view: ScanView): RangeScan | null
  /** Everything that the next scan depends on, as structured-cloneable data. */
  state(): unknown
  restore(state: unknown): void
}
