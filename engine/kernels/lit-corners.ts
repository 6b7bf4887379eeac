// The corners of a small face as ends of a row of their own: the columns where they are seen, where they stand in the world, and their light. A part of
// the kernel that prepares small faces (prepare-kernel.ts).

import { type Code, f64, f64x2, get, i32, i32x4, type Local, select, seq, set, vector, when } from './code.ts'
import { corner } from './drawing-records.ts'
import { end, faceSource } from './end-records.ts'
import { call, type KernelFunction } from './module.ts'
import { drawing, frame, head, matrixBytes, shading, vectorBytes } from './shared-memory.ts'

/** Places in the module of the kernels that light ends. */
export interface LightPlaces {
  readonly sample: number
  readonly cover: number
  readonly light: number
}

/** What is known of the face. */
interface Face {
  readonly source: Local
  readonly surface: Local
  /** The corners' vertices; the fourth is −1 if there is none. */
  readonly vertices: readonly [Local, Local, Local, Local]
  /** Takes the ray through the middle between the first corner and the third. */
  readonly middle: Local
}

const zero = i32.const(0)
const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const half = vector.ofFloats([0.5, 0.5])
const [centre, focal] = [vector.load(zero, drawing.centre), vector.load(zero, drawing.focal)]

/** Lights the corners, in the order a, b, c, d, as the ends at `shading.corners`. */
export function litCorners(f: KernelFunction, { source, surface, vertices, middle }: Face, places: LightPlaces): Code {
  const [ends, count, matrix] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const [pixel, first, size] = [f.local('v128'), f.local('v128'), f.local('v128')]
  const [a, b, c, d] = vertices
  const put = (vertex: Local, k: number): Code =>
    seq(
      set(pixel, pixelOf(vertex, size)),
      i32.store(get(ends), i32x4.lane(f64x2.truncate(get(pixel)), 0), k * end.bytes + end.column),
      i32.store(get(ends), get(surface), k * end.bytes + end.surface),
      f64.store(get(ends), f64.const(1), k * end.bytes + end.open),
      ...[0, 1, 2].flatMap((axis) => [
        f64.store(get(ends), placeOf(matrix, vertex, axis), k * end.bytes + end.place + axis * 8),
        f64.store(get(ends), turned(matrix, vertex, axis, shading.normals), k * end.bytes + end.normal + axis * 8),
      ]),
    )
  // All corners count as in the row of the first.
  const row = f64x2.lane(f64x2.div(f64x2.sub(f64x2.add(get(first), half), centre), focal), 1)
  return seq(
    set(ends, i32.load(zero, shading.corners)),
    set(matrix, i32.add(i32.load(zero, shading.matrices), i32.mul(i32.load(get(source), faceSource.part), i32.const(matrixBytes)))),
    set(size, vector.shuffle(wholeFloat(head.width), wholeFloat(frame.height), lowerHalves)),
    put(a, 0),
    set(first, get(pixel)),
    put(b, 1),
    put(c, 2),
    set(middle, f64x2.div(f64x2.sub(f64x2.mul(f64x2.add(get(first), get(pixel)), half), centre), focal)),
    when(i32.ge(get(d), zero), put(d, 3)),
    set(count, select(i32.const(4), i32.const(3), i32.ge(get(d), zero))),
    call(places.sample, get(ends), get(count)),
    call(places.cover, get(ends), get(count)),
    call(places.light, get(ends), get(count), row),
  )
}

const wholeFloat = (at: number): Code => f64x2.splat(f64.of(i32.load(zero, at)))

const recordOf = (first: number, vertex: Local, bytes: number): Code =>
  i32.add(i32.load(zero, first), i32.mul(get(vertex), i32.const(bytes)))

/** Column and row of a corner, held inside the picture, for the lens's fall-off. */
function pixelOf(vertex: Local, size: Local): Code {
  const at = recordOf(drawing.corners, vertex, corner.bytes)
  const ahead = f64.larger(f64.load(at, corner.ahead), f64.load(zero, drawing.near))
  const seen = f64x2.add(centre, f64x2.div(f64x2.mul(focal, vector.load(at, corner.across)), f64x2.splat(ahead)))
  return f64x2.larger(vector.ofFloats([0, 0]), f64x2.smaller(get(size), f64x2.floor(seen)))
}

/** One axis of a vertex's three numbers, turned into the world. */
const turned = (matrix: Local, vertex: Local, axis: number, first: number): Code =>
  [0, 1, 2]
    .map((k) => f64.mul(f64.load(get(matrix), axis * 32 + k * 8), f64.load(recordOf(first, vertex, vectorBytes), k * 8)))
    .reduce((sum, part) => f64.add(sum, part))

const placeOf = (matrix: Local, vertex: Local, axis: number): Code =>
  f64.add(turned(matrix, vertex, axis, drawing.positions), f64.load(get(matrix), axis * 32 + 24))
