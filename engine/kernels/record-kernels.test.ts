// The kernels that record faces and prepare small ones against the same in plain JavaScript, written as one would say it, on random faces: every bit
// must agree. Corners are lit by the kernels of ends on both sides, which have references of their own (end-kernels.test.ts, cover-kernel.test.ts).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { toneLength } from '../sensors/tone.ts'
import { ball, shadeGrid } from './cover-kernel.ts'
import { corner } from './drawing-records.ts'
import { end, face, faceSource, surface, texture } from './end-records.ts'
import type { Kernels } from './module.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { drawing, frame, head, MemoryPlan, matrixBytes, setHead, shading, uvBytes, vectorBytes } from './shared-memory.ts'
import { smallFace } from './small-kernel.ts'

const [width, height, faces, parts, surfaces, levels] = [61, 48, 40, 3, 4, 5]
const vertices = faces * 4
const cells = { nx: 9, ny: 9, nz: 9, cell: 0.5 } as const
const view = { near: 0.1, cx: 30.2, cy: 24.7, fx: 41, fy: 39.5 } as const

type Numbers = readonly number[]

const n = (numbers: ArrayLike<number>, at: number): number => numbers[at] ?? Number.NaN
const some = (random: Random, length: number, low: number, high: number): number[] =>
  Array.from({ length }, () => random.between(low, high))
const cross = (a: Numbers, b: Numbers): Numbers =>
  [0, 1, 2].map((axis) => {
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3]
    return n(a, u) * n(b, v) - n(a, v) * n(b, u)
  })
const dot = (a: Numbers, b: Numbers): number => n(a, 0) * n(b, 0) + n(a, 1) * n(b, 1) + n(a, 2) * n(b, 2)

interface Surface {
  readonly per: Numbers
  readonly isSmooth: boolean
}

/** A corner of a face: in its part, in camera axes, and on its texture. */
interface Corner {
  readonly position: Numbers
  readonly normal: Numbers
  readonly seen: Numbers
  readonly uv: Numbers
}

interface Face {
  /** Three or four. */
  readonly corners: readonly Corner[]
  readonly surface: Surface
  /** The frame of its part in the world: three rows of four. */
  readonly matrix: Numbers
  readonly part: number
  readonly isSmall: boolean
}

interface Bench {
  readonly kernels: Kernels
  readonly at: Readonly<Record<'sources' | 'records' | 'fresh' | 'corners' | 'shownParts' | 'normals' | 'uvs' | 'matrices', number>> &
    Readonly<Record<'seen' | 'positions' | 'small' | 'isSmall' | 'surfaces' | 'texture', number>>
}

function benchOf(random: Random): Bench {
  const plan = new MemoryPlan()
  const shaded = {
    ...{ sources: plan.place(faces * faceSource.bytes), records: plan.place(faces * face.bytes), fresh: plan.place(faces * 4) },
    ...{ corners: plan.place(4 * end.bytes), shownParts: plan.place(parts), normals: plan.place(vertices * vectorBytes) },
    ...{ uvs: plan.place(vertices * uvBytes), matrices: plan.place(parts * matrixBytes) },
    ...{ cells: plan.place(shadeGrid.side * shadeGrid.side * shadeGrid.cellBytes), balls: plan.place(ball.bytes) },
  }
  const drawn = { corners: plan.place(vertices * corner.bytes), positions: plan.place(vertices * vectorBytes) }
  const named = { small: plan.place(faces * smallFace.floats * 8), isSmall: plan.place(faces + 1) }
  const framed = { field: plan.place(cells.nx * cells.ny * cells.nz * 16), display: plan.place(toneLength * 8) }
  const own = { surfaces: plan.place(surfaces * surface.bytes), texture: plan.place(texture.bytes) }
  const kernels = sensorKernels(plan.bytes, false)
  const set = (places: Readonly<Record<string, number>>, all: Readonly<Record<string, number>>): void => {
    for (const [name, address] of Object.entries(places)) setHead(kernels, all[name] ?? assert.fail(name), address)
  }
  set(shaded, shading)
  set(drawn, drawing)
  set(named, head)
  set(framed, frame)
  setLight(kernels, random, framed)
  setFloats(kernels, drawing.near, [view.near])
  setFloats(kernels, drawing.centre, [view.cx, view.cy, view.fx, view.fy])
  setHead(kernels, head.width, width)
  setHead(kernels, frame.height, height)
  return { kernels, at: { ...shaded, ...named, ...own, seen: drawn.corners, positions: drawn.positions } }
}

