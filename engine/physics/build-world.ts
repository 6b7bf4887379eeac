// Turns a checked scene into Rapier bodies and colliders, in the order of the scene: the order decides the handles, and
// with them every later bit. Cylinders lie along Z in a scene and along Y in Rapier; planes become thick slabs.

import type { Collider, ColliderDesc, RigidBodyDesc, World } from '@dimforge/rapier3d-deterministic-compat'
import { EngineError } from '../errors.ts'
import { multiplyQuat, type Quat } from '../math/quat.ts'
import { principalAxes } from '../math/symmetric-eigen.ts'
import { apply } from '../math/transform.ts'
import type { Body, Inertial, Scene, Collider as ScenePart, Shape } from '../scene/scene.ts'
import { addJoints } from './joints.ts'
import type { Rapier } from './rapier.ts'

/** Handles of the Rapier side, by place in the scene. */
export interface WorldHandles {
  /** Rigid body handle per scene body. */
  readonly bodies: readonly number[]
  /** Scene body index by collider handle. */
  readonly bodyOfCollider: ReadonlyMap<number, number>
  readonly joints: ReturnType<typeof addJoints>
}

const SLAB_METRES = 1
/** Kilograms per cubic metre of a dynamic body that states no mass: packed cardboard. */
const DEFAULT_DENSITY = 150
const Y_TO_Z: Quat = { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 }

function meshDesc(rapier: Rapier, shape: Extract<Shape, { kind: 'mesh' }>, moves: boolean, name: string): ColliderDesc {
  if (!moves) return rapier.ColliderDesc.trimesh(shape.positions, shape.indices)
  const hull = rapier.ColliderDesc.convexHull(shape.positions)
  if (hull === null)
    throw new EngineError('mesh/malformed', `The mesh of moving body ${name} is flat: it has no convex hull`, { body: name })
  return hull
}

function shapeDesc(rapier: Rapier, shape: Shape, moves: boolean, name: string): ColliderDesc {
  switch (shape.kind) {
    case 'box':
      return rapier.ColliderDesc.cuboid(shape.size.x / 2, shape.size.y / 2, shape.size.z / 2)
    case 'cylinder':
      return rapier.ColliderDesc.cylinder(shape.length / 2, shape.radius)
    case 'sphere':
      return rapier.ColliderDesc.ball(shape.radius)
    case 'plane':
      return rapier.ColliderDesc.cuboid(shape.size.x / 2, shape.size.y / 2, SLAB_METRES / 2)
    case 'mesh':
      return meshDesc(rapier, shape, moves, name)
  }
}

function colliderDesc(rapier: Rapier, body: Body, part: ScenePart): ColliderDesc {
  const desc = shapeDesc(rapier, part.shape, body.motion === 'dynamic', body.name)
  const p = part.shape.kind === 'plane' ? apply(part.pose, { x: 0, y: 0, z: -SLAB_METRES / 2 }) : part.pose.position
  desc.setTranslation(p.x, p.y, p.z)
  desc.setRotation(part.shape.kind === 'cylinder' ? multiplyQuat(part.pose.rotation, Y_TO_Z) : part.pose.rotation)
  desc.setFriction(part.friction).setRestitution(part.restitution)
  desc.setDensity(body.inertial === undefined ? DEFAULT_DENSITY : 0)
  // The tyre model holds the robot to the floor (robot/drive.ts); its colliders must not drag as well.
  if (body.label === 'robot')
    desc.setFrictionCombineRule(rapier.CoefficientCombineRule.Min).setActiveEvents(rapier.ActiveEvents.COLLISION_EVENTS)
  return desc
}

function setMass(desc: RigidBodyDesc, inertial: Inertial): void {
  const { values, rotation } = principalAxes({
    xx: inertial.ixx,
    yy: inertial.iyy,
    zz: inertial.izz,
    xy: inertial.ixy,
    xz: inertial.ixz,
    yz: inertial.iyz,
  })
  desc.setAdditionalMassProperties(inertial.mass, inertial.pose.position, values, multiplyQuat(inertial.pose.rotation, rotation))
}

function bodyDesc(rapier: Rapier, body: Body): RigidBodyDesc {
  const kinds = {
    fixed: rapier.RigidBodyDesc.fixed,
    dynamic: rapier.RigidBodyDesc.dynamic,
    kinematic: rapier.RigidBodyDesc.kinematicPositionBased,
  }
  const desc = kinds[body.motion]()
  desc.setTranslation(body.pose.position.x, body.pose.position.y, body.pose.position.z).setRotation(body.pose.rotation)
  if (body.inertial !== undefined && body.motion === 'dynamic') setMass(desc, body.inertial)
  if (body.label === 'robot') desc.setCanSleep(false)
  return desc
}

function addParts(rapier: Rapier, world: World, body: Body, desc: RigidBodyDesc, index: number, owners: Map<number, number>): number {
  const rigid = world.createRigidBody(desc)
  for (const part of body.colliders) {
    if (!part.solid) continue
    const collider: Collider = world.createCollider(colliderDesc(rapier, body, part), rigid)
    owners.set(collider.handle, index)
  }
  return rigid.handle
}

/** Builds the bare Rapier world of a scene. `stepSeconds` is the length of one step. */
export function buildWorld(rapier: Rapier, scene: Scene, stepSeconds: number): { readonly world: World; readonly handles: WorldHandles } {
  const world = new rapier.World(scene.gravity)
  world.timestep = stepSeconds
  const owners = new Map<number, number>()
  const bodies = scene.bodies.map((body, index) => addParts(rapier, world, body, bodyDesc(rapier, body), index, owners))
  return { world, handles: { bodies, bodyOfCollider: owners, joints: addJoints(rapier, world, scene, bodies) } }
}
