// How bright the ends of pieces and the corners of small faces are: `sample` reads the soft light around them, `light` turns it, the key light or the
// suns, and what the surface mirrors into colours in paint units. The host may change between both how much is seen and how open a place is.
// All in 64-bit floats, in the order in which a reference in JavaScript computes them (end-kernels.test.ts).

import { toneMax, toneScale } from '../sensors/tone.ts'
import { advance, type Code, f64, f64x2, get, i32, i32x4, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { end, sun, surface } from './end-records.ts'
import { KernelFunction } from './module.ts'
import { frame } from './shared-memory.ts'

const zero = i32.const(0)
/** Bytes of a cell: four floats, light from above, from below, what is seen of the ceiling, and one unused. */
const cellBytes = 16
const [none, one] = [f64.const(0), f64.const(1)]

/** `sample(ends, count)`: reads the cells a little off each end's surface, smoothly between cell middles. */
export function sampleKernel(): KernelFunction {
  const f = new KernelFunction('sample')
  const [at, count] = [f.parameter('i32'), f.parameter('i32')]
  const [low, cell] = [f.local('v128'), f.local('i32')]
  const [x, y, z, layer] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('i32')]
  const between = cornersOf(f, cell, x, y, z)
  return f.does(
    repeat(
      i32.gt(get(count), zero),
      seq(
        // Three quarters of a cell along the normal, out of the cell that the surface itself makes opaque.
        set(low, gridPair(get(at))),
        set(low, f64x2.smaller(vector.and(get(low), f64x2.gt(get(low), vector.ofFloats([0, 0]))), vector.load(zero, frame.last))),
        set(z, gridZ(get(at))),
        set(z, select(get(z), none, f64.gt(get(z), none))),
        set(z, f64.smaller(get(z), f64.load(zero, frame.last + 16))),
        set(layer, i32.truncate(get(z))),
        set(z, f64.sub(get(z), f64.of(get(layer)))),
        set(cell, i32.add(i32.load(zero, frame.field), i32.mul(get(layer), i32.load(zero, frame.fieldLayer)))),
        set(layer, i32x4.lane(f64x2.truncate(get(low)), 1)),
        set(cell, i32.add(get(cell), i32.mul(get(layer), i32.load(zero, frame.fieldRow)))),
        set(y, f64.sub(f64x2.lane(get(low), 1), f64.of(get(layer)))),
        set(layer, i32x4.lane(f64x2.truncate(get(low)), 0)),
        set(cell, i32.add(get(cell), i32.mul(get(layer), i32.const(cellBytes)))),
        set(x, f64.sub(f64x2.lane(get(low), 0), f64.of(get(layer)))),
        between(get(at)),
        advance(at, i32.const(end.bytes)),
        advance(count, i32.const(-1)),
      ),
    ),
  )
}

const gridPair = (at: Code): Code =>
  f64x2.sub(
    f64x2.add(
      f64x2.mul(f64x2.sub(vector.load(at, end.place), vector.load(zero, frame.origin)), f64x2.splat(f64.load(zero, frame.perCell))),
      f64x2.mul(vector.load(at, end.normal), vector.ofFloats([0.75, 0.75])),
    ),
    vector.ofFloats([0.5, 0.5]),
  )

const gridZ = (at: Code): Code =>
  f64.sub(
    f64.add(
      f64.mul(f64.sub(f64.load(at, end.place + 16), f64.load(zero, frame.origin + 16)), f64.load(zero, frame.perCell)),
      f64.mul(f64.load(at, end.normal + 16), f64.const(0.75)),
    ),
    f64.const(0.5),
  )

