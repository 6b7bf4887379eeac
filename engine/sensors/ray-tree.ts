// A bounding volume hierarchy over ray shapes: built by cutting where the surface of both sides is least (binned), walked near child first by a
// kernel (tree-kernel.ts). Half spaces have no box; they are tested apart. Deterministic: the order of shapes alone decides the tree.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { treeHead, treeKernels, treeNodesAt, treeRecord } from '../kernels/tree-kernel.ts'
import type { RayShapes } from './ray-shapes.ts'
import { shapeKinds, shapeStride } from './ray-shapes.ts'
import { hitShape } from './ray-tests.ts'

const leafMax = 3
const depthMax = 64

/** A tree over shapes that do not change while it is used; `rebuild` takes them as they are now. */
export class RayTree {
  readonly #shapes: RayShapes
  readonly #order: Uint32Array
  readonly #boxed: Uint32Array
  readonly #planes: number[] = []
  // Per node six bounds; first child or first shape; and the number of shapes, or -1 - axis for an inner node.
  readonly #bounds: Float64Array
  readonly #first: Int32Array
  readonly #count: Int32Array
  #nodes = 0
  readonly #ray = new Float64Array(7)
  // The walk's own memory, as floats and as whole numbers, and its step to the next leaf.
  readonly #floats: Float64Array
  readonly #wholes: Int32Array
  readonly #leaf: (best: number) => void
  /** The shape that the last ray met, or -1. */
  hit = -1

  constructor(shapes: RayShapes) {
    this.#shapes = shapes
    const boxed: number[] = []
    for (let i = 0; i < shapes.count; i++) (shapes.rows[i * shapeStride] === shapeKinds.plane ? this.#planes : boxed).push(i)
    this.#boxed = Uint32Array.from(boxed)
    this.#order = new Uint32Array(boxed.length)
    const nodes = Math.max(1, boxed.length * 2)
    this.#bounds = new Float64Array(nodes * 6)
    this.#first = new Int32Array(nodes)
    this.#count = new Int32Array(nodes)
    const { buffer, find } = treeKernels(nodes)
    this.#floats = new Float64Array(buffer)
    this.#wholes = new Int32Array(buffer)
    this.#leaf = find('leaf')
    this.rebuild()
  }

  /** Builds the tree anew from where the shapes are. */
  rebuild(): void {
    this.#order.set(this.#boxed)
    this.#nodes = 0
    if (this.#order.length === 0) return
    this.#build(this.#nodes++, 0, this.#order.length, 0)
    for (let node = 0; node < this.#nodes; node++) this.#record(node)
  }

  /** Writes a node where the walk reads it. */
  #record(node: number): void {
    const at = treeNodesAt + node * treeRecord.bytes
    const first = this.#first[node] as number
    const count = this.#count[node] as number
    this.#wholes[(at + treeRecord.first) / 4] = first
    this.#wholes[(at + treeRecord.count) / 4] = count
    if (count > 0) return
    for (let side = 0; side < 6; side++) {
      this.#floats[at / 8 + side * 2] = this.#bounds[first * 6 + side] as number
      this.#floats[at / 8 + side * 2 + 1] = this.#bounds[first * 6 + 6 + side] as number
    }
  }

  /** The body of the shape that the last ray met, as an index into the scene; -1 for none. */
  get hitBody(): number {
    return this.hit < 0 ? -1 : (this.#shapes.bodies[this.hit] as number)
  }

  /** Sets the origin of the rays to come. */
  from(x: number, y: number, z: number): void {
    this.#ray.set([x, y, z])
    this.#floats.set([x, y, z], treeHead.origin / 8)
  }

  /** Metres along direction `at` of `directions` (unit, three numbers each) to the nearest shape nearer than `most`, else `most`. */
  cast(directions: Float64Array, at: number, most: number, exceptBody: number): number {
    const ray = this.#ray
    const [floats, wholes] = [this.#floats, this.#wholes]
    for (let axis = 0; axis < 3; axis++) {
      const d = directions[at + axis] as number
      const inverse = 1 / d
      ray[3 + axis] = d
      floats[treeHead.inverse / 8 + axis] = inverse
      // Which of the two sides is met first follows from the way that the ray goes, and so does which child.
      wholes[treeHead.firstSide / 4 + axis] = inverse < 0 ? treeRecord.high : 0
      wholes[treeHead.swapped / 4 + axis] = d >= 0 ? 0 : 1
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

  /** Visits leaves, the nearer first; what lies behind a hit is never opened. */
  #walk(exceptBody: number): void {
    const wholes = this.#wholes
    // The root is put off first, entered at 0.
    wholes[treeHead.waiting / 4] = 1
    this.#floats[treeHead.stack / 8] = 0
    wholes[treeHead.stack / 4 + 2] = 0
    for (;;) {
      this.#leaf(this.#ray[6] as number)
      const count = wholes[treeHead.foundCount / 4] as number
      if (count === 0) return
      const first = wholes[treeHead.found / 4] as number
      for (let i = first; i < first + count; i++) this.#test(this.#order[i] as number, exceptBody)
    }
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
