// Which of a texture's copies a face is painted with, from how many texels a pixel covers: as the kernel decides it for pieces (pieces-kernel.ts).

import { jitterBelow, texelScale, texelsPerPixel } from '../kernels/pieces-kernel.ts'
import type { Texture } from './texture.ts'

/** Each level halves the tile: the one at which a pixel covers 0.7 to 1.4 texels. */
export function levelOf(texture: Texture, footprint: number): number {
  return Math.min(texture.levels - 1, 32 - Math.clz32((footprint * texelsPerPixel) | 0))
}

/** Close up, texels are larger than pixels: a two by two pattern of shifts stands in for filtering between them. */
export function jitterOf(footprint: number): number {
  return footprint < jitterBelow ? texelScale / 2 : 0
}
