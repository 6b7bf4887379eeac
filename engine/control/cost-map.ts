// The planner's view of the floor: coarse cells that are forbidden or cost more near walls, and on top of them what the lidar
// saw that is not on the map. Seen obstacles stay until a beam passes through their cell or they are forgotten.

import { cos, sin } from '../math/trig.ts'
import type { RangeScan } from '../robot/range-scanner.ts'
import type { PlanarPose } from './controller.ts'
import { cell, cellAt, distanceField, type OccupancyGrid } from './occupancy-grid.ts'

/** Metres per cell of the planner, at least. */
const COARSE = 0.1
/** Metres kept to walls beyond the footprint, and the width of the costly strip beside it. */
const MARGIN = 0.06
const COMFORT = 0.55
/** Metres kept to what is not on the map, beyond the footprint: it may be a person. */
export const strangerMargin = 0.48
/** A lidar point nearer than this to something on the map is that thing. */
const EXPLAINED = 0.28
/** Metres up to which beams mark and clear. */
const SIGHT = 5
/** Seconds after which an obstacle that was not seen again is forgotten. */
const MEMORY_SECONDS = 120

/** The seen obstacles: cells, and when each was last seen in nanoseconds. */
export interface CostMapState {
  readonly seen: readonly (readonly [number, number])[]
}

function coarsen(map: OccupancyGrid, keepOut: OccupancyGrid | null): OccupancyGrid {
  const factor = Math.max(1, Math.round(COARSE / map.resolution))
  const [width, height] = [Math.ceil(map.width / factor), Math.ceil(map.height / factor)]
  const cells = new Uint8Array(width * height)
  const resolution = map.resolution * factor
  const grid = { width, height, resolution, originX: map.originX, originY: map.originY, cells }
  const mark = (source: OccupancyGrid): void => {
    for (const [index, value] of source.cells.entries()) {
      if (value === cell.free) continue
      const x = source.originX + ((index % source.width) + 0.5) * source.resolution
      const y = source.originY + (Math.floor(index / source.width) + 0.5) * source.resolution
      const at = cellAt(grid, x, y)
      if (at >= 0) cells[at] = value === cell.occupied ? cell.occupied : cells[at] || cell.unknown
    }
  }
  mark(map)
  if (keepOut !== null) mark(keepOut)
  return grid
}

/** Forbidden and costly cells for one robot on one map. */
export class CostMap {
  readonly grid: OccupancyGrid
  /** Metres from each coarse cell to what is standing on the map. */
  readonly #clear: Float32Array
  readonly #mapped: Float32Array
  readonly #map: OccupancyGrid
  readonly #radius: number
  readonly #seen = new Map<number, number>()
  readonly #blocked: Uint8Array

  constructor(map: OccupancyGrid, keepOut: OccupancyGrid | null, footprintRadius: number) {
    this.#map = map
    this.grid = coarsen(map, keepOut)
    this.#clear = distanceField(this.grid, 'occupied-or-unknown')
    this.#mapped = distanceField(map, 'occupied')
    this.#radius = footprintRadius
    this.#blocked = new Uint8Array(this.grid.cells.length)
  }

  /** Whether the standing world alone allows the robot's centre in a cell. */
  isStandable(index: number): boolean {
    return (this.#clear[index] ?? 0) > this.#radius + MARGIN
  }

  /** Whether the robot's centre may be in a cell, as far as is known now. */
  isFree(index: number): boolean {
    return this.isStandable(index) && this.#blocked[index] === 0
  }

  /** What crossing a free cell costs, from 1 in the open to 4 beside a wall. */
  cost(index: number): number {
    const spare = (this.#clear[index] ?? 0) - this.#radius - MARGIN
    return spare >= COMFORT ? 1 : 1 + 3 * (1 - Math.max(0, spare) / COMFORT)
  }

  /** Whether a world point is on the map's own walls, within sensor error. */
  isExplained(x: number, y: number): boolean {
    const index = cellAt(this.#map, x, y)
    return index < 0 || (this.#mapped[index] ?? 0) < EXPLAINED
  }

  /** Marks what a scan saw that is not on the map, clears what it saw through. `lidar` is the sensor's pose in the world. */
  see(scan: RangeScan, lidar: PlanarPose, timeNs: number): void {
    const step = this.grid.resolution
    for (let i = 0; i < scan.ranges.length; i++) {
      const range = scan.ranges[i] ?? Number.NaN
      if (!(range >= scan.rangeMin)) continue
      const angle = lidar.yaw + scan.angleMin + i * scan.angleIncrement
      const [c, s] = [cos(angle), sin(angle)]
      if (this.#seen.size > 0) this.#clearAlong(lidar, c, s, Math.min(range - 2 * step, SIGHT), step)
      if (range > SIGHT || range >= scan.rangeMax) continue
      const [x, y] = [lidar.x + range * c, lidar.y + range * s]
      const index = cellAt(this.grid, x, y)
      if (index >= 0 && !this.isExplained(x, y)) this.#seen.set(index, timeNs)
    }
    for (const [index, at] of this.#seen) if (timeNs - at > MEMORY_SECONDS * 1e9) this.#seen.delete(index)
    this.#inflate()
  }

  #clearAlong(from: PlanarPose, c: number, s: number, metres: number, step: number): void {
    for (let r = 0; r < metres; r += step / 2) {
      const index = cellAt(this.grid, from.x + r * c, from.y + r * s)
      if (index >= 0) this.#seen.delete(index)
    }
  }

  #inflate(): void {
    this.#blocked.fill(0)
    const { width, height, resolution } = this.grid
    const reach = Math.ceil((this.#radius + strangerMargin) / resolution)
    const limit = ((this.#radius + strangerMargin) / resolution) * ((this.#radius + strangerMargin) / resolution)
    for (const index of this.#seen.keys()) {
      const [column, row] = [index % width, Math.floor(index / width)]
      for (let dy = -reach; dy <= reach; dy++)
        for (let dx = -reach; dx <= reach; dx++) {
          const [x, y] = [column + dx, row + dy]
          if (dx * dx + dy * dy <= limit && x >= 0 && y >= 0 && x < width && y < height) this.#blocked[y * width + x] = 1
        }
    }
  }

  /** Forgets what was not seen again since a time: it may have been a person who has long gone. */
  forgetBefore(timeNs: number): void {
    for (const [index, at] of this.#seen) if (at < timeNs) this.#seen.delete(index)
    this.#inflate()
  }

  /** The seen obstacle nearest to a point, or null. */
  nearestSeen(x: number, y: number): { readonly x: number; readonly y: number } | null {
    let best: { x: number; y: number } | null = null
    let least = Number.POSITIVE_INFINITY
    for (const index of this.#seen.keys()) {
      const px = this.grid.originX + ((index % this.grid.width) + 0.5) * this.grid.resolution
      const py = this.grid.originY + (Math.floor(index / this.grid.width) + 0.5) * this.grid.resolution
      const d = (px - x) * (px - x) + (py - y) * (py - y)
      if (d < least) [least, best] = [d, { x: px, y: py }]
    }
    return best
  }

  /** A copy of the seen obstacles. */
  state(): CostMapState {
    return { seen: [...this.#seen] }
  }

  /** Continues from earlier seen obstacles. */
  restore(state: CostMapState): void {
    this.#seen.clear()
    for (const [index, at] of state.seen) this.#seen.set(index, at)
    this.#inflate()
  }
}
