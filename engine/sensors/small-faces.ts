// Small faces (up to a metre and a half) are lit at their corners once per frame and painted from there: most of a warehouse is made of them,
// and this is several times cheaper than lighting every piece of every row. Large ones (floor, walls) are lit along the rows.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Geometry } from './geometry.ts'
import type { LightModel } from './light-model.ts'
import type { BakedSurface } from './material.ts'
import { exposeEnds, paintPiece, pen } from './paint-row.ts'
import { RowBatch } from './row-batch.ts'
import { noiseLength } from './tone.ts'
import type { View } from './view.ts'

/** Longest edge of a small face, metres. */
const smallMetres = 1.6
/** Pixels between exact texture places; light is exact at both ends of a piece too. */
const pieceLength = 32

// Numbers per face: planes over the picture's rays of w, u/z, v/z (texels), s/z and t/z (places on the face); then light at s = t = 0, its
// change along s, along t, and what both together add (three colours each); last, the texels that a pixel covers.
const stride = 28
const planes = { w: 0, u: 3, v: 6, s: 9, t: 12 } as const
const lightAt = 15
const footprintAt = 27

/** Paints the small faces of one geometry. */
export class SmallFaces {
  /** 1 for each face (by its first triangle) that is small. */
  readonly isSmall: Uint8Array
  readonly #geometry: Geometry
  readonly #data: Float64Array
  readonly #corners = new RowBatch(4)
  // Texture place and light at the two ends of a piece.
  // Where the ray of a face's middle goes, for its footprint; the rays of the picture's columns.
  readonly #middle = new Float64Array(2)
  #rays = new Float64Array(0)
  #here = new Float64Array(5)
  #there = new Float64Array(5)

  constructor(geometry: Geometry, surfaces: readonly BakedSurface[]) {
    this.#geometry = geometry
    this.#data = new Float64Array(geometry.materials.length * stride)
    this.isSmall = new Uint8Array(geometry.materials.length)
    for (let t = 0; t < geometry.materials.length; t++) {
      const { gloss } = surfaces[geometry.materials[t] as number] as BakedSurface
      this.isSmall[t] = gloss === 0 && longestEdge(geometry, t) <= smallMetres ? 1 : 0
    }
  }

  /** Prepares a face that is seen for the first time in this frame. `record` begins at `from` in `records` (surface-record.ts). */
  prepare(
    view: View,
    model: LightModel,
    surfaces: readonly BakedSurface[],
    face: number,
    points: Float64Array,
    records: Float64Array,
    from: number,
    exposure: number,
    display: Float64Array,
  ): void {
    const surfaceNumber = this.#geometry.materials[face] as number
    const surface = surfaces[surfaceNumber] as BakedSurface
    const at = face * stride
    const d = this.#data
    for (let axis = 0; axis < 3; axis++) {
      d[at + planes.w + axis] = records[from + axis] as number
      d[at + planes.u + axis] = (records[from + 3 + axis] as number) * surface.perU
      d[at + planes.v + axis] = (records[from + 6 + axis] as number) * surface.perV
    }
    const fourth = this.#geometry.fourths[face] as number
    const corners = this.#lightCorners(view, model, surfaces, surfaceNumber, face, fourth, points, exposure, display)
    if (fourth >= 0) this.#quadPlaces(face, fourth, records, from)
    else this.#trianglePlaces(face, points)
    this.#takeLight(at + lightAt, corners.red, fourth)
    this.#takeLight(at + lightAt + 1, corners.green, fourth)
    this.#takeLight(at + lightAt + 2, corners.blue, fourth)
    d[at + footprintAt] = this.#footprint(view, at)
  }

