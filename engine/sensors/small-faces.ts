// Small faces (up to a metre and a half) are lit at their corners once per frame and painted from there: most of a warehouse is made of them,
// and this is several times cheaper than lighting every piece of every row. Large ones (floor, walls) are lit along the rows.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Geometry } from './geometry.ts'
import type { BakedSurface } from './material.ts'

/** Longest edge of a small face, metres. */
const smallMetres = 1.6

/** Marks the faces of a geometry that are small, by face number plus one. What mirrors is not: its light depends on where it is seen from. */
export function markSmall(geometry: Geometry, surfaces: readonly BakedSurface[], isSmall: Uint8Array): void {
  for (let t = 0; t < geometry.materials.length; t++) {
    const { gloss } = surfaces[geometry.materials[t] as number] as BakedSurface
    isSmall[t + 1] = gloss === 0 && longestEdge(geometry, t) <= smallMetres ? 1 : 0
  }
}

function longestEdge(geometry: Geometry, t: number): number {
  const corners = [0, 1, 2].map((k) => (geometry.indices[t * 3 + k] as number) * 3)
  const fourth = geometry.fourths[t] as number
  if (fourth >= 0) corners.push(fourth * 3)
  const p = geometry.positions
  return corners.reduce((longest, a, k) => {
    const b = corners[(k + 1) % corners.length] ?? a
    const [dx, dy, dz] = [0, 1, 2].map((axis) => (p[b + axis] as number) - (p[a + axis] as number))
    return Math.max(longest, Math.sqrt((dx ?? 0) * (dx ?? 0) + (dy ?? 0) * (dy ?? 0) + (dz ?? 0) * (dz ?? 0)))
  }, 0)
}
