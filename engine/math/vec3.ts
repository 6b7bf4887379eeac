// Three-component vectors in metres (or whatever the caller measures). Pure and exact on every machine:
// only + - * / and sqrt, so that what is built on them may be hashed.

/** A point or direction; right-handed axes, Z up. */
export interface Vec3 {
  readonly x: number
  readonly y: number
  readonly z: number
}

/** The origin. */
export const zero3: Vec3 = Object.freeze({ x: 0, y: 0, z: 0 })

/** Builds a vector from its three components. */
export const vec3 = (x: number, y: number, z: number): Vec3 => ({ x, y, z })

/** `a + b`. */
export const add = (a: Vec3, b: Vec3): Vec3 => ({ x: a.x + b.x, y: a.y + b.y, z: a.z + b.z })

/** `a - b`. */
export const subtract = (a: Vec3, b: Vec3): Vec3 => ({ x: a.x - b.x, y: a.y - b.y, z: a.z - b.z })

/** `a` times the number `s`. */
export const scale = (a: Vec3, s: number): Vec3 => ({ x: a.x * s, y: a.y * s, z: a.z * s })

/** Scalar product. */
export const dot = (a: Vec3, b: Vec3): number => a.x * b.x + a.y * b.y + a.z * b.z

/** Vector product, right-handed. */
export const cross = (a: Vec3, b: Vec3): Vec3 => ({
  x: a.y * b.z - a.z * b.y,
  y: a.z * b.x - a.x * b.z,
  z: a.x * b.y - a.y * b.x,
})

/** Euclidean length; `Math.hypot` is not exact everywhere, so it is not used. */
export const length = (a: Vec3): number => Math.sqrt(dot(a, a))

/** Distance between two points. */
export const distance = (a: Vec3, b: Vec3): number => length(subtract(a, b))

/** Unit vector in the direction of `a`; the zero vector stays zero. */
export function normalize(a: Vec3): Vec3 {
  const size = length(a)
  return size === 0 ? zero3 : scale(a, 1 / size)
}

/** The point between `a` (at t = 0) and `b` (at t = 1). */
export const mix = (a: Vec3, b: Vec3, t: number): Vec3 => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
  z: a.z + (b.z - a.z) * t,
})

/** Whether all three components are finite numbers. */
export const isFinite3 = (a: Vec3): boolean => Number.isFinite(a.x) && Number.isFinite(a.y) && Number.isFinite(a.z)
