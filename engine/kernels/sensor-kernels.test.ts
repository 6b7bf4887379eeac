// Each kernel against the same in plain JavaScript, written as one would say it, on random work: every byte must agree.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { noiseBytes, noiseLength, pedestal } from '../sensors/tone.ts'
import { end, piece, surface, texture } from './end-records.ts'
import type { Kernels } from './module.ts'
import { lightShift, tailBytes, tailMasks } from './paint-kernel.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { drawing, frame, head, lineBytes, MemoryPlan, setHead, shading } from './shared-memory.ts'
import { smallFace, smallWholes } from './small-kernel.ts'
import { tileBits } from './tiles-kernel.ts'

const [width, height] = [61, 24]
const pixels = width * height
const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform()
const whole = (random: Random, low: number, high: number): number => Math.floor(between(random, low, high))

interface Bench {
  readonly kernels: Kernels
  readonly at: Readonly<Record<'inverseDepth' | 'faces' | 'instanceOf' | 'depth' | 'instances' | 'rgb' | 'noise' | 'runs', number>> &
    Readonly<Record<'small' | 'isSmall' | 'rays' | 'pieces' | 'tails', number>>
  readonly shown: number
  readonly fresh: number
  readonly ends: number
  readonly tiles: number
  readonly texels: number
}

function benchOf(wide: boolean): Bench {
  const plan = new MemoryPlan()
  const at = {
    inverseDepth: plan.place(pixels * 4),
    faces: plan.place(pixels * 4),
    instanceOf: plan.place(200),
    depth: plan.place(pixels * 4),
    instances: plan.place(pixels * 2),
    rgb: plan.place(pixels * 3),
    noise: plan.place(noiseBytes),
    runs: plan.place(width * 8),
    small: plan.place(100 * smallFace.floats * 8),
    isSmall: plan.place(101),
    rays: plan.place(width * 8),
    pieces: plan.place(20 * piece.bytes),
    tails: plan.place(tailBytes),
  }
  const texels = plan.place(64 * 64 * 4)
  const [ends, tiles] = [plan.place(20 * end.bytes + surface.bytes + texture.bytes), plan.place(100 * 4)]
  const [shown, fresh] = [plan.place(101), plan.place(width * 4)]
  const kernels = sensorKernels(plan.bytes, wide)
  setHead(kernels, head.width, width)
  setHead(kernels, frame.height, height)
  setHead(kernels, frame.tiles, tiles)
  setHead(kernels, drawing.shown, shown)
  setHead(kernels, shading.fresh, fresh)
  for (const [name, address] of Object.entries(at)) setHead(kernels, head[name as keyof typeof at], address)
  new Uint8Array(kernels.buffer, at.tails, tailBytes).set(tailMasks())
  return { kernels, at, shown, fresh, ends, tiles, texels }
}

/** The numbers of a random face: plane (slope, slope, level) and lines (column, change). */
interface RandomFace {
  readonly plane: readonly [number, number, number]
  readonly opening: readonly (readonly [number, number])[]
  readonly closing: readonly (readonly [number, number])[]
}

function randomFace(random: Random): RandomFace {
  const line = (): readonly [number, number] => [between(random, -20, 80), between(random, -2, 2)]
  const lines = (): (readonly [number, number])[] => Array.from({ length: whole(random, 1, 6) }, line)
  return { plane: [between(random, -0.01, 0.01), between(random, -0.01, 0.01), between(random, 0, 2)], opening: lines(), closing: lines() }
}

