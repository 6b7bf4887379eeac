// The rasteriser: which triangle is seen through which pixel, and how far away. Homogeneous edge functions (Olano and Greer, 1997) need no
// clipping; each row is solved for its span, so neighbours share edges without cracks. Only + - * / and floor: the same bits everywhere.
// Trusts its geometry and view (view.ts has checked them).
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Kernels } from '../kernels/module.ts'
import { sensorKernels } from '../kernels/sensor-kernels.ts'
import { head, lineBytes, MemoryPlan, pairsMax, setHead } from '../kernels/shared-memory.ts'
import type { Geometry, PartRange } from './geometry.ts'
import { secondHalf } from './mesh.ts'
import type { View } from './view.ts'

/** What a view sees: per pixel the reciprocal of the depth, and the face's number plus one (0: nothing). */
export interface Visibility {
  readonly width: number
  readonly height: number
  readonly inverseDepth: Float32Array
  readonly faces: FaceNumbers
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
  const kernels = sensorKernels(plan.bytes, wide)
  const { buffer } = kernels
  setHead(kernels, head.width, width)
  setHead(kernels, head.inverseDepth, depthAt)
  setHead(kernels, head.faces, facesAt)
  const faces = wide ? new Int32Array(buffer, facesAt, pixels) : new Uint16Array(buffer, facesAt, pixels)
  return { width, height, inverseDepth: new Float32Array(buffer, depthAt, pixels), faces, kernels }
}

/** Empties a visibility buffer; what is beyond `far` metres stays unseen. */
export function clearVisibility(visibility: Visibility, far: number): void {
  visibility.inverseDepth.fill(1 / far)
  visibility.faces.fill(0)
}

/** What knows of things that cannot be seen because of what is drawn already (hidden-parts.ts). */
export interface Hider {
  /** Whether no pixel of a part can be seen; `m` takes its frame to camera axes. */
  hides(view: View, m: Float64Array, part: PartRange): boolean
  /** A box of the picture: left, top, right, bottom in pixels, and the largest reciprocal depth of what lies in it. */
  readonly box: Float64Array
  /** Whether nothing can be seen of what lies in `box`. */
  hidesBox(): boolean
}

/** Rasterises parts of a geometry into one visibility buffer; keeps their camera-space corners for the shading pass. */
export class Rasteriser {
  readonly geometry: Geometry
  readonly target: Visibility
  /** Camera-space coordinates of the vertices of the parts that were in view, three per vertex. */
  readonly points: Float64Array
  // Up to four edges and the near plane; the same split by what they do to a span.
  readonly #edges = new Float64Array(15)
  // Lines that open and close a span, where the kernel reads them, and the plane that it fills spans with.
  readonly #lines: Float64Array
  readonly #filled: Float64Array
  readonly #fill: (...values: number[]) => void
  #top = 0
  #bottom = 0
  #pairs = 0
  #nearest = 0
  // The reciprocal depth over the picture's rays.
  readonly #plane = new Float64Array(3)
  readonly #matrix = new Float64Array(12)
  readonly #screen: Float64Array
  /** Pixels that faces may have touched since `forget`: left, top, right, bottom (one past the last). */
  readonly touched = new Float64Array(4)

  constructor(geometry: Geometry, target: Visibility) {
    this.geometry = geometry
    this.target = target
    const { buffer, find } = target.kernels
    this.#lines = new Float64Array(buffer, head.lines, (pairsMax * lineBytes) / 8)
    this.#filled = new Float64Array(buffer, head.plane, 3)
    this.#fill = find('rows')
    this.points = new Float64Array(geometry.positions.length)
    this.#screen = new Float64Array((geometry.positions.length / 3) * 2)
  }

  /** Draws one part; answers false if it lies outside the view. */
  draw(view: View, index: number): boolean {
    const part = this.#enter(view, index)
    if (part === undefined) return false
    this.#transform(view, this.#matrix, part)
    for (let t = part.triangleFrom; t < part.triangleTo; t++) this.#face(view, t)
    return true
  }

  /** Draws those faces of a part whose number plus one `shown` holds 1 for; true if the part is in view. */
  drawShown(view: View, index: number, shown: Uint8Array): boolean {
    const part = this.#enter(view, index)
    if (part === undefined) return false
    this.#transform(view, this.#matrix, part)
    for (let t = part.triangleFrom; t < part.triangleTo; t++) if (shown[t] === 1) this.#face(view, t)
    return true
  }

