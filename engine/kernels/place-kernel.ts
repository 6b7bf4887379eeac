// The first stage of shading a row: from pixel columns and face records to places in the texture and in the world. All in 64-bit floats, in the
// order in which a reference in JavaScript computes them (end-kernels.test.ts), so that the same bits come out.

import { advance, type Code, f64, f64x2, get, i32, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { end, face, surface } from './end-records.ts'
import { KernelFunction } from './module.ts'
import { frame, head } from './shared-memory.ts'

const zero = i32.const(0)
/** A face seen from its edge, or behind the eye, counts as this far away. */
const farthest = 1e5
const secondOfBoth = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]

interface EndLocals {
  readonly at: Local
  readonly record: Local
  readonly surface: Local
  /** The ray across, and its two rows (by multiplication for the texture, by division for the world). */
  readonly rx: Local
  readonly rows: Local
  /** Depth for texture and world. */
  readonly depths: Local
}

/** `place(count)`: fills texture, place, normal and ray of the first ends. */
export function placeKernel(): KernelFunction {
  const f = new KernelFunction('place')
  const count = f.parameter('i32')
  const whole = (): Local => f.local('i32')
  const l: EndLocals = {
    at: whole(),
    record: whole(),
    surface: whole(),
    rx: f.local('v128'),
    rows: f.local('v128'),
    depths: f.local('v128'),
  }
  const world = placeWorld(f, l)
  const placeTexture = textureOf(f, l)
  const bend = bendNormal(f, l)
  return f.does(
    set(l.at, i32.load(zero, frame.ends)),
    set(l.rows, vector.shuffle(f64x2.splat(f64.load(zero, frame.rowRay)), f64x2.splat(f64.load(zero, head.rowRay)), secondOfBoth)),
    world.begin,
    repeat(
      i32.gt(get(count), zero),
      seq(
        set(l.record, i32.load(get(l.at), end.face)),
        set(l.surface, i32.load(get(l.at), end.surface)),
        set(l.rx, f64x2.splat(f64.mul(columnOf(l), f64.load(zero, frame.stepX)))),
        set(l.depths, depthsOf(f, l)),
        placeTexture,
        world.each,
        when(i32.load(get(l.surface), surface.isSmooth), bend),
        advance(l.at, i32.const(end.bytes)),
        advance(count, i32.const(-1)),
      ),
    ),
  )
}

const columnOf = (l: EndLocals): Code => f64.sub(f64.add(f64.of(i32.load(get(l.at), end.column)), f64.const(0.5)), f64.load(zero, frame.cx))

const planeBoth = (l: EndLocals, at: number): Code => f64x2.splat(f64.load(get(l.record), face.inverse + at))

function depthsOf(f: KernelFunction, l: EndLocals): Code {
  const inverse = f.local('v128')
  return seq(
    set(inverse, f64x2.add(f64x2.add(f64x2.mul(planeBoth(l, 0), get(l.rx)), f64x2.mul(planeBoth(l, 8), get(l.rows))), planeBoth(l, 16))),
    vector.choose(
      f64x2.div(vector.ofFloats([1, 1]), get(inverse)),
      vector.ofFloats([farthest, farthest]),
      f64x2.gt(get(inverse), vector.ofFloats([1e-5, 1e-5])),
    ),
  )
}

