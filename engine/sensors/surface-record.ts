// What the shading pass needs of a face that turned out to be visible: planes over the picture from which depth and texture coordinates
// follow at any pixel, and its normal in the world. Computed once per visible face and frame, from the rasteriser's camera-space corners.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { face } from '../kernels/end-records.ts'
import type { Geometry } from './geometry.ts'
import { cornerStride } from './rasterise.ts'

/**
 * Numbers per face (`face` of end-records.ts): w plane 0–2, u/z and v/z planes side by side 3–8 (in ray x, ray y, 1), flat world normal 9–11,
 * normal/z planes 12–20.
 */
export const recordStride: number = face.bytes / 8

// B × C, C × A, A × B over the determinant: one module-wide scratch, since faces are recorded one at a time.
const rows = new Float64Array(9)

/** Fills the record of the face whose first triangle is `t`, at `at`. */
export function writeRecord(geometry: Geometry, points: Float64Array, t: number, smooth: boolean, out: Float64Array, at: number): void {
  const a = geometry.indices[t * 3] as number
  const b = geometry.indices[t * 3 + 1] as number
  const c = geometry.indices[t * 3 + 2] as number
  writeRows(points, a * cornerStride, b * cornerStride, c * cornerStride)
  const { uvs } = geometry
  for (let axis = 0; axis < 3; axis++) {
    const ra = rows[axis] as number
    const rb = rows[axis + 3] as number
    const rc = rows[axis + 6] as number
    out[at + axis] = ra + rb + rc
    out[at + 3 + axis * 2] = (uvs[a * 2] as number) * ra + (uvs[b * 2] as number) * rb + (uvs[c * 2] as number) * rc
    out[at + 4 + axis * 2] = (uvs[a * 2 + 1] as number) * ra + (uvs[b * 2 + 1] as number) * rb + (uvs[c * 2 + 1] as number) * rc
  }
  const base = (geometry.partOfTriangle[t] as number) * 12
  for (let axis = 0; axis < 3; axis++) {
    const na = worldAxis(geometry, base + axis * 4, a * 3)
    out[at + 9 + axis] = na
    if (smooth) writeBend(geometry, base + axis * 4, na, b * 3, c * 3, out, at + 12 + axis * 3)
  }
}

function writeBend(geometry: Geometry, row: number, na: number, b: number, c: number, out: Float64Array, at: number): void {
  const nb = worldAxis(geometry, row, b)
  const nc = worldAxis(geometry, row, c)
  for (let ray = 0; ray < 3; ray++)
    out[at + ray] = na * (rows[ray] as number) + nb * (rows[ray + 3] as number) + nc * (rows[ray + 6] as number)
}

function worldAxis(geometry: Geometry, row: number, v: number): number {
  const { matrices: m, normals: n } = geometry
  return (
    (m[row] as number) * (n[v] as number) + (m[row + 1] as number) * (n[v + 1] as number) + (m[row + 2] as number) * (n[v + 2] as number)
  )
}

function writeRows(p: Float64Array, a: number, b: number, c: number): void {
  crossInto(p, b, c, 0)
  crossInto(p, c, a, 3)
  crossInto(p, a, b, 6)
  const det =
    (p[a] as number) * (rows[0] as number) + (p[a + 1] as number) * (rows[1] as number) + (p[a + 2] as number) * (rows[2] as number)
  for (let i = 0; i < 9; i++) rows[i] = (rows[i] as number) / det
}

function crossInto(p: Float64Array, a: number, b: number, at: number): void {
  rows[at] = (p[a + 1] as number) * (p[b + 2] as number) - (p[a + 2] as number) * (p[b + 1] as number)
  rows[at + 1] = (p[a + 2] as number) * (p[b] as number) - (p[a] as number) * (p[b + 2] as number)
  rows[at + 2] = (p[a] as number) * (p[b + 1] as number) - (p[a + 1] as number) * (p[b] as number)
}