  /** Draws the faces of a part that `shown` does not hold, and that are not hidden. Its corners are in place already if it `hasCorners`. */
  drawRest(view: View, index: number, shown: Uint8Array, hidden: Hider, hasCorners: boolean): void {
    const part = this.#enter(view, index)
    if (part === undefined) return
    if (!hasCorners) {
      if (hidden.hides(view, this.#matrix, part)) return
      this.#transform(view, this.#matrix, part)
    }
    for (let t = part.triangleFrom; t < part.triangleTo; t++) if (shown[t] !== 1) this.#face(view, t, hidden)
  }

  /** The part of a number, if it may be in view, with its frame in `#matrix`. */
  #enter(view: View, index: number): PartRange | undefined {
    const part = this.geometry.parts[index]
    if (part === undefined || part.triangleFrom === part.triangleTo) return undefined
    partToCamera(view, this.geometry.matrices, index * 12, this.#matrix)
    return ballInView(view, this.#matrix, part) ? part : undefined
  }

  /** Starts a new `touched`. */
  forget(): void {
    this.touched.set([Infinity, Infinity, 0, 0])
  }

  #touch(left: number, top: number, right: number, bottom: number): void {
    const t = this.touched
    t[0] = Math.min(t[0] as number, left)
    t[1] = Math.min(t[1] as number, top)
    t[2] = Math.max(t[2] as number, right)
    t[3] = Math.max(t[3] as number, bottom)
  }

  #transform(view: View, m: Float64Array, part: PartRange): void {
    const { positions } = this.geometry
    const points = this.points
    const screen = this.#screen
    const m0 = m[0] as number
    const m1 = m[1] as number
    const m2 = m[2] as number
    const m3 = m[3] as number
    const m4 = m[4] as number
    const m5 = m[5] as number
    const m6 = m[6] as number
    const m7 = m[7] as number
    const m8 = m[8] as number
    const m9 = m[9] as number
    const m10 = m[10] as number
    const m11 = m[11] as number
    for (let v = part.vertexFrom; v < part.vertexTo; v++) {
      const at = v * 3
      const x = positions[at] as number
      const y = positions[at + 1] as number
      const z = positions[at + 2] as number
      const cx = m0 * x + m1 * y + m2 * z + m3
      const cy = m4 * x + m5 * y + m6 * z + m7
      const cz = m8 * x + m9 * y + m10 * z + m11
      points[at] = cx
      points[at + 1] = cy
      points[at + 2] = cz
      const inverse = cz > view.near ? 1 / cz : 0
      screen[v * 2] = view.cx + view.fx * cx * inverse
      screen[v * 2 + 1] = view.cy + view.fy * cy * inverse
    }
  }

  /** Draws a triangle, or with a fourth corner a flat quad; `hidden` knows what may be left out. */
  #face(view: View, t: number, hidden?: Hider): void {
    const { indices, fourths } = this.geometry
    const d = fourths[t] as number
    if (d === secondHalf) return
    const [a, b, c] = [indices[t * 3] as number, indices[t * 3 + 1] as number, indices[t * 3 + 2] as number]
    const p = this.points
    const e = this.#edges
    // Edges of the corners in turn: B × A, C × B, then back to A. A neighbour sees the exact negative, so no pixel falls between the two.
    edge(p, b, a, e, 0)
    edge(p, c, b, e, 3)
    const det = -(
      (e[3] as number) * (p[a * 3] as number) +
      (e[4] as number) * (p[a * 3 + 1] as number) +
      (e[5] as number) * (p[a * 3 + 2] as number)
    )
    // A face that looks at us, counter-clockwise, has det < 0; what looks away or has no area is not drawn.
    if (!(det < -1e-14)) return
    edge(p, a, c, e, 6)
    const w = this.#plane
    for (let axis = 0; axis < 3; axis++) w[axis] = ((e[axis] as number) + (e[axis + 3] as number) + (e[axis + 6] as number)) / -det
    let count = 9
    if (d >= 0) {
      edge(p, d, c, e, 6)
      edge(p, a, d, e, 9)
      count = 12
    }
    const crossing = this.#crossing(view.near, a, b, c, d)
    if (crossing === 2) return
    if (crossing === 1) {
      e[count] = -(w[0] as number)
      e[count + 1] = -(w[1] as number)
      e[count + 2] = 1 / view.near - (w[2] as number)
      count += 3
    } else if (!this.#bound(view, a, b, c, d < 0 ? c : d, hidden)) return
    this.#sortEdges(view, count)
    const wholeHeight = crossing === 1
    if (wholeHeight) this.#touch(0, 0, view.width, view.height)
    this.#rows(view, (this.geometry.faces[t] as number) + 1, wholeHeight ? 0 : this.#top, wholeHeight ? view.height : this.#bottom)
  }

  /** 0: all corners lie beyond the near plane, 1: some do, 2: none does. Keeps the nearest corner's depth. */
  #crossing(near: number, a: number, b: number, c: number, d: number): number {
    const p = this.points
    const last = d < 0 ? c : d
    const nearest = Math.min(p[a * 3 + 2] as number, p[b * 3 + 2] as number, p[c * 3 + 2] as number, p[last * 3 + 2] as number)
    this.#nearest = nearest
    if (nearest > near) return 0
    const farthest = Math.max(p[a * 3 + 2] as number, p[b * 3 + 2] as number, p[c * 3 + 2] as number, p[last * 3 + 2] as number)
    return farthest > near ? 1 : 2
  }

