// The arithmetic of a JPEG: sixteen rows of pixels become quantised levels, in the order of the file. Whole numbers throughout, and a division by
// reciprocals that never falls short, so that every byte is that of the reference in JavaScript (jpeg-kernel.test.ts).
// The transform: Loeffler, Ligtenberg and Moschytz, 1989, as in the Independent JPEG Group's slow-but-accurate method: thirteen bits of fraction.

import { advance, type Code, f64x2, get, i16x8, i32, i32x4, type Local, repeat, seq, set, vector } from './code.ts'
import { compileKernels, instantiate, KernelFunction, type KernelModule, type Kernels } from './module.ts'

/** Bytes of a block while it is worked on, and of its levels; both are 64 whole numbers of four bytes. */
export const blockBytes = 256
/** Blocks of sixteen by sixteen pixels: four of brightness, two of colour. */
export const blocksPerMacro = 6

/** Places of the memory, in bytes: divisors of brightness and of colour (64 halves, then 64 reciprocals each), then blocks, levels and pixels. */
export const jpegMemory = { luma: 0, chroma: 1024, blocks: 2048, levels: 2048 + blocksPerMacro * blockBytes } as const
/** Bytes of one set of divisors, and where the reciprocals begin in it. */
export const divisorPlaces = { bytes: 1024, reciprocals: 512 } as const

/** Where the pixels of sixteen rows begin: behind the levels of one row of macroblocks. */
export const pixelsAt = (macros: number): number => jpegMemory.levels + macros * blocksPerMacro * blockBytes

const zero = i32.const(0)
const fraction = 13
const firstLift = 2

/** Every third byte of 48, from the first, second or third on, out of three vectors: two shuffles, the second of which keeps what the first found. */
function channelShuffles(channel: number): readonly [readonly number[], readonly number[]] {
  const from = Array.from({ length: 16 }, (_, i) => i * 3 + channel)
  const first = from.map((at) => (at < 32 ? at : 0))
  const second = from.map((at, i) => (at < 32 ? i : at - 32 + 16))
  return [first, second]
}

interface Rows {
  readonly channels: readonly [Local, Local, Local]
  readonly sums: readonly [Local, Local, Local]
}

/** Reads sixteen pixels at an address into the channels, a byte per lane. */
function readChannels(address: Code, { channels }: Rows, parts: readonly [Local, Local, Local]): Code {
  return seq(
    ...parts.map((part, i) => set(part, vector.load(address, i * 16))),
    ...channels.map((channel, i) => {
      const [first, second] = channelShuffles(i)
      return set(channel, vector.shuffle(vector.shuffle(get(parts[0]), get(parts[1]), first), get(parts[2]), second))
    }),
  )
}

/** Brightness of eight pixels around zero, from their channels as words. */
function brightness(words: readonly [Code, Code, Code]): Code {
  const times = (value: Code, factor: number): Code => i16x8.mul(value, i16x8.splat(i32.const(factor)))
  const sum = i16x8.add(i16x8.add(times(words[0], 77), times(words[1], 150)), i16x8.add(times(words[2], 29), i16x8.splat(i32.const(128))))
  return i16x8.sub(i16x8.shrUnsigned(sum, i32.const(8)), i16x8.splat(i32.const(128)))
}

/** One row's brightness into the left and the right block; `row` is the address of the row in the left one. */
function storeBrightness(row: Local, { channels }: Rows, words: Local): Code {
  const half = (high: boolean, offset: number): Code => {
    const [r, g, b] = channels.map((channel) => (high ? i16x8.ofHighBytes(get(channel)) : i16x8.ofBytes(get(channel))))
    return seq(
      set(words, brightness([r ?? [], g ?? [], b ?? []])),
      vector.store(get(row), i32x4.ofSignedWords(get(words)), offset),
      vector.store(get(row), i32x4.ofHighSignedWords(get(words)), offset + 16),
    )
  }
  return seq(half(false, 0), half(true, blockBytes))
}

/** Eight colour values of four pixels each, from the channels' sums, into a row of the block at an offset. */
function storeColour(row: Local, { sums }: Rows, factors: readonly [number, number, number], offset: number): Code {
  const part = (high: boolean): Code => {
    const times = (sum: Local, factor: number): Code =>
      i32x4.mul(high ? i32x4.ofHighSignedWords(get(sum)) : i32x4.ofSignedWords(get(sum)), i32x4.splat(i32.const(factor)))
    const both = i32x4.add(times(sums[0], factors[0]), times(sums[1], factors[1]))
    return i32x4.shr(i32x4.add(i32x4.add(both, times(sums[2], factors[2])), i32x4.splat(i32.const(512))), i32.const(10))
  }
  return seq(vector.store(get(row), part(false), offset), vector.store(get(row), part(true), offset + 16))
}

