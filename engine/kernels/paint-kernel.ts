// Paints pixels of one row, four at a time: texel times light, whole numbers only, plus noise. The light changes by a fixed step from pixel to
// pixel, and so does the place in the texture. The reference in JavaScript is beside its test (paint-kernel.test.ts).

import { noiseLength, pedestal } from '../sensors/tone.ts'
import { advance, type Code, either, get, i8x16, i16x8, i32, i32x4, i64, i64x2, type Local, repeat, seq, set, vector } from './code.ts'
import { call, KernelFunction } from './module.ts'
import { head } from './shared-memory.ts'

/** Texel code times light, shifted by this, is a pixel value. */
export const lightShift = 18

/** A place in a texture counts 2 to this power per texel; no texture's side is more than 2 to this power less 2. */
const placeBits = 16
const zero = i32.const(0)
// The four bytes of a texel, each as a whole number; a place beyond the vector is 0.
const inWholes = [0, 255, 255, 255, 1, 255, 255, 255, 2, 255, 255, 255, 3, 255, 255, 255]
// Red, green and blue of four pixels, moved together from groups of four bytes; what comes behind them is not kept.
const withoutFourth = [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15]
const white = Array.from({ length: 16 }, () => 255 - 2 * pedestal)

/** What a call of `paint` takes, in this order. */
export interface PaintValues {
  /** Address of the first byte of the first pixel, and pixels. */
  readonly out: Code
  readonly count: Code
  /** Address of the texture's level, its side less one, and the power of two of its side. */
  readonly texels: Code
  readonly mask: Code
  readonly bits: Code
  /** Place in the texture and its step, 65,536 to a texel; what every second pixel adds to both. */
  readonly u: Code
  readonly v: Code
  readonly du: Code
  readonly dv: Code
  readonly jitter: Code
  /** Where in the noise the piece begins. */
  readonly noise: Code
  /** Red, green, blue and 0; and their step. */
  readonly light: Code
  readonly lightStep: Code
}

/** A call of `paint`, which stands at `place` of the module. */
export function callPaint(place: number, p: PaintValues): Code {
  return call(place, p.out, p.count, p.texels, p.mask, p.bits, p.u, p.v, p.du, p.dv, p.jitter, p.noise, p.light, p.lightStep)
}

/** `paint(…)`: one piece; its parameters are those of `callPaint`. */
export function paintKernel(): KernelFunction {
  const f = new KernelFunction('paint')
  const whole = (): Local => f.parameter('i32')
  const [out, count, texels, mask, bits] = [whole(), whole(), whole(), whole(), whole()]
  const [u, v, du, dv, jitter, noise] = [whole(), whole(), whole(), whole(), whole(), whole()]
  const [light, lightStep] = [f.parameter('v128'), f.parameter('v128')]
  const vectors = (): Local => f.local('v128')
  const [us, vs, stepU, stepV, maskU, maskV] = [vectors(), vectors(), vectors(), vectors(), vectors(), vectors()]
  const [place, colours, first, most, apart, order] = [vectors(), vectors(), vectors(), vectors(), vectors(), vectors()]
  const [noises, two] = [f.local('i32'), f.local('i64')]
  const places = (start: Local, step: Local): Code =>
    i32x4.add(
      i32x4.add(i32x4.splat(get(start)), i32x4.mul(i32x4.splat(get(step)), vector.ofWhole([0, 1, 2, 3]))),
      vector.and(i32x4.splat(get(jitter)), vector.ofWhole([0, -1, 0, -1])),
    )
  // Two addresses leave the vector at once.
  const lit = (lane: number): Code => {
    const texel = vector.load32(lane % 2 === 0 ? i64.lower(get(two)) : i64.upper(get(two)))
    const pixel = i32x4.shr(i32x4.mul(vector.swizzle(texel, get(apart)), get(light)), i32.const(lightShift))
    return seq(lane % 2 === 0 ? set(two, i64x2.lane(get(place), lane / 2)) : [], pixel, set(light, i32x4.add(get(light), get(lightStep))))
  }
  return f.does(
    set(us, places(u, du)),
    set(vs, places(v, dv)),
    // What stays the same is kept in locals: the platform computes a constant anew wherever it stands.
    set(stepU, i32x4.splat(i32.shl(get(du), i32.const(2)))),
    set(stepV, i32x4.splat(i32.shl(get(dv), i32.const(2)))),
    set(mask, i32.shl(get(mask), i32.const(2))),
    set(maskU, i32x4.splat(get(mask))),
    set(maskV, i32x4.splat(i32.shl(get(mask), get(bits)))),
    set(first, i32x4.splat(get(texels))),
    set(most, vector.const(white)),
    set(apart, vector.const(inWholes)),
    set(order, vector.const(withoutFourth)),
    set(noises, i32.load(zero, head.noise)),
    // Bytes from row to row of the texture are 4 << bits, and 65,536 are a texel.
    set(bits, i32.sub(i32.const(placeBits - 2), get(bits))),
    repeat(
      i32.gt(get(count), zero),
      seq(
        set(place, i32x4.add(get(first), vector.and(i32x4.shr(get(vs), get(bits)), get(maskV)))),
        set(place, i32x4.add(get(place), vector.and(i32x4.shr(get(us), i32.const(placeBits - 2)), get(maskU)))),
        set(colours, i8x16.min(i8x16.ofWords(i16x8.ofWholes(lit(0), lit(1)), i16x8.ofWholes(lit(2), lit(3))), get(most))),
        set(noise, i32.and(get(noise), i32.const(noiseLength - 1))),
        set(colours, i8x16.add(vector.swizzle(get(colours), get(order)), vector.load(i32.add(get(noises), get(noise))))),
        either(i32.ge(get(count), i32.const(6)), vector.store(get(out), get(colours)), tail(out, count, colours)),
        set(us, i32x4.add(get(us), get(stepU))),
        set(vs, i32x4.add(get(vs), get(stepV))),
        advance(out, i32.const(12)),
        advance(noise, i32.const(12)),
        advance(count, i32.const(-4)),
      ),
    ),
  )
}

/** The last pixels, one to four of them: what lies behind them stays. Where two more follow, they cover what a whole vector writes too much. */
const tail = (out: Local, count: Local, colours: Local): Code =>
  vector.store(
    get(out),
    vector.choose(get(colours), vector.load(get(out)), vector.load(i32.add(i32.load(zero, head.tails), i32.shl(get(count), i32.const(4))))),
  )

/** Bytes of all masks. */
export const tailBytes = 96

/** Masks for the last 0 to 5 pixels of a piece, 16 bytes each: four pixels are the most that one of them lets through. */
export function tailMasks(): Uint8Array {
  return Uint8Array.from({ length: tailBytes }, (_, at) => (at % 16 < Math.min(at >> 4, 4) * 3 ? 255 : 0))
}
