// The neutral scene: plain data that readers and generators make, that physics simulates and that sensors draw.
// SI units, Z up, right-handed, quaternions x y z w. A scene never changes; what moves is in a PoseSnapshot beside it.
// It knows no file format and no physics engine. Whoever builds one from outside data calls `checkScene` (check-scene.ts).

import type { Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'

/** What a body is, for labels of datasets and for assertions. */
export const classLabels = ['floor', 'wall', 'rack', 'pallet', 'box', 'person', 'robot', 'vehicle', 'furniture', 'light', 'other'] as const

/** One of the classes that labels use; its place in `classLabels` plus one is the pixel value of class masks. */
export type ClassLabel = (typeof classLabels)[number]

/** A closed shape around its local origin. */
export type Shape =
  /** Full extents along x, y, z in metres. */
  | { readonly kind: 'box'; readonly size: Vec3 }
  /** Along local Z, `length` metres from cap to cap. */
  | { readonly kind: 'cylinder'; readonly radius: number; readonly length: number }
  | { readonly kind: 'sphere'; readonly radius: number }
  /** The half space below a local XY plane with normal +Z; drawn as a rectangle of `size` metres around the origin. */
  | { readonly kind: 'plane'; readonly size: { readonly x: number; readonly y: number } }
  /** Triangles: x y z per vertex in metres, three indices per triangle, counter-clockwise seen from outside. */
  | { readonly kind: 'mesh'; readonly positions: Float32Array; readonly indices: Uint32Array }

/** Linear (not sRGB) colour, each part from 0 to 1. */
export interface LinearColour {
  readonly r: number
  readonly g: number
  readonly b: number
}

/** Procedural textures that the camera knows; `none` is the plain colour. */
export type TextureName = 'none' | 'checker' | 'noise' | 'wood' | 'cardboard' | 'concrete'

/** How a surface looks. */
export interface Material {
  readonly baseColor: LinearColour
  readonly texture: TextureName
  /** Metres per repeat of the texture. */
  readonly textureScale: number
}

/** One piece of a body: its shape, how it feels and how it looks. */
export interface Collider {
  readonly shape: Shape
  /** Pose in the body's frame. */
  readonly pose: Transform
  /** Coulomb coefficient, 0 or more. */
  readonly friction: number
  /** Bounciness from 0 to 1. */
  readonly restitution: number
  readonly material: Material
  /** Whether physics and lidar feel it; false is for paint and trim that only a camera sees. */
  readonly solid: boolean
  /** Whether cameras draw it; false is for invisible guards and stand-ins. */
  readonly drawn: boolean
}

/** Mass properties: kilograms, and the inertia tensor in kg m² about the centre of mass, in the axes of `pose`. */
export interface Inertial {
  readonly mass: number
  /** Centre of mass and axes in the body's frame. */
  readonly pose: Transform
  readonly ixx: number
  readonly iyy: number
  readonly izz: number
  readonly ixy: number
  readonly ixz: number
  readonly iyz: number
}

/** `fixed` never moves, `dynamic` obeys forces, `kinematic` follows a path and pushes but is never pushed. */
export type BodyMotion = 'fixed' | 'dynamic' | 'kinematic'

/** A rigid thing of the world. */
export interface Body {
  /** Instance number from 1 to 65535, unique in the scene: the pixel value of instance masks. */
  readonly id: number
  readonly name: string
  readonly label: ClassLabel
  readonly motion: BodyMotion
  /** Pose in the world at time zero. */
  readonly pose: Transform
  readonly inertial?: Inertial
  readonly colliders: readonly Collider[]
}

/**
 * How two bodies hang together, of which the child is dynamic: the child's origin sits at `anchor` of its parent, and their frames are parallel when the joint is at 0.
 * It turns around `axis` (revolute, continuous) or slides along it (prismatic).
 */
export interface SceneJoint {
  readonly name: string
  readonly kind: 'revolute' | 'continuous' | 'prismatic'
  /** Places in the scene's bodies. */
  readonly parent: number
  readonly child: number
  /** Metres in the parent's frame. */
  readonly anchor: Vec3
  /** Unit length, in the frame of either. */
  readonly axis: Vec3
  /** Least and most, radians or metres; a continuous joint has none. */
  readonly limits?: readonly [number, number]
  /** Newton metre seconds per radian, or newton seconds per metre. */
  readonly damping: number
  /** Newton metres, or newtons, that resist any movement. */
  readonly friction: number
}

/** A lamp. A directional light shines along `direction`; a point light fades with the square of the distance. */
export type Light =
  | {
      readonly kind: 'directional'
      readonly name: string
      /** The way the light travels, unit length, in the world. */
      readonly direction: Vec3
      readonly intensity: number
      readonly colour: LinearColour
      readonly castShadow: boolean
    }
  | {
      readonly kind: 'point'
      readonly name: string
      readonly position: Vec3
      /** Brightness at one metre; the camera divides by the squared distance. */
      readonly intensity: number
      /** Metres after which the light is nothing. */
      readonly range: number
      readonly colour: LinearColour
      readonly castShadow: boolean
    }

/** Something that a source held and the scene does not: named, never dropped silently. */
export interface SceneWarning {
  readonly code: 'unsupported-element' | 'unsupported-value' | 'missing-visual' | 'replaced-value' | 'commented-include' | 'ignored-file'
  /** File and element path, as `worlds/a.world: sdf/world/physics`. */
  readonly where: string
  readonly message: string
}

/** A whole world at time zero. */
export interface Scene {
  readonly name: string
  /** Metres per second squared, in the world. */
  readonly gravity: Vec3
  readonly bodies: readonly Body[]
  /** What hangs on what; nothing where left out. */
  readonly joints?: readonly SceneJoint[]
  readonly lights: readonly Light[]
  /** Light from everywhere. */
  readonly ambient: LinearColour
  readonly warnings: readonly SceneWarning[]
}

/** Where every body is at one moment. The arrays are reused by the simulation between steps: copy what you keep. */
export interface PoseSnapshot {
  /** Steps since the start. */
  readonly step: number
  /** Whole nanoseconds since the start. */
  readonly timeNs: number
  /** x y z qx qy qz qw per body, in the order of `scene.bodies`: `poses[7 * index + field]`. */
  readonly poses: Float64Array
}

/** Numbers per body in `PoseSnapshot.poses`. */
export const poseStride = 7

/** The pixel value of a class in class masks: 1 and up; 0 is nothing. */
export const classIdOf = (label: ClassLabel): number => classLabels.indexOf(label) + 1

/** The pose of the body at `index` in a snapshot. */
export function poseAt(snapshot: PoseSnapshot, index: number): Transform {
  const p = snapshot.poses
  const at = index * poseStride
  return {
    position: { x: p[at] ?? 0, y: p[at + 1] ?? 0, z: p[at + 2] ?? 0 },
    rotation: { x: p[at + 3] ?? 0, y: p[at + 4] ?? 0, z: p[at + 5] ?? 0, w: p[at + 6] ?? 1 },
  }
}

/** Writes a pose into a pose array. */
export function writePose(poses: Float64Array, index: number, pose: Transform): void {
  const at = index * poseStride
  poses[at] = pose.position.x
  poses[at + 1] = pose.position.y
  poses[at + 2] = pose.position.z
  poses[at + 3] = pose.rotation.x
  poses[at + 4] = pose.rotation.y
  poses[at + 5] = pose.rotation.z
  poses[at + 6] = pose.rotation.w
}

/** The poses of a scene at time zero, in an array of its own. */
export function initialPoses(scene: Scene): PoseSnapshot {
  const poses = new Float64Array(scene.bodies.length * poseStride)
  for (const [index, body] of scene.bodies.entries()) writePose(poses, index, body.pose)
  return { step: 0, timeNs: 0, poses }
}

/** A plain grey surface without texture. */
export const plainMaterial: Material = Object.freeze({
  baseColor: Object.freeze({ r: 0.5, g: 0.5, b: 0.5 }),
  texture: 'none',
  textureScale: 1,
})
