// The memory of one camera: what it sees, what it is painted from, and the picture, where kernels and typed arrays both reach it.
// Sizes come from a picture and a scene that were checked before.

import { piece, tailMasks } from '../kernels/paint-kernel.ts'
import { head, MemoryPlan, setHead } from '../kernels/shared-memory.ts'
import { smallFace } from '../kernels/small-kernel.ts'
import type { Geometry } from './geometry.ts'
import type { BakedSurface } from './material.ts'
import type { Picture } from './picture.ts'
import { createVisibility, type Visibility } from './rasterise.ts'
import type { Texture } from './texture.ts'
import { noiseBytes } from './tone.ts'

/** Arrays of one camera over one memory. */
export interface CameraMemory {
  readonly visibility: Visibility
  readonly picture: Picture
  /** Body of each face number plus one; nothing has number 0. */
  readonly instanceOf: Uint16Array
  /** Pairs of face number and end column, as `runs` leaves them. */
  readonly runs: Int32Array
  /** Records of small faces, as floats and as whole numbers (small-kernel.ts). */
  readonly small: Float64Array
  readonly smallWholes: Int32Array
  /** 1 by face number plus one where a face is small. */
  readonly isSmall: Uint8Array
  /** Ray of each column. */
  readonly rays: Float64Array
  /** Records of pieces (paint-kernel.ts). */
  readonly pieces: Int32Array
  readonly noise: Uint8Array
  /** Address of each texture's first texel, and of the picture's first byte. */
  readonly texelsAt: ReadonlyMap<Texture, number>
  readonly rgbAt: number
  readonly head: Int32Array
  readonly headFloats: Float64Array
}

/** Makes the memory for pictures of one size. */
export function createCameraMemory(geometry: Geometry, surfaces: readonly BakedSurface[], width: number, height: number): CameraMemory {
  const plan = new MemoryPlan()
  const faces = geometry.materials.length
  const at = {
    rgb: plan.place(width * height * 3),
    depth: plan.place(width * height * 4),
    instances: plan.place(width * height * 2),
    instanceOf: plan.place((faces + 1) * 2),
    runs: plan.place(width * 8),
    small: plan.place(faces * smallFace.floats * 8),
    isSmall: plan.place(faces + 1),
    rays: plan.place(width * 8),
    pieces: plan.place((width * 2 + 4) * piece.bytes),
    noise: plan.place(noiseBytes),
    tails: plan.place(64),
  }
  const textures = [...new Set(surfaces.map(({ texture }) => texture))]
  const texelsAt = new Map(textures.map((texture) => [texture, plan.place(texture.texels.byteLength)]))
  const visibility = createVisibility(geometry, width, height, plan)
  const { buffer } = visibility.kernels
  for (const [name, address] of Object.entries(at)) setHead(visibility.kernels, head[name as keyof typeof at], address)
  for (const [texture, address] of texelsAt) new Int32Array(buffer, address, texture.texels.length).set(texture.texels)
  new Uint8Array(buffer, at.tails, 64).set(tailMasks())
  return {
    visibility,
    picture: {
      width,
      height,
      rgb: new Uint8Array(buffer, at.rgb, width * height * 3),
      depth: new Float32Array(buffer, at.depth, width * height),
      instances: new Uint16Array(buffer, at.instances, width * height),
    },
    instanceOf: new Uint16Array(buffer, at.instanceOf, faces + 1),
    runs: new Int32Array(buffer, at.runs, width * 2),
    small: new Float64Array(buffer, at.small, faces * smallFace.floats),
    smallWholes: new Int32Array(buffer, at.small, faces * smallFace.floats * 2),
    isSmall: new Uint8Array(buffer, at.isSmall, faces + 1),
    rays: new Float64Array(buffer, at.rays, width),
    pieces: new Int32Array(buffer, at.pieces, (width * 2 + 4) * (piece.bytes / 4)),
    noise: new Uint8Array(buffer, at.noise, noiseBytes),
    texelsAt,
    rgbAt: at.rgb,
    head: new Int32Array(buffer, 0, head.plane / 4),
    headFloats: new Float64Array(buffer, 0, 32),
  }
}