/** Sixteen by sixteen pixels as six blocks around zero, colour at half resolution. `stride` is the bytes of a row of pixels. */
function readMacro(f: KernelFunction, pixels: Local, stride: Local): Code {
  const three = (): [Local, Local, Local] => [f.local('v128'), f.local('v128'), f.local('v128')]
  const rows: Rows = { channels: three(), sums: three() }
  const [parts, words, at, row, colours] = [three(), f.local('v128'), f.local('i32'), f.local('i32'), f.local('i32')]
  const pairs = (channel: Local): Code => i16x8.pairsOfBytes(get(channel))
  const colourAt = jpegMemory.blocks + 4 * blockBytes
  return seq(
    set(at, get(pixels)),
    set(row, i32.const(jpegMemory.blocks)),
    set(colours, zero),
    repeat(
      i32.lt(get(colours), i32.const(8 * 32)),
      seq(
        readChannels(get(at), rows, parts),
        storeBrightness(row, rows, words),
        ...rows.sums.map((sum, i) => set(sum, pairs(rows.channels[i] ?? sum))),
        advance(at, get(stride)),
        advance(row, i32.const(32)),
        readChannels(get(at), rows, parts),
        storeBrightness(row, rows, words),
        ...rows.sums.map((sum, i) => set(sum, i16x8.add(get(sum), pairs(rows.channels[i] ?? sum)))),
        storeColour(colours, rows, [-43, -85, 128], colourAt),
        storeColour(colours, rows, [128, -107, -21], colourAt + blockBytes),
        advance(at, get(stride)),
        advance(row, i32.const(32)),
        advance(colours, i32.const(32)),
        // The lower half's brightness lies two blocks on: the right upper block is between.
        advance(row, i32.mul(i32.eq(get(colours), i32.const(4 * 32)), i32.const(blockBytes))),
      ),
    ),
  )
}

type Eight = readonly Local[]
const at = (lines: Eight, index: number): Code => get(lines[index] ?? { index: 0 })
const plus = (...terms: readonly Code[]): Code => terms.reduce((a, b) => i32x4.add(a, b))
const times = (value: Code, factor: number): Code => i32x4.mul(value, i32x4.splat(i32.const(factor)))

/** Four lines of eight at once; `scale` is what products lose, `lift` what sums gain (or lose). */
function transform(d: Eight, t: Eight, scale: number, lift: number): Code {
  const rounded = (value: Code): Code => i32x4.shr(plus(value, i32x4.splat(i32.const(1 << (scale - 1)))), i32.const(scale))
  const lifted = (value: Code): Code =>
    lift > 0 ? i32x4.shl(value, i32.const(lift)) : i32x4.shr(plus(value, i32x4.splat(i32.const(1 << (-lift - 1)))), i32.const(-lift))
  const to = (lines: Eight, index: number, value: Code): Code => set(lines[index] ?? { index: 0 }, value)
  return seq(
    // t: sums 0 to 3, then differences 4 to 7.
    ...[0, 1, 2, 3].map((i) => to(t, i, i32x4.add(at(d, i), at(d, 7 - i)))),
    ...[4, 5, 6, 7].map((i) => to(t, i, i32x4.sub(at(d, 7 - i), at(d, i)))),
    to(d, 0, lifted(plus(at(t, 0), at(t, 3), at(t, 1), at(t, 2)))),
    to(d, 4, lifted(i32x4.sub(plus(at(t, 0), at(t, 3)), plus(at(t, 1), at(t, 2))))),
    to(t, 3, i32x4.sub(at(t, 0), at(t, 3))),
    to(t, 2, i32x4.sub(at(t, 1), at(t, 2))),
    to(t, 0, times(plus(at(t, 2), at(t, 3)), 4433)),
    to(d, 2, rounded(plus(at(t, 0), times(at(t, 3), 6270)))),
    to(d, 6, rounded(plus(at(t, 0), times(at(t, 2), -15137)))),
    to(t, 0, times(plus(at(t, 4), at(t, 6), at(t, 5), at(t, 7)), 9633)),
    to(t, 1, times(plus(at(t, 4), at(t, 7)), -7373)),
    to(t, 2, times(plus(at(t, 5), at(t, 6)), -20995)),
    to(t, 3, plus(times(plus(at(t, 4), at(t, 6)), -16069), at(t, 0))),
    to(t, 0, plus(times(plus(at(t, 5), at(t, 7)), -3196), at(t, 0))),
    to(d, 7, rounded(plus(times(at(t, 4), 2446), at(t, 1), at(t, 3)))),
    to(d, 5, rounded(plus(times(at(t, 5), 16819), at(t, 2), at(t, 0)))),
    to(d, 3, rounded(plus(times(at(t, 6), 25172), at(t, 2), at(t, 3)))),
    to(d, 1, rounded(plus(times(at(t, 7), 12299), at(t, 1), at(t, 0)))),
  )
}

const lowLanes = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
const highLanes = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const highHalves = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]