/** Sums the eight cells around a place, each by its share. */
function cornersOf(f: KernelFunction, cell: Local, x: Local, y: Local, z: Local): (at: Code) => Code {
  const [xy, xz, yz, xyz, share] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('f64'), f.local('f64')]
  const [pair, seen, next] = [f.local('v128'), f.local('f64'), f.local('i32')]
  const less = (first: Local, ...rest: readonly Local[]): Code => rest.reduce((sum, it) => f64.sub(sum, get(it)), get(first))
  const shares: readonly Code[] = [
    f64.sub(
      [xy, xz, yz].reduce(
        (sum, it) => f64.add(sum, get(it)),
        [x, y, z].reduce((sum, it) => f64.sub(sum, get(it)), one),
      ),
      get(xyz),
    ),
    f64.sub(less(x, xy), f64.sub(get(xz), get(xyz))),
    f64.sub(less(y, xy), f64.sub(get(yz), get(xyz))),
    less(xy, xyz),
    f64.sub(less(z, xz), f64.sub(get(yz), get(xyz))),
    less(xz, xyz),
    less(yz, xyz),
    get(xyz),
  ]
  const add = (number: number): Code => {
    const offset = (number & 1) * cellBytes
    const soft = f64x2.mul(f64x2.splat(get(share)), f64x2.ofSingles(vector.load64(get(next), offset)))
    const open = f64.mul(get(share), f64.loadSingle(get(next), offset + 8))
    return seq(
      set(share, shares[number] ?? one),
      set(pair, number === 0 ? soft : f64x2.add(get(pair), soft)),
      set(seen, number === 0 ? open : f64.add(get(seen), open)),
    )
  }
  const [row, layer] = [i32.load(zero, frame.fieldRow), i32.load(zero, frame.fieldLayer)]
  return (at) =>
    seq(
      set(xy, f64.mul(get(x), get(y))),
      set(xz, f64.mul(get(x), get(z))),
      set(yz, f64.mul(get(y), get(z))),
      set(xyz, f64.mul(get(xy), get(z))),
      set(next, get(cell)),
      add(0),
      add(1),
      set(next, i32.add(get(cell), row)),
      add(2),
      add(3),
      set(next, i32.add(get(cell), layer)),
      add(4),
      add(5),
      set(next, i32.add(get(next), row)),
      add(6),
      add(7),
      vector.store(at, get(pair), end.soft),
      f64.store(at, get(seen), end.seen),
    )
}

interface LightLocals {
  readonly at: Local
  readonly surface: Local
  readonly normal: readonly [Local, Local, Local]
  readonly seen: Local
  readonly level: Local
  readonly redGreen: Local
  readonly blue: Local
}

/** `light(ends, count, row)`: colours of the first ends; `row` is their row of the picture as a ray. */
export function lightKernel(): KernelFunction {
  const f = new KernelFunction('light')
  const [at, count, row] = [f.parameter('i32'), f.parameter('i32'), f.parameter('f64')]
  const float = (): Local => f.local('f64')
  const l: LightLocals = {
    ...{ at, surface: f.local('i32'), normal: [float(), float(), float()], seen: float(), level: float() },
    ...{ redGreen: f.local('v128'), blue: float() },
  }
  const [soft, key, suns, shine, expose] = [softLight(f, l), keyLight(l), sunLight(f, l), mirrored(f, l), exposed(f, l, row)]
  return f.does(
    repeat(
      i32.gt(get(count), zero),
      seq(
        set(l.surface, i32.load(get(at), end.surface)),
        ...l.normal.map((axis, number) => set(axis, f64.load(get(at), end.normal + number * 8))),
        set(l.seen, f64.load(get(at), end.seen)),
        soft,
        when(i32.load(zero, frame.hasKey), key),
        set(l.redGreen, f64x2.mul(f64x2.splat(get(l.level)), vector.load(zero, frame.tint))),
        set(l.blue, f64.mul(get(l.level), f64.load(zero, frame.tint + 16))),
        suns,
        set(l.redGreen, f64x2.mul(get(l.redGreen), f64x2.splat(f64.load(get(at), end.open)))),
        set(l.blue, f64.mul(get(l.blue), f64.load(get(at), end.open))),
        when(f64.gt(f64.load(get(l.surface), surface.gloss), none), shine),
        expose,
        advance(at, i32.const(end.bytes)),
        advance(count, i32.const(-1)),
      ),
    ),
  )
}

function softLight(f: KernelFunction, l: LightLocals): Code {
  const [above, below, side] = [f.local('f64'), f.local('f64'), f.local('f64')]
  const [nx, ny, nz] = l.normal
  const fromAbove = f64.mul(
    f64.mul(f64.load(get(l.at), end.soft), f64.load(zero, frame.soft)),
    f64.add(get(above), f64.mul(get(side), f64.add(f64.const(0.5), f64.mul(f64.const(0.06), f64.sub(get(nx), get(ny)))))),
  )
  const fromBelow = f64.mul(f64.load(get(l.at), end.soft + 8), f64.add(get(below), f64.mul(get(side), f64.const(0.5))))
  return seq(
    set(above, f64.larger(none, get(nz))),
    set(below, f64.larger(none, f64.negate(get(nz)))),
    set(side, f64.sub(f64.sub(one, get(above)), get(below))),
    set(l.level, f64.add(f64.add(fromAbove, fromBelow), f64.load(zero, frame.least))),
  )
}

/** How much a surface looks a way, which three floats at an address give. */
const facing = (normal: LightLocals['normal'], address: Code, offset: number): Code =>
  normal.map((axis, number) => f64.mul(get(axis), f64.load(address, offset + number * 8))).reduce((sum, part) => f64.add(sum, part))

