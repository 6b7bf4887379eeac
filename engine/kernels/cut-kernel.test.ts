// The kernel that cuts rows against the same in plain JavaScript, written as one would say it, on random runs: the same ends and the same pieces. What is
// empty is filled by the kernel of the backdrop, which has a reference of its own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { noiseBytes, toneLength } from '../sensors/tone.ts'
import { roofSide } from './backdrop-kernel.ts'
import { end, face, faceSource, piece } from './end-records.ts'
import type { Kernels } from './module.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { frame, head, MemoryPlan, setHead, shading } from './shared-memory.ts'

const [width, height, faces, endsMax] = [400, 5, 30, 804]
const view = { cx: 203.5, cy: 1.8, fx: 310, fy: 300 }
const surfaceAt = (number: number): number => 7000 + number * 64

interface Run {
  /** Number plus one; 0 is nothing. */
  readonly face: number
  readonly to: number
}

interface Piece {
  /** Numbers of its ends. */
  readonly ends: readonly [number, number]
  readonly from: number
  readonly count: number
  readonly steps: number
}

/** Columns and faces of ends, and the pieces between them. */
interface Cut {
  readonly ends: (readonly [column: number, face: number])[]
  readonly pieces: Piece[]
}

interface Planes {
  readonly inverse: readonly [number, number, number]
  readonly isSmall: boolean
}

/** The length of a piece, in pixels. */
function lengthOf([across, down, level]: Planes['inverse'], y: number, from: number, to: number, wanted: number): number {
  const slope = across / view.fx
  const w = down * ((y + 0.5 - view.cy) / view.fy) + level + slope * ((slope > 0 ? from : to) + 0.5 - view.cx)
  const length = Math.min(64, Math.floor(0.4 * view.fx * w))
  return length > wanted && Math.abs(slope) * length < 0.06 * w ? length : wanted
}

function cutRow(runs: readonly Run[], all: readonly Planes[], y: number, wanted: number): Cut {
  const cut: Cut = { ends: [], pieces: [] }
  const add = (column: number, number: number): number => cut.ends.push([column, number]) - 1
  for (const [k, run] of runs.entries()) {
    const from = k === 0 ? 0 : (runs[k - 1]?.to ?? 0)
    const planes = all[run.face - 1]
    if (planes === undefined || planes.isSmall) continue
    if (run.to - from <= 8) {
      const middle = Math.floor((from + run.to) / 2)
      const only = add(middle, run.face)
      cut.pieces.push({ ends: [only, only], from, count: run.to - from, steps: middle - from })
    } else {
      const length = lengthOf(planes.inverse, y, from, run.to, wanted)
      let before = add(from, run.face)
      for (let x = from; x < run.to; x += length) {
        const stop = Math.min(x + length, run.to)
        const last = stop < run.to ? stop : run.to - 1
        const after = last > x ? add(last, run.face) : before
        cut.pieces.push({ ends: [before, after], from: x, count: stop - x, steps: last - x })
        before = after
      }
    }
  }
  return cut
}

interface Bench {
  readonly kernels: Kernels
  readonly at: Readonly<Record<'ends' | 'pieces' | 'runs' | 'isSmall' | 'records' | 'sources' | 'rgb', number>>
}

function benchOf(): Bench {
  const plan = new MemoryPlan()
  const at = {
    ...{ ends: plan.place(endsMax * end.bytes), pieces: plan.place(endsMax * piece.bytes), runs: plan.place(width * 8) },
    ...{ isSmall: plan.place(faces + 1), records: plan.place(faces * face.bytes), sources: plan.place(faces * faceSource.bytes) },
    ...{ rgb: plan.place(width * height * 3), rays: plan.place(width * 8), noise: plan.place(noiseBytes) },
  }
  const sky = { roof: plan.place(roofSide * roofSide * 4), tone: plan.place(toneLength) }
  const kernels = sensorKernels(plan.bytes, false)
  setHead(kernels, head.width, width)
  for (const name of ['pieces', 'runs', 'isSmall', 'rgb', 'rays', 'noise'] as const) setHead(kernels, head[name], at[name])
  for (const name of ['records', 'sources'] as const) setHead(kernels, shading[name], at[name])
  for (const name of ['roof', 'tone'] as const) setHead(kernels, frame[name], sky[name])
  setHead(kernels, frame.ends, at.ends)
  new Uint8Array(kernels.buffer, sky.tone, toneLength).fill(200)
  setFloat(kernels, frame.cx, view.cx)
  setFloat(kernels, frame.fx, view.fx)
  return { kernels, at }
}

