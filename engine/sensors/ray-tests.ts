// One ray against one shape. The ray is a row of numbers that the tree keeps (origin 0–2, direction 3–5, best distance 6); a hit that is nearer
// than the best so far replaces it. Distances are in units of the direction's length, which callers keep at one.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { shapeKinds } from './ray-shapes.ts'

/** Tests the shape whose row begins at `at`; answers whether it is the nearest so far. */
export function hitShape(rows: Float64Array, at: number, ray: Float64Array): boolean {
  const kind = rows[at] as number
  if (kind === shapeKinds.triangle) return hitTriangle(rows, at, ray)
  const dx = (ray[0] as number) - (rows[at + 10] as number)
  const dy = (ray[1] as number) - (rows[at + 11] as number)
  const dz = (ray[2] as number) - (rows[at + 12] as number)
  toShape(rows, at, dx, dy, dz, local, 0)
  toShape(rows, at, ray[3] as number, ray[4] as number, ray[5] as number, local, 3)
  if (kind === shapeKinds.box) return hitBox(rows, at, ray)
  if (kind === shapeKinds.cylinder) return hitCylinder(rows, at, ray)
  if (kind === shapeKinds.sphere) return hitSphere(rows, at, ray)
  return hitPlane(ray)
}

// The ray in the shape's own axes: a scratch of this module, overwritten by each test.
const local = new Float64Array(6)

function toShape(rows: Float64Array, at: number, x: number, y: number, z: number, out: Float64Array, to: number): void {
  out[to] = (rows[at + 1] as number) * x + (rows[at + 2] as number) * y + (rows[at + 3] as number) * z
  out[to + 1] = (rows[at + 4] as number) * x + (rows[at + 5] as number) * y + (rows[at + 6] as number) * z
  out[to + 2] = (rows[at + 7] as number) * x + (rows[at + 8] as number) * y + (rows[at + 9] as number) * z
}

function keep(ray: Float64Array, distance: number): boolean {
  if (!(distance >= 0 && distance < (ray[6] as number))) return false
  ray[6] = distance
  return true
}

/** Slabs; from inside the far wall is met, as a sensor inside a shape would see it. */
function hitBox(rows: Float64Array, at: number, ray: Float64Array): boolean {
  let near = -Infinity
  let far = Infinity
  for (let axis = 0; axis < 3; axis++) {
    const half = rows[at + 13 + axis] as number
    const origin = local[axis] as number
    const inverse = 1 / (local[axis + 3] as number)
    // A ray that runs along a slab divides by zero: infinities of one sign within, of both outside, NaN on the face itself.
    const a = (-half - origin) * inverse
    const b = (half - origin) * inverse
    const first = a < b ? a : b
    const second = a < b ? b : a
    near = first > near ? first : near
    far = second < far ? second : far
  }
  if (near > far) return false
  return keep(ray, near >= 0 ? near : far)
}

function hitSphere(rows: Float64Array, at: number, ray: Float64Array): boolean {
  const radius = rows[at + 13] as number
  const b =
    (local[0] as number) * (local[3] as number) + (local[1] as number) * (local[4] as number) + (local[2] as number) * (local[5] as number)
  const c = square(local[0] as number) + square(local[1] as number) + square(local[2] as number) - radius * radius
  const under = b * b - c
  if (under < 0) return false
  const root = Math.sqrt(under)
  return keep(ray, -b - root >= 0 ? -b - root : -b + root)
}

function hitCylinder(rows: Float64Array, at: number, ray: Float64Array): boolean {
  const radius = rows[at + 13] as number
  const half = rows[at + 15] as number
  const ox = local[0] as number
  const oy = local[1] as number
  const a = square(local[3] as number) + square(local[4] as number)
  const b = ox * (local[3] as number) + oy * (local[4] as number)
  const c = ox * ox + oy * oy - radius * radius
  let near = -Infinity
  let far = Infinity
  if (a > 1e-18) {
    const under = b * b - a * c
    if (under < 0) return false
    const root = Math.sqrt(under)
    near = (-b - root) / a
    far = (-b + root) / a
  } else if (c > 0) return false
  const inverse = 1 / (local[5] as number)
  const low = (-half - (local[2] as number)) * inverse
  const high = (half - (local[2] as number)) * inverse
  near = Math.max(near, Math.min(low, high))
  far = Math.min(far, Math.max(low, high))
  return near <= far && keep(ray, near >= 0 ? near : far)
}

/** A half space is met from above alone. */
function hitPlane(ray: Float64Array): boolean {
  const dz = local[5] as number
  return dz < 0 && keep(ray, -(local[2] as number) / dz)
}

/** Möller and Trumbore, both sides; edges belong to the triangle, so a ray through a shared edge meets one of the two. */
function hitTriangle(rows: Float64Array, at: number, ray: Float64Array): boolean {
  const dx = ray[3] as number
  const dy = ray[4] as number
  const dz = ray[5] as number
  const e1x = rows[at + 4] as number
  const e1y = rows[at + 5] as number
  const e1z = rows[at + 6] as number
  const e2x = rows[at + 7] as number
  const e2y = rows[at + 8] as number
  const e2z = rows[at + 9] as number
  const px = dy * e2z - dz * e2y
  const py = dz * e2x - dx * e2z
  const pz = dx * e2y - dy * e2x
  const det = e1x * px + e1y * py + e1z * pz
  if (det === 0) return false
  const inverse = 1 / det
  const tx = (ray[0] as number) - (rows[at + 1] as number)
  const ty = (ray[1] as number) - (rows[at + 2] as number)
  const tz = (ray[2] as number) - (rows[at + 3] as number)
  const u = (tx * px + ty * py + tz * pz) * inverse
  if (u < -1e-9 || u > 1 + 1e-9) return false
  const qx = ty * e1z - tz * e1y
  const qy = tz * e1x - tx * e1z
  const qz = tx * e1y - ty * e1x
  const v = (dx * qx + dy * qy + dz * qz) * inverse
  if (v < -1e-9 || u + v > 1 + 1e-9) return false
  return keep(ray, (e2x * qx + e2y * qy + e2z * qz) * inverse)
}

function square(x: number): number {
  return x * x
}
