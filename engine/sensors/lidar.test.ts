import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromAxisAngle } from '../math/quat.ts'
import { createRandom } from '../math/random.ts'
import { fromPlanar, fromXyzRpy } from '../math/transform.ts'
import { PhysicsWorld } from '../physics/physics-world.ts'
import { loadRapier } from '../physics/rapier.ts'
import { initialPoses } from '../scene/scene.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { Lidar, planarLidar, rayDirections, spatialLidar } from './lidar.ts'
import { cube, floor, sceneOf } from './scene-for-tests.ts'
import { SolidScanner } from './solid-scanner.ts'
import { SolidWorld } from './solid-world.ts'

const exact = { ...planarLidar, sigmaMetres: 0, sigmaShare: 0, lossShare: 0, stepMetres: 0 }
const along = (x: number, y: number, z: number): Float64Array => Float64Array.of(x, y, z)
const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`)

test('rays meet boxes, cylinders, spheres, planes and meshes at their true distance', () => {
  const tetra = { kind: 'mesh', positions: Float32Array.of(0, -1, -1, 0, 1, -1, 0, 0, 1), indices: Uint32Array.of(0, 1, 2) } as const
  const world = new SolidWorld(
    sceneOf([
      floor,
      cube(2, 3, 0, 1, 1),
      { id: 3, shape: { kind: 'cylinder', radius: 0.5, length: 2 }, pose: fromPlanar(0, 4, 0, 1) },
      { id: 4, shape: { kind: 'sphere', radius: 0.75 }, pose: fromPlanar(-5, 0, 0, 1) },
      { id: 5, shape: tetra, pose: fromPlanar(0, -6, Math.PI / 2, 1) },
    ]),
  )
  world.from(0, 0, 1)
  near(world.cast(along(1, 0, 0), 0, 50, -1), 2.5)
  assert.equal(world.scene.bodies[world.hitBody]?.id, 2)
  near(world.cast(along(0, 1, 0), 0, 50, -1), 3.5)
  near(world.cast(along(-1, 0, 0), 0, 50, -1), 4.25)
  near(world.cast(along(0, -1, 0), 0, 50, -1), 6)
  near(world.cast(along(0, 0, -1), 0, 50, -1), 1)
  assert.equal(world.cast(along(0, 0, 1), 0, 50, -1), 50)
  assert.equal(world.hitBody, -1)
})

test('a ray passes through the body that carries the lidar and no other', () => {
  const world = new SolidWorld(sceneOf([cube(1, 0, 0, 0, 1), cube(2, 4, 0, 0, 1)]))
  world.from(0, 0, 0)
  near(world.cast(along(1, 0, 0), 0, 50, -1), 0.5)
  near(world.cast(along(1, 0, 0), 0, 50, 0), 3.5)
})

test('in a whole warehouse our rays agree with those of the physics', async () => {
  const { scene } = generateWarehouse()
  const world = new SolidWorld(scene)
  const physics = new PhysicsWorld(await loadRapier(), scene, 0.01)
  physics.step()
  world.place(initialPoses(scene))
  const origin = { x: 6.4, y: 3.2, z: 0.7 }
  world.from(origin.x, origin.y, origin.z)
  const directions = rayDirections(spatialLidar)
  let apart = 0
  for (let ray = 0; ray < 4096; ray++) {
    const [x = 0, y = 0, z = 0] = directions.subarray(ray * 3, ray * 3 + 3)
    const theirs = physics.castRay(origin, { x, y, z }, 30, -1)
    const ours = world.cast(directions, ray * 3, 30, -1)
    if (Math.abs(ours - (theirs < 0 ? 30 : theirs)) > 0.002) apart++
  }
  physics.free()
  // A ray that grazes an edge may meet it for one and miss it for the other.
  assert.ok(apart <= 4, `${apart} of 4096 rays differ`)
})

test('moving bodies are met where the snapshot has them', () => {
  const scene = sceneOf([{ ...cube(1, 2, 0, 0, 1), motion: 'kinematic' }])
  const world = new SolidWorld(scene)
  const snapshot = initialPoses(scene)
  snapshot.poses[0] = 7
  world.place(snapshot)
  world.from(0, 0, 0)
  near(world.cast(along(1, 0, 0), 0, 50, -1), 6.5)
  snapshot.poses[0] = Number.NaN
  assert.throws(() => world.place(snapshot), { code: 'value/not-finite' })
})

test('the stated noise is the noise that comes out, and a burst is as many times larger', () => {
  const world = new SolidWorld(sceneOf([cube(1, 5, 0, 0, 8)]))
  const spec = { ...exact, columns: 4000, azimuthMin: 0, azimuthSpan: 1e-9, sigmaMetres: 0.02 }
  const deviation = (noise: number): number => {
    const { ranges } = new Lidar(world, spec, createRandom(3)).scan(0, fromPlanar(0, 0, 0), -1, noise)
    const squares = ranges.reduce((sum, range) => sum + (range - 1) * (range - 1), 0)
    return Math.sqrt(squares / ranges.length)
  }
  assert.ok(Math.abs(deviation(1) - 0.02) < 0.001)
  assert.ok(Math.abs(deviation(5) - 0.1) < 0.005)
})

test('what is too near, too far or lost does not come back', () => {
  const world = new SolidWorld(sceneOf([cube(1, 5, 0, 0, 8), cube(2, 0, 30, 0, 8)]))
  const scan = (changes: object): Float32Array => {
    const spec = { ...exact, columns: 4, azimuthMin: 0, ...changes }
    return new Lidar(world, spec, createRandom(1)).scan(0, fromPlanar(0, 0, 0), -1).ranges
  }
  assert.deepEqual([...scan({})], [1, Infinity, Infinity, Infinity])
  assert.deepEqual([...scan({ rangeMax: 40 })], [1, 26, Infinity, Infinity])
  assert.equal(scan({ rangeMin: 1.5 })[0], Infinity)
  assert.equal(scan({ lossShare: 1 })[0], Infinity)
})

test('a turned mount turns the scan, and labels say what was met', () => {
  const world = new SolidWorld(sceneOf([cube(7, 0, 4, 0, 2)]))
  const mount = { position: { x: 0, y: 0, z: 0 }, rotation: fromAxisAngle({ x: 0, y: 0, z: 1 }, Math.PI / 2) }
  const scan = new Lidar(world, { ...exact, columns: 4, azimuthMin: 0 }, createRandom(1)).scan(0, mount, -1)
  assert.ok(Math.abs((scan.ranges[0] ?? 0) - 3) < 1e-6)
  assert.deepEqual([...scan.instances], [7, 0, 0, 0])
})

test('the loop can drive with this scanner: drops are null, restored noise repeats', () => {
  const scene = sceneOf([cube(1, 5, 0, 0, 8)])
  const scanner = new SolidScanner(9, { ...planarLidar, faults: [{ kind: 'drop', fromSeconds: 1, untilSeconds: 2 }] })
  const view = (seconds: number) => ({
    scene,
    snapshot: { ...initialPoses(scene), timeNs: seconds * 1e9 },
    mount: fromXyzRpy(0, 0, 0, 0, 0, 0),
    robotIndex: -1,
    cast: () => -1,
    noise: 1,
  })
  const state = scanner.state()
  const first = scanner.scan(view(0))
  assert.equal(first?.ranges.length, 360)
  assert.equal(scanner.scan(view(1.5)), null)
  scanner.restore(state)
  assert.deepEqual(scanner.scan(view(0)), first)
})

test('lidars that cannot be are refused with the field that is wrong', () => {
  const world = new SolidWorld(sceneOf([floor]))
  const make = (changes: object): Lidar => new Lidar(world, { ...planarLidar, ...changes }, createRandom(1))
  assert.throws(() => make({ columns: 300_000 }), { code: 'value/out-of-range' })
  assert.throws(() => make({ rangeMax: 5000 }), { code: 'value/out-of-range' })
  assert.throws(() => make({ sigmaMetres: Number.NaN }), { code: 'value/not-finite' })
  assert.throws(() => make({ elevations: [9] }), { code: 'value/out-of-range' })
  assert.throws(() => make({ faults: [{ kind: 'drop', fromSeconds: 2, untilSeconds: 1 }] }), { code: 'run/bad-input' })
  assert.throws(() => make({}).scan(0, fromPlanar(Number.NaN, 0, 0), -1), { code: 'value/not-finite' })
})

test('an empty scene returns nothing, without complaint', () => {
  const { ranges, instances } = new Lidar(new SolidWorld(sceneOf([])), spatialLidar, createRandom(1)).scan(0, fromPlanar(0, 0, 0), -1)
  assert.ok(ranges.every((range) => range === Infinity) && instances.every((id) => id === 0))
})
