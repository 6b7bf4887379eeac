// The memory of one camera: what it sees, what it is painted from, and the picture, where kernels and typed arrays both reach it.
// Sizes come from a picture and a scene that were checked before.

import { roofSide } from '../kernels/backdrop-kernel.ts'
import { end, face, piece, surface, texture } from '../kernels/end-records.ts'
import { lightShift, tailMasks } from '../kernels/paint-kernel.ts'
import { frame, head, headBytes, MemoryPlan, setHead } from '../kernels/shared-memory.ts'
import { smallFace } from '../kernels/small-kernel.ts'
import { tileBits } from '../kernels/tiles-kernel.ts'
import type { Geometry } from './geometry.ts'
import type { BakedSurface } from './material.ts'
import type { Picture } from './picture.ts'
import { createVisibility, type Visibility } from './rasterise.ts'
import { RowBatch } from './row-batch.ts'
import { factorMax, type Texture } from './texture.ts'
import { bakeDisplayTable, noiseBytes, pedestal, toneLength } from './tone.ts'

// A texel's code is the root of its factor, and display values follow the root of light closely, so their product is the picture:
// pixel = code × light >> lightShift, with light in steps so fine that a piece's slope survives rounding.
const codeOfOne = Math.sqrt(1 / factorMax) * 255
const lightUnit = ((255 - 2 * pedestal) / codeOfOne) * (1 << lightShift)

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
  /** Records of faces (surface-record.ts), and the address of the first. */
  readonly faces: Float64Array
  readonly facesAt: number
  /** Address of the first surface's record. */
  readonly surfacesAt: number
  /** Ends and pieces of a row; corners of one face. */
  readonly row: RowBatch
  readonly corners: RowBatch
  /** Ray of each column. */
  readonly rays: Float64Array
  readonly noise: Uint8Array
  /** Cells of the light's volume, and directional lights. */
  readonly field: Float32Array
  readonly suns: Float64Array
  /** The least reciprocal depth of each tile, as `tiles` leaves it. */
  readonly tiles: Float32Array
  /** Texels of the backdrop's roof, and the table of its tones. */
  readonly roof: Float32Array
  readonly tone: Uint8Array
  /** Address of each texture's first texel. */
  readonly texelsAt: ReadonlyMap<Texture, number>
  readonly head: Int32Array
  readonly headFloats: Float64Array
}

/** How much light there is to carry: numbers of the volume's field and of the suns' records. */
export interface LightSize {
  readonly field: number
  readonly suns: number
}

/** How many there are of what the memory holds. */
interface Sizes {
  readonly width: number
  readonly height: number
  readonly faces: number
  readonly ends: number
  readonly tiles: number
  readonly light: LightSize
}

/** Places what the head names, what the frame names, and what the host alone knows the address of. What grows with the scene comes last. */
function placeArrays(plan: MemoryPlan, { width, height, faces, ends, tiles, light }: Sizes, surfaces: readonly BakedSurface[]) {
  const named = {
    rgb: plan.place(width * height * 3),
    instances: plan.place(width * height * 2),
    instanceOf: plan.place((faces + 1) * 2),
    runs: plan.place(width * 8),
    isSmall: plan.place(faces + 1),
    rays: plan.place(width * 8),
    pieces: plan.place(ends * piece.bytes),
    noise: plan.place(noiseBytes),
    tails: plan.place(64),
    small: 0,
  }
  const framed = {
    ends: plan.place(ends * end.bytes),
    display: plan.place(toneLength * 8),
    suns: plan.place(light.suns * 8),
    tiles: plan.place(tiles * 4),
    roof: plan.place(roofSide * roofSide * 4),
    tone: plan.place(toneLength),
    field: plan.place(light.field * 4),
  }
  const textures = [...new Set(surfaces.map((it) => it.texture))]
  const own = {
    corners: plan.place(4 * end.bytes),
    surfaces: plan.place(surfaces.length * surface.bytes),
    textures: plan.place(textures.length * texture.bytes),
    texels: new Map(textures.map((it) => [it, plan.place(it.texels.byteLength)])),
    faces: 0,
  }
  named.small = plan.place(faces * smallFace.floats * 8)
  own.faces = plan.place(faces * face.bytes)
  return { named, framed, own }
}

