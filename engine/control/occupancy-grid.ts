// The map of a floor: which cells are free, taken or unknown. Plain data with the row at the lowest y first, so that the
// cell of (x, y) is simple to find. Made by the PGM reader or by slicing a scene; read by localiser and planner.

import { EngineError } from '../errors.ts'

/** Cell values. */
export const cell = { free: 0, occupied: 1, unknown: 2 } as const

/** A grid map in the world's frame, not turned against it. */
export interface OccupancyGrid {
  readonly width: number
  readonly height: number
  /** Metres per cell. */
  readonly resolution: number
  /** World position of the lower left corner of cell 0, metres. */
  readonly originX: number
  readonly originY: number
  /** `cell` values, row by row from low y, each row from low x. */
  readonly cells: Uint8Array
}

/** Most cells that a map may have: 16 million is 200 × 200 m at 5 cm. */
export const mapCellsMax = 16_000_000

/** Returns the grid when its numbers fit together; throws a coded EngineError otherwise. */
export function checkGrid(grid: OccupancyGrid): OccupancyGrid {
  const { width, height, resolution, originX, originY, cells } = grid
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0
  if (!whole || cells.length !== width * height)
    throw new EngineError('map/malformed', `A map of ${width} × ${height} cells holds ${cells.length} values`)
  if (cells.length > mapCellsMax) throw new EngineError('map/too-large', `A map has ${cells.length} cells; the limit is ${mapCellsMax}`)
  if (!(resolution > 0.001 && resolution < 10))
    throw new EngineError('value/out-of-range', `A map resolution is ${resolution} m; it must be from 0.001 to 10`)
  if (!Number.isFinite(originX) || !Number.isFinite(originY))
    throw new EngineError('value/not-finite', 'A map origin is not a finite number')
  return grid
}

/** The index of the cell that holds a world point, or -1 outside the map. */
export function cellAt(grid: OccupancyGrid, x: number, y: number): number {
  const column = Math.floor((x - grid.originX) / grid.resolution)
  const row = Math.floor((y - grid.originY) / grid.resolution)
  return column < 0 || row < 0 || column >= grid.width || row >= grid.height ? -1 : row * grid.width + column
}

/** World x of the centre of a cell. */
export const cellX = (grid: OccupancyGrid, index: number): number => grid.originX + ((index % grid.width) + 0.5) * grid.resolution

/** World y of the centre of a cell. */
export const cellY = (grid: OccupancyGrid, index: number): number => grid.originY + (Math.floor(index / grid.width) + 0.5) * grid.resolution

/** What a distance field measures to: occupied cells alone, or unknown ones as well. */
export type DistanceSource = 'occupied' | 'occupied-or-unknown'

/** One line of the exact squared distance transform (Felzenszwalb and Huttenlocher): lower envelope of parabolas. */
class LinePass {
  readonly #values: Float64Array
  readonly #at: Int32Array
  readonly #from: Float64Array

  constructor(longest: number) {
    this.#values = new Float64Array(longest)
    this.#at = new Int32Array(longest)
    this.#from = new Float64Array(longest + 1)
  }

  #crossing(q: number, p: number): number {
    return ((this.#values[q] ?? 0) + q * q - ((this.#values[p] ?? 0) + p * p)) / (2 * q - 2 * p)
  }

  /** Transforms `count` values of `field` from `start` with distance `stride`, in place. */
  run(field: Float64Array, start: number, stride: number, count: number): void {
    const [values, at, from] = [this.#values, this.#at, this.#from]
    for (let i = 0; i < count; i++) values[i] = field[start + i * stride] ?? 0
    let k = 0
    at[0] = 0
    from[0] = Number.NEGATIVE_INFINITY
    from[1] = Number.POSITIVE_INFINITY
    for (let q = 1; q < count; q++) {
      let s = this.#crossing(q, at[k] ?? 0)
      while (s <= (from[k] ?? 0)) {
        k -= 1
        s = this.#crossing(q, at[k] ?? 0)
      }
      k += 1
      at[k] = q
      from[k] = s
      from[k + 1] = Number.POSITIVE_INFINITY
    }
    k = 0
    for (let q = 0; q < count; q++) {
      while ((from[k + 1] ?? 0) < q) k += 1
      const p = at[k] ?? 0
      field[start + q * stride] = (q - p) * (q - p) + (values[p] ?? 0)
    }
  }
}

/** Metres from the centre of every cell to the centre of the nearest source cell; a large number where there is none. */
export function distanceField(grid: OccupancyGrid, source: DistanceSource): Float32Array {
  const far = (grid.width + grid.height) * (grid.width + grid.height)
  const field = new Float64Array(grid.cells.length)
  for (const [index, value] of grid.cells.entries()) {
    const taken = value === cell.occupied || (value === cell.unknown && source === 'occupied-or-unknown')
    field[index] = taken ? 0 : far
  }
  const pass = new LinePass(Math.max(grid.width, grid.height))
  for (let x = 0; x < grid.width; x++) pass.run(field, x, grid.width, grid.height)
  for (let y = 0; y < grid.height; y++) pass.run(field, y * grid.width, 1, grid.width)
  return Float32Array.from(field, (squared) => Math.sqrt(squared) * grid.resolution)
}

/** Marks every cell that can be reached from a free start cell over free cells; 1 is reached. */
export function reachableFrom(grid: OccupancyGrid, x: number, y: number, isFree: (index: number) => boolean): Uint8Array {
  const reached = new Uint8Array(grid.cells.length)
  const start = cellAt(grid, x, y)
  if (start < 0 || !isFree(start)) return reached
  const queue = [start]
  reached[start] = 1
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const column = index % grid.width
    const near = [column > 0 ? index - 1 : -1, column < grid.width - 1 ? index + 1 : -1, index - grid.width, index + grid.width]
    for (const next of near) {
      if (next < 0 || next >= reached.length || reached[next] === 1 || !isFree(next)) continue
      reached[next] = 1
      queue.push(next)
    }
  }
  return reached
}