  /** One colour at the corners, as a start and its changes: a triangle's s and t run to its second and third corner, a quad's to second and fourth. */
  #takeLight(at: number, level: Float64Array, fourth: number): void {
    const d = this.#data
    const a = level[0] as number
    const b = level[1] as number
    const c = level[2] as number
    const e = level[3] as number
    d[at] = a
    d[at + 3] = b - a
    d[at + 6] = (fourth >= 0 ? e : c) - a
    d[at + 9] = fourth >= 0 ? a - b + c - e : 0
  }

  /** Paints pixels [from, to) of row `y`. */
  paint(
    view: View,
    surface: BakedSurface,
    face: number,
    y: number,
    from: number,
    to: number,
    rgb: Uint8Array,
    noise: Uint8Array,
    noiseAt: number,
  ): void {
    const at = face * stride
    this.#evaluate(view, at, from, y, this.#here)
    pen[10] = this.#data[at + footprintAt] as number
    for (let x = from; x < to; x += pieceLength) {
      const stop = x + pieceLength < to ? x + pieceLength : to
      const last = stop < to ? stop : to - 1
      this.#evaluate(view, at, last, y, this.#there)
      const share = last > x ? 1 / (last - x) : 0
      const a = this.#here
      const b = this.#there
      pen[0] = a[0] as number
      pen[1] = a[1] as number
      pen[2] = ((b[0] as number) - (a[0] as number)) * share
      pen[3] = ((b[1] as number) - (a[1] as number)) * share
      for (let channel = 0; channel < 3; channel++) {
        pen[4 + channel] = a[2 + channel] as number
        pen[7 + channel] = ((b[2 + channel] as number) - (a[2 + channel] as number)) * share
      }
      paintPiece(surface.texture, stop - x, y, (y * view.width + x) * 3, rgb, noise, (noiseAt + x * 3) & (noiseLength - 1))
      this.#here = b
      this.#there = a
    }
  }

  /** Sets the rays of a view's columns; to be called before a frame is painted. */
  begin(view: View): void {
    if (this.#rays.length !== view.width) this.#rays = new Float64Array(view.width)
    for (let x = 0; x < view.width; x++) this.#rays[x] = (x + 0.5 - view.cx) / view.fx
  }

  /** Texture place and light in the middle of a pixel. */
  #evaluate(view: View, at: number, x: number, y: number, out: Float64Array): void {
    const d = this.#data
    const rx = this.#rays[x] as number
    const ry = (y + 0.5 - view.cy) / view.fy
    const z = 1 / ((d[at] as number) * rx + (d[at + 1] as number) * ry + (d[at + 2] as number))
    out[0] = ((d[at + 3] as number) * rx + (d[at + 4] as number) * ry + (d[at + 5] as number)) * z
    out[1] = ((d[at + 6] as number) * rx + (d[at + 7] as number) * ry + (d[at + 8] as number)) * z
    const s = Math.max(0, Math.min(1, ((d[at + 9] as number) * rx + (d[at + 10] as number) * ry + (d[at + 11] as number)) * z))
    const t = Math.max(0, Math.min(1, ((d[at + 12] as number) * rx + (d[at + 13] as number) * ry + (d[at + 14] as number)) * z))
    const both = s * t
    out[2] = (d[at + 15] as number) + s * (d[at + 18] as number) + t * (d[at + 21] as number) + both * (d[at + 24] as number)
    out[3] = (d[at + 16] as number) + s * (d[at + 19] as number) + t * (d[at + 22] as number) + both * (d[at + 25] as number)
    out[4] = (d[at + 17] as number) + s * (d[at + 20] as number) + t * (d[at + 23] as number) + both * (d[at + 26] as number)
  }

  /** How many texels a pixel covers in the middle of a face: the smaller way counts most, kept sharp on purpose. */
  #footprint(view: View, at: number): number {
    const d = this.#data
    const e = this.#middle
    const z = 1 / ((d[at] as number) * (e[0] as number) + (d[at + 1] as number) * (e[1] as number) + (d[at + 2] as number))
    const u = ((d[at + 3] as number) * (e[0] as number) + (d[at + 4] as number) * (e[1] as number) + (d[at + 5] as number)) * z
    const v = ((d[at + 6] as number) * (e[0] as number) + (d[at + 7] as number) * (e[1] as number) + (d[at + 8] as number)) * z
    const across =
      ((Math.abs((d[at + 3] as number) - u * (d[at] as number)) + Math.abs((d[at + 6] as number) - v * (d[at] as number))) * z) / view.fx
    const down =
      ((Math.abs((d[at + 4] as number) - u * (d[at + 1] as number)) + Math.abs((d[at + 7] as number) - v * (d[at + 1] as number))) * z) /
      view.fy
    return Math.min(across, down) * 0.75 + Math.max(across, down) * 0.25
  }

  /** Lights the corners, as ends of a row of their own, in the order a, b, c, d. */
  #lightCorners(
    view: View,
    model: LightModel,
    surfaces: readonly BakedSurface[],
    surface: number,
    face: number,
    fourth: number,
    points: Float64Array,
    exposure: number,
    display: Float64Array,
  ): RowBatch {
    const { indices, partOfTriangle, matrices, positions, normals } = this.#geometry
    const batch = this.#corners
    batch.clear()
    const base = (partOfTriangle[face] as number) * 12
    const count = fourth >= 0 ? 4 : 3
    for (let k = 0; k < count; k++) {
      const vertex = k === 3 ? fourth : (indices[face * 3 + k] as number)
      const end = batch.addEnd(columnOf(view, points, vertex), 0, surface)
      batch.x[end] = applied(matrices, base, positions, vertex * 3) + (matrices[base + 3] as number)
      batch.y[end] = applied(matrices, base + 4, positions, vertex * 3) + (matrices[base + 7] as number)
      batch.z[end] = applied(matrices, base + 8, positions, vertex * 3) + (matrices[base + 11] as number)
      batch.nx[end] = applied(matrices, base, normals, vertex * 3)
      batch.ny[end] = applied(matrices, base + 4, normals, vertex * 3)
      batch.nz[end] = applied(matrices, base + 8, normals, vertex * 3)
    }
    const first = indices[face * 3] as number
    const third = indices[face * 3 + 2] as number
    this.#middle[0] = ((columnOf(view, points, first) + columnOf(view, points, third)) * 0.5 - view.cx) / view.fx
    this.#middle[1] = ((rowOf(view, points, first) + rowOf(view, points, third)) * 0.5 - view.cy) / view.fy
    model.lightEnds(batch, surfaces)
    exposeEnds(batch, view, rowOf(view, points, indices[face * 3] as number), exposure, surfaces, display)
    return batch
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
    const at = face * stride
    for (let axis = 0; axis < 3; axis++) {
      const w = records[from + axis] as number
      this.#data[at + planes.s + axis] = wide === 0 ? 0 : ((records[from + 3 + axis] as number) - u0 * w) / wide
      this.#data[at + planes.t + axis] = high === 0 ? 0 : ((records[from + 6 + axis] as number) - v0 * w) / high
    }
  }

  /** s and t of a triangle: how much of its second and third corner is in a place. */
  #trianglePlaces(face: number, p: Float64Array): void {
    const { indices } = this.#geometry
    const a = (indices[face * 3] as number) * 3
    const b = (indices[face * 3 + 1] as number) * 3
    const c = (indices[face * 3 + 2] as number) * 3
    const at = face * stride
    const d = this.#data
    crossInto(p, c, a, d, at + planes.s)
    crossInto(p, a, b, d, at + planes.t)
    const s = at + planes.s
    const det =
      (p[b] as number) * (d[s] as number) + (p[b + 1] as number) * (d[s + 1] as number) + (p[b + 2] as number) * (d[s + 2] as number)
    for (let k = 0; k < 6; k++) d[s + k] = (d[s + k] as number) / det
  }
}