/** Makes the memory for pictures of one size. */
export function createCameraMemory(
  geometry: Geometry,
  surfaces: readonly BakedSurface[],
  light: LightSize,
  width: number,
  height: number,
): CameraMemory {
  const plan = new MemoryPlan()
  const faces = geometry.materials.length
  const sizes: Sizes = { width, height, faces, ends: width * 2 + 4, tiles: tilesOf(width) * tilesOf(height), light }
  const { named, framed, own } = placeArrays(plan, sizes, surfaces)
  const visibility = createVisibility(geometry, width, height, plan)
  const { buffer } = visibility.kernels
  for (const [name, address] of Object.entries(named)) setHead(visibility.kernels, head[name as keyof typeof named], address)
  setHead(visibility.kernels, head.depth, visibility.inverseDepth.byteOffset)
  for (const [name, address] of Object.entries(framed)) setHead(visibility.kernels, frame[name as keyof typeof framed], address)
  for (const [it, address] of own.texels) new Int32Array(buffer, address, it.texels.length).set(it.texels)
  new Uint8Array(buffer, named.tails, 64).set(tailMasks())
  new Float64Array(buffer, framed.display, toneLength).set(bakeDisplayTable().map((value) => value * lightUnit))
  writeSurfaces(buffer, own.surfaces, own.textures, surfaces, own.texels)
  return {
    visibility,
    picture: {
      width,
      height,
      rgb: new Uint8Array(buffer, named.rgb, width * height * 3),
      // A row's depth takes the place of its reciprocal once the row is cut into runs: nothing asks for that any more.
      depth: visibility.inverseDepth,
      instances: new Uint16Array(buffer, named.instances, width * height),
    },
    instanceOf: new Uint16Array(buffer, named.instanceOf, faces + 1),
    runs: new Int32Array(buffer, named.runs, width * 2),
    small: new Float64Array(buffer, named.small, faces * smallFace.floats),
    smallWholes: new Int32Array(buffer, named.small, faces * smallFace.floats * 2),
    isSmall: new Uint8Array(buffer, named.isSmall, faces + 1),
    faces: new Float64Array(buffer, own.faces, faces * (face.bytes / 8)),
    facesAt: own.faces,
    surfacesAt: own.surfaces,
    row: new RowBatch(buffer, framed.ends, sizes.ends, named.pieces, sizes.ends),
    corners: new RowBatch(buffer, own.corners, 4),
    rays: new Float64Array(buffer, named.rays, width),
    noise: new Uint8Array(buffer, named.noise, noiseBytes),
    field: new Float32Array(buffer, framed.field, light.field),
    suns: new Float64Array(buffer, framed.suns, light.suns),
    tiles: new Float32Array(buffer, framed.tiles, sizes.tiles),
    roof: new Float32Array(buffer, framed.roof, roofSide * roofSide),
    tone: new Uint8Array(buffer, framed.tone, toneLength),
    texelsAt: own.texels,
    head: new Int32Array(buffer, 0, headBytes / 4),
    headFloats: new Float64Array(buffer, 0, headBytes / 8),
  }
}

const tilesOf = (pixels: number): number => (pixels + (1 << tileBits) - 1) >> tileBits

/** Writes the records of surfaces and of their textures. */
function writeSurfaces(
  buffer: ArrayBuffer,
  at: number,
  tilesAt: number,
  surfaces: readonly BakedSurface[],
  texelsAt: ReadonlyMap<Texture, number>,
): void {
  const tiles = new Map([...texelsAt.keys()].map((it, number) => [it, tilesAt + number * texture.bytes]))
  for (const [it, tile] of tiles) {
    const texels = texelsAt.get(it) ?? 0
    const record = new Int32Array(buffer, tile, texture.bytes / 4)
    record[texture.last / 4] = it.levels - 1
    record[texture.bits / 4] = it.sizeBits
    record.set(
      Array.from(it.offsets, (offset) => texels + offset * 4),
      texture.levels / 4,
    )
  }
  for (const [number, it] of surfaces.entries()) {
    const record = at + number * surface.bytes
    new Float64Array(buffer, record, surface.bytes / 8).set([it.perU, it.perV, it.red, it.green, it.blue, it.glow, it.gloss])
    new Int32Array(buffer, record + surface.isSmooth, 2).set([it.smooth ? 1 : 0, tiles.get(it.texture) ?? 0])
  }
}