function setFloats({ buffer }: Kernels, at: number, values: ArrayLike<number>): void {
  new Float64Array(buffer, at, values.length).set(values)
}

function floats({ buffer }: Kernels, at: number, length: number): Numbers {
  return [...new Float64Array(buffer, at, length)]
}

/** Light that differs from place to place, and one ball that is in reach of every cell. */
function setLight(kernels: Kernels, random: Random, at: Readonly<Record<'field' | 'display', number>>): void {
  const { nx, ny, nz, cell } = cells
  new Float32Array(kernels.buffer, at.field, nx * ny * nz * 4).set(some(random, nx * ny * nz * 4, 0, 2))
  setFloats(kernels, at.display, some(random, toneLength, 0, 3e5))
  setHead(kernels, frame.fieldRow, nx * 16)
  setHead(kernels, frame.fieldLayer, nx * ny * 16)
  setFloats(kernels, frame.cx, [view.cx, 1 / view.fx, 1 / view.fy, view.fx])
  setFloats(kernels, frame.perCell, [1 / cell])
  setFloats(kernels, frame.origin, [-2, -2, -2])
  setFloats(
    kernels,
    frame.last,
    [nx, ny, nz].map((count) => count - 1.001),
  )
  setFloats(kernels, frame.least, [0.05, 0.8, 0.5, 0.7])
  setFloats(kernels, frame.tint, [0.9, 1, 0.8])
  setFloats(kernels, shading.gridFrom, [-64, -64])
  const [cellsAt, ballsAt] = new Int32Array(kernels.buffer, shading.cells, 2)
  new Uint16Array(kernels.buffer, cellsAt, shadeGrid.side * shadeGrid.side * shadeGrid.ballsPerCell).fill(1)
  setFloats(kernels, ballsAt ?? 0, [0.5, 0.5, 1, 0.3])
}

function randomSurfaces({ kernels, at }: Bench, random: Random): Surface[] {
  const offsets = Array.from({ length: levels }, (_, level) => 1000 + level * 40)
  new Int32Array(kernels.buffer, at.texture, 2 + levels).set([levels - 1, 6, ...offsets])
  return Array.from({ length: surfaces }, (_, number) => {
    const it: Surface = { per: some(random, 2, 1, number === 0 ? 20 : 400), isSmooth: number % 2 === 1 }
    const record = at.surfaces + number * surface.bytes
    setFloats(kernels, record, [...it.per, ...some(random, 3, 0.2, 1), 0, 0])
    setHead(kernels, record + surface.isSmooth, it.isSmooth ? 1 : 0)
    setHead(kernels, record + surface.texture, at.texture)
    return it
  })
}

/** Faces before the eye and partly behind it, of three corners and of four; some textures do not run along one of the ways. */
function randomFaces(bench: Bench, random: Random): Face[] {
  const { kernels, at } = bench
  const all = randomSurfaces(bench, random)
  const matrices = Array.from({ length: parts }, () => some(random, 12, -1, 1))
  setFloats(kernels, at.matrices, matrices.flat())
  return Array.from({ length: faces }, (_, number) => {
    const [part, material, isQuad] = [random.integer(0, parts - 1), random.integer(0, surfaces - 1), number % 2 === 0]
    const corners = Array.from({ length: isQuad ? 4 : 3 }, (_, k): Corner => {
      const seen = [...some(random, 2, -2, 2), random.between(number % 7 === 0 ? -1 : 0.5, 5)]
      const uv = number % 10 === 0 ? [1, random.uniform()] : some(random, 2, 0, 3)
      const it: Corner = { position: some(random, 3, -1, 1), normal: some(random, 3, -1, 1), seen, uv }
      const vertex = number * 4 + k
      setFloats(kernels, at.positions + vertex * vectorBytes, it.position)
      setFloats(kernels, at.normals + vertex * vectorBytes, it.normal)
      setFloats(kernels, at.seen + vertex * corner.bytes, it.seen)
      setFloats(kernels, at.uvs + vertex * uvBytes, it.uv)
      return it
    })
    const source = [...[0, 1, 2].map((k) => number * 4 + k), isQuad ? number * 4 + 3 : -1, at.surfaces + material * surface.bytes, part]
    new Int32Array(kernels.buffer, at.sources + number * faceSource.bytes, faceSource.bytes / 4).set(source)
    const isSmall = number % 4 !== 3
    new Uint8Array(kernels.buffer, at.isSmall, faces + 1)[number + 1] = isSmall ? 1 : 0
    return { corners, surface: all[material] ?? assert.fail(), matrix: matrices[part] ?? [], part, isSmall }
  })
}