const keyLight = (l: LightLocals): Code =>
  set(
    l.level,
    f64.add(
      get(l.level),
      f64.mul(
        f64.mul(
          f64.mul(f64.load(get(l.at), end.soft), f64.add(f64.const(0.3), f64.mul(f64.const(0.7), get(l.seen)))),
          f64.larger(none, facing(l.normal, zero, frame.key)),
        ),
        f64.load(zero, frame.keyScale),
      ),
    ),
  )

function sunLight(f: KernelFunction, l: LightLocals): Code {
  const [it, left, strength] = [f.local('i32'), f.local('i32'), f.local('f64')]
  return seq(
    set(it, i32.load(zero, frame.suns)),
    set(left, i32.load(zero, frame.sunCount)),
    repeat(
      i32.gt(get(left), zero),
      seq(
        set(strength, f64.mul(f64.larger(none, facing(l.normal, get(it), sun.to)), get(l.seen))),
        set(l.redGreen, f64x2.add(get(l.redGreen), f64x2.mul(vector.load(get(it), sun.colour), f64x2.splat(get(strength))))),
        set(l.blue, f64.add(get(l.blue), f64.mul(f64.load(get(it), sun.colour + 16), get(strength)))),
        advance(it, i32.const(sun.bytes)),
        advance(left, i32.const(-1)),
      ),
    ),
  )
}

/** Glossy faces mirror more of the lamps the flatter they are looked at. */
function mirrored(f: KernelFunction, l: LightLocals): Code {
  const [graze, squared, more] = [f.local('f64'), f.local('f64'), f.local('f64')]
  const ray = [0, 8, 16].map((offset) => f64.load(get(l.at), end.ray + offset))
  const length = f64.sqrt(ray.map((part) => f64.mul(part, part)).reduce((sum, part) => f64.add(sum, part)))
  const against = ray.map((part, number) => f64.mul(part, get(l.normal[number] ?? l.normal[0]))).reduce((sum, part) => f64.add(sum, part))
  return seq(
    set(graze, f64.sub(one, f64.larger(none, f64.div(f64.negate(against), length)))),
    set(squared, f64.mul(get(graze), get(graze))),
    set(more, f64.add(one, f64.mul(f64.mul(f64.mul(f64.load(get(l.surface), surface.gloss), get(squared)), get(squared)), get(graze)))),
    set(l.redGreen, f64x2.mul(get(l.redGreen), f64x2.splat(get(more)))),
    set(l.blue, f64.mul(get(l.blue), get(more))),
  )
}

/** Light times surface colour, exposure and the lens's fall-off, as display values in paint units. */
function exposed(f: KernelFunction, l: LightLocals, row: Local): Code {
  const [rx, gain, values, number] = [f.local('f64'), f.local('f64'), f.local('v128'), f.local('i32')]
  const top = f64.const(toneMax * toneScale)
  const column = f64.sub(f64.add(f64.of(i32.load(get(l.at), end.column)), f64.const(0.5)), f64.load(zero, frame.cx))
  const glow = f64.load(get(l.surface), surface.glow)
  const shown = (value: Code, out: number): Code =>
    seq(
      set(number, i32.add(i32.load(zero, frame.display), i32.shl(value, i32.const(3)))),
      f64.store(get(l.at), f64.load(get(number)), end.colour + out),
    )
  return seq(
    set(rx, f64.mul(column, f64.load(zero, frame.stepX))),
    set(
      gain,
      f64.mul(
        f64.mul(
          f64.load(zero, frame.exposure),
          f64.sub(one, f64.mul(f64.const(0.22), f64.add(f64.mul(get(rx), get(rx)), f64.mul(get(row), get(row))))),
        ),
        f64.const(toneScale),
      ),
    ),
    set(
      values,
      f64x2.mul(
        f64x2.mul(f64x2.add(get(l.redGreen), f64x2.splat(glow)), vector.load(get(l.surface), surface.colour)),
        f64x2.splat(get(gain)),
      ),
    ),
    set(values, f64x2.truncate(f64x2.smaller(f64x2.splat(top), f64x2.larger(vector.ofFloats([0, 0]), get(values))))),
    shown(i32x4.lane(get(values), 0), 0),
    shown(i32x4.lane(get(values), 1), 8),
    shown(
      i32.truncate(
        f64.smaller(
          top,
          f64.larger(none, f64.mul(f64.mul(f64.add(get(l.blue), glow), f64.load(get(l.surface), surface.colour + 16)), get(gain))),
        ),
      ),
      16,
    ),
  )
}
