import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cell, cellAt } from '../control/occupancy-grid.ts'
import { EngineError } from '../errors.ts'
import { fromYaw } from '../math/quat.ts'
import { at, boxPart } from '../scene/parts.ts'
import { plainMaterial, type Scene } from '../scene/scene.ts'
import { mapOfScene } from './map-of-scene.ts'
import { Walk } from './people.ts'
import { pickPlaces } from './pick-places.ts'
import { redrawMap, registerMap } from './register-map.ts'
import { generateWarehouse } from './warehouse.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted

test('the same parameters give the same warehouse, another seed another one', () => {
  const text = (seed: number): string => JSON.stringify(generateWarehouse({ seed }).scene.bodies)
  assert.equal(text(4), text(4))
  assert.notEqual(text(4), text(5))
})

test('a warehouse holds what it is asked for', () => {
  const { scene, aisles } = generateWarehouse({ rackRows: 2, stagedPallets: 3, fill: 1, levels: 1, baysPerRow: 2 })
  const count = (label: string): number => scene.bodies.filter((body) => body.label === label).length
  assert.equal(aisles.length, 3)
  assert.equal(count('rack'), 4)
  assert.equal(count('pallet'), 4 * 2 * 2 * 2 + 3)
  assert.equal(count('wall'), 4)
  assert.ok(scene.bodies.some((body) => body.label === 'box' && body.motion === 'dynamic'))
  assert.ok(scene.lights.length > 0)
  assert.equal(new Set(scene.bodies.map(({ id }) => id)).size, scene.bodies.length)
})

test('parameters outside of their range, and NaN, are refused by name', () => {
  for (const wrong of [{ rackRows: 0 }, { baysPerRow: 99 }, { fill: 2 }, { aisleWidth: Number.NaN }])
    assert.throws(() => generateWarehouse(wrong), code('value/out-of-range'))
})

const walls = (...parts: ReturnType<typeof boxPart>[]): Scene => ({
  name: 'walls',
  gravity: { x: 0, y: 0, z: -9.81 },
  bodies: [{ id: 1, name: 'walls', label: 'wall', motion: 'fixed', pose: at(0, 0, 0), colliders: parts }],
  lights: [],
  ambient: { r: 0, g: 0, b: 0 },
  warnings: [],
})
const wall = (x: number, y: number, sx: number, sy: number, yaw = 0, z = 0.5): ReturnType<typeof boxPart> =>
  boxPart({ x: sx, y: sy, z: 1 }, { position: { x, y, z }, rotation: fromYaw(yaw) }, plainMaterial)
const area = { minX: -5, minY: -5, maxX: 5, maxY: 5, resolution: 0.1, lowZ: 0.1, highZ: 0.3 }

test('a map shows what stands in its band of heights, turned as it is, and nothing above it', () => {
  const map = mapOfScene(walls(wall(0, 0, 4, 0.2, Math.PI / 4), wall(3, -3, 1, 1, 0, 2)), area)
  assert.equal(map.cells[cellAt(map, 1.03, 1.03)], cell.occupied)
  assert.equal(map.cells[cellAt(map, 1, -1)], cell.free)
  assert.equal(map.cells[cellAt(map, 3.5, -3)], cell.free)
})

test('a foreign map is laid over its world, turned and moved as it was', () => {
  const shape = walls(wall(0, 4, 8, 0.2), wall(-4, 0, 0.2, 8), wall(2, -1, 3, 0.2), wall(1, 2, 0.4, 1))
  const world = mapOfScene(shape, area)
  const turned = { position: { x: 1.3, y: -0.7, z: 0 }, rotation: fromYaw(Math.PI / 2 + 0.02) }
  const foreign = mapOfScene(
    { ...shape, bodies: shape.bodies.map((body) => ({ ...body, pose: turned })) },
    { ...area, minX: -8, maxX: 8, minY: -8, maxY: 8 },
  )
  const registration = registerMap(foreign, world)
  assert.ok(registration.agreement > 0.95, `agreement ${registration.agreement}`)
  assert.ok(Math.abs(registration.yaw + Math.PI / 2 + 0.02) < 0.01, `yaw ${registration.yaw}`)
  const redrawn = redrawMap(foreign, registration, world)
  assert.equal(redrawn.cells[cellAt(redrawn, -4, 1)], cell.occupied)
  assert.equal(redrawn.cells[cellAt(redrawn, -1, -3)], cell.free)
})

test('places are free, roomy and reachable, and a full map has none', () => {
  const map = mapOfScene(walls(wall(0, 0, 0.2, 10)), area)
  const { start, goals } = pickPlaces(map, map, { goals: 3, clearance: 0.6, seed: 2 })
  for (const goal of goals) assert.ok(Math.abs(goal.x) > 0.6 && Math.sign(goal.x) === Math.sign(start.x), 'a goal lies behind the wall')
  assert.deepEqual(pickPlaces(map, map, { goals: 3, clearance: 0.6, seed: 2 }).goals, goals)
  assert.throws(() => pickPlaces(map, map, { goals: 3, clearance: 20, seed: 2 }), code('map/no-free-cell'))
})

test('a person walks there and back, facing the way', () => {
  const walk = new Walk({
    name: 'p',
    path: [
      [0, 0],
      [2, 0],
      [2, 3],
    ],
    speed: 1,
  })
  const at = (metres: number): readonly [number, number] => {
    const { x, y } = walk.poseAt(metres).pose.position
    return [Math.round(x * 1e9) / 1e9, Math.round(y * 1e9) / 1e9]
  }
  assert.deepEqual(
    [at(1), at(3), at(5), at(7), at(10), at(11)],
    [
      [1, 0],
      [2, 1],
      [2, 3],
      [2, 1],
      [0, 0],
      [1, 0],
    ],
  )
  assert.deepEqual([walk.poseAt(7).dx, walk.poseAt(7).dy], [-0, -1])
  assert.throws(() => new Walk({ name: 'p', path: [], speed: 1 }), code('run/bad-input'))
  assert.throws(() => new Walk({ name: 'p', path: [[0, 0]], speed: 30 }), code('value/out-of-range'))
  assert.deepEqual(new Walk({ name: 'p', path: [[4, 5]], speed: 1 }).poseAt(9).pose.position, { x: 4, y: 5, z: 0 })
})
