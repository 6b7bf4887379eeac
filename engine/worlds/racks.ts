// Pallet racks: uprights, beams and decks as parts of one body, and the places where pallets go.

import type { Vec3 } from '../math/vec3.ts'
import { at, boxPart } from '../scene/parts.ts'
import type { Collider } from '../scene/scene.ts'
import { materials } from './materials.ts'

/** A place for one pallet: its floor in the world, and the free height above it in metres. */
export interface Bay {
  readonly position: Vec3
  readonly clearance: number
}

const LEVEL = 1.5
const UPRIGHT = 0.1
const BEAM = 0.12

/** The parts of one rack row; its body stands at the middle of its first upright frame, on the floor, and runs along +Y. */
export function rackParts(bays: number, levels: number, bayMetres: number, depth: number): Collider[] {
  const parts: Collider[] = []
  const height = Math.max(1, levels) * LEVEL + 0.6
  const half = depth / 2 - UPRIGHT / 2
  for (let i = 0; i <= bays; i++)
    for (const x of [-half, half])
      parts.push(boxPart({ x: UPRIGHT, y: UPRIGHT, z: height }, at(x, i * bayMetres, height / 2), materials.upright))
  for (let level = 1; level <= levels; level++) {
    const z = level * LEVEL
    const y = (bays * bayMetres) / 2
    for (const x of [-half, half])
      parts.push(boxPart({ x: 0.05, y: bays * bayMetres - UPRIGHT, z: BEAM }, at(x, y, z - BEAM / 2), materials.beam))
    parts.push(boxPart({ x: depth - 0.22, y: bays * bayMetres - UPRIGHT, z: 0.03 }, at(0, y, z - 0.015), materials.deck))
  }
  return parts
}

/** The pallet places of a rack row at `x`, two per bay and level, from the floor up. */
export function baysOf(x: number, start: number, bays: number, levels: number, bayMetres: number): Bay[] {
  const places: Bay[] = []
  for (let level = 0; level <= levels; level++)
    for (let i = 0; i < bays; i++)
      for (const side of [0.27, 0.73])
        places.push({
          position: { x, y: start + (i + side) * bayMetres, z: level * LEVEL },
          clearance: level === levels ? 1.1 : LEVEL - BEAM - 0.3,
        })
  return places
}
