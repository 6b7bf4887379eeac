// Faults that spoil a picture's colours: a lamp that shines into the lens, and a burst of noise. Depth and masks stay true, so that what a
// perception stack makes of a spoilt picture can be judged.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Random } from '../math/random.ts'
import type { Picture } from './picture.ts'

/** Veils the picture around a point in its upper right; `amount` from 0 (nothing) to 1 (white in the middle). */
export function addGlare(picture: Picture, amount: number): void {
  const { width, height, rgb } = picture
  const strength = Math.min(1, amount)
  const [middleX, middleY] = [width * 0.66, height * 0.3]
  const reach = width * 0.28
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = (x - middleX) / reach
      const dy = (y - middleY) / reach
      const squared = dx * dx + dy * dy
      // A bright core, a wide veil, and a faint streak through the lamp.
      const share =
        strength * Math.min(1, 1 / (1 + 6 * squared * squared) + 0.35 / (1 + squared) + 0.2 / ((1 + 60 * dy * dy) * (1 + 0.3 * dx * dx)))
      const at = (y * width + x) * 3
      rgb[at] = blend(rgb[at] as number, 255, share)
      rgb[at + 1] = blend(rgb[at + 1] as number, 250, share)
      rgb[at + 2] = blend(rgb[at + 2] as number, 232, share)
    }
  }
}

function blend(from: number, to: number, share: number): number {
  return Math.floor(from + (to - from) * share + 0.5)
}

/** Adds coarse noise with the given deviation in steps of 255. */
export function addNoise(picture: Picture, sigma: number, random: Random): void {
  const { rgb } = picture
  for (let at = 0; at < rgb.length; at += 4) {
    const word = random.uint32()
    for (let k = 0; k < 4 && at + k < rgb.length; k++) {
      // One byte, spread evenly from -1 to 1, has a deviation of 0.577.
      const noise = (((word >>> (k * 8)) & 255) / 127.5 - 1) * sigma * 1.73
      rgb[at + k] = Math.max(0, Math.min(255, Math.floor((rgb[at + k] as number) + noise + 0.5)))
    }
  }
}
