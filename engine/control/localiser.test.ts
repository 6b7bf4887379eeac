import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import type { OdometryReading } from '../robot/odometry.ts'
import type { RangeScan } from '../robot/range-scanner.ts'
import { Localiser } from './localiser.ts'
import { cell, cellAt, cellX, cellY, type OccupancyGrid } from './occupancy-grid.ts'

const grid: OccupancyGrid = { width: 160, height: 120, resolution: 0.05, originX: 0, originY: 0, cells: new Uint8Array(19_200) }
for (const index of grid.cells.keys()) {
  const [x, y] = [cellX(grid, index), cellY(grid, index)]
  const isWall = x < 0.1 || y < 0.1 || x > 7.9 || y > 5.9 || (x > 3 && x < 3.5 && y < 2) || (x > 6 && y > 4.4 && y < 4.6)
  if (isWall) grid.cells[index] = cell.occupied
}

/** What a lidar at a pose sees of the map, with a centimetre of noise. */
function look(x: number, y: number, yaw: number, random = createRandom(1)): RangeScan {
  const ranges = Float32Array.from({ length: 90 }, (_, i) => {
    const angle = yaw + (i * 2 * Math.PI) / 90
    let r = 0.1
    while (r < 10 && grid.cells[cellAt(grid, x + r * Math.cos(angle), y + r * Math.sin(angle))] !== cell.occupied) r += 0.01
    return r + 0.01 * random.gaussian()
  })
  return { timeNs: 0, angleMin: 0, angleIncrement: (2 * Math.PI) / 90, rangeMin: 0.1, rangeMax: 10, ranges }
}
const still = (x: number): OdometryReading => ({ x, y: 0, yaw: 0, linear: 0, angular: 0 })
const lidar = { x: 0, y: 0, yaw: 0 }

test('a robot that was put down a little off finds its place on the map', () => {
  const localiser = new Localiser(grid, lidar, { x: 2.12, y: 3.9, yaw: 0.05 }, 3)
  for (let i = 0; i < 30; i++) {
    localiser.move(still(i * 0.02))
    localiser.weigh(look(2 + i * 0.02, 4, 0), still(0), 0)
  }
  const { x, y, yaw } = localiser.estimate()
  assert.ok(Math.abs(x - 2.58) < 0.06 && Math.abs(y - 4) < 0.06 && Math.abs(yaw) < 0.03, `${x}, ${y}, ${yaw}`)
  assert.ok(localiser.isOnMap())
})

test('odometry that drifts by a tenth is corrected while driving', () => {
  const localiser = new Localiser(grid, lidar, { x: 1, y: 4, yaw: 0 }, 3)
  for (let i = 0; i <= 100; i++) {
    localiser.move(still(i * 0.04 * 1.1))
    localiser.weigh(look(1 + i * 0.04, 4, 0), still(0), 0)
  }
  assert.ok(Math.abs(localiser.estimate().x - 5) < 0.1, `x is ${localiser.estimate().x}`)
})

test('a restored localiser continues bit for bit', () => {
  const localiser = new Localiser(grid, lidar, { x: 2, y: 4, yaw: 0 }, 3)
  localiser.move(still(0))
  const state = localiser.state()
  const go = (): unknown => {
    localiser.move(still(0.1))
    localiser.weigh(look(2.1, 4, 0), still(0), 0)
    return localiser.estimate()
  }
  const first = go()
  localiser.restore(state)
  assert.deepEqual(go(), first)
})

test('a scan without a return changes nothing', () => {
  const localiser = new Localiser(grid, lidar, { x: 2, y: 4, yaw: 0 }, 3)
  const before = localiser.estimate()
  localiser.weigh({ ...look(2, 4, 0), ranges: new Float32Array(90).fill(Number.NaN) }, still(0), 0)
  assert.deepEqual(localiser.estimate(), before)
})