function fillRows(face: RandomFace, number: number, top: number, bottom: number, inverseDepth: Float32Array, faces: Int32Array): void {
  const [dx, dy, start] = face.plane
  for (let y = top; y < bottom; y++) {
    const from = Math.ceil(Math.min(width, Math.max(0, ...face.opening.map(([column, change]) => column + change * y))))
    const last = Math.floor(Math.max(-1, Math.min(width - 1, ...face.closing.map(([column, change]) => column + change * y))))
    let [even, odd, third, fourth] = [0, 1, 2, 3].map((k) => dx * from + (dy * y + start) + dx * k) as [number, number, number, number]
    for (let x = from; x <= last; x++) {
      const w = [even, odd, third, fourth][(x - from) % 4] ?? 0
      const i = y * width + x
      const [near, there] = [Math.fround(w), inverseDepth[i] ?? 0]
      if (near > there || (near === there && number < (faces[i] ?? 0))) {
        inverseDepth[i] = w
        faces[i] = number
      }
      if ((x - from) % 4 === 3) [even, odd, third, fourth] = [even + dx * 4, odd + dx * 4, third + dx * 4, fourth + dx * 4]
    }
  }
}

for (const wide of [false, true]) {
  test(`rows fill exactly the pixels that the lines leave and that are nearer, or as near and lower, with ${wide ? 'four' : 'two'} bytes per face`, () => {
    const { kernels, at } = benchOf(wide)
    const random = createRandom(5)
    const expected = { inverseDepth: new Float32Array(pixels), faces: new Int32Array(pixels) }
    const lines = new Float64Array(kernels.buffer, head.lines, (5 * lineBytes) / 8)
    let face = randomFace(random)
    for (let round = 1; round < 400; round++) {
      // Every other face is as far away as the one before it, and its number may be lower.
      face = round % 2 === 0 ? { ...randomFace(random), plane: face.plane } : randomFace(random)
      const number = (round * 173) % 400
      new Float64Array(kernels.buffer, head.plane, 3).set(face.plane)
      const pairs = Math.max(2, face.opening.length, face.closing.length)
      for (let pair = 0; pair < pairs; pair++) {
        const [opens, openChange] = face.opening[pair] ?? [0, 0]
        const [closes, closeChange] = face.closing[pair] ?? [width - 1, 0]
        lines.set([opens, -closes, openChange, -closeChange], pair * 4)
      }
      const top = whole(random, 0, height)
      kernels.find('rows')(number, top, height, pairs)
      fillRows(face, number, top, height, expected.inverseDepth, expected.faces)
    }
    const faces = wide ? new Int32Array(kernels.buffer, at.faces, pixels) : new Uint16Array(kernels.buffer, at.faces, pixels)
    assert.deepEqual(new Float32Array(kernels.buffer, at.inverseDepth, pixels), expected.inverseDepth)
    assert.deepEqual(Array.from(faces), Array.from(expected.faces))
    assert.ok(new Set(faces).size > 10, 'the picture shows many faces')
  })

  test(`runs cut a row where the face changes, list faces that are new, and write depth and bodies, with ${wide ? 'four' : 'two'} bytes per face`, () => {
    const { kernels, at, shown, fresh } = benchOf(wide)
    const random = createRandom(6)
    // Number 0 is nothing, and a face that is marked was shown by a row before.
    const known = new Set([0, 7])
    for (const face of known) new Uint8Array(kernels.buffer, shown, 100)[face] = 1
    const faces = wide ? new Int32Array(kernels.buffer, at.faces, pixels) : new Uint16Array(kernels.buffer, at.faces, pixels)
    const inverseDepth = new Float32Array(kernels.buffer, at.inverseDepth, pixels)
    const instanceOf = new Uint16Array(kernels.buffer, at.instanceOf, 100)
    for (let face = 1; face < 100; face++) instanceOf[face] = 1000 + face
    for (let i = 0; i < pixels; i++) {
      faces[i] = random.uniform() < 0.9 && i > 0 ? (faces[i - 1] ?? 0) : whole(random, 0, 100)
      inverseDepth[i] = between(random, 0.01, 3)
    }
    for (let y = 0; y < height; y++) {
      kernels.find('runs')(y)
      const runs: number[] = []
      for (let x = 0; x < width; x++) {
        const face = faces[y * width + x] ?? 0
        if (x + 1 === width || faces[y * width + x + 1] !== face) runs.push(face, x + 1)
      }
      assert.deepEqual(Array.from(new Int32Array(kernels.buffer, at.runs, runs.length)), runs)
      assert.equal(new Int32Array(kernels.buffer, head.runCount, 1)[0], runs.length / 2)
      const newcomers = [...new Set(runs.filter((_, k) => k % 2 === 0))].filter((face) => !known.has(face))
      assert.deepEqual(Array.from(new Int32Array(kernels.buffer, fresh, newcomers.length)), newcomers)
      assert.equal(new Int32Array(kernels.buffer, shading.freshCount, 1)[0], newcomers.length)
      for (const face of newcomers) known.add(face)
    }
    const depth = Float32Array.from(inverseDepth, (inverse, i) => (faces[i] === 0 ? 0 : 1 / inverse))
    assert.deepEqual(new Float32Array(kernels.buffer, at.depth, pixels), depth)
    assert.deepEqual(
      Array.from(new Uint16Array(kernels.buffer, at.instances, pixels)),
      Array.from(faces, (face) => instanceOf[face] ?? 0),
    )
    assert.ok(known.size > 60, 'many faces occur')
  })
}