const turned = (matrix: Numbers, way: Numbers): Numbers => [0, 4, 8].map((row) => dot(matrix.slice(row, row + 3), way))

/** The record of a face: planes of 1/z, of u/z beside v/z, the first corner's normal, and for smooth faces planes of normal/z. */
function recordOf({ corners, surface: { isSmooth }, matrix }: Face): Numbers {
  const [a, b, c] = corners as [Corner, Corner, Corner] // three at least
  const edges = [cross(b.seen, c.seen), cross(c.seen, a.seen), cross(a.seen, b.seen)]
  const area = dot(edges[0] ?? [], a.seen)
  const rows = edges.map((edge) => edge.map((part) => part / area))
  const plane = (values: Numbers): Numbers =>
    [0, 1, 2].map((ray) => rows.map((row, k) => n(values, k) * n(row, ray)).reduce((sum, part) => sum + part))
  const three = [a, b, c]
  const inverse = [0, 1, 2].map((ray) => rows.map((row) => n(row, ray)).reduce((sum, part) => sum + part))
  const [us, vs] = [0, 1].map((k) => plane(three.map(({ uv }) => n(uv, k)))) as [Numbers, Numbers]
  const normals = three.map(({ normal }) => turned(matrix, normal))
  const bend = [0, 1, 2].flatMap((axis) => plane(normals.map((normal) => n(normal, axis))))
  return [...inverse, ...[0, 1, 2].flatMap((ray) => [n(us, ray), n(vs, ray)]), ...(normals[0] ?? []), ...(isSmooth ? bend : [])]
}

const pixelOf = ({ seen }: Corner): Numbers => {
  const ahead = Math.max(n(seen, 2), view.near)
  const held = (at: number, most: number): number => Math.max(0, Math.min(most, Math.floor(at)))
  return [held(view.cx + (view.fx * n(seen, 0)) / ahead, width), held(view.cy + (view.fy * n(seen, 1)) / ahead, height)]
}

/** Colours of the corners, by the kernels that light ends. */
function coloursOf({ kernels, at }: Bench, it: Face, surfaceAt: number): readonly Numbers[] {
  for (const [k, one] of it.corners.entries()) {
    const record = at.corners + k * end.bytes
    setHead(kernels, record + end.column, n(pixelOf(one), 0))
    setHead(kernels, record + end.surface, surfaceAt)
    setFloats(kernels, record + end.open, [1])
    setFloats(
      kernels,
      record + end.place,
      turned(it.matrix, one.position).map((part, axis) => part + n(it.matrix, axis * 4 + 3)),
    )
    setFloats(kernels, record + end.normal, turned(it.matrix, one.normal))
  }
  const row = (n(pixelOf(it.corners[0] ?? assert.fail()), 1) + 0.5 - view.cy) / view.fy
  for (const name of ['sample', 'cover']) kernels.find(name)(at.corners, it.corners.length)
  kernels.find('light')(at.corners, it.corners.length, row)
  return it.corners.map((_, k) => floats(kernels, at.corners + k * end.bytes + end.colour, 3))
}

/** s and t as planes, beside each other. */
function placesOf({ corners }: Face, record: Numbers): Numbers {
  const [a, b, c, d] = corners as [Corner, Corner, Corner, Corner | undefined] // three at least
  if (d === undefined) {
    const [second, third] = [cross(c.seen, a.seen), cross(a.seen, b.seen)]
    const area = dot(second, b.seen)
    return [0, 1, 2].flatMap((axis) => [n(second, axis) / area, n(third, axis) / area])
  }
  const size = [n(b.uv, 0) - n(a.uv, 0), n(d.uv, 1) - n(a.uv, 1)]
  return [0, 1, 2].flatMap((axis) =>
    size.map((it, k) => (it === 0 ? 0 : (n(record, 3 + axis * 2 + k) - n(a.uv, k) * n(record, axis)) / it)),
  )
}