  /** Sets the rows that the corners span; answers false if they miss the picture, or if all that they span is hidden. */
  #bound(view: View, a: number, b: number, c: number, d: number, hidden?: Hider): boolean {
    const s = this.#screen
    const left = Math.min(s[a * 2] as number, s[b * 2] as number, s[c * 2] as number, s[d * 2] as number)
    const right = Math.max(s[a * 2] as number, s[b * 2] as number, s[c * 2] as number, s[d * 2] as number)
    if (right < 0.5 || left > view.width - 0.5) return false
    const high = Math.min(s[a * 2 + 1] as number, s[b * 2 + 1] as number, s[c * 2 + 1] as number, s[d * 2 + 1] as number)
    const low = Math.max(s[a * 2 + 1] as number, s[b * 2 + 1] as number, s[c * 2 + 1] as number, s[d * 2 + 1] as number)
    // Rows whose middle lies between; a row more on either side costs nothing, because rows are solved exactly.
    this.#top = Math.max(0, Math.min(view.height, Math.ceil(high - 0.5)))
    this.#bottom = Math.max(0, Math.min(view.height, Math.floor(low - 0.5) + 1))
    this.#touch(Math.max(0, Math.floor(left - 1)), this.#top, Math.min(view.width, Math.ceil(right + 1)), this.#bottom)
    if (this.#top >= this.#bottom) return false
    if (hidden === undefined) return true
    const { box } = hidden
    box[0] = left
    box[1] = high
    box[2] = right
    box[3] = low
    box[4] = 1 / this.#nearest
    return !hidden.hidesBox()
  }

  /**
   * Splits edges into those that open a span and those that close it, each as the column where it crosses a row: `at + per * row`.
   * Two neighbours compute the same column from exact negatives, bit for bit.
   */
  #sortEdges(view: View, count: number): void {
    const e = this.#edges
    const lines = this.#lines
    let opens = 0
    let closes = 0
    for (let k = 0; k < count; k += 3) {
      const ex = e[k] as number
      const slope = ex / view.fx
      const inverse = slope === 0 ? -1e300 : -1 / slope
      const level = ex * ((0.5 - view.cx) / view.fx) + ((e[k + 1] as number) * ((0.5 - view.cy) / view.fy) + (e[k + 2] as number))
      const change = ((e[k + 1] as number) / view.fy) * inverse
      // A level edge opens nothing on the rows where it is positive and everything beyond the picture where it is negative.
      if (slope < 0) setLine(lines, closes++ * 4 + 1, -(level * inverse), -change)
      else setLine(lines, opens++ * 4, level * inverse, change)
    }
    const pairs = Math.max(2, opens, closes)
    for (let pair = opens; pair < pairs; pair++) setLine(lines, pair * 4, 0, 0)
    for (let pair = closes; pair < pairs; pair++) setLine(lines, pair * 4 + 1, 1 - view.width, 0)
    this.#pairs = pairs
  }

  #rows(view: View, face: number, top: number, bottom: number): void {
    const [wx, wy, w1] = [this.#plane[0] as number, this.#plane[1] as number, this.#plane[2] as number]
    const filled = this.#filled
    filled[0] = wx / view.fx
    filled[1] = wy / view.fy
    filled[2] = wx * ((0.5 - view.cx) / view.fx) + (wy * ((0.5 - view.cy) / view.fy) + w1)
    this.#fill(face, top, bottom, this.#pairs)
  }
}

function setLine(lines: Float64Array, at: number, start: number, change: number): void {
  lines[at] = start
  lines[at + 2] = change
}

/** The edge function of two corners, `from` × `to`, over the rays of the picture. */
function edge(p: Float64Array, from: number, to: number, e: Float64Array, at: number): void {
  const fx = p[from * 3] as number
  const fy = p[from * 3 + 1] as number
  const fz = p[from * 3 + 2] as number
  const tx = p[to * 3] as number
  const ty = p[to * 3 + 1] as number
  const tz = p[to * 3 + 2] as number
  e[at] = fy * tz - fz * ty
  e[at + 1] = fz * tx - fx * tz
  e[at + 2] = fx * ty - fy * tx
}

/** Writes the 3 × 4 matrix from a part's frame to camera axes, row by row. */
export function partToCamera(view: View, matrices: Float64Array, base: number, out: Float64Array): void {
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
