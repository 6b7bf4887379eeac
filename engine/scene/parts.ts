// Short ways to write colliders, for generators: a box here, a cylinder there, with sane surfaces.

import { identityQuat } from '../math/quat.ts'
import type { Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import type { Collider, Inertial, Material, Shape } from './scene.ts'

/** How a part differs from the usual: solid, drawn, friction 0.6, no bounce. */
export interface PartOptions {
  readonly solid?: boolean
  readonly drawn?: boolean
  readonly friction?: number
}

/** A collider of any shape at a pose in its body. */
export const part = (shape: Shape, pose: Transform, material: Material, options: PartOptions = {}): Collider => ({
  shape,
  pose,
  material,
  friction: options.friction ?? 0.6,
  restitution: 0,
  solid: options.solid ?? true,
  drawn: options.drawn ?? true,
})

/** A pose that only moves. */
export const at = (x: number, y: number, z: number): Transform => ({ position: { x, y, z }, rotation: identityQuat })

/** A box part by its full extents in metres and its centre. */
export const boxPart = (size: Vec3, centre: Transform, material: Material, options?: PartOptions): Collider =>
  part({ kind: 'box', size }, centre, material, options)

/** A cylinder part along Z, in metres, around its centre. */
export const cylinderPart = (radius: number, length: number, centre: Transform, material: Material, options?: PartOptions): Collider =>
  part({ kind: 'cylinder', radius, length }, centre, material, options)

/** Mass properties of a solid box of `mass` kg with its centre at `centre`. */
export function boxInertial(mass: number, size: Vec3, centre: Transform = at(0, 0, 0)): Inertial {
  const k = mass / 12
  const [x, y, z] = [size.x * size.x, size.y * size.y, size.z * size.z]
  return { mass, pose: centre, ixx: k * (y + z), iyy: k * (x + z), izz: k * (x + y), ixy: 0, ixz: 0, iyz: 0 }
}
