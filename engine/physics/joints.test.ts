import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Vec3 } from '../math/vec3.ts'
import { at, boxInertial, boxPart } from '../scene/parts.ts'
import { type Body, poseStride, type Scene, type SceneJoint } from '../scene/scene.ts'
import { materials } from '../worlds/materials.ts'
import { emptyMotion, PhysicsWorld } from './physics-world.ts'
import { loadRapier } from './rapier.ts'

const block = { x: 0.1, y: 0.1, z: 0.4 }
const rod = { x: 0.4, y: 0.04, z: 0.04 }

type Joint = Omit<SceneJoint, 'name' | 'parent' | 'child' | 'anchor'>

/** A heavy block on a high floor, and a rod of a kilogram stretched out from it: its middle lies 0.3 m from the joint. */
function sceneWith(joint: Joint): Scene {
  const body = (id: number, mass: number, x: number, offset: number, size: Vec3): Body => ({
    id,
    name: `body ${id}`,
    label: 'other',
    motion: 'dynamic',
    pose: at(x, 0, 5),
    inertial: boxInertial(mass, size, at(offset, 0, 0)),
    colliders: [boxPart(size, at(offset, 0, 0), materials.grey, {})],
  })
  const floor: Body = {
    ...body(3, 1, 0, 0, block),
    motion: 'fixed',
    pose: at(0, 0, 4.7),
    colliders: [boxPart({ x: 0.2, y: 4, z: 0.2 }, at(0, 0, 0), materials.grey, {})],
  }
  const linked: SceneJoint = { ...joint, name: 'joint', parent: 0, child: 1, anchor: { x: 0.2, y: 0, z: 0 } }
  const scene = { name: 'joint', gravity: { x: 0, y: 0, z: -9.81 }, lights: [], ambient: { r: 1, g: 1, b: 1 }, warnings: [] }
  return { ...scene, bodies: [body(1, 1e4, 0, 0, block), body(2, 1, 0.2, 0.3, rod), floor], joints: [linked] }
}

const free = { kind: 'continuous', axis: { x: 0, y: 1, z: 0 }, damping: 0, friction: 0 } as const

async function worldOf(joint: Joint): Promise<PhysicsWorld> {
  return new PhysicsWorld(await loadRapier(), sceneWith(joint), 1 / 240)
}

/** How far the rod has turned or slid after some seconds: the angle around y, and metres along x and down. */
async function after(
  joint: Omit<SceneJoint, 'name' | 'parent' | 'child' | 'anchor'>,
  seconds: number,
): Promise<{ angle: number; x: number; drop: number }> {
  const world = await worldOf(joint)
  const motion = emptyMotion()
  for (let i = 0; i < seconds * 240; i++) world.step()
  world.readMotion(1, motion)
  world.free()
  return { angle: 2 * Math.atan2(motion.rotation.y, motion.rotation.w), x: motion.position.x, drop: 5 - motion.position.z }
}

test('a rod on a joint without resistance falls; damping slows it, friction holds it', async () => {
  const fallen = await after(free, 0.3)
  const damped = await after({ ...free, damping: 3 }, 0.3)
  const held = await after({ ...free, friction: 6 }, 2)
  assert.ok(fallen.angle > 0.5, `${fallen.angle}`)
  assert.ok(damped.angle > 0.05 && damped.angle < fallen.angle * 0.7, `${damped.angle}`)
  // What the solver leaves: some thousandths of a radian per second.
  assert.ok(Math.abs(held.angle) < 0.02, `${held.angle}`)
})

test('friction smaller than the load slows and does not hold', async () => {
  const slowed = await after({ ...free, friction: 1.5 }, 0.3)
  assert.ok(slowed.angle > 0.2 && slowed.angle < (await after(free, 0.3)).angle, `${slowed.angle}`)
})

test('a limit stops a joint', async () => {
  const { angle } = await after({ ...free, kind: 'revolute', limits: [-0.3, 0.3], damping: 0.5 }, 3)
  assert.ok(Math.abs(angle - 0.3) < 0.02, `${angle}`)
})

test('a prismatic joint slides along its axis, as far as its limit, and turns not at all', async () => {
  const { drop, angle, x } = await after(
    { kind: 'prismatic', axis: { x: 0, y: 0, z: 1 }, limits: [-0.05, 0.05], damping: 20, friction: 0.5 },
    2,
  )
  assert.ok(Math.abs(drop - 0.05) < 0.01, `${drop}`)
  assert.ok(Math.abs(angle) < 0.01 && Math.abs(x - 0.2) < 0.01)
})

test('a restored world with joints continues with the same bits', async () => {
  const joint = { ...free, damping: 0.1, friction: 0.2 }
  const [world, again] = [await worldOf(joint), await worldOf(joint)]
  for (let i = 0; i < 50; i++) world.step()
  again.restore(world.snapshot())
  const [a, b] = [new Float64Array(3 * poseStride), new Float64Array(3 * poseStride)]
  for (let i = 0; i < 200; i++) {
    world.step()
    again.step()
  }
  world.readPoses(a)
  again.readPoses(b)
  assert.deepEqual(b, a)
  assert.notEqual(a[poseStride + 2], 5, 'the rod has moved')
  world.free()
  again.free()
})
