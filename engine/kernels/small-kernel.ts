// Paints the small faces of one row from what was prepared per face (prepare-kernel.ts): texture place and light at both ends of each piece, and
// straight lines between.

import { noiseLength } from '../sensors/tone.ts'
import { advance, type Code, f64, f64x2, get, i32, i32x4, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { KernelFunction } from './module.ts'
import { callPaint } from './paint-kernel.ts'
import { head } from './shared-memory.ts'

/**
 * Places in a small face's record, in floats of 8 bytes: the plane of w; pairs of u/z and v/z, and of s/z and t/z, per ray axis; light (red,
 * green; blue, 0) at s = t = 0, its change along s, along t, and with both; texels' scale; then four whole numbers of 4 bytes.
 */
export const smallFace = { floats: 34, w: 0, uv: 3, st: 9, light: 15, scale: 31, wholes: 32 } as const
/** Places of a small face's whole numbers: address of the texture's level, its side less one, its power of two, the jitter. */
export const smallWholes = { texels: 0, mask: 1, bits: 2, jitter: 3 } as const

/** Pixels between exact texture places. */
const pieceLength = 32
const zero = i32.const(0)

interface Place {
  readonly uv: Local
  readonly redGreen: Local
  readonly blue: Local
}

/** `small(y)`: paints the runs of row `y` whose face is small and prepared. `paint` is its place in the module. */
export function smallKernel(paint: number): KernelFunction {
  const f = new KernelFunction('small')
  const y = f.parameter('i32')
  const [run, runEnd, face, x, to, rgb] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  const record = f.local('i32')
  const pieces = piecesOfRun(f, { y, x, to, record, rgb }, paint)
  return f.does(
    set(run, i32.load(zero, head.runs)),
    set(runEnd, i32.add(get(run), i32.shl(i32.load(zero, head.runCount), i32.const(3)))),
    set(rgb, i32.add(i32.load(zero, head.rgb), i32.mul(i32.mul(get(y), i32.load(zero, head.width)), i32.const(3)))),
    repeat(
      i32.lt(get(run), get(runEnd)),
      seq(
        set(face, i32.load(get(run))),
        set(to, i32.load(get(run), 4)),
        // Number 0 is nothing, and no small face.
        when(
          i32.load8(i32.add(i32.load(zero, head.isSmall), get(face))),
          seq(
            set(record, i32.add(i32.load(zero, head.small), i32.mul(i32.sub(get(face), i32.const(1)), i32.const(smallFace.floats * 8)))),
            pieces,
          ),
        ),
        set(x, get(to)),
        advance(run, i32.const(8)),
      ),
    ),
  )
}

interface RunLocals {
  readonly y: Local
  readonly x: Local
  readonly to: Local
  readonly record: Local
  readonly rgb: Local
}

function piecesOfRun(f: KernelFunction, { y, x, to, record, rgb }: RunLocals, paint: number): Code {
  const [stop, last, odd] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const [share, scale, start, step, length] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128'), f.local('f64')]
  const place = (): Place => ({ uv: f.local('v128'), redGreen: f.local('v128'), blue: f.local('v128') })
  const [a, b] = [place(), place()]
  const evaluate = evaluation(f, record)
  const wholeOf = (at: number): Code => i32.load(get(record), smallFace.wholes * 8 + at * 4)
  const change = (from: Local, until: Local): Code => f64x2.mul(f64x2.sub(get(until), get(from)), get(share))
  const texelPlaces = (pair: Code): Code => f64x2.wrap(f64x2.mul(pair, get(scale)))
  const light = (redGreen: Code, blue: Code): Code =>
    vector.shuffle(f64x2.truncate(redGreen), f64x2.truncate(blue), [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23])
  const piece = callPaint(paint, {
    out: i32.add(get(rgb), i32.mul(get(x), i32.const(3))),
    count: i32.sub(get(stop), get(x)),
    texels: wholeOf(smallWholes.texels),
    mask: wholeOf(smallWholes.mask),
    bits: wholeOf(smallWholes.bits),
    u: i32.add(i32x4.lane(get(start), 0), get(odd)),
    v: i32.sub(i32x4.lane(get(start), 2), get(odd)),
    du: i32x4.lane(get(step), 0),
    dv: i32x4.lane(get(step), 2),
    jitter: wholeOf(smallWholes.jitter),
    noise: i32.and(i32.add(i32.load(zero, head.noiseAt), i32.mul(get(x), i32.const(3))), i32.const(noiseLength - 1)),
    light: light(get(a.redGreen), get(a.blue)),
    lightStep: light(change(a.redGreen, b.redGreen), change(a.blue, b.blue)),
  })
  const jitter = wholeOf(smallWholes.jitter)
  return seq(
    set(scale, f64x2.splat(f64.load(get(record), smallFace.scale * 8))),
    // Rows in turn begin a quarter texel to one side and to the other.
    set(odd, i32.sub(i32.mul(i32.and(get(y), i32.const(1)), i32.shr(jitter, i32.const(1))), i32.shr(jitter, i32.const(2)))),
    evaluate(get(x), a),
    repeat(
      i32.lt(get(x), get(to)),
      seq(
        set(stop, i32.add(get(x), i32.const(pieceLength))),
        set(stop, select(get(stop), get(to), i32.lt(get(stop), get(to)))),
        // The last piece ends on the run's last pixel: past it the face's plane says nothing about the picture.
        set(last, select(get(stop), i32.sub(get(stop), i32.const(1)), i32.lt(get(stop), get(to)))),
        evaluate(get(last), b),
        // A piece of one pixel does not change: its only end is both of them.
        set(length, f64.of(i32.sub(get(last), get(x)))),
        set(share, f64x2.splat(select(f64.div(f64.const(1), get(length)), f64.const(0), i32.gt(get(last), get(x))))),
        set(start, texelPlaces(get(a.uv))),
        set(step, texelPlaces(change(a.uv, b.uv))),
        piece,
        set(a.uv, get(b.uv)),
        set(a.redGreen, get(b.redGreen)),
        set(a.blue, get(b.blue)),
        set(x, get(stop)),
      ),
    ),
  )
}

/** Texture place and light in the middle of a pixel of the row. */
function evaluation(f: KernelFunction, record: Local): (column: Code, out: Place) => Code {
  const [rx, ry, s, t, st, z] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const [ray, row] = [f.local('f64'), f.local('f64')]
  const pair = (at: number): Code => vector.load(get(record), at * 8)
  const number = (at: number): Code => f64.load(get(record), at * 8)
  const plane = (at: number): Code =>
    f64x2.mul(f64x2.add(f64x2.add(f64x2.mul(pair(at), get(rx)), f64x2.mul(pair(at + 2), get(ry))), pair(at + 4)), get(z))
  const colour = (at: number): Code =>
    f64x2.add(
      f64x2.add(f64x2.add(pair(at), f64x2.mul(get(s), pair(at + 4))), f64x2.mul(get(t), pair(at + 8))),
      f64x2.mul(f64x2.mul(get(s), get(t)), pair(at + 12)),
    )
  return (column, out) =>
    seq(
      set(ray, f64.load(i32.add(i32.load(zero, head.rays), i32.shl(column, i32.const(3))))),
      set(row, f64.load(zero, head.rowRay)),
      set(rx, f64x2.splat(get(ray))),
      set(ry, f64x2.splat(get(row))),
      set(z, f64x2.splat(f64.div(f64.const(1), f64.add(f64.add(f64.mul(number(0), get(ray)), f64.mul(number(1), get(row))), number(2))))),
      set(out.uv, plane(smallFace.uv)),
      set(st, f64x2.larger(vector.ofFloats([0, 0]), f64x2.smaller(vector.ofFloats([1, 1]), plane(smallFace.st)))),
      set(s, f64x2.splat(f64x2.lane(get(st), 0))),
      set(t, f64x2.splat(f64x2.lane(get(st), 1))),
      set(out.redGreen, colour(smallFace.light)),
      set(out.blue, colour(smallFace.light + 2)),
    )
}