/** One piece, as whole numbers; places count from the arrays' own beginnings. */
interface Piece {
  readonly out: number
  readonly count: number
  readonly bits: number
  readonly u: number
  readonly v: number
  readonly du: number
  readonly dv: number
  readonly jitter: number
  readonly noise: number
  readonly light: readonly number[]
  readonly lightStep: readonly number[]
}

function paint(p: Piece, texels: Int32Array, noise: Uint8Array, rgb: Uint8Array): void {
  const mask = (1 << p.bits) - 1
  for (let k = 0; k < p.count; k++) {
    const shift = k % 2 === 0 ? 0 : p.jitter
    const row = ((p.v + Math.imul(p.dv, k) + shift) >> 16) & mask
    const texel = texels[(row << p.bits) + (((p.u + Math.imul(p.du, k) + shift) >> 16) & mask)] ?? 0
    for (let channel = 0; channel < 3; channel++) {
      const light = ((p.light[channel] ?? 0) + Math.imul(p.lightStep[channel] ?? 0, k)) | 0
      const value = Math.imul((texel >> (8 * channel)) & 255, light) >> lightShift
      rgb[p.out + k * 3 + channel] = Math.min(value, 255 - 2 * pedestal) + (noise[(p.noise + k * 3 + channel) & (noiseLength - 1)] ?? 0)
    }
  }
}

function fillSurroundings({ kernels, at, texels }: Bench, random: Random): { texels: Int32Array; noise: Uint8Array; rgb: Uint8Array } {
  const tile = new Int32Array(kernels.buffer, texels, 64 * 64)
  for (let i = 0; i < tile.length; i++) tile[i] = random.uint32() & 0xffffff
  const noise = new Uint8Array(kernels.buffer, at.noise, noiseBytes)
  for (let i = 0; i < noiseLength; i++) noise[i] = whole(random, 0, 13)
  noise.copyWithin(noiseLength, 0, noiseBytes - noiseLength)
  return { texels: tile, noise, rgb: new Uint8Array(kernels.buffer, at.rgb, pixels * 3) }
}

/** An end as pieces read it. */
interface PieceEnd {
  readonly texture: readonly number[]
  readonly slope: readonly number[]
  readonly footprint: number
  readonly colour: readonly number[]
}

function randomEnd(random: Random): PieceEnd {
  const some = (length: number, low: number, high: number): number[] => Array.from({ length }, () => between(random, low, high))
  const footprint = random.uniform() < 0.5 ? random.uniform() : between(random, 0.5, 40)
  return { texture: some(2, -3000, 3000), slope: some(2, -2, 2), footprint, colour: some(3, 0, 3e5) }
}

