// Cuts the runs of one row into what is painted: fills what is empty with the backdrop, leaves small faces to their own kernel, and cuts the runs of
// all others into pieces between ends where light and texture place are exact. Every face in the row must have its record (record-kernel.ts).

import { advance, type Code, either, f64, get, i32, type Local, repeat, select, seq, set, when } from './code.ts'
import { end, face as faceFields, faceSource, piece } from './end-records.ts'
import { call, KernelFunction } from './module.ts'
import { frame, head, shading } from './shared-memory.ts'

/** Runs of at most this many pixels get one end, in their middle. */
const shortRun = 8
/** Most pixels of a piece, most metres that they cover, and most that depth may change along it, as a share. */
const pieceLimits = { pixels: 64, metres: 0.4, bend: 0.06 } as const

const zero = i32.const(0)

interface RunLocals {
  /** First column, the one behind the last, and the records of the face and of its surface. */
  readonly from: Local
  readonly to: Local
  readonly record: Local
  readonly surface: Local
  /** The last end and the next piece. */
  readonly end: Local
  readonly piece: Local
}

/** `cut(y)`: cuts the runs of row `y`; leaves ends and pieces, and how many, in the head. `backdrop` is its place in the module. */
export function cutKernel(backdrop: number): KernelFunction {
  const f = new KernelFunction('cut')
  const y = f.parameter('i32')
  const whole = (): Local => f.local('i32')
  const [run, runEnd, number] = [whole(), whole(), whole()]
  const l: RunLocals = { from: whole(), to: whole(), record: whole(), surface: whole(), end: whole(), piece: whole() }
  const isSmall = i32.load8(i32.add(i32.load(zero, head.isSmall), get(number)))
  const recordAt = (first: Code, bytes: number): Code => i32.add(first, i32.mul(i32.sub(get(number), i32.const(1)), i32.const(bytes)))
  const cutFace = seq(
    set(l.record, recordAt(i32.load(zero, shading.records), faceFields.bytes)),
    set(l.surface, i32.load(recordAt(i32.load(zero, shading.sources), faceSource.bytes), faceSource.surface)),
    either(i32.le(i32.sub(get(l.to), get(l.from)), i32.const(shortRun)), flatPiece(l), straightPieces(f, l)),
  )
  return f.does(
    set(run, i32.load(zero, head.runs)),
    set(runEnd, i32.add(get(run), i32.shl(i32.load(zero, head.runCount), i32.const(3)))),
    i32.store(zero, zero, shading.endCount),
    i32.store(zero, zero, shading.pieceCount),
    set(l.end, i32.sub(i32.load(zero, frame.ends), i32.const(end.bytes))),
    set(l.piece, i32.load(zero, head.pieces)),
    repeat(
      i32.lt(get(run), get(runEnd)),
      seq(
        set(number, i32.load(get(run))),
        set(l.to, i32.load(get(run), 4)),
        either(get(number), when(i32.eqz(isSmall), cutFace), call(backdrop, get(y), get(l.from), get(l.to))),
        set(l.from, get(l.to)),
        advance(run, i32.const(8)),
      ),
    ),
  )
}

/** One more in the head. */
const count = (at: number): Code => i32.store(zero, i32.add(i32.load(zero, at), i32.const(1)), at)

/** Adds an end in a column. */
const addEnd = (l: RunLocals, column: Code): Code =>
  seq(
    advance(l.end, i32.const(end.bytes)),
    i32.store(get(l.end), column, end.column),
    i32.store(get(l.end), get(l.record), end.face),
    i32.store(get(l.end), get(l.surface), end.surface),
    f64.store(get(l.end), f64.const(1), end.open),
    count(shading.endCount),
  )

/** Adds a piece of `pixels` from a column on, between an end and the last one, which are `steps` pixels apart. */
const addPiece = (l: RunLocals, first: Local, from: Local, pixels: Code, steps: Code): Code =>
  seq(
    i32.store(get(l.piece), get(first), piece.endA),
    i32.store(get(l.piece), get(l.end), piece.endB),
    i32.store(get(l.piece), get(from), piece.from),
    i32.store(get(l.piece), pixels, piece.count),
    i32.store(get(l.piece), steps, piece.steps),
    advance(l.piece, i32.const(piece.bytes)),
    count(shading.pieceCount),
  )

/** A short run: one piece with one end. */
function flatPiece(l: RunLocals): Code {
  const middle = i32.shr(i32.add(get(l.from), get(l.to)), i32.const(1))
  return seq(
    addEnd(l, middle),
    addPiece(l, l.end, l.from, i32.sub(get(l.to), get(l.from)), i32.sub(i32.load(get(l.end), end.column), get(l.from))),
  )
}

/** A run as pieces of equal length, each between two ends, which neighbours share. */
function straightPieces(f: KernelFunction, l: RunLocals): Code {
  const [length, x, stop, last, before] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  return seq(
    lengthOf(f, l, length),
    addEnd(l, get(l.from)),
    set(x, get(l.from)),
    repeat(
      i32.lt(get(x), get(l.to)),
      seq(
        set(stop, i32.add(get(x), get(length))),
        set(stop, select(get(stop), get(l.to), i32.lt(get(stop), get(l.to)))),
        // The last piece ends on the run's last pixel: past it the face's plane says nothing about the picture.
        set(last, i32.sub(get(stop), i32.eq(get(stop), get(l.to)))),
        set(before, get(l.end)),
        when(i32.gt(get(last), get(x)), addEnd(l, get(last))),
        addPiece(l, before, x, i32.sub(get(stop), get(x)), i32.sub(get(last), get(x))),
        set(x, get(stop)),
      ),
    ),
  )
}

/** Pixels of a piece: more than wanted where they are close to the eye and equally far, so that light and texture run straight. */
function lengthOf(f: KernelFunction, l: RunLocals, out: Local): Code {
  const [slope, inverse, length] = [f.local('f64'), f.local('f64'), f.local('f64')]
  const plane = (part: number): Code => f64.load(get(l.record), faceFields.inverse + part * 8)
  const nearest = f64.of(select(get(l.from), get(l.to), f64.gt(get(slope), f64.const(0))))
  const fits = i32.and(
    f64.gt(get(length), f64.load(zero, shading.pieceLength)),
    f64.gt(f64.mul(f64.const(pieceLimits.bend), get(inverse)), f64.mul(f64.abs(get(slope)), get(length))),
  )
  return seq(
    set(slope, f64.div(plane(0), f64.load(zero, frame.fx))),
    set(
      inverse,
      f64.add(
        f64.add(f64.mul(plane(1), f64.load(zero, head.rowRay)), plane(2)),
        f64.mul(get(slope), f64.sub(f64.add(nearest, f64.const(0.5)), f64.load(zero, frame.cx))),
      ),
    ),
    set(length, f64.floor(f64.mul(f64.mul(f64.const(pieceLimits.metres), f64.load(zero, frame.fx)), get(inverse)))),
    set(length, f64.smaller(f64.const(pieceLimits.pixels), get(length))),
    set(out, i32.truncate(select(get(length), f64.load(zero, shading.pieceLength), fits))),
  )
}
