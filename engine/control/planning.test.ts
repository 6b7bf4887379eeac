import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import type { RangeScan } from '../robot/range-scanner.ts'
import { CostMap } from './cost-map.ts'
import { freeMetres, nearPointsFor, pointAhead, pursue, slowFor } from './follow-path.ts'
import { cell, cellAt, cellX, cellY, checkGrid, distanceField, type OccupancyGrid, reachableFrom } from './occupancy-grid.ts'
import { planPath } from './plan-path.ts'

/** A room of 8 × 6 m with walls around it and whatever `taken` says. */
function room(taken: (x: number, y: number) => boolean): OccupancyGrid {
  const grid = { width: 80, height: 60, resolution: 0.1, originX: 0, originY: 0, cells: new Uint8Array(4800) }
  for (const index of grid.cells.keys()) {
    const [x, y] = [cellX(grid, index), cellY(grid, index)]
    if (x < 0.1 || y < 0.1 || x > 7.9 || y > 5.9 || taken(x, y)) grid.cells[index] = cell.occupied
  }
  return grid
}
const divided = room((x, y) => Math.abs(x - 4) < 0.1 && y < 4)
const limits = { linear: 1, angular: 1.5, linearAcceleration: 1, angularAcceleration: 3 }

test('distances on a grid are exact', () => {
  const grid = room(() => false)
  const field = distanceField(grid, 'occupied')
  assert.ok(Math.abs((field[cellAt(grid, 4.05, 3.05)] ?? 0) - 2.9) < 0.06)
  assert.equal(field[0], 0)
  const single = { width: 9, height: 9, resolution: 1, originX: 0, originY: 0, cells: new Uint8Array(81) }
  single.cells[40] = cell.occupied
  assert.ok(Math.abs((distanceField(single, 'occupied')[0] ?? 0) - Math.sqrt(32)) < 1e-6)
})

test('grids whose numbers do not fit are refused', () => {
  const code =
    (wanted: string) =>
    (error: unknown): boolean =>
      error instanceof EngineError && error.code === wanted
  assert.throws(() => checkGrid({ ...divided, width: 3 }), code('map/malformed'))
  assert.throws(() => checkGrid({ ...divided, resolution: 0 }), code('value/out-of-range'))
  assert.throws(() => checkGrid({ ...divided, originX: Number.NaN }), code('value/not-finite'))
})

test('only what is connected is reached', () => {
  const closed = room((x) => Math.abs(x - 4) < 0.1)
  const reached = reachableFrom(closed, 1, 1, (index) => closed.cells[index] === cell.free)
  assert.equal(reached[cellAt(closed, 3, 5)], 1)
  assert.equal(reached[cellAt(closed, 5, 5)], 0)
})

test('a path leads around a wall with room for the robot, the same one each time', () => {
  const costs = new CostMap(divided, null, 0.3)
  const path = planPath(costs, [1, 1], [7, 1], 'seen')
  assert.ok(path !== null)
  assert.deepEqual(path, planPath(new CostMap(divided, null, 0.3), [1, 1], [7, 1], 'seen'))
  const field = distanceField(divided, 'occupied')
  const highest = Math.max(...path.filter((_, i) => i % 2 === 1))
  assert.ok(highest > 4.2, 'the path goes through the wall')
  for (let i = 0; i < path.length; i += 2) assert.ok((field[cellAt(divided, path[i] ?? 0, path[i + 1] ?? 0)] ?? 0) > 0.3)
})

test('there is no path through a wall, to a forbidden place or for a robot that is too wide', () => {
  assert.equal(
    planPath(
      new CostMap(
        room((x) => Math.abs(x - 4) < 0.1),
        null,
        0.3,
      ),
      [1, 1],
      [7, 1],
      'seen',
    ),
    null,
  )
  assert.equal(planPath(new CostMap(divided, null, 1.2), [1.5, 1.5], [6.5, 1.5], 'seen'), null)
  const keepOut = room((x, y) => x > 5 && y < 4)
  assert.equal(planPath(new CostMap(divided, keepOut, 0.3), [1, 1], [7, 1], 'seen'), null)
})

/** A scan of one beam straight ahead. */
const beam = (range: number): RangeScan => ({
  timeNs: 0,
  angleMin: 0,
  angleIncrement: 1,
  rangeMin: 0.1,
  rangeMax: 10,
  ranges: Float32Array.from([range]),
})

test('what the lidar sees off the map blocks the way until a beam passes through its place', () => {
  const costs = new CostMap(divided, null, 0.3)
  const lidar = { x: 1, y: 5, yaw: 0 }
  const at = cellAt(costs.grid, 4.3, 5)
  assert.equal(costs.isFree(at), true)
  costs.see(beam(3.2), lidar, 0)
  assert.equal(costs.isFree(at), false)
  assert.ok(costs.nearestSeen(4, 5) !== null)
  const copy = new CostMap(divided, null, 0.3)
  copy.restore(costs.state())
  assert.equal(copy.isFree(at), false)
  costs.see(beam(6.8), lidar, 1e9)
  assert.equal(costs.isFree(at), true)
})

test('what the lidar sees of the map itself is no obstacle, and old sights are forgotten', () => {
  const costs = new CostMap(divided, null, 0.3)
  costs.see(beam(2.9), { x: 1, y: 2, yaw: 0 }, 0)
  assert.equal(costs.nearestSeen(0, 0), null)
  costs.see(beam(2), { x: 1, y: 5, yaw: 0 }, 0)
  assert.ok(costs.nearestSeen(0, 0) !== null)
  costs.see(beam(Number.NaN), { x: 1, y: 1, yaw: 0 }, 200e9)
  assert.equal(costs.nearestSeen(0, 0), null)
})

test('pursuit turns towards what lies aside, and slows before the end', () => {
  assert.equal(pursue({ x: 0, y: 0, yaw: 0 }, { x: 0, y: 2 }, 2, limits).linear, 0)
  assert.ok(pursue({ x: 0, y: 0, yaw: 0 }, { x: 0, y: -2 }, 2, limits).angular < 0)
  assert.equal(pursue({ x: 0, y: 0, yaw: 0 }, { x: 1, y: 0 }, 5, limits).linear, 1)
  assert.ok(pursue({ x: 0, y: 0, yaw: 0 }, { x: 0.1, y: 0 }, 0.1, limits).linear < 0.5)
  const ahead = pointAhead([0, 0, 2, 0, 2, 2], 1, 0.2, 1.5)
  assert.deepEqual(
    [ahead.x, ahead.y, ahead.left].map((v) => Math.round(v * 100) / 100),
    [2, 0.5, 3],
  )
})

test('an obstacle on the arc slows and stops the robot; one beside it does not', () => {
  const points = nearPointsFor(2)
  const put = (x: number, y: number): void => {
    ;[points.x[0], points.y[0], points.clearance[0]] = [x, y, 0.4]
    points.count = 1
  }
  put(1.5, 0)
  assert.ok(Math.abs(freeMetres(points, { linear: 1, angular: 0 }, 3) - 1.1) < 0.1)
  put(0.45, 0)
  assert.ok(slowFor(points, { linear: 1, angular: 0 }, limits, 0.1).twist.linear < 0.05)
  put(0, 0.45)
  assert.equal(slowFor(points, { linear: 1, angular: 0 }, limits, 0.1).twist.linear, 1)
  put(-0.35, 0)
  assert.equal(freeMetres(points, { linear: 1, angular: 0 }, 1), 1)
})