/** u and v, their slopes, and how many texels a pixel covers, along the row and down the column: the smaller one counts most, kept sharp on purpose. */
function textureOf(f: KernelFunction, l: EndLocals): Code {
  const [across, down, metres, per, depth] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const [slope, along, below] = [f.local('v128'), f.local('f64'), f.local('f64')]
  const row = f64x2.splat(f64.load(zero, frame.rowRay))
  const sumOf = (pair: Local): Code => f64.add(f64x2.lane(get(pair), 0), f64x2.lane(get(pair), 1))
  return seq(
    set(across, vector.load(get(l.record), face.texture)),
    set(down, vector.load(get(l.record), face.texture + 16)),
    set(depth, f64x2.splat(f64x2.lane(get(l.depths), 0))),
    set(per, vector.load(get(l.surface), surface.per)),
    set(
      metres,
      f64x2.mul(
        f64x2.add(f64x2.add(f64x2.mul(get(across), get(l.rx)), f64x2.mul(get(down), row)), vector.load(get(l.record), face.texture + 32)),
        get(depth),
      ),
    ),
    set(
      slope,
      f64x2.mul(
        f64x2.mul(f64x2.mul(f64x2.sub(get(across), f64x2.mul(get(metres), planeBoth(l, 0))), get(per)), get(depth)),
        f64x2.splat(f64.load(zero, frame.stepX)),
      ),
    ),
    vector.store(get(l.at), f64x2.mul(get(metres), get(per)), end.texture),
    vector.store(get(l.at), get(slope), end.slope),
    set(slope, f64x2.abs(get(slope))),
    set(along, sumOf(slope)),
    set(slope, f64x2.mul(f64x2.abs(f64x2.sub(get(down), f64x2.mul(get(metres), planeBoth(l, 8)))), get(per))),
    set(below, f64.mul(f64.mul(sumOf(slope), f64x2.lane(get(depth), 0)), f64.load(zero, frame.stepY))),
    f64.store(
      get(l.at),
      f64.add(f64.mul(f64.smaller(get(along), get(below)), f64.const(0.75)), f64.mul(f64.larger(get(along), get(below)), f64.const(0.25))),
      end.footprint,
    ),
  )
}

/** The ray from the eye, where it ends, and the flat normal there. */
function placeWorld(f: KernelFunction, l: EndLocals): { readonly begin: Code; readonly each: Code } {
  const [acrossXy, rowXy, way, depth] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const [acrossZ, rowZ, wayZ] = [f.local('f64'), f.local('f64'), f.local('f64')]
  const axis = (number: number, offset = 0): number => frame.rotation + number * 32 + offset
  const ray = f64.load(zero, head.rowRay)
  return {
    begin: seq(
      set(acrossXy, vector.load(zero, axis(0))),
      set(acrossZ, f64.load(zero, axis(0, 16))),
      set(rowXy, f64x2.add(f64x2.mul(vector.load(zero, axis(1)), f64x2.splat(ray)), vector.load(zero, axis(2)))),
      set(rowZ, f64.add(f64.mul(f64.load(zero, axis(1, 16)), ray), f64.load(zero, axis(2, 16)))),
    ),
    each: seq(
      set(depth, vector.shuffle(get(l.depths), get(l.depths), secondOfBoth)),
      set(way, f64x2.add(f64x2.mul(get(acrossXy), get(l.rx)), get(rowXy))),
      set(wayZ, f64.add(f64.mul(get(acrossZ), f64x2.lane(get(l.rx), 0)), get(rowZ))),
      vector.store(get(l.at), get(way), end.ray),
      f64.store(get(l.at), get(wayZ), end.ray + 16),
      vector.store(get(l.at), f64x2.add(vector.load(zero, frame.eye), f64x2.mul(get(way), get(depth))), end.place),
      f64.store(get(l.at), f64.add(f64.load(zero, frame.eye + 16), f64.mul(get(wayZ), f64x2.lane(get(depth), 0))), end.place + 16),
      vector.store(get(l.at), vector.load(get(l.record), face.normal), end.normal),
      f64.store(get(l.at), f64.load(get(l.record), face.normal + 16), end.normal + 16),
    ),
  }
}

/** Replaces a flat normal by the one between the corners' own. */
function bendNormal(f: KernelFunction, l: EndLocals): Code {
  const [ray, length] = [f.local('f64'), f.local('f64')]
  const axes = [0, 1, 2].map((number) => ({ value: f.local('f64'), at: face.bend + number * 24, out: end.normal + number * 8 }))
  const plane = (at: number): Code => f64.load(get(l.record), at)
  const squares = axes.map(({ value }) => f64.mul(get(value), get(value)))
  return seq(
    set(ray, f64.div(columnOf(l), f64.load(zero, frame.fx))),
    ...axes.map(({ value, at }) =>
      set(value, f64.add(f64.add(f64.mul(plane(at), get(ray)), f64.mul(plane(at + 8), f64.load(zero, head.rowRay))), plane(at + 16))),
    ),
    set(length, f64.sqrt(squares.reduce((sum, square) => f64.add(sum, square)))),
    set(length, select(f64.div(f64.const(1), get(length)), f64.const(0), f64.gt(get(length), f64.const(0)))),
    ...axes.map(({ value, out }) => f64.store(get(l.at), f64.mul(get(value), get(length)), out)),
  )
}
