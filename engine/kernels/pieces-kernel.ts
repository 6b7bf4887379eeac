// Paints the pieces of one row between their ends: texture place and light become whole numbers (32-bit, wrapping, exact everywhere), which the
// innermost loop of the camera paints with (paint-kernel.ts). Trusts the stages before it for ranges.

import { advance, type Code, f64, f64x2, get, i32, i32x4, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { end, piece, surface, texture } from './end-records.ts'
import { KernelFunction } from './module.ts'
import { callPaint } from './paint-kernel.ts'
import { head } from './shared-memory.ts'

/** What a texel of level 0 counts in whole numbers; half of it per level. */
export const texelScale = 65_536
/** Each level halves the tile: the one at which a pixel covers 0.7 to 1.4 texels. */
export const texelsPerPixel: number = 1 / 1.4
/** Close up, texels are larger than pixels: a two by two pattern of shifts stands in for filtering between them. */
export const jitterBelow = 0.7

const zero = i32.const(0)

interface PieceLocals {
  readonly at: Local
  readonly a: Local
  readonly b: Local
  readonly from: Local
  readonly steps: Local
  /** 1 / steps, or 0 where there are none. */
  readonly share: Local
}

/** `pieces(y, count)`: paints the first pieces of row `y`; `paint` is its place in the module. */
export function piecesKernel(paint: number): KernelFunction {
  const f = new KernelFunction('pieces')
  const [y, count] = [f.parameter('i32'), f.parameter('i32')]
  const row = f.local('i32')
  const l: PieceLocals = {
    ...{ at: f.local('i32'), a: f.local('i32'), b: f.local('i32'), from: f.local('i32'), steps: f.local('f64'), share: f.local('v128') },
  }
  const textured = textureOf(f, l, y)
  const colour = (at: Local, offset: number): Code => vector.load(get(at), end.colour + offset)
  const change = (offset: number): Code => f64x2.mul(f64x2.sub(colour(l.b, offset), colour(l.a, offset)), get(l.share))
  return f.does(
    set(l.at, i32.load(zero, head.pieces)),
    set(row, i32.add(i32.load(zero, head.rgb), i32.mul(i32.mul(get(y), i32.load(zero, head.width)), i32.const(3)))),
    repeat(
      i32.gt(get(count), zero),
      seq(
        set(l.a, i32.load(get(l.at), piece.endA)),
        set(l.b, i32.load(get(l.at), piece.endB)),
        set(l.from, i32.mul(i32.load(get(l.at), piece.from), i32.const(3))),
        set(l.steps, f64.of(i32.load(get(l.at), piece.steps))),
        set(l.share, f64x2.splat(select(f64.div(f64.const(1), get(l.steps)), f64.const(0), f64.gt(get(l.steps), f64.const(0))))),
        textured.prepare,
        callPaint(paint, {
          out: i32.add(get(row), get(l.from)),
          count: i32.load(get(l.at), piece.count),
          ...textured.values,
          noise: i32.add(i32.load(zero, head.noiseAt), get(l.from)),
          light: wholes(colour(l.a, 0), colour(l.a, 16)),
          lightStep: wholes(change(0), change(16)),
        }),
        advance(l.at, i32.const(piece.bytes)),
        advance(count, i32.const(-1)),
      ),
    ),
  )
}

const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]

/** Red and green, blue and 0, as whole numbers. */
const wholes = (redGreen: Code, blue: Code): Code => vector.shuffle(f64x2.truncate(redGreen), f64x2.truncate(blue), lowerHalves)

interface Textured {
  readonly prepare: Code
  readonly values: Readonly<Record<'texels' | 'mask' | 'bits' | 'u' | 'v' | 'du' | 'dv' | 'jitter', Code>>
}

function textureOf(f: KernelFunction, l: PieceLocals, y: Local): Textured {
  const [tile, level, jitter, odd, isFlat] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  const [slope, start, scale, footprint] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('f64')]
  const place = (at: Local): Code => vector.load(get(at), end.texture)
  const before = f64x2.mul(get(slope), f64x2.splat(get(l.steps)))
  const bits = i32.sub(i32.load(get(tile), texture.bits), get(level))
  const aside = f64x2.mul(f64x2.splat(f64.of(get(odd))), vector.ofFloats([1, -1]))
  return {
    prepare: seq(
      // A flat piece (one end) is painted along the texture's slope there; it begins `steps` pixels before its end.
      set(isFlat, i32.eq(get(l.a), get(l.b))),
      set(slope, f64x2.mul(f64x2.sub(place(l.b), place(l.a)), get(l.share))),
      set(start, place(l.a)),
      when(get(isFlat), seq(set(slope, vector.load(get(l.a), end.slope)), set(start, f64x2.sub(get(start), before)))),
      set(footprint, f64.mul(f64.add(f64.load(get(l.a), end.footprint), f64.load(get(l.b), end.footprint)), f64.const(0.5))),
      set(tile, i32.load(get(l.a), end.surface)),
      set(tile, i32.load(get(tile), surface.texture)),
      set(level, i32.sub(i32.const(32), i32.leadingZeros(i32.wrap(f64.mul(get(footprint), f64.const(texelsPerPixel)))))),
      set(level, select(get(level), i32.load(get(tile), texture.last), i32.lt(get(level), i32.load(get(tile), texture.last)))),
      set(scale, f64x2.splat(f64.of(i32.shr(i32.const(texelScale), get(level))))),
      set(jitter, select(i32.const(texelScale / 2), zero, f64.gt(f64.const(jitterBelow), get(footprint)))),
      set(odd, i32.sub(i32.mul(i32.and(get(y), i32.const(1)), i32.shr(get(jitter), i32.const(1))), i32.shr(get(jitter), i32.const(2)))),
      // Places wrap at 65,536 texels, which every tile's size divides: a floor may be as large as it likes.
      set(start, f64x2.wrap(f64x2.add(f64x2.mul(get(start), get(scale)), aside))),
      set(slope, f64x2.wrap(f64x2.mul(get(slope), get(scale)))),
    ),
    values: {
      texels: i32.load(i32.add(get(tile), i32.shl(get(level), i32.const(2))), texture.levels),
      mask: i32.sub(i32.shl(i32.const(1), bits), i32.const(1)),
      bits,
      u: i32x4.lane(get(start), 0),
      v: i32x4.lane(get(start), 2),
      du: i32x4.lane(get(slope), 0),
      dv: i32x4.lane(get(slope), 2),
      jitter: get(jitter),
    },
  }
}
