// Euro pallets and the boxes that stand on them.

import type { Random } from '../math/random.ts'
import type { Vec3 } from '../math/vec3.ts'
import { at, boxPart } from '../scene/parts.ts'
import type { Collider } from '../scene/scene.ts'
import { cardboard, materials } from './materials.ts'

/** Height of a pallet's deck above its floor, in metres. */
const palletHeight = 0.144

/** One box of a stack, relative to its pallet's floor. `yaw` is the z part of its quaternion. */
export interface StackedBox {
  readonly size: Vec3
  readonly centre: Vec3
  readonly yaw: number
  readonly shade: number
}

/** A pallet of 0.8 × 1.2 m: deck, three runners; its body stands on the floor. */
export function palletParts(): Collider[] {
  const runner = (x: number): Collider => boxPart({ x: 0.1, y: 1.2, z: 0.1 }, at(x, 0, 0.05), materials.pallet)
  return [boxPart({ x: 0.8, y: 1.2, z: 0.044 }, at(0, 0, palletHeight - 0.022), materials.pallet), runner(-0.35), runner(0), runner(0.35)]
}

/** The part of a box body, centred on it, with a strip of tape that only cameras see. */
export function boxBody(size: Vec3, shade: number): Collider[] {
  const tape = boxPart({ x: 0.05, y: size.y + 0.002, z: size.z + 0.002 }, at(0, 0, 0), cardboard(1), { solid: false })
  return [boxPart(size, at(0, 0, 0), cardboard(shade), { friction: 0.5 }), tape]
}

/** Boxes for one pallet, at most `clearance` metres high: two columns of one or two boxes with a little disorder. */
export function stackOf(random: Random, clearance: number): StackedBox[] {
  const boxes: StackedBox[] = []
  for (const y of [-0.29, 0.29]) {
    let z = palletHeight
    const layers = random.integer(1, 2)
    for (let layer = 0; layer < layers; layer++) {
      const size = { x: random.between(0.5, 0.74), y: random.between(0.42, 0.54), z: random.between(0.3, 0.52) }
      if (z + size.z > clearance) break
      boxes.push({ size, centre: { x: 0, y, z: z + size.z / 2 }, yaw: random.between(-0.02, 0.02), shade: random.uniform() })
      z += size.z
    }
  }
  return boxes
}
