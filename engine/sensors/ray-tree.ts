// A bounding volume hierarchy over ray shapes: built by cutting where the surface of both sides is least (binned), walked near
// child first. Half spaces have no box; they are tested apart. Deterministic: the order of shapes alone decides the tree.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { RayShapes } from './ray-shapes.ts'
import { shapeKinds, shapeStride } from './ray-shapes.ts'
import { hitShape } from './ray-tests.ts'

const leafMax = 3
const depthMax = 64

/** A tree over shapes that do not change while it is used. */
export class RayTree {
  readonly #shapes: RayShapes
  readonly #order: Uint32Array
  readonly #planes: number[] = []
  // Per node six bounds; first child or first shape; and the number of shapes, or -1 - axis for an inner node.
  readonly #bounds: Float64Array
  readonly #first: Int32Array
  readonly #count: Int32Array
  #nodes = 0
  readonly #ray = new Float64Array(10)
  // Nodes put off, and where the ray enters each.
  readonly #stack = new Int32Array(depthMax * 2)
  readonly #entries = new Float64Array(depthMax * 2)
  /** The shape that the last ray met, or -1. */
  hit = -1

  constructor(shapes: RayShapes) {
    this.#shapes = shapes
    const boxed: number[] = []
    for (let i = 0; i < shapes.count; i++) (shapes.rows[i * shapeStride] === shapeKinds.plane ? this.#planes : boxed).push(i)
    this.#order = Uint32Array.from(boxed)
    const nodes = Math.max(1, boxed.length * 2)
    this.#bounds = new Float64Array(nodes * 6)
    this.#first = new Int32Array(nodes)
    this.#count = new Int32Array(nodes)
    if (boxed.length > 0) this.#build(this.#nodes++, 0, boxed.length, 0)
  }

  /** The body of the shape that the last ray met, as an index into the scene; -1 for none. */
  get hitBody(): number {
    return this.hit < 0 ? -1 : (this.#shapes.bodies[this.hit] as number)
  }

  /** Sets the origin of the rays to come. */
  from(x: number, y: number, z: number): void {
    this.#ray[0] = x
    this.#ray[1] = y
    this.#ray[2] = z
  }

  /** Metres along direction `at` of `directions` (unit, three numbers each) to the nearest shape nearer than `most`, else `most`. */
  cast(directions: Float64Array, at: number, most: number, exceptBody: number): number {
    const ray = this.#ray
    for (let axis = 0; axis < 3; axis++) {
      const d = directions[at + axis] as number
      ray[3 + axis] = d
      ray[7 + axis] = 1 / d
    }
    ray[6] = most
    this.hit = -1
    for (const shape of this.#planes) this.#test(shape, exceptBody)
    if (this.#nodes > 0) this.#walk(exceptBody)
    return ray[6] as number
  }

  #test(shape: number, exceptBody: number): void {
    if ((this.#shapes.bodies[shape] as number) === exceptBody) return
    if (hitShape(this.#shapes.rows, shape * shapeStride, this.#ray)) this.hit = shape
  }

  /** Visits nodes near child first. Both children are measured before they are put off, so that what lies behind a hit is never opened. */
  #walk(exceptBody: number): void {
    const stack = this.#stack
    const entries = this.#entries
    const ray = this.#ray
    stack[0] = 0
    entries[0] = this.#entry(0)
    let size = 1
    while (size > 0) {
      const node = stack[--size] as number
      if ((entries[size] as number) > (ray[6] as number)) continue
      const count = this.#count[node] as number
      const first = this.#first[node] as number
      if (count > 0) {
        for (let i = first; i < first + count; i++) this.#test(this.#order[i] as number, exceptBody)
        continue
      }
      // The child on the ray's side is looked at first, so that most of the other is never entered.
      const near = (ray[3 - 1 - count] as number) >= 0 ? first : first + 1
      const far = first + first + 1 - near
      const farEntry = this.#entry(far * 6)
      if (farEntry <= (ray[6] as number)) {
        stack[size] = far
        entries[size++] = farEntry
      }
      const nearEntry = this.#entry(near * 6)
      if (nearEntry <= (ray[6] as number)) {
        stack[size] = near
        entries[size++] = nearEntry
      }
    }
  }

  /** Where the ray enters the box at `at`: 0 from inside, Infinity if it misses it. */
  #entry(at: number): number {
    const b = this.#bounds
    const r = this.#ray
    // Which of the two sides is met first follows from the way that the ray goes.
    const x = (r[7] as number) < 0 ? at + 3 : at
    const y = (r[8] as number) < 0 ? at + 4 : at + 1
    const z = (r[9] as number) < 0 ? at + 5 : at + 2
    const ax = ((b[x] as number) - (r[0] as number)) * (r[7] as number)
    const ay = ((b[y] as number) - (r[1] as number)) * (r[8] as number)
    const az = ((b[z] as number) - (r[2] as number)) * (r[9] as number)
    const bx = ((b[at + at + 3 - x] as number) - (r[0] as number)) * (r[7] as number)
    const by = ((b[at + at + 5 - y] as number) - (r[1] as number)) * (r[8] as number)
    const bz = ((b[at + at + 7 - z] as number) - (r[2] as number)) * (r[9] as number)
    // Comparisons that NaN (a ray in the plane of a face) fails leave that axis out.
    let near = ax > 0 ? ax : 0
    if (ay > near) near = ay
    if (az > near) near = az
    let far = bx < Infinity ? bx : Infinity
    if (by < far) far = by
    if (bz < far) far = bz
    return near > far ? Infinity : near
  }

  #build(node: number, from: number, to: number, depth: number): void {
    const widths = this.#fit(node, from, to)
    const cut = to - from <= 1 || depth >= depthMax - 2 ? undefined : bestCut(this.#shapes.bounds, this.#order, from, to, widths)
    if (to - from <= leafMax && (cut === undefined || cut.cost >= (to - from) * area(this.#bounds, node * 6))) {
      this.#first[node] = from
      this.#count[node] = to - from
      return
    }
    const axis = cut?.axis ?? widest(widths)
    const middle = cut === undefined ? this.#halve(from, to, axis) : this.#part(from, to, cut)
    const first = this.#nodes
    this.#nodes += 2
    this.#first[node] = first
    this.#count[node] = -1 - axis
    this.#build(first, from, middle, depth + 1)
    this.#build(first + 1, middle, to, depth + 1)
  }

  /** Sets the bounds of a node; answers where its shapes' centres lie: least and most (doubled) per axis. */
  #fit(node: number, from: number, to: number): Float64Array {
    const centres = Float64Array.of(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity)
    const { bounds } = this.#shapes
    for (let axis = 0; axis < 3; axis++) {
      let [low, high] = [Infinity, -Infinity]
      for (let i = from; i < to; i++) {
        const at = (this.#order[i] as number) * 6 + axis
        const a = bounds[at] as number
        const b = bounds[at + 3] as number
        low = Math.min(low, a)
        high = Math.max(high, b)
        centres[axis] = Math.min(centres[axis] as number, a + b)
        centres[axis + 3] = Math.max(centres[axis + 3] as number, a + b)
      }
      this.#bounds[node * 6 + axis] = low
      this.#bounds[node * 6 + axis + 3] = high
    }
    return centres
  }

  /** Moves the shapes below a cut to the front of a range, in their order; answers where the others begin. */
  #part(from: number, to: number, cut: Cut): number {
    const range = Array.from(this.#order.subarray(from, to))
    const { bounds } = this.#shapes
    const below = range.filter((shape) => binOf(bounds, shape, cut.axis, cut.low, cut.scale) < cut.bin)
    const above = range.filter((shape) => binOf(bounds, shape, cut.axis, cut.low, cut.scale) >= cut.bin)
    this.#order.set([...below], from)
    this.#order.set([...above], from + below.length)
    return from + below.length
  }

  #halve(from: number, to: number, axis: number): number {
    const { bounds } = this.#shapes
    const centre = (shape: number): number => (bounds[shape * 6 + axis] as number) + (bounds[shape * 6 + axis + 3] as number)
    this.#order.subarray(from, to).sort((a, b) => centre(a) - centre(b) || a - b)
    return (from + to) >> 1
  }
}

/** A plane between bins of an axis: shapes in bins below `bin` go left. */
interface Cut {
  readonly axis: number
  readonly bin: number
  readonly low: number
  readonly scale: number
  readonly cost: number
}

const bins = 12

function binOf(bounds: Float64Array, shape: number, axis: number, low: number, scale: number): number {
  const bin = Math.floor(((bounds[shape * 6 + axis] as number) + (bounds[shape * 6 + axis + 3] as number) - low) * scale)
  return bin < bins ? bin : bins - 1
}

/** The cheapest cut by surface area; none where all centres coincide. */
function bestCut(bounds: Float64Array, order: Uint32Array, from: number, to: number, centres: Float64Array): Cut | undefined {
  let best: Cut | undefined
  for (let axis = 0; axis < 3; axis++) {
    const low = centres[axis] as number
    const width = (centres[axis + 3] as number) - low
    if (!(width > 1e-9)) continue
    const scale = bins / width
    const counts = new Int32Array(bins)
    const boxes = Float64Array.from({ length: bins * 6 }, (_, i) => (i % 6 < 3 ? Infinity : -Infinity))
    for (let i = from; i < to; i++) {
      const shape = order[i] as number
      const bin = binOf(bounds, shape, axis, low, scale)
      counts[bin] = (counts[bin] as number) + 1
      widen(boxes, bin * 6, bounds, shape * 6)
    }
    for (let bin = 1; bin < bins; bin++) {
      const cost = side(counts, boxes, 0, bin) + side(counts, boxes, bin, bins)
      if (best === undefined || cost < best.cost) best = { axis, bin, low, scale, cost }
    }
  }
  return best !== undefined && Number.isFinite(best.cost) ? best : undefined
}

/** Shapes times surface of the bins [from, to); infinite when there are none, so that no cut leaves a side empty. */
function side(counts: Int32Array, boxes: Float64Array, from: number, to: number): number {
  const box = Float64Array.of(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity)
  let count = 0
  for (let bin = from; bin < to; bin++) {
    count += counts[bin] as number
    widen(box, 0, boxes, bin * 6)
  }
  return count === 0 ? Infinity : count * area(box, 0)
}

function widen(box: Float64Array, at: number, other: Float64Array, from: number): void {
  for (let axis = 0; axis < 3; axis++) {
    box[at + axis] = Math.min(box[at + axis] as number, other[from + axis] as number)
    box[at + axis + 3] = Math.max(box[at + axis + 3] as number, other[from + axis + 3] as number)
  }
}

function area(box: Float64Array, at: number): number {
  const x = (box[at + 3] as number) - (box[at] as number)
  const y = (box[at + 4] as number) - (box[at + 1] as number)
  const z = (box[at + 5] as number) - (box[at + 2] as number)
  return x * y + y * z + z * x
}

function widest(centres: Float64Array): number {
  const width = (axis: number): number => (centres[axis + 3] as number) - (centres[axis] as number)
  return width(0) >= width(1) && width(0) >= width(2) ? 0 : width(1) >= width(2) ? 1 : 2
}
