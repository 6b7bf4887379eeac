import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { EngineError } from '../errors.ts'
import { at, boxInertial, boxPart, cylinderPart, part } from '../scene/parts.ts'
import { type Body, initialPoses, plainMaterial, type Scene } from '../scene/scene.ts'
import { emptyMotion, PhysicsWorld } from './physics-world.ts'
import { loadRapier, type Rapier } from './rapier.ts'

let rapier: Rapier
before(async () => {
  rapier = await loadRapier()
})
const cube = { x: 1, y: 1, z: 1 }
const body = (id: number, changes: Partial<Body>): Body => ({
  id,
  name: `b${id}`,
  label: 'other',
  motion: 'fixed',
  pose: at(0, 0, 0),
  colliders: [],
  ...changes,
})
const floor = body(1, { label: 'floor', colliders: [part({ kind: 'plane', size: { x: 20, y: 20 } }, at(0, 0, 0), plainMaterial)] })
const falling = body(2, {
  motion: 'dynamic',
  pose: at(0, 0, 3),
  colliders: [boxPart(cube, at(0, 0, 0), plainMaterial)],
  inertial: boxInertial(5, cube),
})
const scene = (...bodies: Body[]): Scene => ({
  name: 's',
  gravity: { x: 0, y: 0, z: -9.81 },
  bodies,
  lights: [],
  ambient: { r: 0, g: 0, b: 0 },
  warnings: [],
})

const world = (...bodies: Body[]): PhysicsWorld => new PhysicsWorld(rapier, scene(...bodies), 0.01)
const steps = (physics: PhysicsWorld, count: number): void => {
  for (let i = 0; i < count; i++) physics.step()
}
const heightOf = (physics: PhysicsWorld, index: number): number => {
  const motion = emptyMotion()
  physics.readMotion(index, motion)
  return motion.position.z
}

test('a box falls onto a plane and rests on it', () => {
  const physics = world(floor, falling)
  steps(physics, 300)
  assert.ok(Math.abs(heightOf(physics, 1) - 0.5) < 0.01)
  physics.free()
})

test('cylinders lie along Z', () => {
  const physics = world(floor, body(2, { colliders: [cylinderPart(0.2, 2, at(0, 0, 1), plainMaterial)] }))
  physics.step()
  assert.ok(Math.abs(physics.castDown({ x: 0, y: 0, z: 5 }, 10) - 3) < 1e-3)
  assert.ok(Math.abs(physics.castRay({ x: 2, y: 0, z: 1.5 }, { x: -1, y: 0, z: 0 }, 10, 0) - 1.8) < 1e-3)
  physics.free()
})

test('rays tell the distance and the body, pass the ignored one, and miss what is far or not solid', () => {
  const ghost = body(3, { pose: at(2, 0, 0.5), colliders: [boxPart(cube, at(0, 0, 0), plainMaterial, { solid: false })] })
  const physics = world(floor, body(2, { pose: at(4, 0, 0.5), colliders: [boxPart(cube, at(0, 0, 0), plainMaterial)] }), ghost)
  physics.step()
  const [from, ahead] = [
    { x: 0, y: 0, z: 0.5 },
    { x: 1, y: 0, z: 0 },
  ]
  assert.deepEqual(physics.castRayToBody(from, ahead, 10, 0), { metres: 3.5, body: 1 })
  assert.equal(physics.castRay(from, ahead, 3, 0), -1)
  assert.equal(physics.castRay(from, ahead, 10, 1), -1)
  physics.free()
})

test('a snapshot continues bit for bit; one of something else is refused', () => {
  const physics = world(floor, falling)
  steps(physics, 40)
  const bytes = physics.snapshot()
  const read = (): Float64Array => {
    const { poses } = initialPoses(scene(floor, falling))
    physics.readPoses(poses)
    return poses
  }
  steps(physics, 60)
  const first = read()
  physics.restore(bytes)
  steps(physics, 60)
  assert.deepEqual(read(), first)
  assert.throws(
    () => physics.readMotion(7, emptyMotion()),
    (error) => error instanceof EngineError && error.code === 'scene/no-such-body',
  )
  physics.free()
})

test('a kinematic body pushes and goes where it is sent; touches of a robot are told once', () => {
  const robot = body(2, {
    label: 'robot',
    motion: 'dynamic',
    pose: at(0, 0, 0.5),
    colliders: [boxPart(cube, at(0, 0, 0), plainMaterial)],
    inertial: boxInertial(5, cube),
  })
  const pusher = body(3, { motion: 'kinematic', pose: at(-2, 0, 0.6), colliders: [boxPart(cube, at(0, 0, 0), plainMaterial)] })
  const physics = world(floor, robot, pusher)
  const touches = new Set<string>()
  let count = 0
  for (let i = 0; i < 150; i++) {
    physics.moveKinematic(2, at(-2 + i * 0.02, 0, 0.6))
    physics.step()
    physics.drainTouches((a, b) => {
      touches.add([a, b].sort().join('-'))
      if (a === 2 || b === 2) count += 1
    })
  }
  const motion = emptyMotion()
  physics.readMotion(1, motion)
  assert.ok(motion.position.x > 1.5, `the robot is at ${motion.position.x}`)
  assert.deepEqual([...touches].sort(), ['0-1', '1-2'])
  assert.ok(count >= 1 && count < 20)
  physics.free()
})

test('an impulse moves a body by its mass', () => {
  const physics = world(body(1, {}), { ...falling, pose: at(0, 0, 50) })
  // Rapier knows masses after the first step.
  physics.step()
  physics.applyImpulse(1, { x: 10, y: 0, z: 0 }, { x: 0, y: 0, z: 50 })
  physics.step()
  const motion = emptyMotion()
  physics.readMotion(1, motion)
  assert.ok(Math.abs(motion.linear.x - 2) < 1e-3)
  physics.free()
})
