// What a thing is, guessed from its name, and how it looks when its own look is not there. Guesses are for labels and paint
// alone; physics does not depend on them, except that floors may be touched.

import type { ClassLabel, Material } from '../scene/scene.ts'
import { materials } from '../worlds/materials.ts'

const words: readonly (readonly [RegExp, ClassLabel])[] = [
  [/pallet_?jack|forklift|truck|cart/i, 'vehicle'],
  [/shel(?:f|ves)|rack/i, 'rack'],
  [/pallet/i, 'pallet'],
  [/ground|floor/i, 'floor'],
  [/wall|roof|ceiling/i, 'wall'],
  [/lamp|light/i, 'light'],
  [/desk|chair|table|trash|bin|bucket/i, 'furniture'],
  [/box|clutter|crate|carton/i, 'box'],
  [/person|human|actor|walker/i, 'person'],
]

/** The class that a name suggests, `other` when it suggests none. */
export const labelFor = (name: string): ClassLabel => words.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'

const looks: Readonly<Record<ClassLabel, Material>> = {
  floor: materials.floor,
  wall: materials.wall,
  rack: { baseColor: { r: 0.1, g: 0.17, b: 0.34 }, texture: 'none', textureScale: 1 },
  pallet: materials.pallet,
  box: { baseColor: { r: 0.42, g: 0.26, b: 0.12 }, texture: 'cardboard', textureScale: 0.5 },
  person: materials.vest,
  robot: materials.chassis,
  vehicle: { baseColor: { r: 0.62, g: 0.2, b: 0.03 }, texture: 'none', textureScale: 1 },
  furniture: { baseColor: { r: 0.2, g: 0.25, b: 0.28 }, texture: 'none', textureScale: 1 },
  light: materials.helmet,
  other: materials.grey,
}

/** The paint of a class. */
export const materialFor = (label: ClassLabel): Material => looks[label]
