// The kernels that draw parts against the same in plain JavaScript, written as one would say it, on random faces: every bit must agree. Rows are
// filled by their own kernel on both sides, which has a reference of its own (sensor-kernels.test.ts).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { corner, drawnFace } from './drawing-records.ts'
import type { Kernels } from './module.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { drawing, frame, head, lineBytes, MemoryPlan, pairsMax, setHead } from './shared-memory.ts'

const [width, height, corners, faces] = [61, 24, 40, 60]
const pixels = width * height
const tileColumns = Math.ceil(width / 8)
const view = { near: 0.1, cx: 30.2, cy: 11.7, fx: 41, fy: 39.5 }

type Numbers = readonly number[]
/** Three numbers in camera axes, column and row. */
type Corner = Numbers

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform()
const some = (random: Random, length: number, low: number, high: number): Numbers =>
  Array.from({ length }, () => between(random, low, high))
const whole = (random: Random, high: number): number => Math.floor(between(random, 0, high))
const n = (numbers: ArrayLike<number>, at: number): number => numbers[at] ?? Number.NaN

interface Bench {
  readonly kernels: Kernels
  readonly at: Readonly<Record<'corners' | 'faces' | 'positions' | 'shown' | 'inverseDepth' | 'numbers' | 'tiles', number>>
}

function benchOf(): Bench {
  const plan = new MemoryPlan()
  const at = {
    ...{ corners: plan.place(corners * corner.bytes), faces: plan.place(faces * drawnFace.bytes), positions: plan.place(corners * 24) },
    ...{ shown: plan.place(faces + 1), inverseDepth: plan.place(pixels * 4), numbers: plan.place(pixels * 2), tiles: plan.place(400) },
  }
  const kernels = sensorKernels(plan.bytes, false)
  for (const name of ['corners', 'faces', 'positions', 'shown'] as const) setHead(kernels, drawing[name], at[name])
  const places = [
    ...[head.width, width, frame.height, height, frame.tiles, at.tiles],
    ...[head.inverseDepth, at.inverseDepth, head.faces, at.numbers],
  ]
  for (let k = 0; k < places.length; k += 2) setHead(kernels, n(places, k), n(places, k + 1))
  const { near, cx, cy, fx, fy } = view
  setFloats(kernels, drawing.near, [near])
  setFloats(kernels, drawing.centre, [cx, cy, fx, fy, (0.5 - cx) / fx, (0.5 - cy) / fy])
  setFloats(kernels, drawing.leftTop, [Infinity, Infinity, 0, 0])
  new Float32Array(kernels.buffer, at.inverseDepth, pixels).fill(0.02)
  return { kernels, at }
}

function setFloats(kernels: Kernels, at: number, values: ArrayLike<number>): void {
  new Float64Array(kernels.buffer, at, values.length).set(values)
}

function cornerOf(m: Numbers, [x = 0, y = 0, z = 0]: Numbers): Corner {
  const [cx = 0, cy = 0, cz = 0] = [0, 4, 8].map((row) => n(m, row) * x + n(m, row + 1) * y + n(m, row + 2) * z + n(m, row + 3))
  const inverse = cz > view.near ? 1 / cz : 0
  return [cx, cy, cz, view.cx + view.fx * cx * inverse, view.cy + view.fy * cy * inverse]
}

test('corners stand where a part’s frame and the pinhole put them, and in the middle if they are not beyond the near plane', () => {
  const { kernels, at } = benchOf()
  const random = createRandom(31)
  const positions = some(random, corners * 3, -2, 2)
  const matrix = some(random, 12, -1, 1)
  setFloats(kernels, at.positions, positions)
  setFloats(kernels, drawing.matrix, matrix)
  kernels.find('corners')(3, corners)
  for (let vertex = 0; vertex < corners; vertex++) {
    const found = [...new Float64Array(kernels.buffer, at.corners + vertex * corner.bytes, 5)]
    const expected = cornerOf(matrix, positions.slice(vertex * 3, vertex * 3 + 3))
    assert.deepEqual(found, vertex < 3 ? [0, 0, 0, 0, 0] : expected, `corner ${vertex}`)
  }
})

