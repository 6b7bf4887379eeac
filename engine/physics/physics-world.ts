// The running physics: steps, rays, impulses, contacts of the robot and bit-exact snapshots, in terms of scene indices.
// Nothing above this file sees a Rapier type. Trusts that the scene went through checkScene.

import type { EventQueue, Ray, RayColliderHit, RigidBody, World } from '@dimforge/rapier3d-deterministic-compat'
import { EngineError } from '../errors.ts'
import type { Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import { poseStride, type Scene } from '../scene/scene.ts'
import { buildWorld, type WorldHandles } from './build-world.ts'
import { resistJoints } from './joints.ts'
import type { Rapier } from './rapier.ts'

/** A vector that calls write into, so that a step makes no garbage. */
export interface MutableVec3 {
  x: number
  y: number
  z: number
}

/** Position, rotation and velocities of one body, written in place by `readMotion`. */
export interface Motion {
  readonly position: MutableVec3
  readonly rotation: { x: number; y: number; z: number; w: number }
  /** Metres per second of the centre of mass, in the world. */
  readonly linear: MutableVec3
  /** Radians per second, in the world. */
  readonly angular: MutableVec3
}

/** A motion at rest at the origin, to be written into. */
export const emptyMotion = (): Motion => ({
  position: { x: 0, y: 0, z: 0 },
  rotation: { x: 0, y: 0, z: 0, w: 1 },
  linear: { x: 0, y: 0, z: 0 },
  angular: { x: 0, y: 0, z: 0 },
})

const linkHandles = (handles: WorldHandles, world: World): RigidBody[] => handles.bodies.map((handle) => world.getRigidBody(handle))

/** A physics world over one scene; one per run. `free` gives its memory back. */
export class PhysicsWorld {
  readonly #rapier: Rapier
  readonly #handles: WorldHandles
  readonly #moving: readonly number[]
  readonly #events: EventQueue
  readonly #ray: Ray
  #world: World
  #bodies: RigidBody[]

  constructor(rapier: Rapier, scene: Scene, stepSeconds: number) {
    this.#rapier = rapier
    const built = buildWorld(rapier, scene, stepSeconds)
    this.#world = built.world
    this.#handles = built.handles
    this.#bodies = linkHandles(built.handles, built.world)
    this.#moving = scene.bodies.flatMap((body, index) => (body.motion === 'fixed' ? [] : [index]))
    this.#events = new rapier.EventQueue(false)
    this.#ray = new rapier.Ray({ x: 0, y: 0, z: 0 }, { x: 1, y: 0, z: 0 })
  }

  #body(index: number): RigidBody {
    const body = this.#bodies[index]
    if (body === undefined) throw new EngineError('scene/no-such-body', `The scene has no body at index ${index}`, { index })
    return body
  }

  /**
   * Advances by one step. Asks the pipeline itself: the world's own method then also looks through every body and collider for
   * pieces that soft bodies tore off, and there are none here.
   */
  step(): void {
    const w = this.#world
    resistJoints(this.#rapier, w, this.#handles.joints)
    w.physicsPipeline.step(
      w.gravity,
      w.integrationParameters,
      w.islands,
      w.broadPhase,
      w.narrowPhase,
      w.bodies,
      w.colliders,
      w.softBodies,
      w.impulseJoints,
      w.multibodyJoints,
      w.ccdSolver,
      this.#events,
    )
  }

  /** Calls back with each pair of scene indices that began to touch since the last call; one of them is a robot. */
  drainTouches(touch: (a: number, b: number) => void): void {
    this.#events.drainCollisionEvents((handleA, handleB, started) => {
      const a = this.#handles.bodyOfCollider.get(handleA)
      const b = this.#handles.bodyOfCollider.get(handleB)
      if (started && a !== undefined && b !== undefined) touch(a, b)
    })
  }

  /** The nearest hit, asked of the broad phase itself: the world's own method calls back into JavaScript for every candidate. */
  #cast(origin: Vec3, direction: Vec3, maxMetres: number, ignore: number | undefined): RayColliderHit | null {
    const world = this.#world
    this.#ray.origin = origin
    this.#ray.dir = direction
    return world.broadPhase.castRay(
      world.narrowPhase,
      world.bodies,
      world.colliders,
      this.#ray,
      maxMetres,
      true,
      undefined,
      undefined,
      undefined,
      ignore,
    )
  }

  /** Metres along a unit direction to the nearest solid surface within `maxMetres`, or -1. `ignore` is a body index. */
  castRay(origin: Vec3, direction: Vec3, maxMetres: number, ignore: number): number {
    return this.#cast(origin, direction, maxMetres, this.#handles.bodies[ignore])?.timeOfImpact ?? -1
  }

  /** Metres straight down to the nearest solid surface within `maxMetres`, or -1. */
  castDown(origin: Vec3, maxMetres: number): number {
    return this.#cast(origin, { x: 0, y: 0, z: -1 }, maxMetres, undefined)?.timeOfImpact ?? -1
  }

  /** Like `castRay`, also naming the body that was hit by its index. */
  castRayToBody(
    origin: Vec3,
    direction: Vec3,
    maxMetres: number,
    ignore: number,
  ): { readonly metres: number; readonly body: number } | null {
    const hit = this.#cast(origin, direction, maxMetres, this.#handles.bodies[ignore])
    const body = hit === null ? undefined : this.#handles.bodyOfCollider.get(hit.collider.handle)
    return hit === null || body === undefined ? null : { metres: hit.timeOfImpact, body }
  }

  /** Reads where a body is and how it moves into `into`. */
  readMotion(index: number, into: Motion): void {
    const body = this.#body(index)
    body.translation(into.position)
    body.rotation(into.rotation)
    body.linvel(into.linear)
    body.angvel(into.angular)
  }

  /** Pushes a body by `impulse` newton seconds at a point of the world. */
  applyImpulse(index: number, impulse: Vec3, point: Vec3): void {
    this.#body(index).applyImpulseAtPoint(impulse, point, true)
  }

  /** Sends a kinematic body to a pose within the coming step. */
  moveKinematic(index: number, pose: Transform): void {
    const body = this.#body(index)
    body.setNextKinematicTranslation(pose.position)
    body.setNextKinematicRotation(pose.rotation)
  }

  /** Writes the poses of everything that can move into a pose array of the scene; fixed bodies are left as they are. */
  readPoses(poses: Float64Array): void {
    const [t, r] = [
      { x: 0, y: 0, z: 0 },
      { x: 0, y: 0, z: 0, w: 1 },
    ]
    for (const index of this.#moving) {
      const body = this.#body(index)
      body.translation(t)
      body.rotation(r)
      const at = index * poseStride
      poses[at] = t.x
      poses[at + 1] = t.y
      poses[at + 2] = t.z
      poses[at + 3] = r.x
      poses[at + 4] = r.y
      poses[at + 5] = r.z
      poses[at + 6] = r.w
    }
  }

  /** The whole physical state as bytes; pending touches are not in it, so drain them first. */
  snapshot(): Uint8Array {
    return this.#world.takeSnapshot()
  }

  /** Continues from bytes that `snapshot` gave for the same scene; the continuation is bit-identical. */
  restore(bytes: Uint8Array): void {
    const world = this.#rapier.World.restoreSnapshot(bytes) as World | null
    if (world === null) throw new EngineError('run/snapshot-mismatch', 'The snapshot is not one of a physics world')
    this.#world.free()
    this.#world = world
    this.#bodies = linkHandles(this.#handles, world)
    this.#events.clear()
  }

  /** Gives the memory back; the world must not be used afterwards. */
  free(): void {
    this.#events.free()
    this.#world.free()
  }
}
