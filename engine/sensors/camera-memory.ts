// The memory of one camera: what it sees, what it is painted from, and the picture, where kernels and typed arrays both reach it.
// Sizes come from a picture and a scene that were checked before.

import { roofSide } from '../kernels/backdrop-kernel.ts'
import { ball, shadeGrid } from '../kernels/cover-kernel.ts'
import { end, face, faceSource, piece, surface, texture } from '../kernels/end-records.ts'
import { lightShift, tailBytes, tailMasks } from '../kernels/paint-kernel.ts'
import { frame, head, headBytes, MemoryPlan, matrixBytes, setHead, shading, uvBytes, vectorBytes } from '../kernels/shared-memory.ts'
import { smallFace } from '../kernels/small-kernel.ts'
import { tileBits } from '../kernels/tiles-kernel.ts'
import type { Geometry } from './geometry.ts'
import type { BakedSurface } from './material.ts'
import { alone } from './mesh.ts'
import type { Picture } from './picture.ts'
import { createVisibility, type Visibility } from './rasterise.ts'
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
  /** 1 by face number plus one where a face is small. */
  readonly isSmall: Uint8Array
  /** Where parts stand in the world, 12 numbers each; and 1 for each part that the last picture showed (faces are in `visibility.shown`). */
  readonly matrices: Float64Array
  readonly shownParts: Uint8Array
  /** Records of a row's ends (end-records.ts), and the address of the first. */
  readonly ends: Float64Array
  readonly endsAt: number
  /** Ray of each column. */
  readonly rays: Float64Array
  readonly noise: Uint8Array
  /** Cells of the light's volume, and directional lights. */
  readonly field: Float32Array
  readonly suns: Float64Array
  /** The least reciprocal depth of each tile, as `tiles` leaves it. */
  readonly tiles: Float32Array
  /** Cells and balls of the near shade (cover-kernel.ts). */
  readonly cells: Uint16Array
  readonly balls: Float64Array
  /** Texels of the backdrop's roof, and the table of its tones. */
  readonly roof: Float32Array
  readonly tone: Uint8Array
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
  readonly parts: number
  readonly vertices: number
  readonly light: LightSize
}

/** Places what the head names, what the frame names, and what the host alone knows the address of. What grows with the scene comes last. */
function placeArrays(
  plan: MemoryPlan,
  { width, height, faces, ends, tiles, parts, vertices, light }: Sizes,
  surfaces: readonly BakedSurface[],
) {
  const named = {
    rgb: plan.place(width * height * 3),
    instances: plan.place(width * height * 2),
    instanceOf: plan.place((faces + 1) * 2),
    runs: plan.place(width * 8),
    isSmall: plan.place(faces + 1),
    rays: plan.place(width * 8),
    pieces: plan.place(ends * piece.bytes),
    noise: plan.place(noiseBytes),
    tails: plan.place(tailBytes),
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
  const shaded = {
    cells: plan.place(shadeGrid.side * shadeGrid.side * shadeGrid.cellBytes),
    balls: plan.place(shadeGrid.ballsMax * ball.bytes),
    fresh: plan.place(width * 4),
    corners: plan.place(4 * end.bytes),
    shownParts: plan.place(parts),
    matrices: plan.place(parts * matrixBytes),
    normals: plan.place(vertices * vectorBytes),
    uvs: plan.place(vertices * uvBytes),
    sources: plan.place(faces * faceSource.bytes),
    records: 0,
  }
  const textures = [...new Set(surfaces.map((it) => it.texture))]
  const own = {
    surfaces: plan.place(surfaces.length * surface.bytes),
    textures: plan.place(textures.length * texture.bytes),
    texels: new Map(textures.map((it) => [it, plan.place(it.texels.byteLength)])),
  }
  named.small = plan.place(faces * smallFace.floats * 8)
  shaded.records = plan.place(faces * face.bytes)
  return { named, framed, shaded, own }
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
  const [parts, vertices] = [geometry.parts.length, geometry.positions.length / 3]
  const sizes: Sizes = { width, height, faces, ends: width * 2 + 4, tiles: tilesOf(width) * tilesOf(height), parts, vertices, light }
  const { named, framed, shaded, own } = placeArrays(plan, sizes, surfaces)
  const visibility = createVisibility(geometry, width, height, plan)
  const { buffer } = visibility.kernels
  for (const [name, address] of Object.entries(named)) setHead(visibility.kernels, head[name as keyof typeof named], address)
  setHead(visibility.kernels, head.depth, visibility.inverseDepth.byteOffset)
  for (const [name, address] of Object.entries(framed)) setHead(visibility.kernels, frame[name as keyof typeof framed], address)
  for (const [name, address] of Object.entries(shaded)) setHead(visibility.kernels, shading[name as keyof typeof shaded], address)
  for (const [it, address] of own.texels) new Int32Array(buffer, address, it.texels.length).set(it.texels)
  new Uint8Array(buffer, named.tails, tailBytes).set(tailMasks())
  new Float64Array(buffer, framed.display, toneLength).set(bakeDisplayTable().map((value) => value * lightUnit))
  writeSurfaces(buffer, own.surfaces, own.textures, surfaces, own.texels)
  writeSources(geometry, own.surfaces, new Int32Array(buffer, shaded.sources, faces * (faceSource.bytes / 4)))
  new Float64Array(buffer, shaded.normals, geometry.normals.length).set(geometry.normals)
  new Float64Array(buffer, shaded.uvs, geometry.uvs.length).set(geometry.uvs)
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
    isSmall: new Uint8Array(buffer, named.isSmall, faces + 1),
    matrices: new Float64Array(buffer, shaded.matrices, geometry.matrices.length),
    shownParts: new Uint8Array(buffer, shaded.shownParts, geometry.parts.length),
    ends: new Float64Array(buffer, framed.ends, (sizes.ends * end.bytes) / 8),
    endsAt: framed.ends,
    rays: new Float64Array(buffer, named.rays, width),
    noise: new Uint8Array(buffer, named.noise, noiseBytes),
    field: new Float32Array(buffer, framed.field, light.field),
    suns: new Float64Array(buffer, framed.suns, light.suns),
    tiles: new Float32Array(buffer, framed.tiles, sizes.tiles),
    cells: new Uint16Array(buffer, shaded.cells, shadeGrid.side * shadeGrid.side * shadeGrid.ballsPerCell),
    balls: new Float64Array(buffer, shaded.balls, (shadeGrid.ballsMax * ball.bytes) / 8),
    roof: new Float32Array(buffer, framed.roof, roofSide * roofSide),
    tone: new Uint8Array(buffer, framed.tone, toneLength),
    head: new Int32Array(buffer, 0, headBytes / 4),
    headFloats: new Float64Array(buffer, 0, headBytes / 8),
  }
}

const tilesOf = (pixels: number): number => (pixels + (1 << tileBits) - 1) >> tileBits

/** Writes the records of faces as they stand in the scene; the records of surfaces begin at an address. */
function writeSources({ materials, indices, fourths, partOfTriangle }: Geometry, surfacesAt: number, out: Int32Array): void {
  for (const [triangle, material] of materials.entries()) {
    const at = triangle * (faceSource.bytes / 4)
    out.set(indices.subarray(triangle * 3, triangle * 3 + 3), at)
    out[at + 3] = Math.max(alone, fourths[triangle] as number)
    out[at + faceSource.surface / 4] = surfacesAt + material * surface.bytes
    out[at + faceSource.part / 4] = partOfTriangle[triangle] as number
  }
}

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