/** Four vectors of four turned into each other, in place. */
function turn(d: Eight, from: number, t: Eight): Code {
  const [a, b, c, e] = [0, 1, 2, 3].map((i) => at(d, from + i)) as [Code, Code, Code, Code] // four in, four out
  const to = (lines: Eight, index: number, value: Code): Code => set(lines[index] ?? { index: 0 }, value)
  return seq(
    to(t, 0, vector.shuffle(a, b, lowLanes)),
    to(t, 1, vector.shuffle(c, e, lowLanes)),
    to(t, 2, vector.shuffle(a, b, highLanes)),
    to(t, 3, vector.shuffle(c, e, highLanes)),
    to(d, from, vector.shuffle(at(t, 0), at(t, 1), lowHalves)),
    to(d, from + 1, vector.shuffle(at(t, 0), at(t, 1), highHalves)),
    to(d, from + 2, vector.shuffle(at(t, 2), at(t, 3), lowHalves)),
    to(d, from + 3, vector.shuffle(at(t, 2), at(t, 3), highHalves)),
  )
}

/** Four coefficients divided and rounded, each to its own place; `place` is that of the first one in the block. */
function quantise(value: Local, size: Local, divisors: Local, levels: Local, place: number, order: readonly number[]): Code {
  const divided = (pair: Code, offset: number): Code =>
    f64x2.truncate(
      f64x2.mul(
        f64x2.add(f64x2.ofWholes(pair), vector.load(get(divisors), offset)),
        vector.load(get(divisors), divisorPlaces.reciprocals + offset),
      ),
    )
  const sign = i32x4.shr(get(value), i32.const(31))
  return seq(
    set(size, i32x4.abs(get(value))),
    set(
      size,
      vector.shuffle(divided(get(size), place * 8), divided(vector.shuffle(get(size), get(size), highHalves), place * 8 + 16), lowHalves),
    ),
    set(size, i32x4.sub(vector.xor(get(size), sign), sign)),
    ...[0, 1, 2, 3].map((lane) => vector.storeLane32(get(levels), get(size), lane, (order[place + lane] ?? 0) * 4)),
  )
}

/** `block(source, divisors, levels)`: transforms and quantises one block; `order[k]` is where coefficient `k`, row by row, stands in the file. */
function blockKernel(order: readonly number[]): KernelFunction {
  const f = new KernelFunction('block')
  const [source, divisors, levels] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const eight = (): Local[] => Array.from({ length: 8 }, () => f.local('v128'))
  const [d, t] = [eight(), eight()]
  // Rows of eight lie in two vectors: turned, each vector holds one column of four rows.
  const rows = (top: number): Code =>
    seq(
      ...d.map((line, i) => set(line, vector.load(get(source), (top + (i & 3)) * 32 + (i >> 2) * 16))),
      turn(d, 0, t),
      turn(d, 4, t),
      transform(d, t, fraction - firstLift, firstLift),
      turn(d, 0, t),
      turn(d, 4, t),
      ...d.map((line, i) => vector.store(get(source), get(line), (top + (i & 3)) * 32 + (i >> 2) * 16)),
    )
  const columns = (left: number): Code =>
    seq(
      ...d.map((line, i) => set(line, vector.load(get(source), i * 32 + left * 4))),
      transform(d, t, fraction + firstLift, -firstLift),
      ...d.map((line, i) => quantise(line, t[0] ?? line, divisors, levels, i * 8 + left, order)),
    )
  return f.does(rows(0), rows(4), columns(0), columns(4))
}

/** `macros(count)`: the levels of a row of so many macroblocks from the pixels of its sixteen rows. */
function macrosKernel(block: number): KernelFunction {
  const f = new KernelFunction('macros')
  const count = f.parameter('i32')
  const [pixels, stride, levels] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const callBlock = (index: number): Code => [
    ...i32.const(jpegMemory.blocks + index * blockBytes),
    ...i32.const(index < 4 ? jpegMemory.luma : jpegMemory.chroma),
    ...i32.add(get(levels), i32.const(index * blockBytes)),
    ...[0x10, block],
  ]
  return f.does(
    set(stride, i32.mul(get(count), i32.const(48))),
    set(levels, i32.const(jpegMemory.levels)),
    set(pixels, i32.add(get(levels), i32.mul(get(count), i32.const(blocksPerMacro * blockBytes)))),
    repeat(
      i32.gt(get(count), zero),
      seq(
        readMacro(f, pixels, stride),
        ...Array.from({ length: blocksPerMacro }, (_, index) => callBlock(index)),
        advance(levels, i32.const(blocksPerMacro * blockBytes)),
        advance(pixels, i32.const(48)),
        advance(count, i32.const(-1)),
      ),
    ),
  )
}

const modules: { jpeg?: KernelModule } = {}

/** The kernels over a memory for rows of so many macroblocks; `order` as for `block`. */
export function jpegKernels(macros: number, order: readonly number[]): Kernels {
  modules.jpeg ??= compileKernels([blockKernel(order), macrosKernel(0)])
  // Sixteen rows of pixels, and what the last vector may read past them.
  return instantiate(modules.jpeg, pixelsAt(macros) + macros * 48 * 16 + 16)
}
