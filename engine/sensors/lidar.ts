// Lidars: planar (one ring) and spatial (several rings), with range noise, lost returns, range limits, steps of the range, rate and latency.
// A scan is one instant: the turn of the mirror during a scan is not modelled (the dataset card says so).
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { EngineError } from '../errors.ts'
import { rotate } from '../math/quat.ts'
import type { Random } from '../math/random.ts'
import type { Transform } from '../math/transform.ts'
import { cos, sin, TAU } from '../math/trig.ts'
import { checkSensorFaults, type SensorFault } from './sensor-faults.ts'
import type { SolidWorld } from './solid-world.ts'
import { checkPose } from './view.ts'

/** What a lidar is like. */
export interface LidarSpec {
  readonly name: string
  /** Rays per ring and turn. */
  readonly columns: number
  /** Rings: elevation of each in radians, upwards positive; a planar lidar has `[0]`. */
  readonly elevations: readonly number[]
  /** First azimuth and the angle covered, radians, counter-clockwise from the mount's x. */
  readonly azimuthMin: number
  readonly azimuthSpan: number
  /** Metres. */
  readonly rangeMin: number
  readonly rangeMax: number
  /** One sigma of range noise: metres, plus a share of the range. */
  readonly sigmaMetres: number
  readonly sigmaShare: number
  /** Chance that a return is lost, 0 to 1. */
  readonly lossShare: number
  /** Metres per step of the reported range; 0 for none. */
  readonly stepMetres: number
  readonly periodNs: number
  readonly latencyNs: number
  readonly faults?: readonly SensorFault[]
}

/** A safety scanner: 360 rays, 12 m, 10 Hz, a centimetre of noise, 25 ms late. */
export const planarLidar: LidarSpec = {
  name: 'lidar',
  columns: 360,
  elevations: [0],
  azimuthMin: -Math.PI,
  azimuthSpan: TAU,
  rangeMin: 0.1,
  rangeMax: 12,
  sigmaMetres: 0.01,
  sigmaShare: 0.002,
  lossShare: 0.002,
  stepMetres: 0.001,
  periodNs: 100_000_000,
  latencyNs: 25_000_000,
}

/** A spatial lidar: 16 rings of 256 rays (4,096), 30 m, 10 Hz, 15 mm of noise, 50 ms late. */
export const spatialLidar: LidarSpec = {
  ...planarLidar,
  name: 'lidar3d',
  columns: 256,
  elevations: Array.from({ length: 16 }, (_, ring) => ((ring * 2 - 15) * Math.PI) / 180),
  rangeMin: 0.3,
  rangeMax: 30,
  sigmaMetres: 0.015,
  sigmaShare: 0.001,
  lossShare: 0.005,
  stepMetres: 0.002,
  latencyNs: 50_000_000,
}

/** Limits of a lidar that may be asked for. */
const lidarLimits = { raysMax: 262_144, ringsMax: 256, rangeMaxMetres: 1000, sigmaMax: 10 } as const

/** One scan. The arrays belong to the reader. */
export interface LidarScan {
  /** Simulated nanoseconds at which it was measured. */
  readonly timeNs: number
  /** Metres per ray, ring by ring; Infinity where nothing came back, NaN where the sensor failed. */
  readonly ranges: Float32Array
  /** Body id per ray, exact; 0 where nothing came back. */
  readonly instances: Uint16Array
}

/** The same specification, or `value/out-of-range` or `value/not-finite` naming what cannot be. */
function checkLidar(spec: LidarSpec): LidarSpec {
  const { raysMax, ringsMax, rangeMaxMetres, sigmaMax } = lidarLimits
  const rays = spec.columns * spec.elevations.length
  const ranges: readonly (readonly [string, number, number, number])[] = [
    ['columns', spec.columns, 1, raysMax],
    ['rays', rays, 1, raysMax],
    ['rings', spec.elevations.length, 1, ringsMax],
    ['azimuthMin', spec.azimuthMin, -TAU, TAU],
    ['azimuthSpan', spec.azimuthSpan, 0, TAU],
    ['rangeMin', spec.rangeMin, 0, spec.rangeMax],
    ['rangeMax', spec.rangeMax, 0.01, rangeMaxMetres],
    ['sigmaMetres', spec.sigmaMetres, 0, sigmaMax],
    ['sigmaShare', spec.sigmaShare, 0, 1],
    ['lossShare', spec.lossShare, 0, 1],
    ['stepMetres', spec.stepMetres, 0, 1],
    ['periodNs', spec.periodNs, 1_000_000, 3_600_000_000_000],
    ['latencyNs', spec.latencyNs, 0, 60_000_000_000],
    ...spec.elevations.map((elevation, ring) => [`elevations[${ring}]`, elevation, -Math.PI / 2, Math.PI / 2] as const),
  ]
  for (const [field, value, low, high] of ranges) {
    if (!Number.isFinite(value)) throw new EngineError('value/not-finite', `Lidar \`${spec.name}\`: ${field} is ${value}.`, { field })
    if (value < low || value > high) {
      throw new EngineError('value/out-of-range', `Lidar \`${spec.name}\`: ${field} is ${value}; it must be from ${low} to ${high}.`, {
        field,
      })
    }
  }
  checkSensorFaults(spec.faults ?? [])
  return spec
}

