import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { PhysicsWorld } from '../physics/physics-world.ts'
import { loadRapier } from '../physics/rapier.ts'
import { poseStride, type Scene } from '../scene/scene.ts'
import { bundleSource } from './file-source.ts'
import { readSdfWorld } from './sdf.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (model: string): Scene =>
  readSdfWorld(
    bundleSource(new Map([['w.world', encode(`<sdf version="1.6"><world name="w"><model name="m">${model}</model></world></sdf>`)]])),
    'w.world',
  )

const link = (name: string, x: number, size = '0.2 0.2 0.2'): string =>
  `<link name="${name}"><pose>${x} 0 1 0 0 0</pose><collision name="c"><geometry><box><size>${size}</size></box></geometry></collision></link>`
const joint = (type: string, parent: string, child: string, rest = ''): string =>
  `<joint name="${parent}-${child}" type="${type}"><parent>${parent}</parent><child>${child}</child>${rest}</joint>`
const axis = (xyz: string, limit = '', dynamics = ''): string =>
  `<axis><xyz>${xyz}</xyz><limit>${limit}</limit><dynamics>${dynamics}</dynamics></axis>`

test('links on a fixed joint are one body; one that is fixed to the world stands', () => {
  const { bodies, joints } = read(`<pose>1 0 0 0 0 0</pose>${link('a', 0)}${link('b', 0.5)}${joint('fixed', 'a', 'b')}`)
  assert.equal(bodies.length, 1)
  assert.deepEqual(
    bodies[0]?.colliders.map(({ pose }) => pose.position.x),
    [0, 0.5],
  )
  assert.equal(joints, undefined)
  assert.equal(read(`${link('a', 0)}${joint('fixed', 'world', 'a')}`).bodies[0]?.motion, 'fixed')
})

test('what hangs on a joint has its frame there, whatever way the file turns it, with axis, limits and resistance', () => {
  const turned = `<pose>0 0 0 0 0 1.5707963267948966</pose>`
  const hinge = joint(
    'revolute',
    'a',
    'b',
    `<pose>-0.25 0 0 0 0 0</pose>${axis('1 0 0', '<lower>-0.5</lower><upper>1</upper>', '<damping>0.3</damping>')}`,
  )
  const { bodies, joints = [] } = read(`${turned}${link('a', 0)}${link('b', 0.5)}${hinge}`)
  const [made] = joints
  assert.deepEqual(
    [made?.kind, made?.parent, made?.child, made?.limits, made?.damping, made?.friction],
    ['revolute', 0, 1, [-0.5, 1], 0.3, 0],
  )
  assert.ok(Math.abs((made?.anchor.x ?? 0) - 0.25) < 1e-9 && Math.abs((made?.axis.x ?? 0) - 1) < 1e-9)
  // In the world the model's x points along y.
  assert.ok(Math.abs((bodies[1]?.pose.position.y ?? 0) - 0.25) < 1e-9)
  assert.ok(Math.abs((bodies[1]?.colliders[0]?.pose.position.x ?? 0) - 0.25) < 1e-9)
  assert.deepEqual(
    bodies.map(({ id }) => id),
    [1, 2],
  )
})

test('limits that are none make a joint continuous, and an axis may be the model’s', () => {
  const free = axis('0 0 2', '<lower>-1e16</lower><upper>inf</upper>').replace(
    '</axis>',
    '<use_parent_model_frame>1</use_parent_model_frame></axis>',
  )
  const [made] = read(`${link('a', 0)}${link('b', 0.5)}${joint('revolute', 'a', 'b', `<pose>0 0 0 1 0 0</pose>${free}`)}`).joints ?? []
  assert.equal(made?.kind, 'continuous')
  assert.equal(made?.limits, undefined)
  assert.ok(Math.abs((made?.axis.z ?? 0) - 1) < 1e-9)
})

test('a trolley and its arm stay together when they fall, and the arm swings', async () => {
  const arm = joint('revolute', 'a', 'b', `<pose>-0.4 0 0 0 0 0</pose>${axis('0 1 0')}`)
  const scene = read(`${link('a', 0, '0.4 0.4 0.4')}${link('b', 0.6, '0.6 0.1 0.1')}${arm}`)
  const world = new PhysicsWorld(await loadRapier(), { ...scene, gravity: { x: 0, y: 0, z: -9.81 } }, 0.01)
  const poses = new Float64Array(2 * poseStride)
  for (let i = 0; i < 50; i++) world.step()
  world.readPoses(poses)
  world.free()
  const apart = [0, 1, 2].map((k) => (poses[poseStride + k] ?? 0) - (poses[k] ?? 0))
  assert.ok((poses[2] ?? 1) < 0, 'both have fallen')
  assert.ok(Math.abs(Math.hypot(...apart) - 0.2) < 0.01, `the hinge is ${Math.hypot(...apart)} m away`)
})

test('joints to nowhere, in circles, with limits the wrong way round or an axis without direction are refused', () => {
  const two = `${link('a', 0)}${link('b', 0.5)}`
  const wrong: readonly (readonly [string, string])[] = [
    [joint('revolute', 'a', 'nobody', axis('1 0 0')), 'sdf/joint-to-nowhere'],
    [joint('revolute', 'a', 'b', axis('1 0 0')) + joint('revolute', 'b', 'a', axis('1 0 0')), 'sdf/cyclic-joints'],
    [joint('fixed', 'a', 'a'), 'sdf/cyclic-joints'],
    [joint('revolute', 'a', 'b', axis('1 0 0', '<lower>1</lower><upper>-1</upper>')), 'value/out-of-range'],
    [joint('revolute', 'a', 'b', axis('0 0 0')), 'value/out-of-range'],
    [joint('revolute', 'a', 'b', axis('1 0 0', '', '<friction>-1</friction>')), 'value/out-of-range'],
    [joint('revolute', 'a', 'b', axis('nan 0 0')), 'value/not-finite'],
  ]
  for (const [joints, code] of wrong)
    assert.throws(
      () => read(two + joints),
      (error: unknown) => error instanceof EngineError && error.code === code,
      code,
    )
})

test('joints that cannot be simulated are named, with what becomes of their links', () => {
  const kinds = joint('ball', 'a', 'b') + joint('revolute', 'world', 'a', axis('0 0 1')) + joint('fixed', 'a', 'inner::l')
  const { warnings, bodies } = read(`${link('a', 0)}${link('b', 0.5)}<link name="frame"/>${kinds}${joint('fixed', 'frame', 'a')}`)
  assert.deepEqual(
    warnings.map(({ where }) => where.replace(/^.*joint/, 'joint')),
    ['joint[a-b]', 'joint[world-a]', 'joint[a-inner::l]', 'joint[frame-a]'],
  )
  assert.ok(warnings.every(({ message }) => message.includes('not held together')))
  assert.equal(bodies.length, 2)
})
