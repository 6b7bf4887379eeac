// The gate between outside data and the engine: a scene that passes here has finite numbers, positive masses, physical
// inertia, sane shapes and unique ids. Readers, generators and createSimulation all call it; nothing below checks again.

import { EngineError } from '../errors.ts'
import { principalAxes } from '../math/symmetric-eigen.ts'
import type { Transform } from '../math/transform.ts'
import { isFinite3, type Vec3 } from '../math/vec3.ts'
import type { Body, Collider, Inertial, Scene, Shape } from './scene.ts'

/** Limits on what a scene may hold; each refusal names the one that was hit. */
export const sceneLimits = {
  bodiesMax: 20_000,
  collidersPerBodyMax: 512,
  trianglesPerMeshMax: 1_000_000,
  trianglesMax: 4_000_000,
  metresMax: 10_000,
}

const fail = (code: EngineError['code'], message: string, where: string): never => {
  throw new EngineError(code, `${message} (${where})`, { where })
}

function checkVector(v: Vec3, where: string): void {
  if (!isFinite3(v)) fail('value/not-finite', 'A position or direction holds a number that is not finite', where)
  const limit = sceneLimits.metresMax
  if (Math.abs(v.x) > limit || Math.abs(v.y) > limit || Math.abs(v.z) > limit)
    fail('value/out-of-range', `A length is past the limit of ${limit} m`, where)
}

function checkPose(pose: Transform, where: string): void {
  checkVector(pose.position, where)
  const { x, y, z, w } = pose.rotation
  const size = x * x + y * y + z * z + w * w
  if (!Number.isFinite(size)) fail('value/not-finite', 'A rotation holds a number that is not finite', where)
  if (Math.abs(size - 1) > 1e-3) fail('value/out-of-range', 'A rotation is not a unit quaternion', where)
}

const positive = (value: number, what: string, where: string): void => {
  if (!Number.isFinite(value)) fail('value/not-finite', `${what} is not a finite number`, where)
  if (value <= 0 || value > sceneLimits.metresMax)
    fail('value/out-of-range', `${what} is ${value}; it must be above 0 and at most ${sceneLimits.metresMax}`, where)
}

function checkMesh(shape: Extract<Shape, { kind: 'mesh' }>, where: string): void {
  const triangles = shape.indices.length / 3
  if (triangles > sceneLimits.trianglesPerMeshMax)
    fail('mesh/too-many-triangles', `A mesh has ${triangles} triangles; the limit is ${sceneLimits.trianglesPerMeshMax}`, where)
  if (!Number.isInteger(triangles) || triangles === 0 || shape.positions.length % 3 !== 0)
    fail('mesh/malformed', 'A mesh has no whole triangles', where)
  const vertices = shape.positions.length / 3
  for (const index of shape.indices) if (index >= vertices) fail('mesh/malformed', `A triangle names vertex ${index} of ${vertices}`, where)
  for (const value of shape.positions) {
    if (!Number.isFinite(value)) fail('value/not-finite', 'A mesh vertex is not a finite number', where)
    if (Math.abs(value) > sceneLimits.metresMax)
      fail('value/out-of-range', `A mesh vertex is past the limit of ${sceneLimits.metresMax} m`, where)
  }
}

const extentsOf = (shape: Exclude<Shape, { kind: 'mesh' }>): Readonly<Record<string, number>> => {
  switch (shape.kind) {
    case 'box':
      return { 'box size x': shape.size.x, 'box size y': shape.size.y, 'box size z': shape.size.z }
    case 'cylinder':
      return { 'cylinder length': shape.length, 'cylinder radius': shape.radius }
    case 'sphere':
      return { 'sphere radius': shape.radius }
    case 'plane':
      return { 'plane size x': shape.size.x, 'plane size y': shape.size.y }
  }
}

function checkShape(shape: Shape, where: string): void {
  if (shape.kind === 'mesh') checkMesh(shape, where)
  else for (const [what, value] of Object.entries(extentsOf(shape))) positive(value, `A ${what}`, where)
}

function checkCollider(collider: Collider, where: string): void {
  checkPose(collider.pose, where)
  checkShape(collider.shape, where)
  if (!(collider.friction >= 0 && collider.friction <= 1e6))
    fail('value/out-of-range', `Friction is ${collider.friction}; it must be 0 or more`, where)
  if (!(collider.restitution >= 0 && collider.restitution <= 1))
    fail('value/out-of-range', `Restitution is ${collider.restitution}; it must be from 0 to 1`, where)
}

/** Refuses a mass that is not positive and an inertia that no real body can have. */
export function checkInertial(inertial: Inertial, where: string): void {
  checkPose(inertial.pose, where)
  const { mass, ixx, iyy, izz, ixy, ixz, iyz } = inertial
  if (![mass, ixx, iyy, izz, ixy, ixz, iyz].every(Number.isFinite))
    fail('value/not-finite', 'An inertia holds a number that is not finite', where)
  if (mass <= 0) fail('mass/not-positive', `A mass is ${mass} kg; it must be above 0`, where)
  if (!isPhysicalInertia(inertial))
    fail('inertia/not-physical', 'An inertia tensor belongs to no real body (negative, or against the triangle inequality)', where)
}

/** Whether the principal moments are positive and no one exceeds the sum of the two others (by more than rounding). */
export function isPhysicalInertia(i: Inertial): boolean {
  const { x, y, z } = principalAxes({ xx: i.ixx, yy: i.iyy, zz: i.izz, xy: i.ixy, xz: i.ixz, yz: i.iyz }).values
  const slack = 1e-3 * (x + y + z)
  return x > 0 && y > 0 && z > 0 && x + y >= z - slack && y + z >= x - slack && x + z >= y - slack
}

function checkBody(body: Body, ids: Set<number>): void {
  const where = `body ${body.name}`
  if (!Number.isInteger(body.id) || body.id < 1 || body.id > 65_535)
    fail('value/out-of-range', `A body id is ${body.id}; it must be from 1 to 65535`, where)
  if (ids.has(body.id)) fail('scene/duplicate-id', `Two bodies have the id ${body.id}`, where)
  ids.add(body.id)
  checkPose(body.pose, where)
  if (body.colliders.length > sceneLimits.collidersPerBodyMax)
    fail('value/out-of-range', `A body has ${body.colliders.length} colliders; the limit is ${sceneLimits.collidersPerBodyMax}`, where)
  if (body.inertial !== undefined && body.motion === 'dynamic') checkInertial(body.inertial, where)
  for (const [index, collider] of body.colliders.entries()) checkCollider(collider, `${where}, collider ${index}`)
}

/** Returns the scene when every number in it can be simulated; throws a coded EngineError that names the place otherwise. */
export function checkScene(scene: Scene): Scene {
  if (scene.bodies.length > sceneLimits.bodiesMax)
    fail('scene/too-many-bodies', `A scene has ${scene.bodies.length} bodies; the limit is ${sceneLimits.bodiesMax}`, scene.name)
  checkVector(scene.gravity, 'gravity')
  const ids = new Set<number>()
  let triangles = 0
  for (const body of scene.bodies) {
    for (const { shape } of body.colliders) if (shape.kind === 'mesh') triangles += shape.indices.length / 3
    if (triangles > sceneLimits.trianglesMax)
      fail('mesh/too-many-triangles', `A scene has more than ${sceneLimits.trianglesMax} triangles`, `body ${body.name}`)
    checkBody(body, ids)
  }
  return scene
}
