// Small faces (up to a metre and a half) are lit at their corners once per frame and painted from there: most of a warehouse is made of them,
// and this is several times cheaper than lighting every piece of every row. Large ones (floor, walls) are lit along the rows.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { end, surface as surfaceFields } from '../kernels/end-records.ts'
import { texelScale } from '../kernels/pieces-kernel.ts'
import { smallFace, smallWholes as smallFields } from '../kernels/small-kernel.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { Geometry } from './geometry.ts'
import type { LightModel } from './light-model.ts'
import type { BakedSurface } from './material.ts'
import { cornerStride } from './rasterise.ts'
import { endStride } from './row-batch.ts'
import { recordStride } from './surface-record.ts'
import { jitterOf, levelOf } from './texel-level.ts'
import type { Texture } from './texture.ts'
import type { View } from './view.ts'

/** Longest edge of a small face, metres. */
const smallMetres = 1.6

/** Prepares the small faces of one geometry for the kernel that paints them. */
export class SmallFaces {
  readonly #geometry: Geometry
  readonly #memory: CameraMemory
  // Where the ray of a face's middle goes, for its footprint; its texture planes, three numbers for u and three for v.
  readonly #middle = new Float64Array(2)
  readonly #texture = new Float64Array(6)

  constructor(geometry: Geometry, surfaces: readonly BakedSurface[], memory: CameraMemory) {
    this.#geometry = geometry
    this.#memory = memory
    for (let t = 0; t < geometry.materials.length; t++) {
      const { gloss } = surfaces[geometry.materials[t] as number] as BakedSurface
      memory.isSmall[t + 1] = gloss === 0 && longestEdge(geometry, t) <= smallMetres ? 1 : 0
    }
  }

  /** Prepares a face that is seen for the first time in this frame, and whose record is there (surface-record.ts). */
  prepare(view: View, model: LightModel, surfaces: readonly BakedSurface[], face: number, points: Float64Array): void {
    const records = this.#memory.faces
    const from = face * recordStride
    const surfaceNumber = this.#geometry.materials[face] as number
    const surface = surfaces[surfaceNumber] as BakedSurface
    const at = face * smallFace.floats
    const d = this.#memory.small
    for (let axis = 0; axis < 3; axis++) {
      d[at + smallFace.w + axis] = records[from + axis] as number
      this.#texture[axis] = (records[from + 3 + axis * 2] as number) * surface.perU
      this.#texture[axis + 3] = (records[from + 4 + axis * 2] as number) * surface.perV
      d[at + smallFace.uv + axis * 2] = this.#texture[axis] as number
      d[at + smallFace.uv + axis * 2 + 1] = this.#texture[axis + 3] as number
    }
    const fourth = this.#geometry.fourths[face] as number
    this.#lightCorners(view, model, surfaceNumber, face, fourth, points)
    if (fourth >= 0) this.#quadPlaces(face, fourth, records, from)
    else this.#trianglePlaces(face, points)
    for (let colour = 0; colour < 3; colour++) this.#takeLight(at + smallFace.light + colour, end.colour / 8 + colour, fourth)
    this.#takeTexture(at, surface.texture, this.#footprint(view, at))
  }

