// The rasteriser: which triangle is seen through which pixel, and how far away. Homogeneous edge functions (Olano and Greer, 1997) need no
// clipping; each row is solved for its span, so neighbours share edges without cracks. Only + - * / and floor: the same bits everywhere.
// Kernels draw whole parts (faces-kernel.ts); here is what they draw from. Trusts its geometry and view (view.ts has checked them).
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { corner, drawnFace } from '../kernels/drawing-records.ts'
import type { Kernels } from '../kernels/module.ts'
import { sensorKernels } from '../kernels/sensor-kernels.ts'
import { drawing, frame, head, headBytes, MemoryPlan, setHead } from '../kernels/shared-memory.ts'
import type { Geometry, PartRange } from './geometry.ts'
import { secondHalf } from './mesh.ts'
import type { View } from './view.ts'

/** Numbers from one corner to the next in `Rasteriser.points`. */
const cornerStride: number = corner.bytes / 8

/** What a view sees: per pixel the reciprocal of the depth, and the face's number plus one (0: nothing). */
export interface Visibility {
  readonly width: number
  readonly height: number
  readonly inverseDepth: Float32Array
  readonly faces: FaceNumbers
  /** The corners of the parts that were in view, `cornerStride` numbers per vertex: three in camera axes, column and row. */
  readonly points: Float64Array
  /** 1 by face number plus one where the last picture showed a face. */
  readonly shown: Uint8Array
  /** What fills it, over the memory that it lies in. */
  readonly kernels: Kernels
}

/** Two bytes per pixel while they suffice: the buffer then fits the processor's cache. */
export type FaceNumbers = Uint16Array | Int32Array

/** An empty visibility buffer for a geometry; `plan` holds what else lies in the same memory. */
export function createVisibility(geometry: Geometry, width: number, height: number, plan = new MemoryPlan()): Visibility {
  const pixels = width * height
  const wide = geometry.materials.length >= 65_535
  const depthAt = plan.place(pixels * 4)
  const facesAt = plan.place(pixels * (wide ? 4 : 2))
  const drawn = drawnTriangles(geometry)
  const at = {
    corners: plan.place((geometry.positions.length / 3) * corner.bytes),
    faces: plan.place(drawn.length * drawnFace.bytes),
    positions: plan.place(geometry.positions.byteLength),
    shown: plan.place(geometry.materials.length + 1),
  }
  const kernels = sensorKernels(plan.bytes, wide)
  const { buffer } = kernels
  setHead(kernels, head.width, width)
  setHead(kernels, frame.height, height)
  setHead(kernels, head.inverseDepth, depthAt)
  setHead(kernels, head.faces, facesAt)
  for (const [name, address] of Object.entries(at)) setHead(kernels, drawing[name as keyof typeof at], address)
  new Float64Array(buffer, at.positions, geometry.positions.length).set(geometry.positions)
  writeFaces(geometry, drawn, at.corners, new Int32Array(buffer, at.faces, drawn.length * (drawnFace.bytes / 4)))
  return {
    ...{ width, height, kernels },
    inverseDepth: new Float32Array(buffer, depthAt, pixels),
    faces: wide ? new Int32Array(buffer, facesAt, pixels) : new Uint16Array(buffer, facesAt, pixels),
    points: new Float64Array(buffer, at.corners, (geometry.positions.length / 3) * cornerStride),
    shown: new Uint8Array(buffer, at.shown, geometry.materials.length + 1),
  }
}

/** The triangles that are drawn: those that are not the second half of another. */
function drawnTriangles({ fourths }: Geometry): number[] {
  return Array.from(fourths.keys()).filter((triangle) => fourths[triangle] !== secondHalf)
}

/** Writes the records of drawn faces, whose corners begin at an address. */
function writeFaces({ indices, fourths, faces }: Geometry, drawn: readonly number[], cornersAt: number, out: Int32Array): void {
  const addressOf = (vertex: number): number => cornersAt + vertex * corner.bytes
  for (const [place, triangle] of drawn.entries()) {
    const at = place * (drawnFace.bytes / 4)
    for (let k = 0; k < 3; k++) out[at + drawnFace.a / 4 + k] = addressOf(indices[triangle * 3 + k] as number)
    const fourth = fourths[triangle] as number
    out[at + drawnFace.d / 4] = fourth >= 0 ? addressOf(fourth) : 0
    out[at + drawnFace.number / 4] = (faces[triangle] as number) + 1
  }
}

/** Empties a visibility buffer; what is beyond `far` metres stays unseen. */
export function clearVisibility(visibility: Visibility, far: number): void {
  visibility.inverseDepth.fill(1 / far)
  visibility.faces.fill(0)
}

/** What knows of parts that cannot be seen because of what is drawn already (hidden-parts.ts). */
export interface Hider {
  /** Whether no pixel of a part can be seen; `m` takes its frame to camera axes. */
  hides(view: View, m: Float64Array, part: PartRange): boolean
}

/** Rasterises parts of a geometry into one visibility buffer; keeps their camera-space corners for the shading pass. */
export class Rasteriser {
  readonly geometry: Geometry
  readonly target: Visibility
  readonly #kernels: Readonly<Record<'corners' | 'faces', (...values: number[]) => void>>
  // Where the kernels read them: the picture's pinhole, the frame of the part that is drawn; and what they touched.
  readonly #floats: Float64Array
  readonly #matrix: Float64Array
  // The first drawn face of each part, and past the last part the number of all.
  readonly #facesFrom: Int32Array
  #view: View | undefined

