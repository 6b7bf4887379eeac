// Fills pixels of one row with what is seen where the scene has nothing: roof and haze (backdrop.ts), two pixels at a time, in 64-bit floats, in the
// order in which a reference in JavaScript computes them (backdrop-kernel.test.ts).

import { noiseLength, toneMax, toneScale } from '../sensors/tone.ts'
import { advance, type Code, f64, f64x2, get, i32, i32x4, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { KernelFunction } from './module.ts'
import { frame, head } from './shared-memory.ts'

/** Texels of the roof along each side. */
export const roofSide = 512

const zero = i32.const(0)
const both = (value: number): Code => vector.ofFloats([value, value])
const everywhere = (at: number): Code => f64x2.splat(f64.load(zero, at))

interface PairLocals {
  readonly x: Local
  readonly far: Local
  /** The roof's texels that the rays meet. */
  readonly columns: Local
  readonly rows: Local
}

/** `backdrop(y, from, to)`: fills the pixels [from, to) of row `y`. Up to four bytes behind them are written too: what follows is painted later. */
export function backdropKernel(): KernelFunction {
  const f = new KernelFunction('backdrop')
  const [y, x, to] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [out, noise, warm, cool] = [f.local('i32'), f.local('i32'), f.local('v128'), f.local('v128')]
  const l: PairLocals = { x, far: f.local('v128'), columns: f.local('v128'), rows: f.local('v128') }
  const [meet, light] = [rays(f, l), lightOf(f, l)]
  const tone = (values: Local, lane: number): Code => i32.load8(i32.add(i32.load(zero, frame.tone), i32x4.lane(get(values), lane)))
  // Tone and noise of three bytes at once: no sum of two bytes is above 255.
  const pixel = (lane: number): Code =>
    i32.store(
      get(out),
      i32.add(
        i32.add(tone(cool, lane), i32.mul(tone(warm, lane), i32.const(0x010100))),
        i32.and(
          i32.load(i32.add(i32.load(zero, head.noise), i32.and(i32.add(get(noise), i32.const(lane * 3)), i32.const(noiseLength - 1)))),
          i32.const(0xffffff),
        ),
      ),
      lane * 3,
    )
  return f.does(
    set(out, i32.add(i32.mul(get(y), i32.load(zero, head.width)), get(x))),
    set(out, i32.add(i32.load(zero, head.rgb), i32.mul(get(out), i32.const(3)))),
    set(noise, i32.add(i32.load(zero, head.noiseAt), i32.mul(get(x), i32.const(3)))),
    meet.begin,
    repeat(
      i32.lt(get(x), get(to)),
      seq(
        meet.each,
        set(warm, light),
        set(cool, f64x2.truncate(f64x2.mul(get(warm), both(0.96)))),
        set(warm, f64x2.truncate(get(warm))),
        pixel(0),
        when(i32.lt(i32.add(get(x), i32.const(1)), get(to)), pixel(1)),
        advance(out, i32.const(6)),
        advance(noise, i32.const(6)),
        advance(x, i32.const(2)),
      ),
    ),
  )
}

/** How far two rays go until they meet the roof, and where. */
function rays(f: KernelFunction, l: PairLocals): { readonly begin: Code; readonly each: Code } {
  const axis = (number: number, part: number): number => frame.rotation + number * 32 + part * 8
  const parts = [0, 1, 2].map((part) => ({
    part,
    across: f.local('v128'),
    row: f.local('v128'),
    ahead: f.local('v128'),
    way: f.local('v128'),
  }))
  const [wayX, wayY, wayZ] = parts.map(({ way }) => way) as [Local, Local, Local] // three parts
  const met = (way: Local, number: number): Code =>
    f64x2.truncate(
      f64x2.floor(
        f64x2.mul(
          f64x2.add(everywhere(frame.roofFrom + number * 8), f64x2.mul(get(way), get(l.far))),
          everywhere(frame.roofPer + number * 8),
        ),
      ),
    )
  return {
    begin: seq(
      ...parts.flatMap(({ part, across, row, ahead }) => [
        set(across, everywhere(axis(0, part))),
        set(row, f64x2.mul(everywhere(axis(1, part)), everywhere(head.rowRay))),
        set(ahead, everywhere(axis(2, part))),
      ]),
    ),
    each: seq(
      ...parts.map(({ across, row, ahead, way }) => {
        const ray = vector.load(i32.add(i32.load(zero, head.rays), i32.shl(get(l.x), i32.const(3))))
        return set(way, f64x2.add(f64x2.add(f64x2.mul(get(across), ray), get(row)), get(ahead)))
      }),
      // Level or falling rays, and eyes above the roof, meet it nowhere: they see haze, as at an endless distance.
      set(l.far, vector.choose(f64x2.div(everywhere(frame.rise), get(wayZ)), both(1e9), f64x2.gt(get(wayZ), everywhere(frame.risesLeast)))),
      set(l.columns, met(wayX, 0)),
      set(l.rows, met(wayY, 1)),
    ),
  }
}

/** Exposed light of two pixels, in steps of the tone table. */
function lightOf(f: KernelFunction, l: PairLocals): Code {
  const [column, row, roofs, isRoof] = [f.local('i32'), f.local('i32'), f.local('v128'), f.local('i32')]
  const roof = (lane: number): Code =>
    seq(
      set(column, i32x4.lane(get(l.columns), lane)),
      set(row, i32x4.lane(get(l.rows), lane)),
      set(isRoof, i32.and(i32.below(get(column), i32.const(roofSide)), i32.below(get(row), i32.const(roofSide)))),
      set(row, select(i32.add(i32.mul(get(row), i32.const(roofSide)), get(column)), zero, get(isRoof))),
      select(
        f64.loadSingle(i32.add(i32.load(zero, frame.roof), i32.shl(get(row), i32.const(2)))),
        f64.load(zero, frame.beside),
        get(isRoof),
      ),
    )
  const fade = f64x2.div(get(l.far), f64x2.add(get(l.far), both(45)))
  const hazed = f64x2.mul(f64x2.mul(f64x2.sub(everywhere(frame.haze), get(roofs)), fade), both(0.7))
  const exposed = f64x2.mul(f64x2.add(get(roofs), hazed), everywhere(frame.exposure))
  return seq(
    set(roofs, vector.shuffle(f64x2.splat(roof(0)), f64x2.splat(roof(1)), [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23])),
    f64x2.mul(f64x2.smaller(both(toneMax), exposed), both(toneScale)),
  )
}
