// Where am I: a particle filter over the map's likelihood field. Odometry moves the particles, lidar beams weigh them, and
// low-variance resampling keeps the good ones. Beams that hit what is not on the map cost every particle about the same.

import { createRandom, type Random, type RandomState } from '../math/random.ts'
import { atan2, cos, exp, log, sin, wrapAngle } from '../math/trig.ts'
import type { OdometryReading } from '../robot/odometry.ts'
import type { RangeScan } from '../robot/range-scanner.ts'
import type { PlanarPose } from './controller.ts'
import { cellAt, distanceField, type OccupancyGrid } from './occupancy-grid.ts'

const PARTICLES = 160
const BEAMS = 40
/** Metres of map and lidar error together. */
const HIT_SIGMA = 0.08
/** Share of beams that hit what is not on the map. */
const SURPRISE = 0.2
/** Beams are not independent; their evidence is tempered. */
const TEMPER = 0.35

/** Everything that the localiser remembers. */
export interface LocaliserState {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly yaw: Float64Array
  readonly weight: Float64Array
  readonly odometry: OdometryReading | null
  readonly estimate: PlanarPose
  readonly random: RandomState
}

/** Log likelihood of a beam that ends in each cell of the map. */
function likelihoodField(map: OccupancyGrid): Float32Array {
  return distanceField(map, 'occupied').map((metres) => {
    const d = Math.min(metres, 0.6)
    return log((1 - SURPRISE) * exp((-d * d) / (2 * HIT_SIGMA * HIT_SIGMA)) + SURPRISE)
  })
}

/** The particle filter of one run. */
export class Localiser {
  readonly #map: OccupancyGrid
  readonly #field: Float32Array
  readonly #lidar: PlanarPose
  readonly #random: Random
  readonly #x = new Float64Array(PARTICLES)
  readonly #y = new Float64Array(PARTICLES)
  readonly #yaw = new Float64Array(PARTICLES)
  readonly #weight = new Float64Array(PARTICLES).fill(1 / PARTICLES)
  readonly #endX = new Float64Array(BEAMS)
  readonly #endY = new Float64Array(BEAMS)
  #beams = 0
  #odometry: OdometryReading | null = null
  #estimate: PlanarPose

  constructor(map: OccupancyGrid, lidar: PlanarPose, start: PlanarPose, seed: number) {
    this.#map = map
    this.#field = likelihoodField(map)
    this.#lidar = lidar
    this.#random = createRandom(seed).stream('localiser')
    this.#estimate = start
    for (let i = 0; i < PARTICLES; i++) {
      this.#x[i] = start.x + 0.1 * this.#random.gaussian()
      this.#y[i] = start.y + 0.1 * this.#random.gaussian()
      this.#yaw[i] = start.yaw + 0.05 * this.#random.gaussian()
    }
  }

