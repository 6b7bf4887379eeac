// The kernel against the same in plain JavaScript, written as one would say it: every level must agree. And that JavaScript against the cosine
// transform of the book.
// Array reads are `as number` in the reference, as it was written for speed: in range by construction.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { blockBytes, blocksPerMacro, divisorPlaces, jpegKernels, jpegMemory, pixelsAt } from './jpeg-kernel.ts'

const bits = 13
const first = 2

/** Transforms a block in place, rows and then columns. */
function forwardDct(block: Int32Array): void {
  for (let row = 0; row < 64; row += 8) transform(block, row, 1, bits - first, first)
  for (let column = 0; column < 8; column++) transform(block, column, 8, bits + first, -first)
}

/** One line of eight; `scale` is what products lose, `lift` what sums gain (or lose). */
function transform(d: Int32Array, at: number, step: number, scale: number, lift: number): void {
  const d0 = d[at] as number
  const d1 = d[at + step] as number
  const d2 = d[at + 2 * step] as number
  const d3 = d[at + 3 * step] as number
  const d4 = d[at + 4 * step] as number
  const d5 = d[at + 5 * step] as number
  const d6 = d[at + 6 * step] as number
  const d7 = d[at + 7 * step] as number
  const s0 = d0 + d7
  const s1 = d1 + d6
  const s2 = d2 + d5
  const s3 = d3 + d4
  const even = s0 + s3
  const odd = s1 + s2
  const round = 1 << (scale - 1)
  if (lift > 0) {
    d[at] = (even + odd) << lift
    d[at + 4 * step] = (even - odd) << lift
  } else {
    d[at] = (even + odd + (1 << (-lift - 1))) >> -lift
    d[at + 4 * step] = (even - odd + (1 << (-lift - 1))) >> -lift
  }
  const both = Math.imul(s1 - s2 + s0 - s3, 4433)
  d[at + 2 * step] = (both + Math.imul(s0 - s3, 6270) + round) >> scale
  d[at + 6 * step] = (both - Math.imul(s1 - s2, 15137) + round) >> scale
  const t4 = d3 - d4
  const t5 = d2 - d5
  const t6 = d1 - d6
  const t7 = d0 - d7
  const z5 = Math.imul(t4 + t6 + t5 + t7, 9633)
  const z1 = Math.imul(t4 + t7, -7373)
  const z2 = Math.imul(t5 + t6, -20995)
  const z3 = Math.imul(t4 + t6, -16069) + z5
  const z4 = Math.imul(t5 + t7, -3196) + z5
  d[at + 7 * step] = (Math.imul(t4, 2446) + z1 + z3 + round) >> scale
  d[at + 5 * step] = (Math.imul(t5, 16819) + z2 + z4 + round) >> scale
  d[at + 3 * step] = (Math.imul(t6, 25172) + z2 + z3 + round) >> scale
  d[at + step] = (Math.imul(t7, 12299) + z1 + z4 + round) >> scale
}

/** Sixteen by sixteen pixels as six blocks around zero. */
function readMacro(rgb: Uint8Array, width: number, left: number): Int32Array {
  const blocks = new Int32Array(6 * 64)
  for (let j = 0; j < 16; j++) {
    for (let i = 0; i < 16; i++) {
      const [r = 0, g = 0, b = 0] = rgb.subarray((j * width + left + i) * 3, (j * width + left + i) * 3 + 3)
      blocks[((j >> 3) << 7) + ((i >> 3) << 6) + ((j & 7) << 3) + (i & 7)] = ((77 * r + 150 * g + 29 * b + 128) >> 8) - 128
      const half = (j >> 1) * 8 + (i >> 1)
      blocks[256 + half] = (blocks[256 + half] as number) - 43 * r - 85 * g + 128 * b
      blocks[320 + half] = (blocks[320 + half] as number) + 128 * r - 107 * g - 21 * b
    }
  }
  return blocks.map((value, at) => (at < 256 ? value : (value + 512) >> 10))
}

const order = Array.from({ length: 64 }, (_, place) => (place * 37) % 64)

function levelsOf(blocks: Int32Array, divisors: readonly (readonly number[])[]): Int32Array {
  const levels = new Int32Array(blocks.length)
  for (let block = 0; block < 6; block++) {
    const coefficients = blocks.subarray(block * 64, block * 64 + 64)
    forwardDct(coefficients)
    for (const [place, value] of coefficients.entries()) {
      const divisor = divisors[block < 4 ? 0 : 1]?.[place] ?? 1
      const size = Math.floor((Math.abs(value) + (divisor >> 1)) / divisor)
      levels[block * 64 + (order[place] ?? 0)] = value < 0 ? -size : size
    }
  }
  return levels
}

test('pixels become the levels that they become in plain JavaScript, whatever the picture and the divisors', () => {
  const random = createRandom(12)
  const macros = 3
  const width = macros * 16
  const { buffer, find } = jpegKernels(macros, order)
  const pixels = new Uint8Array(buffer, pixelsAt(macros), width * 16 * 3)
  const levels = new Int32Array(buffer, jpegMemory.levels, (macros * blocksPerMacro * blockBytes) / 4)
  const pictures: readonly ((at: number) => number)[] = [
    () => random.integer(0, 255),
    () => (random.uniform() < 0.5 ? 0 : 255),
    (at) => (at * 2) & 255,
    () => 255,
    () => 0,
  ]
  for (const pixel of pictures) {
    for (const most of [1, 20, 255]) {
      const divisors = [0, 1].map(() => Array.from({ length: 64 }, () => random.integer(1, most) << 3))
      for (const [component, list] of divisors.entries()) {
        const table = new Float64Array(buffer, component * divisorPlaces.bytes, divisorPlaces.bytes / 8)
        table.set([...list.map((it) => (it >> 1) + 0.5), ...list.map((it) => 1 / it)])
      }
      for (let i = 0; i < pixels.length; i++) pixels[i] = pixel(i)
      find('macros')(macros)
      for (let macro = 0; macro < macros; macro++) {
        const expected = levelsOf(readMacro(pixels, width, macro * 16), divisors)
        assert.deepEqual(levels.subarray(macro * 384, macro * 384 + 384), expected)
      }
    }
  }
})

const root = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1)
const wave = (x: number, k: number): number => Math.cos(((2 * x + 1) * k * Math.PI) / 16)

test('the transform in whole numbers is the cosine transform, times eight', () => {
  const random = createRandom(6)
  const block = Int32Array.from({ length: 64 }, () => random.integer(-128, 127))
  const source = [...block]
  forwardDct(block)
  for (let at = 0; at < 64; at++) {
    const [u, v] = [at & 7, at >> 3]
    let sum = 0
    for (let i = 0; i < 64; i++) sum += (source[i] ?? 0) * wave(i & 7, u) * wave(i >> 3, v)
    assert.ok(Math.abs((block[at] ?? 0) / 8 - (root(u) * root(v) * sum) / 4) < 0.5)
  }
})
