// Writes the records of the faces that a row is the first to show: planes over the picture from which depth and texture coordinates follow at any
// pixel, and the normal in the world. Once per visible face and frame, from the corners as the rasteriser left them.

import { advance, type Code, f64, f64x2, get, i32, type Local, repeat, seq, set, vector, when } from './code.ts'
import { corner } from './drawing-records.ts'
import { along, crossed } from './edges.ts'
import { face, faceSource, surface } from './end-records.ts'
import { KernelFunction } from './module.ts'
import { drawing, matrixBytes, shading, uvBytes, vectorBytes } from './shared-memory.ts'

const zero = i32.const(0)

interface RecordLocals {
  readonly source: Local
  readonly record: Local
  readonly matrix: Local
  /** Vertex numbers of three corners, and the addresses of the corners. */
  readonly vertices: Three
  readonly corners: Three
  /** B × C, C × A and A × B over the determinant, three axes each. */
  readonly planes: readonly [Three, Three, Three]
}

type Three = readonly [Local, Local, Local]

/** `record()`: writes the records of the fresh faces, and marks their parts as shown. */
export function recordKernel(): KernelFunction {
  const f = new KernelFunction('record')
  const three = (type: 'i32' | 'f64'): Three => [f.local(type), f.local(type), f.local(type)]
  const [fresh, left, number] = three('i32')
  const l: RecordLocals = {
    ...{ source: f.local('i32'), record: f.local('i32'), matrix: f.local('i32'), vertices: three('i32'), corners: three('i32') },
    planes: [three('f64'), three('f64'), three('f64')],
  }
  const at = (first: number, bytes: number): Code => i32.add(i32.load(zero, first), i32.mul(get(number), i32.const(bytes)))
  const part = i32.load(get(l.source), faceSource.part)
  const [planes, normals] = [writePlanes(f, l), writeNormals(f, l)]
  return f.does(
    set(fresh, i32.load(zero, shading.fresh)),
    set(left, i32.load(zero, shading.freshCount)),
    repeat(
      i32.gt(get(left), zero),
      seq(
        set(number, i32.sub(i32.load(get(fresh)), i32.const(1))),
        set(l.source, at(shading.sources, faceSource.bytes)),
        set(l.record, at(shading.records, face.bytes)),
        i32.store8(i32.add(i32.load(zero, shading.shownParts), part), i32.const(1)),
        set(l.matrix, i32.add(i32.load(zero, shading.matrices), i32.mul(part, i32.const(matrixBytes)))),
        ...l.vertices.map((vertex, k) => set(vertex, i32.load(get(l.source), faceSource.vertices + k * 4))),
        ...l.corners.map((it, k) =>
          set(it, i32.add(i32.load(zero, drawing.corners), i32.mul(get(l.vertices[k] ?? it), i32.const(corner.bytes)))),
        ),
        planes,
        normals,
        advance(fresh, i32.const(4)),
        advance(left, i32.const(-1)),
      ),
    ),
  )
}

/** The planes of 1/z, and of u/z beside v/z. */
function writePlanes(f: KernelFunction, { record, vertices, corners: [a, b, c], planes }: RecordLocals): Code {
  const [determinant, ...pairs] = [f.local('f64'), f.local('v128'), f.local('v128'), f.local('v128')]
  const [first] = planes
  const edges = [crossed(b, c), crossed(c, a), crossed(a, b)]
  const sum = (add: (one: Code, other: Code) => Code, terms: readonly Code[]): Code => terms.reduce((one, other) => add(one, other))
  return seq(
    ...planes.flatMap((plane, k) => plane.map((it, axis) => set(it, edges[k]?.[axis] ?? []))),
    set(determinant, along(first, a)),
    ...planes.flatMap((plane) => plane.map((it) => set(it, f64.div(get(it), get(determinant))))),
    ...pairs.map((pair, k) =>
      set(pair, vector.load(i32.add(i32.load(zero, shading.uvs), i32.mul(get(vertices[k] ?? vertices[0]), i32.const(uvBytes))))),
    ),
    ...[0, 1, 2].flatMap((axis) => {
      const three = planes.map((plane) => get(plane[axis] ?? plane[0]))
      return [
        f64.store(get(record), sum(f64.add, three), face.inverse + axis * 8),
        vector.store(
          get(record),
          sum(
            f64x2.add,
            three.map((part, k) => f64x2.mul(get(pairs[k] ?? determinant), f64x2.splat(part))),
          ),
          face.texture + axis * 16,
        ),
      ]
    }),
  )
}

/** The first corner's normal in the world, and for smooth faces the planes of normal/z. */
function writeNormals(f: KernelFunction, { source, record, matrix, vertices, planes }: RecordLocals): Code {
  const normals = vertices.map(() => ({ at: f.local('i32'), axis: f.local('f64') }))
  const world = (axis: number, at: Local): Code =>
    [0, 1, 2]
      .map((k) => f64.mul(f64.load(get(matrix), axis * 32 + k * 8), f64.load(get(at), k * 8)))
      .reduce((one, other) => f64.add(one, other))
  const bend = (axis: number): Code =>
    seq(
      ...normals.map((it) => set(it.axis, world(axis, it.at))),
      ...[0, 1, 2].map((ray) =>
        f64.store(
          get(record),
          normals.map((it, k) => f64.mul(get(it.axis), get(planes[k]?.[ray] ?? it.axis))).reduce((one, other) => f64.add(one, other)),
          face.bend + axis * 24 + ray * 8,
        ),
      ),
    )
  return seq(
    ...normals.map(({ at }, k) =>
      set(at, i32.add(i32.load(zero, shading.normals), i32.mul(get(vertices[k] ?? at), i32.const(vectorBytes)))),
    ),
    ...normals.slice(0, 1).flatMap(({ at }) => [0, 1, 2].map((axis) => f64.store(get(record), world(axis, at), face.normal + axis * 8))),
    when(i32.load(i32.load(get(source), faceSource.surface), surface.isSmooth), seq(...[0, 1, 2].map(bend))),
  )
}