function setFloat({ buffer }: Kernels, at: number, value: number): void {
  new Float64Array(buffer, at, 1)[0] = value
}

/** Faces that are seen straight or slanting, near or far; some are small. */
function randomFaces({ kernels, at }: Bench, random: Random): Planes[] {
  const isSmall = new Uint8Array(kernels.buffer, at.isSmall, faces + 1)
  return Array.from({ length: faces }, (_, number) => {
    const bend = number % 3 === 0 ? 2 : 0.05
    const all: Planes = {
      inverse: [random.between(-bend, bend), random.between(-bend, bend), random.between(0.05, 3)],
      isSmall: number % 5 === 0,
    }
    isSmall[number + 1] = all.isSmall ? 1 : 0
    new Float64Array(kernels.buffer, at.records + number * face.bytes, 3).set(all.inverse)
    setHead(kernels, at.sources + number * faceSource.bytes + faceSource.surface, surfaceAt(number))
    return all
  })
}

function randomRuns({ kernels, at }: Bench, random: Random): Run[] {
  const runs: Run[] = []
  for (let x = 0; x < width; ) {
    x = Math.min(width, x + (random.integer(0, 2) === 0 ? random.integer(1, 200) : random.integer(1, 12)))
    runs.push({ face: random.integer(0, faces), to: x })
  }
  new Int32Array(kernels.buffer, at.runs, runs.length * 2).set(runs.flatMap((run) => [run.face, run.to]))
  setHead(kernels, head.runCount, runs.length)
  return runs
}

/** What the kernel has left, once each end was seen to be open and to have the addresses of its face. */
function readCut({ kernels, at }: Bench): Cut {
  const wholes = new Int32Array(kernels.buffer)
  const read = (address: number): number => wholes[address / 4] ?? Number.NaN
  const ends = Array.from({ length: read(shading.endCount) }, (_, number) => {
    const record = at.ends + number * end.bytes
    const it = (read(record + end.face) - at.records) / face.bytes
    assert.equal(read(record + end.surface), surfaceAt(it))
    assert.equal(new Float64Array(kernels.buffer, record + end.open, 1)[0], 1)
    return [read(record + end.column), it + 1] as const
  })
  const numberOf = (address: number): number => (read(address) - at.ends) / end.bytes
  const pieces = Array.from({ length: read(shading.pieceCount) }, (_, number): Piece => {
    const record = at.pieces + number * piece.bytes
    const between = [numberOf(record + piece.endA), numberOf(record + piece.endB)] as const
    return { ends: between, from: read(record + piece.from), count: read(record + piece.count), steps: read(record + piece.steps) }
  })
  return { ends, pieces }
}

test('runs are cut into pieces as long as their face allows, without those of small faces and of nothing', () => {
  const bench = benchOf()
  const random = createRandom(51)
  const lengths = new Set<number>()
  for (let round = 0; round < 200; round++) {
    const wanted = round % 2 === 0 ? 24 : 4
    const y = round % height
    setFloat(bench.kernels, shading.pieceLength, wanted)
    setFloat(bench.kernels, head.rowRay, (y + 0.5 - view.cy) / view.fy)
    const all = randomFaces(bench, random)
    const runs = randomRuns(bench, random)
    bench.kernels.find('cut')(y)
    const found = readCut(bench)
    assert.deepEqual(found, cutRow(runs, all, y, wanted), `round ${round}`)
    for (const { count } of found.pieces) lengths.add(count)
  }
  assert.ok(lengths.size > 30 && lengths.has(64), 'pieces of many lengths occur')
})

test('what is empty is filled with the backdrop, from its first column to its last', () => {
  const bench = benchOf()
  const rgb = new Uint8Array(bench.kernels.buffer, bench.at.rgb, width * height * 3)
  randomFaces(bench, createRandom(52))
  const runs: readonly Run[] = [
    { face: 1, to: 10 },
    { face: 0, to: 25 },
    { face: 1, to: width },
  ]
  new Int32Array(bench.kernels.buffer, bench.at.runs, 6).set(runs.flatMap((run) => [run.face, run.to]))
  setHead(bench.kernels, head.runCount, runs.length)
  bench.kernels.find('cut')(2)
  const row = rgb.subarray(width * 2 * 3, width * 3 * 3)
  assert.ok(row.subarray(0, 30).every((value) => value === 0))
  assert.ok(row.subarray(30, 75).every((value) => value === 200))
  // Up to four bytes behind may be written: what follows is painted later.
  assert.ok(row.subarray(79).every((value) => value === 0))
})
