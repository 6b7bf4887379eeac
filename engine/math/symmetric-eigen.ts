// Principal axes of a symmetric 3 × 3 matrix by Jacobi rotations: turns an inertia tensor from a file into the principal
// moments and the frame that a physics engine wants. Exact arithmetic only, so the result is the same everywhere.

import { normalizeQuat, type Quat } from './quat.ts'
import type { Vec3 } from './vec3.ts'

/** The six different numbers of a symmetric matrix. */
export interface Symmetric3 {
  readonly xx: number
  readonly yy: number
  readonly zz: number
  readonly xy: number
  readonly xz: number
  readonly yz: number
}

type Row = [number, number, number]

function rotatePair(a: [Row, Row, Row], v: [Row, Row, Row], p: 0 | 1, q: 1 | 2): void {
  const apq = a[p][q]
  if (apq === 0) return
  const theta = (a[q][q] - a[p][p]) / (2 * apq)
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]]
  const [rowP, rowQ] = [a[p], a[q]]
  for (const k of [0, 1, 2] as const) [rowP[k], rowQ[k]] = [c * rowP[k] - s * rowQ[k], s * rowP[k] + c * rowQ[k]]
  for (const row of v) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]]
}

/** The rotation whose matrix has the given rows (columns are the axes); the matrix must be a proper rotation. */
function quatFromRows(m: readonly [Row, Row, Row]): Quat {
  const [[m00, m01, m02], [m10, m11, m12], [m20, m21, m22]] = m
  const trace = m00 + m11 + m22
  if (trace > 0) return normalizeQuat({ x: m21 - m12, y: m02 - m20, z: m10 - m01, w: 1 + trace })
  if (m00 > m11 && m00 > m22) return normalizeQuat({ x: 1 + m00 - m11 - m22, y: m01 + m10, z: m02 + m20, w: m21 - m12 })
  if (m11 > m22) return normalizeQuat({ x: m01 + m10, y: 1 + m11 - m00 - m22, z: m12 + m21, w: m02 - m20 })
  return normalizeQuat({ x: m02 + m20, y: m12 + m21, z: 1 + m22 - m00 - m11, w: m10 - m01 })
}

/** Principal values and the rotation from the principal frame to the given one. */
export function principalAxes(m: Symmetric3): { readonly values: Vec3; readonly rotation: Quat } {
  const a: [Row, Row, Row] = [
    [m.xx, m.xy, m.xz],
    [m.xy, m.yy, m.yz],
    [m.xz, m.yz, m.zz],
  ]
  const v: [Row, Row, Row] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  for (let sweep = 0; sweep < 24; sweep++) {
    if (Math.abs(a[0][1]) + Math.abs(a[0][2]) + Math.abs(a[1][2]) === 0) break
    rotatePair(a, v, 0, 1)
    rotatePair(a, v, 0, 2)
    rotatePair(a, v, 1, 2)
  }
  return { values: { x: a[0][0], y: a[1][1], z: a[2][2] }, rotation: quatFromRows(v) }
}