function applied(m: Float64Array, row: number, v: Float64Array, at: number): number {
  return (
    (m[row] as number) * (v[at] as number) + (m[row + 1] as number) * (v[at + 1] as number) + (m[row + 2] as number) * (v[at + 2] as number)
  )
}

function crossInto(p: Float64Array, a: number, b: number, out: Float64Array, at: number): void {
  out[at] = (p[a + 1] as number) * (p[b + 2] as number) - (p[a + 2] as number) * (p[b + 1] as number)
  out[at + 1] = (p[a + 2] as number) * (p[b] as number) - (p[a] as number) * (p[b + 2] as number)
  out[at + 2] = (p[a] as number) * (p[b + 1] as number) - (p[a + 1] as number) * (p[b] as number)
}

/** The column of a corner, held inside the picture, for the lens's fall-off. */
function columnOf(view: View, p: Float64Array, vertex: number): number {
  const z = p[vertex * 3 + 2] as number
  const x = view.cx + (view.fx * (p[vertex * 3] as number)) / Math.max(z, view.near)
  return Math.max(0, Math.min(view.width, Math.floor(x)))
}

function rowOf(view: View, p: Float64Array, vertex: number): number {
  const z = p[vertex * 3 + 2] as number
  const y = view.cy + (view.fy * (p[vertex * 3 + 1] as number)) / Math.max(z, view.near)
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
