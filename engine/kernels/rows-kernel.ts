// Fills the rows of one face, eight pixels at a time: the span between the lines that open and close it, and in it each pixel that is nearer
// than what was there, or as near and of a lower number: in whichever order faces come, the same picture comes of it. Depth is computed in 64 bits and kept in 32, as a reference in JavaScript does (rows-kernel.test.ts).

import { advance, type Code, f32x4, f64, f64x2, get, i16x8, i32, i32x4, type Local, repeat, seq, set, vector, when } from './code.ts'
import { KernelFunction } from './module.ts'
import { head, lineBytes } from './shared-memory.ts'

const zero = i32.const(0)
const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]

/**
 * `rows(face, top, bottom, pairs)`: the head holds the plane and, per pair, a line that opens a span and the negative of one that closes it;
 * there are two pairs at least. `wide` says that face numbers have four bytes, not two.
 */
export function rowsKernel(wide: boolean): KernelFunction {
  const f = new KernelFunction('rows')
  const [face, top, bottom, pairs] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [width, line, end, from, last] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  const [y, borders, limits, ends] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const kept = [0, 1].map((pair) => ({ pair, start: f.local('v128'), change: f.local('v128') }))
  const narrowed = (start: Code, change: Code): Code => set(ends, f64x2.larger(get(ends), f64x2.add(start, f64x2.mul(change, get(y)))))
  const same = faceLocals(f)
  return f.does(
    set(width, i32.load(zero, head.width)),
    prepareFace(same, face, wide),
    // No span begins before column 0 or ends behind the last; none begins behind the picture or ends before it, so that whole numbers hold them.
    set(borders, bothLanes(f64.const(0), f64.of(i32.sub(i32.const(1), get(width))))),
    set(limits, bothLanes(f64.of(get(width)), f64.const(1))),
    ...kept.flatMap(({ pair, start, change }) => [
      set(start, vector.load(zero, head.lines + pair * lineBytes)),
      set(change, vector.load(zero, head.lines + pair * lineBytes + 16)),
    ]),
    set(end, i32.add(i32.const(head.lines), i32.mul(get(pairs), i32.const(lineBytes)))),
    repeat(
      i32.lt(get(top), get(bottom)),
      seq(
        set(y, f64x2.splat(f64.of(get(top)))),
        set(ends, get(borders)),
        ...kept.map(({ start, change }) => narrowed(get(start), get(change))),
        set(line, i32.const(head.lines + 2 * lineBytes)),
        repeat(
          i32.lt(get(line), get(end)),
          seq(narrowed(vector.load(get(line)), vector.load(get(line), 16)), advance(line, i32.const(lineBytes))),
        ),
        set(ends, f64x2.truncate(f64x2.ceil(f64x2.smaller(get(ends), get(limits))))),
        set(from, i32x4.lane(get(ends), 0)),
        set(last, i32.sub(zero, i32x4.lane(get(ends), 1))),
        when(i32.le(get(from), get(last)), span(f, { from, last, top, width }, same, wide)),
        advance(top, i32.const(1)),
      ),
    ),
  )
}

const bothLanes = (a: Code, b: Code): Code => vector.shuffle(f64x2.splat(a), f64x2.splat(b), lowerHalves)

interface SpanLocals {
  readonly from: Local
  readonly last: Local
  readonly top: Local
  readonly width: Local
}

/** What is the same in all rows of a face: the depth's change over the first four pixels and from four to four, its places, and its number. */
interface FaceLocals {
  readonly lower: Local
  readonly upper: Local
  readonly step: Local
  readonly slope: Local
  readonly paint: Local
  readonly depths: Local
  readonly numbers: Local
}

function faceLocals(f: KernelFunction): FaceLocals {
  const [lower, upper, step, paint] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  return { lower, upper, step, slope: f.local('f64'), paint, depths: f.local('i32'), numbers: f.local('i32') }
}

function prepareFace(l: FaceLocals, face: Local, wide: boolean): Code {
  return seq(
    set(l.slope, f64.load(zero, head.plane)),
    set(l.lower, f64x2.mul(f64x2.splat(get(l.slope)), vector.ofFloats([0, 1]))),
    set(l.upper, f64x2.mul(f64x2.splat(get(l.slope)), vector.ofFloats([2, 3]))),
    set(l.step, f64x2.splat(f64.mul(get(l.slope), f64.const(4)))),
    set(l.paint, wide ? i32x4.splat(get(face)) : i16x8.splat(get(face))),
    set(l.depths, i32.load(zero, head.inverseDepth)),
    set(l.numbers, i32.load(zero, head.faces)),
  )
}

interface PixelLocals {
  readonly depth: Local
  readonly number: Local
  /** Reciprocal depths of four pixels: of the face, of what is there; and where the face wins. Then the same for the next four. */
  readonly fours: readonly { readonly near: Local; readonly there: Local; readonly mask: Local }[]
  readonly before: Local
  readonly higher: Local
}

