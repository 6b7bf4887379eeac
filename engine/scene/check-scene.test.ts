import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { identityQuat } from '../math/quat.ts'
import { principalAxes } from '../math/symmetric-eigen.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { checkScene, sceneLimits } from './check-scene.ts'
import { at, boxInertial, boxPart, part } from './parts.ts'
import { type Body, classIdOf, classLabels, initialPoses, plainMaterial, poseAt, type Scene } from './scene.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted
const box = boxPart({ x: 1, y: 1, z: 1 }, at(0, 0, 0), plainMaterial)
const body: Body = {
  id: 1,
  name: 'crate',
  label: 'box',
  motion: 'dynamic',
  pose: at(0, 0, 0),
  colliders: [box],
  inertial: boxInertial(2, { x: 1, y: 1, z: 1 }),
}
const scene = (...bodies: Body[]): Scene => ({
  name: 's',
  gravity: { x: 0, y: 0, z: -9.81 },
  bodies,
  lights: [],
  ambient: { r: 0, g: 0, b: 0 },
  warnings: [],
})
const refused = (changed: Partial<Body>, wanted: string): void =>
  assert.throws(() => checkScene(scene({ ...body, ...changed })), code(wanted), wanted)

test('a sound scene passes as it is', () => {
  const sound = scene(body)
  assert.equal(checkScene(sound), sound)
})

test('ids are whole, in the range of a mask pixel, and unique', () => {
  assert.throws(() => checkScene(scene(body, body)), code('scene/duplicate-id'))
  for (const id of [0, 1.5, 65_536]) refused({ id }, 'value/out-of-range')
})

test('numbers that are not finite, far away or not a rotation are refused', () => {
  refused({ pose: at(Number.NaN, 0, 0) }, 'value/not-finite')
  refused({ pose: at(2 * sceneLimits.metresMax, 0, 0) }, 'value/out-of-range')
  refused({ pose: { position: at(0, 0, 0).position, rotation: { x: 0, y: 0, z: 0, w: 0 } } }, 'value/out-of-range')
  refused({ pose: { position: at(0, 0, 0).position, rotation: { ...identityQuat, w: Number.POSITIVE_INFINITY } } }, 'value/not-finite')
  assert.throws(() => checkScene({ ...scene(), gravity: { x: 0, y: 0, z: Number.NaN } }), code('value/not-finite'))
})

test('masses, inertia, friction and shapes that no thing has are refused', () => {
  refused({ inertial: { ...boxInertial(1, { x: 1, y: 1, z: 1 }), mass: 0 } }, 'mass/not-positive')
  refused({ inertial: { ...boxInertial(1, { x: 1, y: 1, z: 1 }), ixx: 9 } }, 'inertia/not-physical')
  refused({ colliders: [{ ...box, friction: -1 }] }, 'value/out-of-range')
  refused({ colliders: [{ ...box, restitution: Number.NaN }] }, 'value/out-of-range')
  refused({ colliders: [boxPart({ x: 1, y: 0, z: 1 }, at(0, 0, 0), plainMaterial)] }, 'value/out-of-range')
  refused({ colliders: Array.from({ length: sceneLimits.collidersPerBodyMax + 1 }, () => box) }, 'value/out-of-range')
})

test('meshes with too many triangles, loose indices or NaN are refused', () => {
  const mesh = (positions: Float32Array, indices: Uint32Array): Partial<Body> => ({
    colliders: [part({ kind: 'mesh', positions, indices }, at(0, 0, 0), plainMaterial)],
  })
  const triangle = Float32Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0])
  refused(mesh(triangle, new Uint32Array(3 * (sceneLimits.trianglesPerMeshMax + 1))), 'mesh/too-many-triangles')
  refused(mesh(triangle, Uint32Array.from([0, 1, 3])), 'mesh/malformed')
  refused(mesh(triangle, Uint32Array.from([0, 1])), 'mesh/malformed')
  refused(mesh(Float32Array.from([0, 0, 0, 1, 0, 0, 0, Number.NaN, 0]), Uint32Array.from([0, 1, 2])), 'value/not-finite')
})

test('poses come out of a snapshot as they went in, and classes have pixel values from one on', () => {
  const { bodies } = generateWarehouse({ rackRows: 1, baysPerRow: 1 }).scene
  const snapshot = initialPoses(scene(...bodies))
  assert.deepEqual(poseAt(snapshot, 5), bodies[5]?.pose)
  assert.equal(classIdOf(classLabels[0]), 1)
})

test('principal axes put the matrix back together', () => {
  const { values, rotation } = principalAxes({ xx: 3, yy: 3, zz: 5, xy: 1, xz: 0, yz: 0 })
  assert.deepEqual([values.x, values.y, values.z].map((v) => Math.round(v * 1e9) / 1e9).sort(), [2, 4, 5])
  assert.ok(Math.abs(rotation.x ** 2 + rotation.y ** 2 + rotation.z ** 2 + rotation.w ** 2 - 1) < 1e-12)
})