const crossed = (from: Numbers, to: Numbers): Numbers =>
  [0, 1, 2].map((axis) => {
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3]
    return n(from, u) * n(to, v) - n(from, v) * n(to, u)
  })

/** Opening and closing lines of some edges: the column at row 0, and its change from row to row. */
function linesOf(edges: readonly Numbers[]): { readonly opens: Numbers[]; readonly closes: Numbers[] } {
  const [opens, closes]: [Numbers[], Numbers[]] = [[], []]
  for (const edge of edges) {
    const slope = n(edge, 0) / view.fx
    const inverse = slope === 0 ? -1e300 : -1 / slope
    const level = n(edge, 0) * ((0.5 - view.cx) / view.fx) + (n(edge, 1) * ((0.5 - view.cy) / view.fy) + n(edge, 2))
    const change = (n(edge, 1) / view.fy) * inverse
    if (slope < 0) closes.push([-(level * inverse), -change])
    else opens.push([level * inverse, change])
  }
  return { opens, closes }
}

/** Whether all tiles that the corners touch hold something nearer. */
function isHidden(all: readonly Corner[], tiles: Numbers): boolean {
  const spread = (field: number): readonly [number, number] => [
    Math.min(...all.map((it) => n(it, field))),
    Math.max(...all.map((it) => n(it, field))),
  ]
  const [[left, right], [high, low], [nearest]] = [spread(3), spread(4), spread(2)]
  const tile = (pixel: number, most: number): number => Math.max(0, Math.min(most - 1, Math.floor(pixel))) >> 3
  for (let j = tile(high - 1, height); j <= tile(low + 1, height); j++) {
    for (let i = tile(left - 1, width); i <= tile(right + 1, width); i++) {
      if (!(n(tiles, j * tileColumns + i) > (1 / nearest) * (1 + 1e-5))) return false
    }
  }
  return true
}

/** The rows of a face, or none if nothing of it is in the picture. */
function rowsOf(all: readonly Corner[]): readonly [number, number] | undefined {
  const near = all.filter((it) => n(it, 2) > view.near).length
  if (near === 0) return undefined
  if (near < all.length) return [0, height]
  const [columns, rows] = [3, 4].map((field) => all.map((it) => n(it, field))) as [number[], number[]]
  if (Math.max(...columns) < 0.5 || Math.min(...columns) > width - 0.5) return undefined
  const top = Math.max(0, Math.min(height, Math.ceil(Math.min(...rows) - 0.5)))
  const bottom = Math.max(0, Math.min(height, Math.floor(Math.max(...rows) - 0.5) + 1))
  return top < bottom ? [top, bottom] : undefined
}