/** Texels that a pixel covers in the middle of a face. */
function footprintOf({ corners }: Face, record: Numbers, uv: Numbers): number {
  const [first, third] = [corners[0], corners[2]].map((it) => pixelOf(it ?? assert.fail())) as [Numbers, Numbers]
  const [x, y] = [((n(first, 0) + n(third, 0)) * 0.5 - view.cx) / view.fx, ((n(first, 1) + n(third, 1)) * 0.5 - view.cy) / view.fy]
  const z = 1 / (n(record, 0) * x + n(record, 1) * y + n(record, 2))
  const texels = [0, 1].map((k) => (n(uv, k) * x + n(uv, k + 2) * y + n(uv, k + 4)) * z)
  const [across = 0, down = 0] = [0, 1].map((way) => {
    const [u = 0, v = 0] = texels.map((at, k) => Math.abs(n(uv, k + way * 2) - at * n(record, way)))
    return ((u + v) * z) / (way === 0 ? view.fx : view.fy)
  })
  return Math.min(across, down) * 0.75 + Math.max(across, down) * 0.25
}

/** All that is written of a small face: floats, then whole numbers. */
function prepared(bench: Bench, it: Face, surfaceAt: number): { readonly floats: Numbers; readonly wholes: Numbers } {
  const record = recordOf(it)
  const uv = [0, 1, 2].flatMap((axis) => it.surface.per.map((per, k) => n(record, 3 + axis * 2 + k) * per))
  const [a = [], b = [], c = [], d] = coloursOf(bench, it, surfaceAt)
  const last = d ?? c
  const light = [
    a,
    b.map((value, k) => value - n(a, k)),
    last.map((value, k) => value - n(a, k)),
    a.map((value, k) => (d === undefined ? 0 : value - n(b, k) + n(c, k) - n(d, k))),
  ].flatMap((three) => [...three, 0])
  const footprint = footprintOf(it, record, uv)
  const level = Math.min(levels - 1, 32 - Math.clz32((footprint * (1 / 1.4)) | 0))
  const wholes = [1000 + level * 40, (1 << (6 - level)) - 1, 6 - level, footprint < 0.7 ? 32_768 : 0]
  return { floats: [...record.slice(0, 3), ...uv, ...placesOf(it, record), ...light, 65_536 >> level], wholes }
}

test('faces that a row is the first to show are recorded, small ones prepared, and their parts marked', () => {
  const random = createRandom(61)
  const bench = benchOf(random)
  const { kernels, at } = bench
  const seenLevels = new Set<number>()
  for (let round = 0; round < 20; round++) {
    const all = randomFaces(bench, random)
    const fresh = [...all.keys()].filter(() => random.uniform() < 0.8)
    new Int32Array(kernels.buffer, at.fresh, fresh.length).set(fresh.map((number) => number + 1))
    setHead(kernels, shading.freshCount, fresh.length)
    const shown = new Uint8Array(kernels.buffer, at.shownParts, parts).fill(0)
    kernels.find('record')()
    kernels.find('prepare')()
    assert.deepEqual(
      [...shown],
      Array.from({ length: parts }, (_, part) => (fresh.some((number) => all[number]?.part === part) ? 1 : 0)),
    )
    for (const number of fresh) {
      const it = all[number] ?? assert.fail()
      const record = recordOf(it)
      assert.deepEqual(floats(kernels, at.records + number * face.bytes, record.length), record, `face ${number}`)
      if (!it.isSmall) continue
      const small = at.small + number * smallFace.floats * 8
      const found = [floats(kernels, small, smallFace.wholes), [...new Int32Array(kernels.buffer, small + smallFace.wholes * 8, 4)]]
      const surfaceAt = new Int32Array(kernels.buffer, at.sources + number * faceSource.bytes + faceSource.surface, 1)[0] ?? 0
      const expected = prepared(bench, it, surfaceAt)
      assert.deepEqual(found, [expected.floats, expected.wholes], `small face ${number}`)
      seenLevels.add(n(expected.wholes, 2))
    }
  }
  assert.equal(seenLevels.size, levels, 'all levels occur')
})

test('a face that no row shows anew stays as it was', () => {
  const random = createRandom(62)
  const bench = benchOf(random)
  randomFaces(bench, random)
  const { buffer, find } = bench.kernels
  const before = new Uint8Array(buffer).slice()
  setHead(bench.kernels, shading.freshCount, 0)
  find('record')()
  find('prepare')()
  assert.deepEqual(new Uint8Array(buffer), before)
})
