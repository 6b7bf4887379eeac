// Lays a foreign map over a world: finds the turn and the shift at which the map's walls fit the world's own, and redraws the
// map there. For maps whose frame is not the world's, as a mapping drive leaves them. Says how well it fits.

import { cell, cellX, cellY, checkGrid, distanceField, type OccupancyGrid } from '../control/occupancy-grid.ts'
import { cos, sin, wrapAngle } from '../math/trig.ts'

/** Where a map lies over a world: turned about its own origin by `yaw` radians, then shifted by metres. */
export interface Registration {
  readonly yaw: number
  readonly x: number
  readonly y: number
  /** Share of the world's walls that the map shows within 0.15 m: 1 is all. */
  readonly agreement: number
}

const NEAR = 0.15
const SAMPLES = 900

/** Evenly chosen occupied cells of a grid as points x, y in turn. */
function wallPoints(grid: OccupancyGrid): Float64Array {
  const taken: number[] = []
  for (const [index, value] of grid.cells.entries()) if (value === cell.occupied) taken.push(index)
  const every = Math.max(1, Math.floor(taken.length / SAMPLES))
  return Float64Array.from(taken.filter((_, i) => i % every === 0).flatMap((index) => [cellX(grid, index), cellY(grid, index)]))
}

/** Tells how many of the world's wall points lie near a wall of the map, for a pose of the map. */
class Scorer {
  readonly #map: OccupancyGrid
  readonly #metres: Float32Array
  readonly #points: Float64Array

  constructor(map: OccupancyGrid, points: Float64Array) {
    this.#map = map
    this.#metres = distanceField(map, 'occupied')
    this.#points = points
  }

  /** Sum of `worth` over the distances of all points. */
  sum(pose: Pose, worth: (metres: number) => number): number {
    const { originX, originY, resolution, width, height } = this.#map
    const [c, s] = [cos(pose.yaw), sin(pose.yaw)]
    let sum = 0
    for (let i = 0; i < this.#points.length; i += 2) {
      const [px, py] = [(this.#points[i] ?? 0) - pose.x, (this.#points[i + 1] ?? 0) - pose.y]
      const column = Math.floor((c * px + s * py - originX) / resolution)
      const row = Math.floor((c * py - s * px - originY) / resolution)
      if (column >= 0 && row >= 0 && column < width && row < height) sum += worth(this.#metres[row * width + column] ?? 1)
    }
    return (2 * sum) / Math.max(1, this.#points.length)
  }

  score(pose: Pose, reach: number): number {
    return this.sum(pose, (metres) => (metres < reach ? 1 - (0.5 * metres) / reach : 0))
  }
}

interface Pose {
  readonly yaw: number
  readonly x: number
  readonly y: number
}

interface Candidate extends Pose {
  readonly score: number
}

interface Reach {
  readonly metres: number
  readonly step: number
  readonly yaw: number
  readonly yawStep: number
  readonly near: number
}

function* offsets(span: number, step: number): Generator<number> {
  const count = step === 0 ? 0 : Math.round(span / step)
  for (let i = -count; i <= count; i++) yield i * step
}

/** The best pose on a lattice around another. */
function searchAround(scorer: Scorer, from: Pose, reach: Reach): Candidate {
  let best: Candidate = { ...from, score: -1 }
  for (const yaw of offsets(reach.yaw, reach.yawStep))
    for (const dx of offsets(reach.metres, reach.step))
      for (const dy of offsets(reach.metres, reach.step)) {
        const pose = { yaw: from.yaw + yaw, x: from.x + dx, y: from.y + dy }
        const score = scorer.score(pose, reach.near)
        if (score > best.score) best = { ...pose, score }
      }
  return best
}

function centreOf(points: Float64Array): readonly [number, number] {
  let [x, y] = [0, 0]
  for (let i = 0; i < points.length; i += 2) {
    x += points[i] ?? 0
    y += points[i + 1] ?? 0
  }
  return [(2 * x) / Math.max(1, points.length), (2 * y) / Math.max(1, points.length)]
}

const stages: readonly Reach[] = [
  { metres: 0.6, step: 0.2, yaw: 0.06, yawStep: 0.01, near: 0.3 },
  { metres: 0.2, step: 0.05, yaw: 0.01, yawStep: 0.0025, near: 0.2 },
  { metres: 0.05, step: 0.025, yaw: 0.0025, yawStep: 0.00125, near: NEAR },
]

/** Finds how `map` lies over `world`, a map of the world drawn from the world itself. Tries every quarter turn and a little around. */
export function registerMap(map: OccupancyGrid, world: OccupancyGrid): Registration {
  const scorer = new Scorer(map, wallPoints(world))
  const [wx, wy] = centreOf(wallPoints(world))
  const [mx, my] = centreOf(wallPoints(map))
  const coarse = [0, 1, 2, 3].map((quarter) => {
    const yaw = (quarter * Math.PI) / 2
    const [c, s] = [cos(yaw), sin(yaw)]
    const centred = { yaw, x: wx - c * mx + s * my, y: wy - s * mx - c * my }
    return searchAround(scorer, centred, { metres: 6, step: 0.3, yaw: 0, yawStep: 0, near: 0.6 })
  })
  const ranked = coarse.sort((a, b) => b.score - a.score).slice(0, 2)
  const fine = ranked.map((start) => stages.reduce((at, reach) => searchAround(scorer, at, reach), start))
  const best = fine.reduce((a, b) => (b.score > a.score ? b : a))
  const agreement = scorer.sum(best, (metres) => (metres < NEAR ? 1 : 0))
  return { yaw: wrapAngle(best.yaw), x: best.x, y: best.y, agreement }
}

/** The map redrawn in the world's frame, over the area of `world`; what the map does not cover is unknown. */
export function redrawMap(map: OccupancyGrid, registration: Registration, world: OccupancyGrid): OccupancyGrid {
  const cells = new Uint8Array(world.cells.length).fill(cell.unknown)
  const [c, s] = [cos(registration.yaw), sin(registration.yaw)]
  for (const index of cells.keys()) {
    const [px, py] = [cellX(world, index) - registration.x, cellY(world, index) - registration.y]
    const column = Math.floor((c * px + s * py - map.originX) / map.resolution)
    const row = Math.floor((c * py - s * px - map.originY) / map.resolution)
    if (column >= 0 && row >= 0 && column < map.width && row < map.height)
      cells[index] = map.cells[row * map.width + column] ?? cell.unknown
  }
  return checkGrid({ ...world, cells })
}
