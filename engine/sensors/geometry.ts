// All triangles of a scene in one set of flat arrays, with one part per body: made once, read by rasteriser and ray caster.
// Vertices are in their body's own frame; a 3 × 4 matrix per part says where the body is, and each snapshot sets those of moving bodies.

import type { Transform } from '../math/transform.ts'
import { poseStride, writePose } from '../scene/scene.ts'
import type { Mesh } from './mesh.ts'

/** One body's triangles before they are joined: `bodyIndex` points into the scene, `moving` says whether a snapshot moves it. */
export interface Part {
  readonly bodyIndex: number
  readonly instanceId: number
  readonly classId: number
  readonly moving: boolean
  /** Whether it is something to label (a floor or a wall is not). */
  readonly labelled: boolean
  /** Pose at time zero. */
  readonly pose: Transform
  readonly mesh: Mesh
}

/** A part inside the joined arrays: half-open ranges and a bounding ball and box in the part's own frame. */
export interface PartRange extends Omit<Part, 'mesh'> {
  readonly vertexFrom: number
  readonly vertexTo: number
  readonly triangleFrom: number
  readonly triangleTo: number
  readonly centre: readonly [number, number, number]
  readonly radius: number
  readonly low: readonly [number, number, number]
  readonly high: readonly [number, number, number]
}

/** Joined triangles. `matrices` holds 12 numbers per part, row by row: rotation and place in the world. */
export interface Geometry {
  readonly positions: Float64Array
  readonly normals: Float64Array
  readonly uvs: Float64Array
  readonly indices: Uint32Array
  readonly materials: Uint16Array
  /** Per triangle the first triangle of its flat face. */
  readonly faces: Uint32Array
  /** As in `Mesh.fourths`, with vertices numbered through. */
  readonly fourths: Int32Array
  readonly partOfTriangle: Uint16Array
  readonly parts: readonly PartRange[]
  readonly matrices: Float64Array
}

/** Joins parts into one geometry. */
export function joinParts(parts: readonly Part[]): Geometry {
  const vertexCount = parts.reduce((sum, part) => sum + part.mesh.uvs.length / 2, 0)
  const triangleCount = parts.reduce((sum, part) => sum + part.mesh.materials.length, 0)
  const geometry = {
    positions: new Float64Array(vertexCount * 3),
    normals: new Float64Array(vertexCount * 3),
    uvs: new Float64Array(vertexCount * 2),
    indices: new Uint32Array(triangleCount * 3),
    materials: new Uint16Array(triangleCount),
    faces: new Uint32Array(triangleCount),
    fourths: new Int32Array(triangleCount),
    partOfTriangle: new Uint16Array(triangleCount),
    matrices: new Float64Array(parts.length * 12),
  }
  const ranges: PartRange[] = []
  let vertexFrom = 0
  let triangleFrom = 0
  for (const [index, part] of parts.entries()) {
    const { mesh, ...rest } = part
    geometry.positions.set(mesh.positions, vertexFrom * 3)
    geometry.normals.set(mesh.normals, vertexFrom * 3)
    geometry.uvs.set(mesh.uvs, vertexFrom * 2)
    for (const [at, vertex] of mesh.indices.entries()) geometry.indices[triangleFrom * 3 + at] = vertex + vertexFrom
    for (const [at, face] of mesh.faces.entries()) geometry.faces[triangleFrom + at] = face + triangleFrom
    for (const [at, vertex] of mesh.fourths.entries()) geometry.fourths[triangleFrom + at] = vertex < 0 ? vertex : vertex + vertexFrom
    geometry.materials.set(mesh.materials, triangleFrom)
    const vertexTo = vertexFrom + mesh.uvs.length / 2
    const triangleTo = triangleFrom + mesh.materials.length
    geometry.partOfTriangle.fill(index, triangleFrom, triangleTo)
    const pose = new Float64Array(poseStride)
    writePose(pose, 0, part.pose)
    writeMatrix(geometry.matrices, index * 12, pose, 0)
    ranges.push({ ...rest, vertexFrom, vertexTo, triangleFrom, triangleTo, ...bounds(mesh.positions) })
    vertexFrom = vertexTo
    triangleFrom = triangleTo
  }
  return { ...geometry, parts: ranges }
}

/** Sets the matrices of all moving parts from poses (x y z qx qy qz qw per body). */
export function placeParts(geometry: Geometry, poses: Float64Array): void {
  for (const [index, part] of geometry.parts.entries()) {
    if (part.moving) writeMatrix(geometry.matrices, index * 12, poses, part.bodyIndex * poseStride)
  }
}

function writeMatrix(out: Float64Array, at: number, poses: Float64Array, from: number): void {
  const [x = 0, y = 0, z = 0, qx = 0, qy = 0, qz = 0, qw = 1] = poses.subarray(from, from + poseStride)
  out[at] = 1 - 2 * (qy * qy + qz * qz)
  out[at + 1] = 2 * (qx * qy - qz * qw)
  out[at + 2] = 2 * (qx * qz + qy * qw)
  out[at + 3] = x
  out[at + 4] = 2 * (qx * qy + qz * qw)
  out[at + 5] = 1 - 2 * (qx * qx + qz * qz)
  out[at + 6] = 2 * (qy * qz - qx * qw)
  out[at + 7] = y
  out[at + 8] = 2 * (qx * qz - qy * qw)
  out[at + 9] = 2 * (qy * qz + qx * qw)
  out[at + 10] = 1 - 2 * (qx * qx + qy * qy)
  out[at + 11] = z
}

function bounds(positions: Float64Array): Pick<PartRange, 'centre' | 'radius' | 'low' | 'high'> {
  if (positions.length === 0) return { centre: [0, 0, 0], radius: 0, low: [0, 0, 0], high: [0, 0, 0] }
  const low: [number, number, number] = [Infinity, Infinity, Infinity]
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (const [at, value] of positions.entries()) {
    const axis = at % 3
    low[axis] = Math.min(low[axis] ?? value, value)
    high[axis] = Math.max(high[axis] ?? value, value)
  }
  const centre = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2] as const
  const [dx, dy, dz] = [high[0] - centre[0], high[1] - centre[1], high[2] - centre[2]]
  return { centre, radius: Math.sqrt(dx * dx + dy * dy + dz * dz), low, high }
}
