// Prepares the small faces that a row is the first to show: lights their corners (lit-corners.ts), and writes what the kernel that paints them takes
// (small-kernel.ts). Once per visible face and frame; every face must have its record (record-kernel.ts).

import { advance, type Code, either, f64, f64x2, get, i32, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { corner } from './drawing-records.ts'
import { along, crossed } from './edges.ts'
import { end, face, faceSource, surface, texture } from './end-records.ts'
import { type LightPlaces, litCorners } from './lit-corners.ts'
import { KernelFunction } from './module.ts'
import { jitterBelow, texelScale, texelsPerPixel } from './pieces-kernel.ts'
import { drawing, head, shading, uvBytes } from './shared-memory.ts'
import { smallFace, smallWholes } from './small-kernel.ts'

const zero = i32.const(0)
const lowerThenUpper = [0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31]

interface SmallLocals {
  /** The face as it stands in the scene, its record in this frame, its surface's record, and where it is prepared. */
  readonly source: Local
  readonly record: Local
  readonly surface: Local
  readonly small: Local
  /** The corners' vertices; the fourth is −1 if there is none. */
  readonly vertices: readonly [Local, Local, Local, Local]
  /** The ray through its middle. */
  readonly middle: Local
}

/** `prepare()`: prepares those of the fresh faces that are small; `places` is where the kernels that light stand in the module. */
export function prepareKernel(places: LightPlaces): KernelFunction {
  const f = new KernelFunction('prepare')
  const whole = (): Local => f.local('i32')
  const [fresh, left, number] = [whole(), whole(), whole()]
  const l: SmallLocals = {
    ...{ source: whole(), record: whole(), surface: whole(), small: whole(), middle: f.local('v128') },
    vertices: [whole(), whole(), whole(), whole()],
  }
  const at = (first: Code, bytes: number): Code => i32.add(first, i32.mul(i32.sub(get(number), i32.const(1)), i32.const(bytes)))
  const light = litCorners(f, l, places)
  const steps = seq(
    writePlanes(f, l),
    light,
    either(i32.ge(get(l.vertices[3]), zero), seq(quadPlaces(f, l), takeLight(l, true)), seq(trianglePlaces(f, l), takeLight(l, false))),
    takeTexture(f, l),
  )
  return f.does(
    set(fresh, i32.load(zero, shading.fresh)),
    set(left, i32.load(zero, shading.freshCount)),
    repeat(
      i32.gt(get(left), zero),
      seq(
        set(number, i32.load(get(fresh))),
        when(
          i32.load8(i32.add(i32.load(zero, head.isSmall), get(number))),
          seq(
            set(l.source, at(i32.load(zero, shading.sources), faceSource.bytes)),
            set(l.record, at(i32.load(zero, shading.records), face.bytes)),
            set(l.small, at(i32.load(zero, head.small), smallFace.floats * 8)),
            set(l.surface, i32.load(get(l.source), faceSource.surface)),
            ...l.vertices.map((vertex, k) => set(vertex, i32.load(get(l.source), faceSource.vertices + k * 4))),
            steps,
          ),
        ),
        advance(fresh, i32.const(4)),
        advance(left, i32.const(-1)),
      ),
    ),
  )
}

const three = [0, 1, 2] as const

/** The planes of w, and of u/z and v/z in texels. */
function writePlanes(f: KernelFunction, { record, surface: it, small }: SmallLocals): Code {
  const per = f.local('v128')
  return seq(
    set(per, vector.load(get(it), surface.per)),
    ...three.flatMap((axis) => [
      f64.store(get(small), f64.load(get(record), face.inverse + axis * 8), (smallFace.w + axis) * 8),
      vector.store(get(small), f64x2.mul(vector.load(get(record), face.texture + axis * 16), get(per)), (smallFace.uv + axis * 2) * 8),
    ]),
  )
}

/** s and t of a quad from its texture coordinates, which run straight from corner to corner. */
function quadPlaces(f: KernelFunction, { record, small, vertices: [a, b, , d] }: SmallLocals): Code {
  const [first, size] = [f.local('v128'), f.local('v128')]
  const uv = (vertex: Local): Code => vector.load(i32.add(i32.load(zero, shading.uvs), i32.mul(get(vertex), i32.const(uvBytes))))
  const none = vector.ofFloats([0, 0])
  return seq(
    set(first, uv(a)),
    set(size, f64x2.sub(vector.shuffle(uv(b), uv(d), lowerThenUpper), get(first))),
    ...three.map((axis) => {
      const from = f64x2.mul(get(first), vector.loadBoth(get(record), face.inverse + axis * 8))
      const share = f64x2.div(f64x2.sub(vector.load(get(record), face.texture + axis * 16), from), get(size))
      return vector.store(get(small), vector.choose(none, share, f64x2.eq(get(size), none)), (smallFace.st + axis * 2) * 8)
    }),
  )
}

/** s and t of a triangle: how much of its second and third corner is in a place. */
function trianglePlaces(f: KernelFunction, { small, vertices }: SmallLocals): Code {
  const [a, b, c] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const determinant = f.local('f64')
  const shares = [f.local('f64'), f.local('f64'), f.local('f64')] as const
  const put = (part: number): Code =>
    seq(...shares.map((share, axis) => f64.store(get(small), f64.div(get(share), get(determinant)), (smallFace.st + axis * 2 + part) * 8)))
  const crossOf = (from: Local, to: Local): Code => seq(...crossed(from, to).map((it, axis) => set(shares[axis] ?? determinant, it)))
  return seq(
    ...[a, b, c].map((it, k) =>
      set(it, i32.add(i32.load(zero, drawing.corners), i32.mul(get(vertices[k] ?? it), i32.const(corner.bytes)))),
    ),
    crossOf(c, a),
    set(determinant, along(shares, b)),
    put(0),
    crossOf(a, b),
    put(1),
  )
}

/** The corners' colours as a start and its changes: a triangle's s and t run to its second and third corner, a quad's to second and fourth. */
function takeLight({ small }: SmallLocals, isQuad: boolean): Code {
  const corners = i32.load(zero, shading.corners)
  const put = (value: Code, part: number, offset: number, store: typeof f64.store): Code =>
    store(get(small), value, (smallFace.light + part * 4) * 8 + offset)
  const changes = (
    load: typeof f64.load,
    { add, sub }: Pick<typeof f64, 'add' | 'sub'>,
    store: typeof f64.store,
    none: Code,
    offset: number,
  ): Code => {
    const colour = (k: number): Code => load(corners, k * end.bytes + end.colour + offset)
    const both = isQuad ? sub(add(sub(colour(0), colour(1)), colour(2)), colour(3)) : none
    const parts = [colour(0), sub(colour(1), colour(0)), sub(colour(isQuad ? 3 : 2), colour(0)), both]
    return seq(...parts.map((value, part) => put(value, part, offset, store)))
  }
  return seq(changes(vector.load, f64x2, vector.store, vector.ofFloats([0, 0]), 0), changes(f64.load, f64, f64.store, f64.const(0), 16))
}

/** Which level of its texture a face is painted with, and how its places count in it. */
function takeTexture(f: KernelFunction, l: SmallLocals): Code {
  const [footprint, tile, level, bits] = [f.local('f64'), f.local('i32'), f.local('i32'), f.local('i32')]
  const put = (place: keyof typeof smallWholes, value: Code): Code =>
    i32.store(get(l.small), value, smallFace.wholes * 8 + smallWholes[place] * 4)
  return seq(
    footprintOf(f, l, footprint),
    set(tile, i32.load(get(l.surface), surface.texture)),
    set(level, i32.sub(i32.const(32), i32.leadingZeros(i32.wrap(f64.mul(get(footprint), f64.const(texelsPerPixel)))))),
    set(level, select(get(level), i32.load(get(tile), texture.last), i32.lt(get(level), i32.load(get(tile), texture.last)))),
    set(bits, i32.sub(i32.load(get(tile), texture.bits), get(level))),
    f64.store(get(l.small), f64.of(i32.shr(i32.const(texelScale), get(level))), smallFace.scale * 8),
    put('texels', i32.load(i32.add(get(tile), i32.shl(get(level), i32.const(2))), texture.levels)),
    put('mask', i32.sub(i32.shl(i32.const(1), get(bits)), i32.const(1))),
    put('bits', get(bits)),
    put('jitter', select(i32.const(texelScale / 2), zero, f64.gt(f64.const(jitterBelow), get(footprint)))),
  )
}

/** How many texels a pixel covers in the middle of a face: the smaller way counts most, kept sharp on purpose. */
function footprintOf(f: KernelFunction, { small, middle }: SmallLocals, out: Local): Code {
  const [across, down, depth, texels, pair] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('v128'), f.local('v128')]
  const w = (axis: number): Code => f64.load(get(small), (smallFace.w + axis) * 8)
  const uv = (axis: number): Code => vector.load(get(small), (smallFace.uv + axis * 2) * 8)
  const ray = (lane: number): Code => f64x2.lane(get(middle), lane)
  const change = (axis: number, focal: number): Code =>
    seq(
      set(pair, f64x2.abs(f64x2.sub(uv(axis), f64x2.mul(get(texels), f64x2.splat(w(axis)))))),
      f64.div(f64.mul(f64.add(f64x2.lane(get(pair), 0), f64x2.lane(get(pair), 1)), get(depth)), f64.load(zero, focal)),
    )
  return seq(
    set(depth, f64.div(f64.const(1), f64.add(f64.add(f64.mul(w(0), ray(0)), f64.mul(w(1), ray(1))), w(2)))),
    set(
      texels,
      f64x2.mul(
        f64x2.add(f64x2.add(f64x2.mul(uv(0), f64x2.splat(ray(0))), f64x2.mul(uv(1), f64x2.splat(ray(1)))), uv(2)),
        f64x2.splat(get(depth)),
      ),
    ),
    set(across, change(0, drawing.focal)),
    set(down, change(1, drawing.focal + 8)),
    set(
      out,
      f64.add(f64.mul(f64.smaller(get(across), get(down)), f64.const(0.75)), f64.mul(f64.larger(get(across), get(down)), f64.const(0.25))),
    ),
  )
}