/** Draws one face of three or four corners with the kernel `rows`; answers whether it looks at us and may be in the picture. */
function drawFace({ kernels }: Bench, all: readonly Corner[], number: number, tiles: Numbers | undefined): boolean {
  const [a, b, c, d] = all as [Corner, Corner, Corner, Corner | undefined] // three at least
  const [ba, cb, ac] = [crossed(b, a), crossed(c, b), crossed(a, c)]
  const area = n(cb, 0) * n(a, 0) + n(cb, 1) * n(a, 1) + n(cb, 2) * n(a, 2)
  const rows = rowsOf(all)
  if (!(area > 1e-14) || rows === undefined) return false
  const isNear = all.some((it) => !(n(it, 2) > view.near))
  if (tiles !== undefined && !isNear && isHidden(all, tiles)) return false
  const [wx = 0, wy = 0, w1 = 0] = [0, 1, 2].map((axis) => (n(ba, axis) + n(cb, axis) + n(ac, axis)) / area)
  const edges = d === undefined ? [ba, cb, ac] : [ba, cb, crossed(d, c), crossed(a, d)]
  const { opens, closes } = linesOf(isNear ? [...edges, [-wx, -wy, 1 / view.near - w1]] : edges)
  const lines = new Float64Array(kernels.buffer, head.lines, (pairsMax * lineBytes) / 8)
  const pairs = Math.max(2, opens.length, closes.length)
  for (let pair = 0; pair < pairs; pair++) {
    const [[opening = 0, openChange = 0], [closing = 0, closeChange = 0]] = [opens[pair] ?? [0, 0], closes[pair] ?? [1 - width, 0]]
    lines.set([opening, closing, openChange, closeChange], pair * 4)
  }
  const level = wx * ((0.5 - view.cx) / view.fx) + (wy * ((0.5 - view.cy) / view.fy) + w1)
  setFloats(kernels, head.plane, [wx / view.fx, wy / view.fy, level])
  kernels.find('rows')(number, ...rows, pairs)
  return true
}

/** Corners before and behind the near plane, and triangles and quads between them. */
function randomPart({ kernels, at }: Bench, random: Random): { readonly faces: readonly (readonly Corner[])[] } {
  const all = Array.from({ length: corners }, (_, k) =>
    cornerOf([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], [...some(random, 2, -3, 3), between(random, k % 8 === 0 ? -1 : 0.5, 6)]),
  )
  for (const [vertex, it] of all.entries()) setFloats(kernels, at.corners + vertex * corner.bytes, it)
  const drawn = Array.from({ length: faces }, (_, face) => Array.from({ length: 3 + (face % 2) }, () => whole(random, corners)))
  for (const [face, vertices] of drawn.entries()) {
    const record = new Int32Array(kernels.buffer, at.faces + face * drawnFace.bytes, drawnFace.bytes / 4)
    record.set([0, 0, 0, 0, face + 1])
    record.set(vertices.map((vertex) => at.corners + vertex * corner.bytes))
  }
  return { faces: drawn.map((vertices) => vertices.map((vertex) => all[vertex] ?? [])) }
}

for (const hides of [false, true]) {
  test(`faces that look at us and are wanted fill their pixels${hides ? ', without those behind nearer tiles' : ''}`, () => {
    const [found, expected] = [benchOf(), benchOf()]
    const random = createRandom(32)
    const read = ({ kernels, at }: Bench) => ({
      inverseDepth: new Float32Array(kernels.buffer, at.inverseDepth, pixels),
      numbers: new Uint16Array(kernels.buffer, at.numbers, pixels),
    })
    let count = 0
    for (let round = 0; round < 40; round++) {
      const part = randomPart(found, random)
      const tiles = Array.from({ length: tileColumns * 3 }, () => Math.fround(between(random, 0.1, 2)))
      new Float32Array(found.kernels.buffer, found.at.tiles, tiles.length).set(tiles)
      const shown = Array.from({ length: faces + 1 }, () => whole(random, 2))
      new Uint8Array(found.kernels.buffer, found.at.shown, faces + 1).set(shown)
      found.kernels.find('faces')(1, faces, round % 2, hides ? 1 : 0)
      for (const [face, all] of part.faces.entries()) {
        const isWanted = face > 0 && n(shown, face + 1) === round % 2
        if (isWanted && drawFace(expected, all, face + 1, hides ? tiles : undefined)) count++
      }
      assert.deepEqual(read(found), read(expected), `round ${round}`)
      for (const it of [found, expected]) read(it).inverseDepth.fill(0.02)
    }
    assert.ok(count > 100, `${count} faces were drawn`)
    const [left = 0, top = 0, right = 0, bottom = 0] = new Float64Array(found.kernels.buffer, drawing.leftTop, 4)
    assert.ok(left <= 0 && top <= 0 && right >= width && bottom >= height, 'what was touched holds all of the picture')
  })
}