  /** One colour at the corners, as a start and its changes: a triangle's s and t run to its second and third corner, a quad's to second and fourth. */
  #takeLight(at: number, from: number, fourth: number): void {
    const d = this.#memory.small
    const { ends } = this.#memory.corners
    const a = ends[from] as number
    const b = ends[from + endStride] as number
    const c = ends[from + endStride * 2] as number
    const e = ends[from + endStride * 3] as number
    d[at] = a
    d[at + 4] = b - a
    d[at + 8] = (fourth >= 0 ? e : c) - a
    d[at + 12] = fourth >= 0 ? a - b + c - e : 0
  }

  /** Which level of its texture a face is painted with, and how its places count in it. */
  #takeTexture(at: number, texture: Texture, footprint: number): void {
    const { small, smallWholes, texelsAt } = this.#memory
    const level = levelOf(texture, footprint)
    const bits = texture.sizeBits - level
    const wholes = (at + smallFace.wholes) * 2
    small[at + smallFace.scale] = texelScale >> level
    smallWholes[wholes + smallFields.texels] = (texelsAt.get(texture) as number) + (texture.offsets[level] as number) * 4
    smallWholes[wholes + smallFields.mask] = (1 << bits) - 1
    smallWholes[wholes + smallFields.bits] = bits
    smallWholes[wholes + smallFields.jitter] = jitterOf(footprint)
  }

  /** How many texels a pixel covers in the middle of a face: the smaller way counts most, kept sharp on purpose. */
  #footprint(view: View, at: number): number {
    const d = this.#memory.small
    const p = this.#texture
    const e = this.#middle
    const z = 1 / ((d[at] as number) * (e[0] as number) + (d[at + 1] as number) * (e[1] as number) + (d[at + 2] as number))
    const u = ((p[0] as number) * (e[0] as number) + (p[1] as number) * (e[1] as number) + (p[2] as number)) * z
    const v = ((p[3] as number) * (e[0] as number) + (p[4] as number) * (e[1] as number) + (p[5] as number)) * z
    const across = ((Math.abs((p[0] as number) - u * (d[at] as number)) + Math.abs((p[3] as number) - v * (d[at] as number))) * z) / view.fx
    const down =
      ((Math.abs((p[1] as number) - u * (d[at + 1] as number)) + Math.abs((p[4] as number) - v * (d[at + 1] as number))) * z) / view.fy
    return Math.min(across, down) * 0.75 + Math.max(across, down) * 0.25
  }

  /** Lights the corners, as ends of a row of their own, in the order a, b, c, d. */
  #lightCorners(view: View, model: LightModel, surface: number, face: number, fourth: number, points: Float64Array): void {
    const { indices, partOfTriangle, matrices, positions, normals } = this.#geometry
    const { corners: batch, surfacesAt } = this.#memory
    const { ends } = batch
    batch.clear()
    const base = (partOfTriangle[face] as number) * 12
    const count = fourth >= 0 ? 4 : 3
    for (let k = 0; k < count; k++) {
      const vertex = k === 3 ? fourth : (indices[face * 3 + k] as number)
      const at = batch.addEnd(columnOf(view, points, vertex), 0, surfacesAt + surface * surfaceFields.bytes) * endStride
      for (let axis = 0; axis < 3; axis++) {
        const row = base + axis * 4
        ends[at + end.place / 8 + axis] = applied(matrices, row, positions, vertex * 3) + (matrices[row + 3] as number)
        ends[at + end.normal / 8 + axis] = applied(matrices, row, normals, vertex * 3)
      }
    }
    const first = indices[face * 3] as number
    const third = indices[face * 3 + 2] as number
    this.#middle[0] = ((columnOf(view, points, first) + columnOf(view, points, third)) * 0.5 - view.cx) / view.fx
    this.#middle[1] = ((rowOf(view, points, first) + rowOf(view, points, third)) * 0.5 - view.cy) / view.fy
    model.lightEnds(batch, (rowOf(view, points, first) + 0.5 - view.cy) / view.fy)
  }

  /** s and t of a quad from its texture coordinates, which run straight from corner to corner. */
  #quadPlaces(face: number, fourth: number, records: Float64Array, from: number): void {
    const { uvs, indices } = this.#geometry
    const a = (indices[face * 3] as number) * 2
    const b = (indices[face * 3 + 1] as number) * 2
    const u0 = uvs[a] as number
    const v0 = uvs[a + 1] as number
    const wide = (uvs[b] as number) - u0
    const high = (uvs[fourth * 2 + 1] as number) - v0
    const at = face * smallFace.floats + smallFace.st
    const d = this.#memory.small
    for (let axis = 0; axis < 3; axis++) {
      const w = records[from + axis] as number
      d[at + axis * 2] = wide === 0 ? 0 : ((records[from + 3 + axis * 2] as number) - u0 * w) / wide
      d[at + axis * 2 + 1] = high === 0 ? 0 : ((records[from + 4 + axis * 2] as number) - v0 * w) / high
    }
  }

  /** s and t of a triangle: how much of its second and third corner is in a place. */
  #trianglePlaces(face: number, p: Float64Array): void {
    const { indices } = this.#geometry
    const a = (indices[face * 3] as number) * cornerStride
    const b = (indices[face * 3 + 1] as number) * cornerStride
    const c = (indices[face * 3 + 2] as number) * cornerStride
    const at = face * smallFace.floats + smallFace.st
    const d = this.#memory.small
    crossInto(p, c, a, d, at)
    crossInto(p, a, b, d, at + 1)
    const det =
      (p[b] as number) * (d[at] as number) + (p[b + 1] as number) * (d[at + 2] as number) + (p[b + 2] as number) * (d[at + 4] as number)
    for (let k = 0; k < 6; k++) d[at + k] = (d[at + k] as number) / det
  }
}

function applied(m: Float64Array, row: number, v: Float64Array, at: number): number {
  return (
    (m[row] as number) * (v[at] as number) + (m[row + 1] as number) * (v[at + 1] as number) + (m[row + 2] as number) * (v[at + 2] as number)
  )
}

/** The cross product of two points, into every second number. */
function crossInto(p: Float64Array, a: number, b: number, out: Float64Array, at: number): void {
  out[at] = (p[a + 1] as number) * (p[b + 2] as number) - (p[a + 2] as number) * (p[b + 1] as number)
  out[at + 2] = (p[a + 2] as number) * (p[b] as number) - (p[a] as number) * (p[b + 2] as number)
  out[at + 4] = (p[a] as number) * (p[b + 1] as number) - (p[a + 1] as number) * (p[b] as number)
}

/** The column of a corner, held inside the picture, for the lens's fall-off. */
function columnOf(view: View, p: Float64Array, vertex: number): number {
  const z = p[vertex * cornerStride + 2] as number
  const x = view.cx + (view.fx * (p[vertex * cornerStride] as number)) / Math.max(z, view.near)
  return Math.max(0, Math.min(view.width, Math.floor(x)))
}

function rowOf(view: View, p: Float64Array, vertex: number): number {
  const z = p[vertex * cornerStride + 2] as number
  const y = view.cy + (view.fy * (p[vertex * cornerStride + 1] as number)) / Math.max(z, view.near)
  return Math.max(0, Math.min(view.height, Math.floor(y)))
}

function longestEdge(geometry: Geometry, t: number): number {
  const corners = [0, 1, 2].map((k) => (geometry.indices[t * 3 + k] as number) * 3)
  const fourth = geometry.fourths[t] as number
  if (fourth >= 0) corners.push(fourth * 3)
  const p = geometry.positions
  return corners.reduce((longest, a, k) => {
    const b = corners[(k + 1) % corners.length] ?? a
    const [dx, dy, dz] = [0, 1, 2].map((axis) => (p[b + axis] as number) - (p[a + axis] as number))
    return Math.max(longest, Math.sqrt((dx ?? 0) * (dx ?? 0) + (dy ?? 0) * (dy ?? 0) + (dz ?? 0) * (dz ?? 0)))
  }, 0)
}
