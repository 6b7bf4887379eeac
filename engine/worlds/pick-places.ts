// Chooses a start and goals from the free cells of a map: places where the robot fits with room to spare, that it can reach
// from each other, far apart. The same map and seed give the same places.

import type { Goal, PlanarPose } from '../control/controller.ts'
import { cell, cellAt, cellX, cellY, distanceField, type OccupancyGrid, reachableFrom } from '../control/occupancy-grid.ts'
import { EngineError } from '../errors.ts'
import { createRandom } from '../math/random.ts'
import { atan2 } from '../math/trig.ts'

/** Where to start and where to go. */
export interface Places {
  readonly start: PlanarPose
  readonly goals: readonly Goal[]
}

/** What is wanted: how many goals, and how many free metres around each. */
export interface PlaceWishes {
  readonly goals: number
  readonly clearance: number
  readonly seed: number
}

/** Cells with enough room that are free on the map and not forbidden; 1 is good. */
function roomyCells(map: OccupancyGrid, keepOut: OccupancyGrid, clearance: number): Uint8Array {
  const [toWall, toKeepOut] = [distanceField(map, 'occupied-or-unknown'), distanceField(keepOut, 'occupied-or-unknown')]
  return map.cells.map((value, index) => {
    const there = cellAt(keepOut, cellX(map, index), cellY(map, index))
    const isRoomy = value === cell.free && (toWall[index] ?? 0) > clearance && there >= 0 && (toKeepOut[there] ?? 0) > clearance
    return isRoomy ? 1 : 0
  })
}

/** The cells of the largest connected piece, in order. */
function largestPiece(map: OccupancyGrid, good: Uint8Array): number[] {
  const left = Uint8Array.from(good)
  let best: number[] = []
  for (const index of left.keys()) {
    if (left[index] !== 1) continue
    const reached = reachableFrom(map, cellX(map, index), cellY(map, index), (at) => left[at] === 1)
    const piece: number[] = []
    for (const [at, is] of reached.entries()) if (is === 1) piece.push(at)
    for (const at of piece) left[at] = 0
    if (piece.length > best.length) best = piece
  }
  return best
}

/** Picks a start and goals. Throws `map/no-free-cell` when the map has no room for them. */
export function pickPlaces(map: OccupancyGrid, keepOut: OccupancyGrid, wishes: PlaceWishes): Places {
  const piece = largestPiece(map, roomyCells(map, keepOut, wishes.clearance))
  if (piece.length <= wishes.goals)
    throw new EngineError(
      'map/no-free-cell',
      `The map has ${piece.length} free cells with ${wishes.clearance} m of room; ${wishes.goals + 1} places are needed`,
      { cells: piece.length },
    )
  const random = createRandom(wishes.seed).stream('places')
  const chosen = [piece[random.integer(0, piece.length - 1)] ?? 0]
  const square = (a: number, b: number): number => {
    const [dx, dy] = [cellX(map, a) - cellX(map, b), cellY(map, a) - cellY(map, b)]
    return dx * dx + dy * dy
  }
  while (chosen.length <= wishes.goals) {
    // Some candidates at random, of which the one farthest from all chosen ones is taken: far apart, yet not only corners.
    const candidates = Array.from({ length: 24 }, () => piece[random.integer(0, piece.length - 1)] ?? 0)
    const apart = (at: number): number => Math.min(...chosen.map((other) => square(at, other)))
    chosen.push(candidates.reduce((best, at) => (apart(at) > apart(best) ? at : best)))
  }
  const [first = 0, ...rest] = chosen
  const goals = rest.map((index, i) => ({ name: `goal ${i + 1}`, x: cellX(map, index), y: cellY(map, index) }))
  const [x, y] = [cellX(map, first), cellY(map, first)]
  return { start: { x, y, yaw: atan2((goals[0]?.y ?? y) - y, (goals[0]?.x ?? x + 1) - x) }, goals }
}
