// The kernel of the near shade against the same in plain JavaScript, written as one would say it, on random balls: every bit must agree.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { ball, coverKernel, shadeGrid } from './cover-kernel.ts'
import { end } from './end-records.ts'
import { compileKernels, instantiate } from './module.ts'
import { MemoryPlan, shading } from './shared-memory.ts'

const [ends, balls] = [200, 40]
const { side, ballsPerCell } = shadeGrid
const gridFrom = [-61.3, -66.8] as const

const some = (random: Random, length: number, low: number, high: number): number[] =>
  Array.from({ length }, () => random.between(low, high))

/** Middle and radius. */
type Ball = readonly number[]

/** What the balls over a place leave open of the half space that it looks into. */
function openOver(place: readonly number[], normal: readonly number[], over: readonly Ball[]): number {
  let open = 1
  for (const [x = 0, y = 0, z = 0, radius = 0] of over) {
    const way = [x, y, z].map((middle, axis) => middle - (place[axis] ?? 0))
    const [dx = 0, dy = 0, dz = 0] = way
    const squared = dx * dx + dy * dy + dz * dz
    const along = dx * (normal[0] ?? 0) + dy * (normal[1] ?? 0) + dz * (normal[2] ?? 0)
    const area = radius * radius
    const hidden = squared < area * 1.05 ? 0 : (along * area) / (squared * Math.sqrt(squared))
    open *= 1 - Math.max(0, Math.min(0.85, hidden))
  }
  return open
}

test('a place is as open as the balls of its cell leave it, and as it was where there is no ball or no cell', () => {
  const plan = new MemoryPlan()
  const at = {
    ends: plan.place(ends * end.bytes),
    cells: plan.place(side * side * shadeGrid.cellBytes),
    balls: plan.place(balls * ball.bytes),
  }
  const { buffer, find } = instantiate(compileKernels([coverKernel()]), plan.bytes)
  const floats = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length)
  const head = new Int32Array(buffer)
  head[shading.cells / 4] = at.cells
  head[shading.balls / 4] = at.balls
  floats(shading.gridFrom, 2).set(gridFrom)
  const random = createRandom(41)
  const all: readonly Ball[] = Array.from({ length: balls }, () => [...some(random, 3, 0, 4), random.between(0.05, 1.5)])
  for (const [number, [x = 0, y = 0, z = 0, radius = 0]] of all.entries()) {
    floats(at.balls + number * ball.bytes, 4).set([x, y, z, radius * radius])
  }
  const cells = new Uint16Array(buffer, at.cells, side * side * ballsPerCell)
  const seen = new Set<number>()
  for (let round = 0; round < 30; round++) {
    for (let cell = 0; cell < side * side; cell++) {
      const count = random.integer(0, ballsPerCell)
      for (let k = 0; k < ballsPerCell; k++) cells[cell * ballsPerCell + k] = k < count ? random.integer(1, balls) : 0
    }
    const work = Array.from({ length: ends }, (_, number) => {
      // One in ten lies beyond the grid, some of them a little.
      const place = number % 10 === 0 ? some(random, 3, -63, -60) : some(random, 3, 0, 4)
      return { place: number % 50 === 0 ? some(random, 3, -1e5, 1e5) : place, normal: some(random, 3, -1, 1), open: random.uniform() }
    })
    for (const [number, { place, normal, open }] of work.entries()) {
      const record = at.ends + number * end.bytes
      floats(record + end.place, 3).set(place)
      floats(record + end.normal, 3).set(normal)
      floats(record + end.open, 1)[0] = open
    }
    find('cover')(at.ends, ends)
    for (const [number, { place, normal, open }] of work.entries()) {
      const [i = 0, j = 0] = gridFrom.map((from, axis) => Math.floor((place[axis] ?? 0) - from))
      const isInside = i >= 0 && j >= 0 && i < side && j < side
      const cell = (j * side + i) * ballsPerCell
      const over = isInside ? [...cells.subarray(cell, cell + ballsPerCell)].filter((it) => it > 0).map((it) => all[it - 1] ?? []) : []
      const expected = over.length > 0 ? openOver(place, normal, over) : open
      assert.equal(floats(at.ends + number * end.bytes + end.open, 1)[0], expected, `end ${number}`)
      seen.add(expected)
    }
  }
  assert.ok(seen.size > 3000, 'many degrees of openness occur')
})
