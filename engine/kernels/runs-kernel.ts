// Reads one row of what is seen: writes its depth and bodies into the picture, cuts it into runs of one face for shading, and lists the faces that
// no row before has shown.

import { advance, type Code, f32, f32x4, get, i16x8, i32, i32x4, type Local, repeat, select, seq, set, vector, when } from './code.ts'
import { KernelFunction } from './module.ts'
import { drawing, head, shading } from './shared-memory.ts'

const zero = i32.const(0)
const wholeOfOne = 0x3f800000

/**
 * `runs(y)`: leaves pairs of face number and end column at `runs`, faces that `shown` did not have at `fresh`, and the counts of both in the head.
 * `wide` as for rows.
 */
export function runsKernel(wide: boolean): KernelFunction {
  const f = new KernelFunction('runs')
  const y = f.parameter('i32')
  const local = (): Local => f.local('i32')
  const [at, end, face, faces, instances, instance, run] = [local(), local(), local(), local(), local(), local(), local()]
  const [shown, fresh] = [local(), local()]
  const faceSize = i32.const(wide ? 2 : 1)
  const readFace = (): readonly number[] => {
    const address = i32.add(get(faces), i32.shl(get(at), faceSize))
    return wide ? i32.load(address) : i32.load16(address)
  }
  const depths = depthOf(f, wide)
  return f.does(
    set(at, i32.mul(get(y), i32.load(zero, head.width))),
    set(end, i32.add(get(at), i32.load(zero, head.width))),
    set(faces, i32.load(zero, head.faces)),
    set(instances, i32.load(zero, head.instances)),
    set(run, i32.load(zero, head.runs)),
    set(fresh, i32.load(zero, shading.fresh)),
    depths(get(at), get(end)),
    repeat(
      i32.lt(get(at), get(end)),
      seq(
        set(face, readFace()),
        set(instance, i32.load16(i32.add(i32.load(zero, head.instanceOf), i32.shl(get(face), i32.const(1))))),
        set(shown, i32.add(i32.load(zero, drawing.shown), get(face))),
        when(
          i32.eqz(i32.load8(get(shown))),
          seq(i32.store8(get(shown), i32.const(1)), i32.store(get(fresh), get(face)), advance(fresh, i32.const(4))),
        ),
        goAlong(f, { at, end, face, faces, instances, instance }, wide),
        i32.store(get(run), get(face)),
        i32.store(get(run), i32.sub(get(at), i32.mul(get(y), i32.load(zero, head.width))), 4),
        advance(run, i32.const(8)),
      ),
    ),
    i32.store(zero, i32.shr(i32.sub(get(run), i32.load(zero, head.runs)), i32.const(3)), head.runCount),
    i32.store(zero, i32.shr(i32.sub(get(fresh), i32.load(zero, shading.fresh)), i32.const(2)), shading.freshCount),
  )
}

/**
 * Goes to the first pixel that shows another face, eight at a time (four of wide numbers), and writes the body as it goes. Up to fifteen bodies
 * too many are written behind a run: those pixels belong to the next run, to the next row, or to nobody.
 */
function goAlong(
  f: KernelFunction,
  l: Readonly<Record<'at' | 'end' | 'face' | 'faces' | 'instances' | 'instance', Local>>,
  wide: boolean,
): Code {
  const [same, body, alike] = [f.local('v128'), f.local('v128'), f.local('i32')]
  const lanes = wide ? 4 : 8
  const all = (1 << lanes) - 1
  const numbers = vector.load(i32.add(get(l.faces), i32.shl(get(l.at), i32.const(wide ? 2 : 1))))
  const step = seq(
    vector.store(i32.add(get(l.instances), i32.shl(get(l.at), i32.const(1))), get(body)),
    set(alike, wide ? i32x4.bits(i32x4.eq(numbers, get(same))) : i16x8.bits(i16x8.eq(numbers, get(same)))),
  )
  return seq(
    set(same, wide ? i32x4.splat(get(l.face)) : i16x8.splat(get(l.face))),
    set(body, i16x8.splat(get(l.instance))),
    repeat(seq(step, i32.and(i32.eq(get(alike), i32.const(all)), i32.lt(get(l.at), get(l.end)))), advance(l.at, i32.const(lanes))),
    advance(l.at, i32.trailingZeros(i32.xor(get(alike), i32.const(-1)))),
    // The next row may begin with the same face.
    set(l.at, select(get(l.at), get(l.end), i32.lt(get(l.at), get(l.end)))),
  )
}

/** Depth from its reciprocal, eight pixels at a time; 0 where no face is. One may lie where the other did: no pixel is read after it was written. */
function depthOf(f: KernelFunction, wide: boolean): (from: Code, to: Code) => Code {
  const [count, number, inverse, out] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  const [ones, none, empty] = [f.local('v128'), f.local('v128'), f.local('v128')]
  const faceSize = wide ? 2 : 1
  const start = (array: number, from: Code, size: number): Code => i32.add(i32.load(zero, array), i32.shl(from, i32.const(size)))
  const isThere = wide ? i32.load(get(number)) : i32.load16(get(number))
  const step = (pixels: number): Code =>
    seq(
      advance(number, i32.const(pixels << faceSize)),
      advance(inverse, i32.const(pixels * 4)),
      advance(out, i32.const(pixels * 4)),
      advance(count, i32.const(-pixels)),
    )
  const four = (half: number, isEmpty: Code): Code =>
    vector.store(get(out), vector.andNot(f32x4.div(get(ones), vector.load(get(inverse), half * 16)), isEmpty), half * 16)
  const eight = wide
    ? seq(...[0, 1].map((half) => four(half, i32x4.eq(vector.load(get(number), half * 16), get(none)))))
    : seq(
        set(empty, i16x8.eq(vector.load(get(number)), get(none))),
        four(0, i32x4.ofSignedWords(get(empty))),
        four(1, i32x4.ofHighSignedWords(get(empty))),
      )
  return (from, to) =>
    seq(
      set(count, i32.sub(to, from)),
      set(ones, vector.ofWhole([wholeOfOne, wholeOfOne, wholeOfOne, wholeOfOne])),
      set(none, vector.ofWhole([0, 0, 0, 0])),
      set(number, start(head.faces, from, faceSize)),
      set(inverse, start(head.inverseDepth, from, 2)),
      set(out, start(head.depth, from, 2)),
      repeat(i32.ge(get(count), i32.const(8)), seq(eight, step(8))),
      repeat(
        i32.gt(get(count), zero),
        seq(f32.store(get(out), select(f32.div(f32.const(1), f32.load(get(inverse))), f32.const(0), isThere)), step(1)),
      ),
    )
}
