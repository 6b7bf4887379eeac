// The edges of a face as lines: homogeneous edge functions (Olano and Greer, 1997), two at a time, each as the column where it crosses a row. A
// neighbour sees the exact negative of an edge and computes the same column from it, so no pixel falls between two faces.

import { advance, type Code, either, f64, f64x2, get, i32, type Local, select, seq, set, vector, when } from './code.ts'
import { corner } from './drawing-records.ts'
import type { KernelFunction } from './module.ts'
import { drawing, head, lineBytes, pairsMax } from './shared-memory.ts'

const zero = i32.const(0)
const none = vector.ofFloats([0, 0])
const signs = vector.ofWhole([0, -0x80000000, 0, -0x80000000])
/** Per axis the two others, in turn. */
const axes = [
  [1, 2],
  [2, 0],
  [0, 1],
] as const

/** Addresses of a face's corners, the fourth 0 if there is none; and what the face covers, as `facing` leaves it. */
export interface Corners {
  readonly a: Local
  readonly b: Local
  readonly c: Local
  readonly d: Local
  readonly area: Local
}

/** The edge function of two corners, `from` × `to`, over the rays of the picture. */
export function crossed(from: Local, to: Local): Code[] {
  const at = (it: Local, axis: number): Code => f64.load(get(it), corner.across + axis * 8)
  return axes.map(([u, v]) => f64.sub(f64.mul(at(from, u), at(to, v)), f64.mul(at(from, v), at(to, u))))
}

/** The sum of the parts' products with what lies at an address. */
export const along = (parts: readonly Local[], at: Local): Code =>
  parts.map((part, axis) => f64.mul(get(part), f64.load(get(at), corner.across + axis * 8))).reduce((sum, part) => f64.add(sum, part))

/** What is to be done for a face's edges, and once before all faces. */
interface Edges {
  readonly begin: Code
  /** Writes the lines of a face, and the plane of its reciprocal depth. */
  readonly prepare: Code
  /** How many pairs of lines there are. */
  readonly pairs: Code
}

/** The edges of the face between some corners; the near plane is one of them where the nearest corner does not lie beyond it. */
export function edgesOf(f: KernelFunction, { a, b, c, d, area }: Corners, nearest: Local, near: Local): Edges {
  const parts = [0, 1, 2].map(() => ({ pair: f.local('v128'), sum: f.local('f64'), third: f.local('f64') }))
  const pair = parts.map((it) => it.pair)
  const cross = crossedPairs(f, pair)
  const pinhole = pinholeLocals(f)
  const solved = solvedLines(f, pinhole, pair.map(get) as [Code, Code, Code]) // three axes
  const lines = pairsOf(f, solved)
  const both = (values: readonly Code[]): Code => seq(...pair.map((it, axis) => set(it, f64x2.splat(values[axis] ?? []))))
  const [x, y, one] = parts.map(({ sum }) => get(sum)) as [Code, Code, Code] // three axes
  return {
    begin: seq(readPinhole(pinhole), lines.begin),
    prepare: seq(
      lines.clear,
      cross([b, a], [c, b]),
      // The plane of the reciprocal depth is the sum of the triangle's three edges over what it covers.
      ...crossed(a, c).map((value, axis) => set(parts[axis]?.third ?? area, value)),
      ...parts.map((it) =>
        set(it.sum, f64.div(f64.add(f64.add(f64x2.lane(get(it.pair), 0), f64x2.lane(get(it.pair), 1)), get(it.third)), get(area))),
      ),
      writePlane(pinhole, [x, y, one]),
      solved.solve,
      lines.put(0),
      lines.put(1),
      either(get(d), cross([d, c], [a, d]), both(parts.map(({ third }) => get(third)))),
      solved.solve,
      lines.put(0),
      when(get(d), lines.put(1)),
      when(
        i32.eqz(f64.gt(get(nearest), get(near))),
        seq(both([f64.negate(x), f64.negate(y), f64.sub(f64.div(f64.const(1), get(near)), one)]), solved.solve, lines.put(0)),
      ),
    ),
    pairs: lines.count,
  }
}

type Edge = readonly [from: Local, to: Local]

/** Two edge functions side by side. */
function crossedPairs(f: KernelFunction, pair: readonly Local[]): (first: Edge, second: Edge) => Code {
  const ends = [0, 1].map((end) => ({ end, parts: axes.map(() => f.local('v128')) }))
  const [from = [], to = []] = ends.map(({ parts }) => parts)
  const part = (parts: readonly Local[], axis: number): Code => parts.slice(axis, axis + 1).flatMap(get)
  return (first, second) =>
    seq(
      ...ends.flatMap(({ end, parts }) =>
        parts.map((it, axis) => {
          const [one, other] = [get(first[end] ?? first[0]), get(second[end] ?? second[0])]
          return set(it, vector.loadLane64(other, vector.load64(one, corner.across + axis * 8), 1, corner.across + axis * 8))
        }),
      ),
      ...axes.map(
        ([u, v], axis) => set(pair[axis] as Local, f64x2.sub(f64x2.mul(part(from, u), part(to, v)), f64x2.mul(part(from, v), part(to, u)))), // three axes
      ),
    )
}

