// The paint of the generated warehouse: linear colours and the procedural textures that the camera knows.

import type { LinearColour, Material, TextureName } from '../scene/scene.ts'

const paint = (r: number, g: number, b: number, texture: TextureName = 'none', textureScale = 1): Material => ({
  baseColor: { r, g, b },
  texture,
  textureScale,
})

/** Materials by what they cover. */
export const materials = {
  floor: paint(0.32, 0.32, 0.31, 'concrete', 3),
  wall: paint(0.58, 0.59, 0.57, 'noise', 4),
  line: paint(0.8, 0.55, 0.03),
  upright: paint(0.02, 0.1, 0.36),
  beam: paint(0.75, 0.2, 0.02),
  deck: paint(0.3, 0.31, 0.33, 'noise', 0.5),
  pallet: paint(0.42, 0.26, 0.12, 'wood', 0.6),
  vest: paint(0.9, 0.28, 0.02),
  trousers: paint(0.03, 0.05, 0.11),
  skin: paint(0.5, 0.3, 0.2),
  helmet: paint(0.85, 0.65, 0.03),
  chassis: paint(0.78, 0.78, 0.76),
  bumper: paint(0.05, 0.05, 0.055),
  tyre: paint(0.015, 0.015, 0.015),
  lidar: paint(0.02, 0.02, 0.025),
  accent: paint(0.01, 0.32, 0.4),
  grey: paint(0.5, 0.5, 0.5),
} as const satisfies Record<string, Material>

/** A cardboard colour between pale and dark; `shade` from 0 to 1. */
export function cardboard(shade: number): Material {
  const colour: LinearColour = { r: 0.34 + 0.16 * shade, g: 0.21 + 0.1 * shade, b: 0.1 + 0.05 * shade }
  return { baseColor: colour, texture: 'cardboard', textureScale: 0.5 }
}
