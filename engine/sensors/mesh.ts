// Triangle meshes as flat arrays: what the camera rasterises and the lidar casts rays against, so both see the same world.
// Built once per scene from plain shapes; trusts its callers (visual-world.ts), which have already refused what is not finite.
// Array reads are `as number` here and in the other hot files of this folder: the indices are in range by construction, and the cast costs nothing.

/** A mesh in its body's own frame; vertices are not shared between faces, so normals and texture coordinates are per face corner. */
export interface Mesh {
  /** Three numbers per vertex, metres. */
  readonly positions: Float64Array
  /** Three numbers per vertex, unit length. */
  readonly normals: Float64Array
  /** Two numbers per vertex, metres along the surface. */
  readonly uvs: Float64Array
  /** Three vertex numbers per triangle, counter-clockwise seen from outside. */
  readonly indices: Uint32Array
  /** One material number per triangle. */
  readonly materials: Uint16Array
  /** Per triangle the first triangle of its flat face: all triangles of a face share plane, texture and material. */
  readonly faces: Uint32Array
  /** Per triangle: the fourth corner if it is the first half of a convex flat quad, `secondHalf` for the other half, else `alone`. */
  readonly fourths: Int32Array
}

/** In `fourths`: a triangle that is a face by itself. */
export const alone = -1
/** In `fourths`: a triangle that is drawn with the one before it. */
export const secondHalf = -2

/** Three coordinates, metres. */
export type Point = readonly [number, number, number]

/** How a local shape stands in its body: three axis columns and an origin. */
export interface Frame {
  readonly x: Point
  readonly y: Point
  readonly z: Point
  readonly origin: Point
}

/** The point `p` of a frame, seen from the frame's parent. */
export function place(frame: Frame, p: Point): Point {
  const { x, y, z, origin } = frame
  return [
    x[0] * p[0] + y[0] * p[1] + z[0] * p[2] + origin[0],
    x[1] * p[0] + y[1] * p[1] + z[1] * p[2] + origin[1],
    x[2] * p[0] + y[2] * p[1] + z[2] * p[2] + origin[2],
  ]
}

/** The direction `d` of a frame, seen from the frame's parent. */
export function turn(frame: Frame, d: Point): Point {
  return place({ ...frame, origin: [0, 0, 0] }, d)
}

/** `b - a`. */
function minus(b: Point, a: Point): Point {
  return [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
}

/** The cross product. */
export function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/** The dot product. */
function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/** The unit vector along `a`; `fallback` where `a` has no direction. */
export function unit(a: Point, fallback: Point = [0, 0, 1]): Point {
  const length = Math.sqrt(dot(a, a))
  return length > 1e-12 ? [a[0] / length, a[1] / length, a[2] / length] : fallback
}

/** Collects faces into a `Mesh`. Faces without area are left out and counted. */
export class MeshBuilder {
  readonly #positions: number[] = []
  readonly #normals: number[] = []
  readonly #uvs: number[] = []
  readonly #indices: number[] = []
  readonly #materials: number[] = []
  readonly #faces: number[] = []
  readonly #fourths: number[] = []
  #zeroAreaCount = 0

  /** How many triangles were left out because they have no area. */
  get zeroAreaCount(): number {
    return this.#zeroAreaCount
  }

  /** How many triangles there are so far. */
  get triangleCount(): number {
    return this.#materials.length
  }

  /** Adds a vertex and answers its number. */
  vertex(position: Point, normal: Point, u: number, v: number): number {
    this.#positions.push(position[0], position[1], position[2])
    this.#normals.push(normal[0], normal[1], normal[2])
    this.#uvs.push(u, v)
    return this.#uvs.length / 2 - 1
  }

  /** Adds a triangle over vertices that are already there; refuses (and counts) one without area. */
  face(a: number, b: number, c: number, material: number): boolean {
    const pa = this.#point(a)
    const normal = cross(minus(this.#point(b), pa), minus(this.#point(c), pa))
    if (dot(normal, normal) < 1e-18) {
      this.#zeroAreaCount++
      return false
    }
    this.#indices.push(a, b, c)
    this.#faces.push(this.#faces.length)
    this.#fourths.push(alone)
    this.#materials.push(material)
    return true
  }

  /** Adds a flat convex quad over vertices that are already there, counter-clockwise, whose texture and normals run straight across it. */
  flatQuad(a: number, b: number, c: number, d: number, material: number): void {
    const first = this.#faces.length
    if (!this.face(a, b, c, material)) {
      this.face(a, c, d, material)
      return
    }
    if (!this.face(a, c, d, material)) return
    this.#faces[first + 1] = first
    this.#fourths[first] = d
    this.#fourths[first + 1] = secondHalf
  }

  /** Adds a flat triangle, textured by its two longest directions. */
  triangle(a: Point, b: Point, c: Point, material: number): void {
    const normal = unit(cross(minus(b, a), minus(c, a)))
    const corners = [a, b, c].map((p) => {
      const [u, v] = projected(p, normal)
      return this.vertex(p, normal, u, v)
    })
    this.face(corners[0] ?? 0, corners[1] ?? 0, corners[2] ?? 0, material)
  }

  /** Adds a flat four-cornered face, counter-clockwise; u runs from `a` to `b` and v from `a` to `d`, in metres or, with `fit`, from 0 to 1. */
  quad(a: Point, b: Point, c: Point, d: Point, material: number, fit = false): void {
    const ab = minus(b, a)
    const ad = minus(d, a)
    const normal = unit(cross(ab, ad))
    const u1 = fit ? 1 : Math.sqrt(dot(ab, ab))
    const v1 = fit ? 1 : Math.sqrt(dot(ad, ad))
    const ia = this.vertex(a, normal, 0, 0)
    const ib = this.vertex(b, normal, u1, 0)
    const ic = this.vertex(c, normal, u1, v1)
    const id = this.vertex(d, normal, 0, v1)
    this.flatQuad(ia, ib, ic, id, material)
  }

  /** The finished mesh. */
  build(): Mesh {
    return {
      positions: Float64Array.from(this.#positions),
      normals: Float64Array.from(this.#normals),
      uvs: Float64Array.from(this.#uvs),
      indices: Uint32Array.from(this.#indices),
      materials: Uint16Array.from(this.#materials),
      faces: Uint32Array.from(this.#faces),
      fourths: Int32Array.from(this.#fourths),
    }
  }

  #point(index: number): Point {
    const at = index * 3
    return [this.#positions[at] ?? 0, this.#positions[at + 1] ?? 0, this.#positions[at + 2] ?? 0]
  }
}

/** Texture coordinates of a point on a face, by the axis plane that the face looks along most. */
function projected(p: Point, normal: Point): readonly [number, number] {
  const [ax, ay, az] = [Math.abs(normal[0]), Math.abs(normal[1]), Math.abs(normal[2])]
  if (az >= ax && az >= ay) return [p[0], p[1]]
  return ax >= ay ? [p[1], p[2]] : [p[0], p[2]]
}