  constructor(geometry: Geometry, target: Visibility) {
    this.geometry = geometry
    this.target = target
    const { buffer, find } = target.kernels
    this.#kernels = { corners: find('corners'), faces: find('faces') }
    this.#floats = new Float64Array(buffer, 0, headBytes / 8)
    this.#matrix = new Float64Array(buffer, drawing.matrix, 12)
    this.#facesFrom = firstFaces(geometry)
  }

  /** Draws one part; answers false if it lies outside the view. */
  draw(view: View, index: number): boolean {
    const part = this.#enter(view, index)
    if (part === undefined) return false
    this.#kernels.corners(part.vertexFrom, part.vertexTo)
    this.#faces(index, 0, 0)
    return true
  }

  /** Draws those faces of a part that the target has as shown; true if the part is in view. */
  drawShown(view: View, index: number): boolean {
    const part = this.#enter(view, index)
    if (part === undefined) return false
    this.#kernels.corners(part.vertexFrom, part.vertexTo)
    this.#faces(index, 1, 0)
    return true
  }

  /** Draws the faces of a part that the target has not as shown, and that are not hidden. Its corners are in place already if it `hasCorners`. */
  drawRest(view: View, index: number, hidden: Hider, hasCorners: boolean): void {
    const part = this.#enter(view, index)
    if (part === undefined) return
    if (!hasCorners) {
      if (hidden.hides(view, this.#matrix, part)) return
      this.#kernels.corners(part.vertexFrom, part.vertexTo)
    }
    this.#faces(index, 0, 1)
  }

  #faces(index: number, wanted: number, hides: number): void {
    this.#kernels.faces(this.#facesFrom[index] as number, this.#facesFrom[index + 1] as number, wanted, hides)
  }

  /** The part of a number, if it may be in view, with its frame in `#matrix`. */
  #enter(view: View, index: number): PartRange | undefined {
    const part = this.geometry.parts[index]
    if (part === undefined || part.triangleFrom === part.triangleTo) return undefined
    if (this.#view !== view) this.#look(view)
    partToCamera(view, this.geometry.matrices, index * 12, this.#matrix)
    return ballInView(view, this.#matrix, part) ? part : undefined
  }

  #look(view: View): void {
    this.#view = view
    const { near, cx, cy, fx, fy } = view
    this.#floats[drawing.near / 8] = near
    this.#floats.set([cx, cy, fx, fy, (0.5 - cx) / fx, (0.5 - cy) / fy], drawing.centre / 8)
  }

  /** Starts a new `touched`. */
  forget(): void {
    this.#floats.set([Infinity, Infinity, 0, 0], drawing.leftTop / 8)
  }

  /** Pixels that faces may have touched since `forget`: left, top, right, bottom (one past the last). */
  get touched(): readonly [number, number, number, number] {
    const { width, height } = this.target
    const [left = 0, top = 0, right = 0, bottom = 0] = this.#floats.subarray(drawing.leftTop / 8)
    // A pixel more on each side, for rounding.
    const [from, to] = [Math.max(0, Math.floor(left) - 1), Math.min(width, Math.ceil(right) + 1)]
    return [from, Math.max(0, Math.floor(top) - 1), to, Math.min(height, Math.ceil(bottom) + 1)]
  }
}

/** Where the drawn faces of each part begin among all, and how many there are. */
function firstFaces({ parts, fourths }: Geometry): Int32Array {
  const from = new Int32Array(parts.length + 1)
  for (const [index, part] of parts.entries()) {
    let count = 0
    for (let t = part.triangleFrom; t < part.triangleTo; t++) if (fourths[t] !== secondHalf) count++
    from[index + 1] = (from[index] as number) + count
  }
  return from
}

/** Writes the 3 × 4 matrix from a part's frame to camera axes, row by row. */
function partToCamera(view: View, matrices: Float64Array, base: number, out: Float64Array): void {
  const r = view.rotation
  const px = view.position[0]
  const py = view.position[1]
  const pz = view.position[2]
  for (let row = 0; row < 3; row++) {
    const rx = r[row * 3] as number
    const ry = r[row * 3 + 1] as number
    const rz = r[row * 3 + 2] as number
    for (let column = 0; column < 3; column++) {
      out[row * 4 + column] =
        rx * (matrices[base + column] as number) +
        ry * (matrices[base + 4 + column] as number) +
        rz * (matrices[base + 8 + column] as number)
    }
    out[row * 4 + 3] =
      rx * ((matrices[base + 3] as number) - px) + ry * ((matrices[base + 7] as number) - py) + rz * ((matrices[base + 11] as number) - pz)
  }
}

/** Whether a part's bounding ball reaches into the view. */
function ballInView(view: View, m: Float64Array, part: PartRange): boolean {
  const x = along(m, 0, part)
  const y = along(m, 4, part)
  const z = along(m, 8, part)
  const r = part.radius
  if (z + r < view.near || z - r > view.far) return false
  if (past(x, z, r, view.cx / view.fx) || past(-x, z, r, (view.width - view.cx) / view.fx)) return false
  return !past(y, z, r, view.cy / view.fy) && !past(-y, z, r, (view.height - view.cy) / view.fy)
}

function along(m: Float64Array, row: number, part: PartRange): number {
  const c = part.centre
  return (m[row] as number) * c[0] + (m[row + 1] as number) * c[1] + (m[row + 2] as number) * c[2] + (m[row + 3] as number)
}

/** Whether a ball lies wholly beyond the side of the view at `-slope * ahead`. */
function past(across: number, ahead: number, radius: number, slope: number): boolean {
  return -(across + slope * ahead) > radius * Math.sqrt(1 + slope * slope)
}