  /** Moves the particles by what odometry says happened since the last call. */
  move(now: OdometryReading): void {
    const before = this.#odometry ?? now
    this.#odometry = now
    const [dx, dy] = [now.x - before.x, now.y - before.y]
    const [c, s] = [cos(before.yaw), sin(before.yaw)]
    const [ahead, aside, turn] = [c * dx + s * dy, c * dy - s * dx, wrapAngle(now.yaw - before.yaw)]
    if (ahead === 0 && aside === 0 && turn === 0) return
    const spread = 0.002 + 0.06 * Math.abs(ahead)
    const turnSpread = 0.001 + 0.08 * Math.abs(turn) + 0.03 * Math.abs(ahead)
    for (let i = 0; i < PARTICLES; i++) {
      const yaw = this.#yaw[i] ?? 0
      const middle = yaw + turn / 2
      const [pc, ps] = [cos(middle), sin(middle)]
      const [a, b] = [ahead + spread * this.#random.gaussian(), aside + 0.3 * spread * this.#random.gaussian()]
      this.#x[i] = (this.#x[i] ?? 0) + pc * a - ps * b
      this.#y[i] = (this.#y[i] ?? 0) + ps * a + pc * b
      this.#yaw[i] = yaw + turn + turnSpread * this.#random.gaussian()
    }
    this.#average()
  }

  /** Weighs the particles by a scan that was taken `ageSeconds` ago, while moving as odometry says. */
  weigh(scan: RangeScan, odometry: OdometryReading, ageSeconds: number): void {
    this.#pickBeams(scan, odometry, ageSeconds)
    if (this.#beams < 5) return
    let best = Number.NEGATIVE_INFINITY
    for (let i = 0; i < PARTICLES; i++) {
      const score = log(this.#weight[i] ?? 0) + TEMPER * this.#score(this.#x[i] ?? 0, this.#y[i] ?? 0, this.#yaw[i] ?? 0)
      this.#weight[i] = score
      if (score > best) best = score
    }
    let sum = 0
    for (let i = 0; i < PARTICLES; i++) sum += this.#weight[i] = exp((this.#weight[i] ?? 0) - best)
    let squares = 0
    for (let i = 0; i < PARTICLES; i++) {
      const w = (this.#weight[i] ?? 0) / sum
      this.#weight[i] = w
      squares += w * w
    }
    this.#average()
    if (1 / squares < PARTICLES / 2) this.#resample()
  }

  /** End points of evenly chosen beams in the base frame of now. */
  #pickBeams(scan: RangeScan, odometry: OdometryReading, age: number): void {
    this.#beams = 0
    const every = Math.max(1, Math.floor(scan.ranges.length / BEAMS))
    const back = { x: -odometry.linear * age, yaw: -odometry.angular * age }
    const [bc, bs] = [cos(back.yaw), sin(back.yaw)]
    for (let i = 0; i < scan.ranges.length && this.#beams < BEAMS; i += every) {
      const range = scan.ranges[i] ?? Number.NaN
      if (!(range >= scan.rangeMin && range < scan.rangeMax)) continue
      const angle = this.#lidar.yaw + scan.angleMin + i * scan.angleIncrement
      const [x, y] = [this.#lidar.x + range * cos(angle), this.#lidar.y + range * sin(angle)]
      this.#endX[this.#beams] = back.x + bc * x - bs * y
      this.#endY[this.#beams] = bs * x + bc * y
      this.#beams += 1
    }
  }

  #score(x: number, y: number, yaw: number): number {
    const [c, s] = [cos(yaw), sin(yaw)]
    const { originX, originY, resolution, width, height } = this.#map
    let sum = 0
    for (let b = 0; b < this.#beams; b++) {
      const [ex, ey] = [this.#endX[b] ?? 0, this.#endY[b] ?? 0]
      const column = Math.floor((x + c * ex - s * ey - originX) / resolution)
      const row = Math.floor((y + s * ex + c * ey - originY) / resolution)
      const inside = column >= 0 && row >= 0 && column < width && row < height
      sum += inside ? (this.#field[row * width + column] ?? 0) : -1.6
    }
    return sum
  }

  #resample(): void {
    const [x, y, yaw] = [Float64Array.from(this.#x), Float64Array.from(this.#y), Float64Array.from(this.#yaw)]
    const offset = this.#random.uniform() / PARTICLES
    let from = 0
    let reached = this.#weight[0] ?? 0
    const weights = Float64Array.from(this.#weight)
    for (let i = 0; i < PARTICLES; i++) {
      while (reached < offset + i / PARTICLES && from < PARTICLES - 1) reached += weights[++from] ?? 0
      this.#x[i] = x[from] ?? 0
      this.#y[i] = y[from] ?? 0
      this.#yaw[i] = yaw[from] ?? 0
    }
    this.#weight.fill(1 / PARTICLES)
  }

  #average(): void {
    let [x, y, c, s] = [0, 0, 0, 0]
    for (let i = 0; i < PARTICLES; i++) {
      const w = this.#weight[i] ?? 0
      x += w * (this.#x[i] ?? 0)
      y += w * (this.#y[i] ?? 0)
      c += w * cos(this.#yaw[i] ?? 0)
      s += w * sin(this.#yaw[i] ?? 0)
    }
    this.#estimate = { x, y, yaw: atan2(s, c) }
  }

  /** The weighted mean of the particles. */
  estimate(): PlanarPose {
    return this.#estimate
  }

  /** Whether the estimate lies on the map at all. */
  isOnMap(): boolean {
    return cellAt(this.#map, this.#estimate.x, this.#estimate.y) >= 0
  }

  /** A copy of everything remembered. */
  state(): LocaliserState {
    const copy = (a: Float64Array): Float64Array => Float64Array.from(a)
    const random = this.#random.state()
    return {
      x: copy(this.#x),
      y: copy(this.#y),
      yaw: copy(this.#yaw),
      weight: copy(this.#weight),
      odometry: this.#odometry,
      estimate: this.#estimate,
      random,
    }
  }

  /** Continues from an earlier state on the same map. */
  restore(state: LocaliserState): void {
    this.#x.set(state.x)
    this.#y.set(state.y)
    this.#yaw.set(state.yaw)
    this.#weight.set(state.weight)
    this.#odometry = state.odometry
    this.#estimate = state.estimate
    this.#random.restore(state.random)
  }
}