/** The pinhole, in both lanes: focal lengths, and the middle of the first pixel as a ray. */
interface Pinhole {
  readonly focalX: Local
  readonly focalY: Local
  readonly firstX: Local
  readonly firstY: Local
}

const pinholeLocals = (f: KernelFunction): Pinhole => ({
  ...{ focalX: f.local('v128'), focalY: f.local('v128'), firstX: f.local('v128'), firstY: f.local('v128') },
})

const readPinhole = ({ focalX, focalY, firstX, firstY }: Pinhole): Code =>
  seq(
    set(focalX, vector.loadBoth(zero, drawing.focal)),
    set(focalY, vector.loadBoth(zero, drawing.focal + 8)),
    set(firstX, vector.loadBoth(zero, drawing.first)),
    set(firstY, vector.loadBoth(zero, drawing.first + 8)),
  )

/** Takes a plane of reciprocal depth from rays to pixels, and writes it where `rows` reads it. */
function writePlane({ focalX, focalY, firstX, firstY }: Pinhole, [x, y, one]: Three): Code {
  const scalar = (pair: Local): Code => f64x2.lane(get(pair), 0)
  const atFirst = f64.add(f64.mul(x, scalar(firstX)), f64.add(f64.mul(y, scalar(firstY)), one))
  return seq(
    f64.store(zero, f64.div(x, scalar(focalX)), head.plane),
    f64.store(zero, f64.div(y, scalar(focalY)), head.plane + 8),
    f64.store(zero, atFirst, head.plane + 16),
  )
}

/** Two edges as lines: the column at row 0, its change from row to row, and a bit per lane for those that close. */
interface Solved {
  readonly start: Local
  readonly change: Local
  readonly closing: Local
  /** Solves the pair of edges that stands there. */
  readonly solve: Code
}

function solvedLines(f: KernelFunction, { focalX, focalY, firstX, firstY }: Pinhole, [x, y, one]: Three): Solved {
  const [slope, inverse, start, change, mask] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const closing = f.local('i32')
  const level = f64x2.add(f64x2.mul(x, get(firstX)), f64x2.add(f64x2.mul(y, get(firstY)), one))
  // A level edge opens nothing on the rows where it is positive and everything beyond the picture where it is negative.
  const ofLevel = vector.ofFloats([-1e300, -1e300])
  const solve = seq(
    set(slope, f64x2.div(x, get(focalX))),
    set(inverse, vector.choose(ofLevel, f64x2.div(vector.ofFloats([-1, -1]), get(slope)), f64x2.eq(get(slope), none))),
    set(mask, f64x2.gt(none, get(slope))),
    set(closing, f64x2.bits(get(mask))),
    // What closes is negative.
    set(mask, vector.and(get(mask), signs)),
    set(start, vector.xor(f64x2.mul(level, get(inverse)), get(mask))),
    set(change, vector.xor(f64x2.mul(f64x2.div(y, get(focalY)), get(inverse)), get(mask))),
  )
  return { start, change, closing, solve }
}

/** The pairs of lines in the head. */
interface Pairs {
  readonly begin: Code
  /** Empties them: nothing opens after the picture's first column, nothing closes before its last. */
  readonly clear: Code
  /** Adds one of two solved lines. */
  readonly put: (lane: number) => Code
  readonly count: Code
}

function pairsOf(f: KernelFunction, { start, change, closing }: Solved): Pairs {
  const [opens, closes, at, rest] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('v128')]
  const all = Array.from({ length: pairsMax }, (_, pair) => head.lines + pair * lineBytes)
  const last = select(get(opens), get(closes), i32.gt(get(opens), get(closes)))
  return {
    begin: seq(
      set(rest, f64x2.splat(f64.of(i32.sub(i32.const(1), i32.load(zero, head.width))))),
      set(rest, vector.and(get(rest), vector.ofWhole([0, 0, -1, -1]))),
    ),
    clear: seq(
      set(opens, i32.const(head.lines)),
      set(closes, i32.const(head.lines)),
      ...all.flatMap((pair) => [vector.store(zero, get(rest), pair), vector.store(zero, none, pair + 16)]),
    ),
    put: (lane) =>
      seq(
        either(
          i32.and(get(closing), i32.const(1 << lane)),
          seq(set(at, i32.add(get(closes), i32.const(8))), advance(closes, i32.const(lineBytes))),
          seq(set(at, get(opens)), advance(opens, i32.const(lineBytes))),
        ),
        vector.storeLane64(get(at), get(start), lane),
        vector.storeLane64(get(at), get(change), lane, 16),
      ),
    // `rows` takes two at least.
    count: seq(
      set(at, i32.shr(i32.sub(last, i32.const(head.lines)), i32.const(5))),
      select(get(at), i32.const(2), i32.gt(get(at), i32.const(2))),
    ),
  }
}

/** The parts of an edge or of a plane: per ray x, per ray y, and 1. */
type Three = readonly [Code, Code, Code]