/** A lidar in one world. */
export class Lidar {
  readonly spec: LidarSpec
  readonly random: Random
  readonly #world: SolidWorld
  readonly #local: Float64Array
  readonly #turned: Float64Array

  constructor(world: SolidWorld, spec: LidarSpec, random: Random) {
    this.spec = checkLidar(spec)
    this.random = random
    this.#world = world
    this.#local = rayDirections(spec)
    this.#turned = new Float64Array(this.#local.length)
  }

  /** Scans from a mount; the world's bodies must have been placed. `except` is the body that carries the lidar, `noise` a factor (1: as stated). */
  scan(timeNs: number, mount: Transform, except: number, noise = 1): LidarScan {
    const { spec } = this
    checkPose(mount, `lidar \`${spec.name}\``)
    this.#turn(mount)
    this.#world.from(mount.position.x, mount.position.y, mount.position.z)
    const rays = this.#local.length / 3
    const scan = { timeNs, ranges: new Float32Array(rays), instances: new Uint16Array(rays) }
    for (let ray = 0; ray < rays; ray++) {
      const metres = this.#world.cast(this.#turned, ray * 3, spec.rangeMax, except)
      const met = metres < spec.rangeMax && this.#world.hitBody >= 0
      const range = met ? this.#report(metres, noise) : Number.POSITIVE_INFINITY
      scan.ranges[ray] = range
      scan.instances[ray] = range === Number.POSITIVE_INFINITY ? 0 : (this.#world.scene.bodies[this.#world.hitBody]?.id ?? 0)
    }
    return scan
  }

  /** What the device says of a true distance. */
  #report(metres: number, noise: number): number {
    const { sigmaMetres, sigmaShare, lossShare, stepMetres, rangeMin, rangeMax } = this.spec
    if (this.random.uniform() < lossShare || metres < rangeMin) return Number.POSITIVE_INFINITY
    const noisy = metres + (sigmaMetres + sigmaShare * metres) * noise * this.random.gaussian()
    const stepped = stepMetres > 0 ? Math.floor(noisy / stepMetres + 0.5) * stepMetres : noisy
    return stepped > rangeMax ? Number.POSITIVE_INFINITY : Math.max(rangeMin, stepped)
  }

  #turn(mount: Transform): void {
    const x = rotate(mount.rotation, { x: 1, y: 0, z: 0 })
    const y = rotate(mount.rotation, { x: 0, y: 1, z: 0 })
    const z = rotate(mount.rotation, { x: 0, y: 0, z: 1 })
    const d = this.#local
    const out = this.#turned
    for (let at = 0; at < d.length; at += 3) {
      const a = d[at] as number
      const b = d[at + 1] as number
      const c = d[at + 2] as number
      out[at] = x.x * a + y.x * b + z.x * c
      out[at + 1] = x.y * a + y.y * b + z.y * c
      out[at + 2] = x.z * a + y.z * b + z.z * c
    }
  }
}

/** Unit directions of a lidar's rays in its own frame, ring by ring, three numbers each. */
export function rayDirections(spec: LidarSpec): Float64Array {
  const out = new Float64Array(spec.columns * spec.elevations.length * 3)
  let at = 0
  for (const elevation of spec.elevations) {
    const [flat, rise] = [cos(elevation), sin(elevation)]
    for (let column = 0; column < spec.columns; column++) {
      const azimuth = spec.azimuthMin + (spec.azimuthSpan * column) / spec.columns
      out[at++] = flat * cos(azimuth)
      out[at++] = flat * sin(azimuth)
      out[at++] = rise
    }
  }
  return out
}
