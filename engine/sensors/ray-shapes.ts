// The solid shapes of a scene as rows of numbers that rays are tested against: boxes, cylinders and spheres exactly, meshes by their triangles.
// A row is in world coordinates; rows of moving bodies are rewritten for each scan.

import { EngineError } from '../errors.ts'
import { conjugate, type Quat, rotate } from '../math/quat.ts'
import { compose, type Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import type { Body, Scene, Shape } from '../scene/scene.ts'
import { checkPose } from './view.ts'

/** Numbers per shape: kind, three rows world → shape (9), origin (3), measures (3); a triangle holds a corner and two edges (9) instead. */
export const shapeStride = 16
/** Kinds of shapes. */
export const shapeKinds = { box: 0, cylinder: 1, sphere: 2, triangle: 3, plane: 4 } as const
/** Most shapes of one scene that rays can be cast against. */
const rayShapesMax = 4_000_000

/** Shapes and whose they are. */
export interface RayShapes {
  readonly count: number
  readonly rows: Float64Array
  /** Low and high corner per shape: six numbers. */
  readonly bounds: Float64Array
  /** Index into `scene.bodies` per shape. */
  readonly bodies: Uint32Array
}

/** One collider that rays meet, before its rows are written. */
export interface RayPart {
  readonly bodyIndex: number
  readonly shape: Shape
  readonly pose: Transform
}

/** The solid parts of a scene, split by whether their bodies move. */
export function solidParts(scene: Scene): { readonly fixed: RayPart[]; readonly moving: RayPart[] } {
  const fixed: RayPart[] = []
  const moving: RayPart[] = []
  for (const [bodyIndex, body] of scene.bodies.entries()) {
    checkPose(body.pose, `body \`${body.name}\``)
    const list = body.motion === 'fixed' ? fixed : moving
    for (const { solid, shape, pose } of body.colliders) if (solid) list.push({ bodyIndex, shape, pose })
  }
  return { fixed, moving }
}

/** How many rows parts take; `mesh/too-many-triangles` past the limit. */
export function countShapes(parts: readonly RayPart[]): number {
  const count = parts.reduce((sum, { shape }) => sum + (shape.kind === 'mesh' ? Math.floor(shape.indices.length / 3) : 1), 0)
  if (count > rayShapesMax) {
    throw new EngineError('mesh/too-many-triangles', `Rays would meet ${count} shapes; the limit is ${rayShapesMax}.`, { rayShapesMax })
  }
  return count
}

/** Empty rows. */
export function createShapes(count: number): RayShapes {
  return { count, rows: new Float64Array(count * shapeStride), bounds: new Float64Array(count * 6), bodies: new Uint32Array(count) }
}

/** Writes the rows of parts, each in the pose that `poseOf` gives its body. */
export function writeShapes(out: RayShapes, parts: readonly RayPart[], poseOf: (bodyIndex: number) => Transform): void {
  let at = 0
  for (const part of parts) {
    const pose = compose(poseOf(part.bodyIndex), part.pose)
    if (part.shape.kind === 'mesh') at = writeTriangles(out, at, part.shape, pose, part.bodyIndex)
    else {
      out.bodies[at] = part.bodyIndex
      writeSolid(out, at, part.shape, pose)
      at++
    }
  }
}

/** The pose of a body at time zero. */
export function restingPose(bodies: readonly Body[], index: number): Transform {
  const body = bodies[index]
  if (body === undefined) throw new EngineError('scene/no-such-body', `There is no body number ${index}.`, { index })
  return body.pose
}

function writeSolid(out: RayShapes, index: number, shape: Exclude<Shape, { kind: 'mesh' }>, pose: Transform): void {
  const half = halfExtents(shape)
  const inverse = conjugate(pose.rotation)
  const at = index * shapeStride
  const { rows } = out
  rows[at] = shapeKinds[shape.kind]
  for (const [k, axis] of axes.entries()) {
    // The columns of the inverse rotation are where it takes the world's axes.
    const column = rotate(inverse, axis)
    rows[at + 1 + k] = column.x
    rows[at + 4 + k] = column.y
    rows[at + 7 + k] = column.z
  }
  rows.set([pose.position.x, pose.position.y, pose.position.z, half.x, half.y, half.z], at + 10)
  writeBounds(out, index, pose.position, turnedExtents(pose.rotation, half))
}

const axes: readonly Vec3[] = [
  { x: 1, y: 0, z: 0 },
  { x: 0, y: 1, z: 0 },
  { x: 0, y: 0, z: 1 },
]

function halfExtents(shape: Exclude<Shape, { kind: 'mesh' }>): Vec3 {
  if (shape.kind === 'box') return { x: shape.size.x / 2, y: shape.size.y / 2, z: shape.size.z / 2 }
  if (shape.kind === 'cylinder') return { x: shape.radius, y: shape.radius, z: shape.length / 2 }
  if (shape.kind === 'sphere') return { x: shape.radius, y: shape.radius, z: shape.radius }
  // A plane is the half space that physics has: as far as any ray goes.
  return { x: 1e6, y: 1e6, z: 0 }
}

function turnedExtents(rotation: Quat, half: Vec3): Vec3 {
  const [a, b, c] = [
    rotate(rotation, { x: half.x, y: 0, z: 0 }),
    rotate(rotation, { x: 0, y: half.y, z: 0 }),
    rotate(rotation, { x: 0, y: 0, z: half.z }),
  ]
  return {
    x: Math.abs(a.x) + Math.abs(b.x) + Math.abs(c.x),
    y: Math.abs(a.y) + Math.abs(b.y) + Math.abs(c.y),
    z: Math.abs(a.z) + Math.abs(b.z) + Math.abs(c.z),
  }
}

/** A hair wider than the shape, so that a ray along a face meets the box around it. */
function writeBounds(out: RayShapes, index: number, middle: Vec3, half: Vec3): void {
  const e = 1e-6
  out.bounds.set(
    [
      middle.x - half.x - e,
      middle.y - half.y - e,
      middle.z - half.z - e,
      middle.x + half.x + e,
      middle.y + half.y + e,
      middle.z + half.z + e,
    ],
    index * 6,
  )
}

function writeTriangles(out: RayShapes, from: number, shape: Extract<Shape, { kind: 'mesh' }>, pose: Transform, bodyIndex: number): number {
  const corner = (k: number): Vec3 => {
    const at = (shape.indices[k] ?? 0) * 3
    const local = { x: shape.positions[at] ?? 0, y: shape.positions[at + 1] ?? 0, z: shape.positions[at + 2] ?? 0 }
    const turned = rotate(pose.rotation, local)
    return { x: turned.x + pose.position.x, y: turned.y + pose.position.y, z: turned.z + pose.position.z }
  }
  let index = from
  for (let k = 0; k + 2 < shape.indices.length; k += 3) {
    const [a, b, c] = [corner(k), corner(k + 1), corner(k + 2)]
    out.bodies[index] = bodyIndex
    out.rows.set(
      [shapeKinds.triangle, a.x, a.y, a.z, b.x - a.x, b.y - a.y, b.z - a.z, c.x - a.x, c.y - a.y, c.z - a.z],
      index * shapeStride,
    )
    const low = { x: Math.min(a.x, b.x, c.x), y: Math.min(a.y, b.y, c.y), z: Math.min(a.z, b.z, c.z) }
    const high = { x: Math.max(a.x, b.x, c.x), y: Math.max(a.y, b.y, c.y), z: Math.max(a.z, b.z, c.z) }
    const half = { x: (high.x - low.x) / 2, y: (high.y - low.y) / 2, z: (high.z - low.z) / 2 }
    writeBounds(out, index, { x: low.x + half.x, y: low.y + half.y, z: low.z + half.z }, half)
    index++
  }
  return index
}