/** One row's pixels from `from` to `last`, eight at a time; of the last eight those that lie behind `last` are masked. */
function span(f: KernelFunction, { from, last, top, width }: SpanLocals, l: FaceLocals, wide: boolean): Code {
  const pixel = f.local('i32')
  const [first, second, left] = [f.local('v128'), f.local('v128'), f.local('v128')]
  const p: PixelLocals = {
    ...{ depth: f.local('i32'), number: f.local('i32'), before: f.local('v128'), higher: f.local('v128') },
    fours: [0, 1].map(() => ({ near: f.local('v128'), there: f.local('v128'), mask: f.local('v128') })),
  }
  const level = f64.add(f64.mul(f64.load(zero, head.plane + 8), f64.of(get(top))), f64.load(zero, head.plane + 16))
  const onward = seq(set(first, f64x2.add(get(first), get(l.step))), set(second, f64x2.add(get(second), get(l.step))))
  const measure = p.fours.map(({ near, there, mask }, half) =>
    seq(
      half === 0 ? [] : onward,
      set(near, vector.shuffle(f32x4.ofFloats(get(first)), f32x4.ofFloats(get(second)), lowerHalves)),
      set(there, vector.load(get(p.depth), half * 16)),
      set(mask, f32x4.ge(get(near), get(there))),
    ),
  )
  const [ones, others] = p.fours.map(({ mask }) => mask) as [Local, Local] // two fours
  const write = when(vector.any(vector.or(get(ones), get(others))), wide ? writeWide(p, l) : writeEight(p, l))
  const within = (mask: Local, columns: readonly number[]): Code =>
    set(mask, vector.and(get(mask), i32x4.gt(get(left), vector.ofWhole(columns))))
  return seq(
    set(pixel, i32.add(i32.mul(get(top), get(width)), get(from))),
    set(first, f64x2.splat(f64.add(f64.mul(get(l.slope), f64.of(get(from))), level))),
    set(second, f64x2.add(get(first), get(l.upper))),
    set(first, f64x2.add(get(first), get(l.lower))),
    set(p.depth, i32.add(get(l.depths), i32.shl(get(pixel), i32.const(2)))),
    set(p.number, i32.add(get(l.numbers), i32.shl(get(pixel), i32.const(wide ? 2 : 1)))),
    set(last, i32.add(i32.sub(get(last), get(from)), i32.const(1))),
    repeat(
      i32.ge(get(last), i32.const(8)),
      seq(
        ...measure,
        write,
        onward,
        advance(p.depth, i32.const(32)),
        advance(p.number, i32.const(wide ? 32 : 16)),
        advance(last, i32.const(-8)),
      ),
    ),
    when(
      i32.gt(get(last), zero),
      seq(...measure, set(left, i32x4.splat(get(last))), within(ones, [0, 1, 2, 3]), within(others, [4, 5, 6, 7]), write),
    ),
  )
}

/** Leaves in a mask only those pixels where the face is nearer, or as near and of the lower number. */
const keepNearer = ({ near, there, mask }: PixelLocals['fours'][number], isHigher: Code): Code =>
  set(mask, vector.and(get(mask), vector.or(f32x4.gt(get(near), get(there)), isHigher)))

const writeDepth = ({ depth, fours }: PixelLocals, half: number): Code => {
  const { near, there, mask } = fours[half] as PixelLocals['fours'][number] // there are two
  return vector.store(get(depth), vector.choose(get(near), get(there), get(mask)), half * 16)
}

/** Eight pixels whose numbers have two bytes. */
function writeEight(p: PixelLocals, l: FaceLocals): Code {
  const [one, other] = p.fours as [PixelLocals['fours'][number], PixelLocals['fours'][number]] // there are two
  return seq(
    set(p.before, vector.load(get(p.number))),
    set(p.higher, i16x8.above(get(p.before), get(l.paint))),
    keepNearer(one, i32x4.ofSignedWords(get(p.higher))),
    keepNearer(other, i32x4.ofHighSignedWords(get(p.higher))),
    writeDepth(p, 0),
    writeDepth(p, 1),
    vector.store(get(p.number), vector.choose(get(l.paint), get(p.before), i16x8.ofWholes(get(one.mask), get(other.mask)))),
  )
}

/** Eight pixels whose numbers have four bytes. */
function writeWide(p: PixelLocals, l: FaceLocals): Code {
  const halves = p.fours.map((four, half) => [
    ...set(p.before, vector.load(get(p.number), half * 16)),
    ...keepNearer(four, i32x4.gt(get(p.before), get(l.paint))),
    ...writeDepth(p, half),
    ...vector.store(get(p.number), vector.choose(get(l.paint), get(p.before), get(four.mask)), half * 16),
  ])
  return seq(...halves)
}