/** What is painted between two ends, or along the slope of one. */
function pieceBetween(a: PieceEnd, b: PieceEnd, levels: number, y: number, from: number, count: number, steps: number): Piece {
  const share = steps > 0 ? 1 / steps : 0
  const slope = a === b ? a.slope : a.texture.map((at, k) => ((b.texture[k] ?? 0) - at) * share)
  const footprint = (a.footprint + b.footprint) * 0.5
  const level = Math.min(levels - 1, 32 - Math.clz32((footprint * (1 / 1.4)) | 0))
  const jitter = footprint < 0.7 ? 32_768 : 0
  const odd = (y & 1) * (jitter >> 1) - (jitter >> 2)
  const [u = 0, v = 0] = a.texture.map((at, k) => (at - (a === b ? (slope[k] ?? 0) * steps : 0)) * (65_536 >> level))
  const [du = 0, dv = 0] = slope.map((it) => (it * (65_536 >> level)) | 0)
  const light = a.colour.map((it) => it | 0)
  const lightStep = a.colour.map((it, k) => (((b.colour[k] ?? 0) - it) * share) | 0)
  const out = (y * width + from) * 3
  return { out, count, bits: 6 - level, u: (u + odd) | 0, v: (v - odd) | 0, du, dv, jitter, noise: 77 * y + from * 3, light, lightStep }
}

test('pieces are painted as texel times light, clipped below white, plus noise, and no byte beside them changes', () => {
  const bench = benchOf(false)
  const { kernels, at, ends } = bench
  const random = createRandom(7)
  const { texels, noise, rgb } = fillSurroundings(bench, random)
  const expected = new Uint8Array(pixels * 3)
  const [surfaceAt, textureAt] = [ends + 20 * end.bytes, ends + 20 * end.bytes + surface.bytes]
  setHead(kernels, surfaceAt + surface.texture, textureAt)
  const levels = 4
  const offsets = [0, 64 * 64, 80 * 64, 84 * 64].map((texel) => texel % (64 * 64))
  new Int32Array(kernels.buffer, textureAt, 2 + levels).set([levels - 1, 6, ...offsets.map((offset) => bench.texels + offset * 4)])
  for (let round = 0; round < 300; round++) {
    const two = [randomEnd(random), randomEnd(random)] as const
    for (const [number, it] of two.entries()) {
      const record = new Float64Array(kernels.buffer, ends + number * end.bytes, end.bytes / 8)
      record.set([...it.texture, ...it.slope, it.footprint], end.texture / 8)
      record.set(it.colour, end.colour / 8)
      setHead(kernels, ends + number * end.bytes + end.surface, surfaceAt)
    }
    const y = whole(random, 0, height)
    const count = whole(random, 1, 40)
    const from = whole(random, 0, width - count)
    const isFlat = round % 3 === 0
    const steps = isFlat ? count >> 1 : count
    setHead(kernels, head.noiseAt, 77 * y)
    new Int32Array(kernels.buffer, at.pieces, piece.bytes / 4).set([ends, isFlat ? ends : ends + end.bytes, from, count, steps])
    kernels.find('pieces')(y, 1)
    const p = pieceBetween(two[0], isFlat ? two[0] : two[1], levels, y, from, count, steps)
    const level = 6 - p.bits
    paint(p, texels.subarray(offsets[level] ?? 0), noise, expected)
    assert.deepEqual(rgb, expected, `piece ${round}`)
  }
})

test('tiles hold the least of their pixels, and never more where they reach beyond the picture', () => {
  const { kernels, at, tiles } = benchOf(false)
  const random = createRandom(9)
  const inverseDepth = new Float32Array(kernels.buffer, at.inverseDepth, pixels)
  for (let i = 0; i < pixels; i++) inverseDepth[i] = between(random, 0.01, 3)
  kernels.find('tiles')()
  const side = 1 << tileBits
  const columns = Math.ceil(width / side)
  const found = new Float32Array(kernels.buffer, tiles, columns * Math.ceil(height / side))
  for (const [number, least] of found.entries()) {
    const [left, top] = [(number % columns) * side, Math.floor(number / columns) * side]
    let expected = Infinity
    for (let y = top; y < Math.min(top + side, height); y++) {
      for (let x = left; x < Math.min(left + side, width); x++) expected = Math.min(expected, inverseDepth[y * width + x] ?? 0)
    }
    if (left + side <= width) assert.equal(least, expected, `tile ${number}`)
    else assert.ok(least <= expected, `tile ${number}`)
  }
})

