// Triangles as readers hand them on, and their limits. A mesh is refused by the number that its file states, before the
// triangles are read.

import { EngineError } from '../errors.ts'
import { sceneLimits } from '../scene/check-scene.ts'

/** Triangles in metres, Z up. */
export interface TriangleMesh {
  readonly positions: Float32Array
  readonly indices: Uint32Array
}

/** Refuses a mesh that states or has too many triangles. */
export function checkTriangleCount(count: number, file: string): void {
  if (count > sceneLimits.trianglesPerMeshMax)
    throw new EngineError(
      'mesh/too-many-triangles',
      `\`${file}\` has ${count} triangles; the limit is ${sceneLimits.trianglesPerMeshMax}`,
      { file, count },
    )
}

/** Refuses coordinates that are not finite and a mesh without triangles; returns the mesh. */
export function checkedMesh(positions: Float32Array, indices: Uint32Array, file: string): TriangleMesh {
  checkTriangleCount(indices.length / 3, file)
  if (indices.length === 0) throw new EngineError('mesh/malformed', `\`${file}\` holds no triangles`, { file })
  for (const value of positions)
    if (!Number.isFinite(value)) throw new EngineError('value/not-finite', `\`${file}\` holds a coordinate that is not finite`, { file })
  return { positions, indices }
}

/** The mesh with each coordinate multiplied; a mirroring scale also turns the triangles around. */
export function scaledMesh(mesh: TriangleMesh, scale: readonly [number, number, number]): TriangleMesh {
  const positions = mesh.positions.map((value, i) => value * (scale[(i % 3) as 0 | 1 | 2] ?? 1)) // i % 3 is one of the three axes
  if (scale[0] * scale[1] * scale[2] > 0) return { positions, indices: mesh.indices }
  const indices = Uint32Array.from(mesh.indices, (_, i) => mesh.indices[i % 3 === 1 ? i + 1 : i % 3 === 2 ? i - 1 : i] ?? 0)
  return { positions, indices }
}
