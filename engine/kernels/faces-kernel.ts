// Draws the faces of a part whose corners are in place: leaves out what looks away, lies beside the picture or is hidden, and hands the rows of the
// rest to `rows`. All in 64-bit floats, in the order in which a reference in JavaScript computes them (faces-kernel.test.ts).

import { advance, type Code, either, f64, f64x2, get, i32, i32x4, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { corner, drawnFace } from './drawing-records.ts'
import { along, type Corners, crossed, edgesOf } from './edges.ts'
import { call, KernelFunction } from './module.ts'
import { drawing, frame, head } from './shared-memory.ts'
import { tileBits } from './tiles-kernel.ts'

const zero = i32.const(0)
const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
/** How much nearer than its corners a face counts, as a share, when it is asked whether it is hidden: far more than rounding can do. */
const margin = 1 + 1e-5
/** A face that looks at us covers more than this; what looks away or has no area is not drawn. */
const areaLeast = 1e-14

interface FaceLocals extends Corners {
  /** The depths of its nearest corner and of the near plane. */
  readonly nearest: Local
  readonly near: Local
  /** Columns and rows that it reaches: left and top, right and bottom; the picture's width and height. */
  readonly leftTop: Local
  readonly rightBottom: Local
  readonly size: Local
  readonly isSeen: Local
  /** Its rows in the picture. */
  readonly top: Local
  readonly bottom: Local
}

function faceLocals(f: KernelFunction): FaceLocals {
  const [whole, float, pair] = [() => f.local('i32'), () => f.local('f64'), () => f.local('v128')]
  return {
    ...{
      a: whole(),
      b: whole(),
      c: whole(),
      d: whole(),
      area: float(),
      nearest: float(),
      near: float(),
      leftTop: pair(),
      rightBottom: pair(),
      size: pair(),
    },
    ...{ isSeen: whole(), top: whole(), bottom: whole() },
  }
}

/**
 * `faces(from, to, wanted, hides)`: draws the faces [from, to) for whose number `shown` holds what is `wanted`, without those that `tiles` hide if it
 * `hides` any. `rows` is its place in the module.
 */
export function facesKernel(rows: number): KernelFunction {
  const f = new KernelFunction('faces')
  const [from, to, wanted, hides] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [at, number, shown] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const l = faceLocals(f)
  const [looksAtUs, reach, hide, edges] = [facing(f, l), reachOf(f, l), hiddenBehind(f, l), edgesOf(f, l, l.nearest, l.near)]
  const fields = [l.a, l.b, l.c, l.d].map((it, place) => set(it, i32.load(get(at), place * 4)))
  const draw = seq(
    reach,
    when(i32.and(get(hides), i32.and(get(l.isSeen), f64.gt(get(l.nearest), get(l.near)))), hide),
    when(get(l.isSeen), seq(edges.prepare, call(rows, get(number), get(l.top), get(l.bottom), edges.pairs))),
  )
  return f.does(
    set(l.near, f64.load(zero, drawing.near)),
    set(
      l.size,
      vector.shuffle(f64x2.splat(f64.of(i32.load(zero, head.width))), f64x2.splat(f64.of(i32.load(zero, frame.height))), lowerHalves),
    ),
    edges.begin,
    set(shown, i32.load(zero, drawing.shown)),
    set(at, i32.add(i32.load(zero, drawing.faces), i32.mul(get(from), i32.const(drawnFace.bytes)))),
    repeat(
      i32.lt(get(from), get(to)),
      seq(
        set(number, i32.load(get(at), drawnFace.number)),
        when(i32.eq(i32.load8(i32.add(get(shown), get(number))), get(wanted)), seq(...fields, when(looksAtUs, draw))),
        advance(at, i32.const(drawnFace.bytes)),
        advance(from, i32.const(1)),
      ),
    ),
  )
}

/** Whether the corners stand counter-clockwise: C × B along A. */
function facing(f: KernelFunction, { a, b, c, area }: Corners): Code {
  const edge = crossed(c, b).map((part) => ({ part, kept: f.local('f64') }))
  return seq(
    ...edge.map(({ part, kept }) => set(kept, part)),
    set(
      area,
      along(
        edge.map(({ kept }) => kept),
        a,
      ),
    ),
    f64.gt(get(area), f64.const(areaLeast)),
  )
}

/** Finds the columns and rows that a face reaches, all of them if it crosses the near plane, and whether it can be seen in any. */
function reachOf(f: KernelFunction, l: FaceLocals): Code {
  const [last, farthest] = [f.local('i32'), f.local('f64')]
  const all = [l.a, l.b, l.c, last]
  const ahead = (pick: (a: Code, b: Code) => Code): Code =>
    f64x2.lane(
      all.map((it) => vector.loadBoth(get(it), corner.ahead)).reduce((one, other) => pick(one, other)),
      0,
    )
  const screen = (pick: (a: Code, b: Code) => Code): Code =>
    all.map((it) => vector.load(get(it), corner.screen)).reduce((one, other) => pick(one, other))
  const half = f64.const(0.5)
  const inPicture = seq(
    // Rows whose middle lies between; a row more on either side costs nothing, because rows are solved exactly.
    set(l.top, i32.truncate(f64.ceil(f64.sub(f64x2.lane(get(l.leftTop), 1), half)))),
    set(l.top, select(get(l.top), zero, i32.gt(get(l.top), zero))),
    set(l.bottom, i32.truncate(f64.floor(f64.sub(f64x2.lane(get(l.rightBottom), 1), half)))),
    set(
      l.bottom,
      select(i32.load(zero, frame.height), i32.add(get(l.bottom), i32.const(1)), i32.ge(get(l.bottom), i32.load(zero, frame.height))),
    ),
    set(
      l.isSeen,
      i32.and(
        i32.lt(get(l.top), get(l.bottom)),
        i32.eqz(
          i32.or(
            f64.gt(half, f64x2.lane(get(l.rightBottom), 0)),
            f64.gt(f64x2.lane(get(l.leftTop), 0), f64.sub(f64x2.lane(get(l.size), 0), half)),
          ),
        ),
      ),
    ),
    touch(drawing.leftTop, f64x2.smaller, l.leftTop),
    touch(drawing.rightBottom, f64x2.larger, l.rightBottom),
  )
  return seq(
    set(last, select(get(l.d), get(l.c), get(l.d))),
    set(l.nearest, ahead(f64x2.smaller)),
    set(farthest, ahead(f64x2.larger)),
    either(
      f64.gt(get(l.nearest), get(l.near)),
      seq(set(l.leftTop, screen(f64x2.smaller)), set(l.rightBottom, screen(f64x2.larger))),
      seq(set(l.leftTop, vector.ofFloats([0, 0])), set(l.rightBottom, get(l.size))),
    ),
    set(l.isSeen, zero),
    when(f64.gt(get(farthest), get(l.near)), inPicture),
  )
}

const touch = (at: number, pick: (a: Code, b: Code) => Code, reached: Local): Code =>
  vector.store(zero, pick(vector.load(zero, at), get(reached)), at)

/** Takes from what is seen a face that lies behind all tiles that it touches. */
function hiddenBehind(f: KernelFunction, l: FaceLocals): Code {
  const [first, last, limit] = [f.local('v128'), f.local('v128'), f.local('f64')]
  const [row, low, at, end, columns, isHidden] = [
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
  ]
  const one = vector.ofFloats([1, 1])
  const tile = (column: Code): Code =>
    i32.add(i32.load(zero, frame.tiles), i32.shl(i32.add(i32.mul(get(row), get(columns)), column), i32.const(2)))
  const inTiles = (pixels: Code): Code => i32x4.shr(pixels, i32.const(tileBits))
  return seq(
    // A pixel more on each side, for rounding.
    set(first, inTiles(i32x4.max(f64x2.truncate(f64x2.sub(get(l.leftTop), one)), vector.ofWhole([0, 0, 0, 0])))),
    set(last, f64x2.smaller(f64x2.add(get(l.rightBottom), one), f64x2.sub(get(l.size), one))),
    set(last, inTiles(f64x2.truncate(get(last)))),
    set(limit, f64.mul(f64.div(f64.const(1), get(l.nearest)), f64.const(margin))),
    set(columns, i32.shr(i32.add(i32.load(zero, head.width), i32.const((1 << tileBits) - 1)), i32.const(tileBits))),
    set(row, i32x4.lane(get(first), 1)),
    set(low, i32x4.lane(get(last), 1)),
    set(isHidden, i32.const(1)),
    repeat(
      i32.and(get(isHidden), i32.le(get(row), get(low))),
      seq(
        set(at, tile(i32x4.lane(get(first), 0))),
        set(end, tile(i32x4.lane(get(last), 0))),
        repeat(
          i32.and(get(isHidden), i32.le(get(at), get(end))),
          seq(set(isHidden, f64.gt(f64.loadSingle(get(at)), get(limit))), advance(at, i32.const(4))),
        ),
        advance(row, i32.const(1)),
      ),
    ),
    set(l.isSeen, i32.eqz(get(isHidden))),
  )
}
