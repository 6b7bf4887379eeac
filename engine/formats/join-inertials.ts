// One body's mass properties from those of its pieces: masses add up, tensors turn and move (parallel axes).

import { EngineError } from '../errors.ts'
import { type Quat, rotate } from '../math/quat.ts'
import { compose, identity, type Transform } from '../math/transform.ts'
import { subtract, type Vec3 } from '../math/vec3.ts'
import type { Inertial } from '../scene/scene.ts'

type Matrix3 = readonly [Vec3, Vec3, Vec3]

const columns = (q: Quat): Matrix3 => [rotate(q, { x: 1, y: 0, z: 0 }), rotate(q, { x: 0, y: 1, z: 0 }), rotate(q, { x: 0, y: 0, z: 1 })]

interface Tensor {
  readonly xx: number
  readonly yy: number
  readonly zz: number
  readonly xy: number
  readonly xz: number
  readonly yz: number
}

/** An inertia tensor turned by a rotation: R I Rᵀ. */
function turned(i: Inertial, rotation: Quat): Tensor {
  const [a, b, c] = columns(rotation)
  const entry = (p: keyof Vec3, q: keyof Vec3): number =>
    i.ixx * a[p] * a[q] +
    i.iyy * b[p] * b[q] +
    i.izz * c[p] * c[q] +
    i.ixy * (a[p] * b[q] + b[p] * a[q]) +
    i.ixz * (a[p] * c[q] + c[p] * a[q]) +
    i.iyz * (b[p] * c[q] + c[p] * b[q])
  return { xx: entry('x', 'x'), yy: entry('y', 'y'), zz: entry('z', 'z'), xy: entry('x', 'y'), xz: entry('x', 'z'), yz: entry('y', 'z') }
}

/** One body's mass properties from those of its pieces, each with its pose in the body. */
export function joinInertials(pieces: readonly { readonly pose: Transform; readonly inertial: Inertial }[]): Inertial {
  const placed = pieces.map(({ pose, inertial }) => ({ inertial, at: compose(pose, inertial.pose) }))
  const mass = placed.reduce((sum, { inertial }) => sum + inertial.mass, 0)
  if (!(mass > 0)) throw new EngineError('mass/not-positive', 'The robot states no mass')
  const mean = (axis: keyof Vec3): number => placed.reduce((sum, { inertial, at }) => sum + inertial.mass * at.position[axis], 0) / mass
  const centre = { x: mean('x'), y: mean('y'), z: mean('z') }
  const total = { ixx: 0, iyy: 0, izz: 0, ixy: 0, ixz: 0, iyz: 0 }
  for (const { inertial, at } of placed) {
    const t = turned(inertial, at.rotation)
    const d = subtract(at.position, centre)
    const m = inertial.mass
    total.ixx += t.xx + m * (d.y * d.y + d.z * d.z)
    total.iyy += t.yy + m * (d.x * d.x + d.z * d.z)
    total.izz += t.zz + m * (d.x * d.x + d.y * d.y)
    total.ixy += t.xy - m * d.x * d.y
    total.ixz += t.xz - m * d.x * d.z
    total.iyz += t.yz - m * d.y * d.z
  }
  return { mass, pose: { position: centre, rotation: identity.rotation }, ...total }
}
