// A* over the cost map, eight neighbours, then a pull at the string: way points that see each other are joined. Ties are
// broken by the order of insertion, so the same question always has the same answer.

import type { CostMap } from './cost-map.ts'
import { cellAt, cellX, cellY } from './occupancy-grid.ts'

/** A binary heap of cell indices by key, first in first out among equal keys. */
class OpenList {
  readonly #cells: number[] = []
  readonly #keys: number[] = []
  readonly #orders: number[] = []
  #count = 0

  get size(): number {
    return this.#cells.length
  }

  #before(a: number, b: number): boolean {
    const [ka, kb] = [this.#keys[a] ?? 0, this.#keys[b] ?? 0]
    return ka < kb || (ka === kb && (this.#orders[a] ?? 0) < (this.#orders[b] ?? 0))
  }

  #swap(a: number, b: number): void {
    for (const list of [this.#cells, this.#keys, this.#orders]) [list[a], list[b]] = [list[b] ?? 0, list[a] ?? 0]
  }

  push(index: number, key: number): void {
    let at = this.#cells.length
    this.#cells.push(index)
    this.#keys.push(key)
    this.#orders.push(this.#count++)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  pop(): number {
    const top = this.#cells[0] ?? -1
    this.#swap(0, this.#cells.length - 1)
    for (const list of [this.#cells, this.#keys, this.#orders]) list.pop()
    let at = 0
    for (;;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < this.#cells.length && this.#before(child, least)) least = child
      if (least === at) return top
      this.#swap(at, least)
      at = least
    }
  }
}

const steps = [
  [1, 0, 1],
  [-1, 0, 1],
  [0, 1, 1],
  [0, -1, 1],
  [1, 1, Math.SQRT2],
  [1, -1, Math.SQRT2],
  [-1, 1, Math.SQRT2],
  [-1, -1, Math.SQRT2],
] as const

/** The free cell nearest to a point, within `metres`; -1 when there is none. */
function nearestFreeCell(costs: CostMap, x: number, y: number, metres: number, isFree: (index: number) => boolean): number {
  const { grid } = costs
  const reach = Math.ceil(metres / grid.resolution)
  let [best, least] = [-1, Number.POSITIVE_INFINITY]
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const d = dx * dx + dy * dy
      const index = cellAt(grid, x + dx * grid.resolution, y + dy * grid.resolution)
      if (d < least && index >= 0 && isFree(index)) [best, least] = [index, d]
    }
  return best
}

class Search {
  readonly #costs: CostMap
  readonly #isFree: (index: number) => boolean
  readonly #goal: number
  readonly #reached: Float64Array
  readonly #from: Int32Array
  readonly #open = new OpenList()

  constructor(costs: CostMap, goal: number, isFree: (index: number) => boolean) {
    this.#costs = costs
    this.#isFree = isFree
    this.#goal = goal
    this.#reached = new Float64Array(costs.grid.cells.length).fill(Number.POSITIVE_INFINITY)
    this.#from = new Int32Array(costs.grid.cells.length).fill(-1)
  }

  #heuristic(index: number): number {
    const { width } = this.#costs.grid
    const dx = Math.abs((index % width) - (this.#goal % width))
    const dy = Math.abs(Math.floor(index / width) - Math.floor(this.#goal / width))
    return Math.max(dx, dy) + (Math.SQRT2 - 1) * Math.min(dx, dy)
  }

  #spread(index: number): void {
    const { width, height } = this.#costs.grid
    const [column, row] = [index % width, Math.floor(index / width)]
    for (const [dx, dy, span] of steps) {
      const [x, y] = [column + dx, row + dy]
      const next = y * width + x
      if (x < 0 || y < 0 || x >= width || y >= height || !this.#isFree(next)) continue
      const reached = (this.#reached[index] ?? 0) + span * this.#costs.cost(next)
      if (reached >= (this.#reached[next] ?? 0)) continue
      this.#reached[next] = reached
      this.#from[next] = index
      this.#open.push(next, reached + this.#heuristic(next))
    }
  }

  run(start: number): number[] | null {
    this.#reached[start] = 0
    this.#open.push(start, 0)
    const closed = new Uint8Array(this.#reached.length)
    while (this.#open.size > 0) {
      const index = this.#open.pop()
      if (closed[index] === 1) continue
      closed[index] = 1
      if (index === this.#goal) return this.#trace(index)
      this.#spread(index)
    }
    return null
  }

  #trace(goal: number): number[] {
    const path: number[] = []
    for (let index = goal; index >= 0; index = this.#from[index] ?? -1) path.push(index)
    return path.reverse()
  }
}

/** Whether a straight line between two cells stays on free cells that cost no more than `most`. */
function isClearLine(costs: CostMap, from: number, to: number, most: number, isFree: (index: number) => boolean): boolean {
  const { width } = costs.grid
  const [x, y] = [from % width, Math.floor(from / width)]
  const [dx, dy] = [(to % width) - x, Math.floor(to / width) - y]
  const count = 2 * Math.max(Math.abs(dx), Math.abs(dy))
  for (let i = 1; i < count; i++) {
    const index = Math.round(y + (dy * i) / count) * width + Math.round(x + (dx * i) / count)
    if (!isFree(index) || costs.cost(index) > most) return false
  }
  return true
}

function pullString(costs: CostMap, path: readonly number[], isFree: (index: number) => boolean): number[] {
  const kept: number[] = []
  let at = 0
  while (at < path.length - 1) {
    kept.push(path[at] ?? 0)
    let next = at + 1
    let most = Math.max(costs.cost(path[at] ?? 0), costs.cost(path[next] ?? 0))
    for (let far = at + 2; far < path.length && far <= at + 30; far++) {
      most = Math.max(most, costs.cost(path[far] ?? 0))
      if (isClearLine(costs, path[at] ?? 0, path[far] ?? 0, most, isFree)) next = far
    }
    at = next
  }
  kept.push(path[path.length - 1] ?? 0)
  return kept
}

/** What the planner may assume: the standing world alone, or also what was seen. */
export type PlanWorld = 'standing' | 'seen'

/** Way points x, y in turn from near `from` to near `to`, or null when there is no way. Both ends may be half a metre off. */
export function planPath(
  costs: CostMap,
  from: readonly [number, number],
  to: readonly [number, number],
  world: PlanWorld,
): number[] | null {
  const isFree = (index: number): boolean => (world === 'seen' ? costs.isFree(index) : costs.isStandable(index))
  const start = nearestFreeCell(costs, from[0], from[1], 0.8, isFree)
  const goal = nearestFreeCell(costs, to[0], to[1], 0.2, isFree)
  if (start < 0 || goal < 0) return null
  const cells = new Search(costs, goal, isFree).run(start)
  if (cells === null) return null
  return pullString(costs, cells, isFree).flatMap((index) => [cellX(costs.grid, index), cellY(costs.grid, index)])
}