test('a small face is painted from its planes and the light of its corners, piece by piece', () => {
  const bench = benchOf(false)
  const { kernels, at } = bench
  const random = createRandom(8)
  const { texels, noise, rgb } = fillSurroundings(bench, random)
  const record = new Float64Array(kernels.buffer, at.small, smallFace.floats)
  const wholes = new Int32Array(kernels.buffer, at.small + smallFace.wholes * 8, 4)
  const rays = new Float64Array(kernels.buffer, at.rays, width)
  new Uint8Array(kernels.buffer, at.isSmall, 2).set([0, 1])
  for (let x = 0; x < width; x++) rays[x] = (x - 30) / 50
  const expected = new Uint8Array(pixels * 3)
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < smallFace.floats; k++) record[k] = between(random, 0.2, 1)
    for (let k = smallFace.light; k < smallFace.light + 16; k++) record[k] = k % 4 === 2 ? 0 : between(random, 1e5, 3e5)
    record[smallFace.scale] = 65_536
    const jitter = y % 2 === 0 ? 0 : 32_768
    for (const [name, value] of Object.entries({ texels: bench.texels, mask: 63, bits: 6, jitter })) {
      wholes[smallWholes[name as keyof typeof smallWholes]] = value
    }
    const from = whole(random, 0, 50)
    const end = y === 0 ? from + 1 : whole(random, from + 1, width + 1)
    new Int32Array(kernels.buffer, at.runs, 4).set([0, from, 1, end])
    setHead(kernels, head.runCount, 2)
    setHead(kernels, head.noiseAt, 77 * y)
    const ray = (y - 12) / 50
    new Float64Array(kernels.buffer, head.rowRay, 1)[0] = ray
    kernels.find('small')(y)
    for (const p of piecesOf(record, rays, ray, y, from, end, jitter)) paint(p, texels, noise, expected)
    assert.deepEqual(rgb, expected, `row ${y}`)
  }
})

function piecesOf(r: Float64Array, rays: Float64Array, ray: number, y: number, from: number, end: number, jitter: number): Piece[] {
  const place = (x: number): { uv: number[]; light: number[] } => {
    const rx = rays[x] ?? 0
    const n = (k: number): number => r[k] ?? 0
    const z = 1 / (n(0) * rx + n(1) * ray + n(2))
    const plane = (at: number): number => (n(at) * rx + n(at + 2) * ray + n(at + 4)) * z
    const [s, t] = [plane(smallFace.st), plane(smallFace.st + 1)].map((it) => Math.max(0, Math.min(1, it))) as [number, number]
    const colour = (at: number): number => n(at) + s * n(at + 4) + t * n(at + 8) + s * t * n(at + 12)
    return { uv: [plane(smallFace.uv), plane(smallFace.uv + 1)], light: [0, 1, 2].map((k) => colour(smallFace.light + k)) }
  }
  const odd = (y & 1) * (jitter >> 1) - (jitter >> 2)
  const pieces: Piece[] = []
  for (let x = from; x < end; x += 32) {
    const stop = Math.min(end, x + 32)
    const last = stop < end ? stop : end - 1
    const [a, b] = [place(x), place(last)]
    const share = last > x ? 1 / (last - x) : 0
    const [u = 0, v = 0] = a.uv.map((it) => (it * 65_536) | 0)
    const [du = 0, dv = 0] = a.uv.map((it, k) => (((b.uv[k] ?? 0) - it) * share * 65_536) | 0)
    const lightStep = a.light.map((it, k) => (((b.light[k] ?? 0) - it) * share) | 0)
    const places = { u: u + odd, v: v - odd, du, dv, jitter, noise: 77 * y + x * 3 }
    pieces.push({ out: (y * width + x) * 3, count: stop - x, bits: 6, ...places, light: a.light.map((it) => it | 0), lightStep })
  }
  return pieces
}

test('a kernel that is not there is named', () => {
  assert.throws(() => sensorKernels(100, false).find('nothing'), /`nothing`/)
})
