// Takes the vertices of a part into the picture, in the order in which a reference in JavaScript computes them (faces-kernel.test.ts).

import { advance, type Code, f64, f64x2, get, i32, repeat, select, seq, set, vector } from './code.ts'
import { corner } from './drawing-records.ts'
import { KernelFunction } from './module.ts'
import { drawing } from './shared-memory.ts'

const zero = i32.const(0)
const positionBytes = 24
const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]

/** `corners(from, to)`: fills the corners of vertices [from, to). One that is not beyond the near plane counts as in the picture's middle. */
export function cornersKernel(): KernelFunction {
  const f = new KernelFunction('corners')
  const [from, to] = [f.parameter('i32'), f.parameter('i32')]
  const [at, out, across, ahead, inverse] = [f.local('i32'), f.local('i32'), f.local('v128'), f.local('f64'), f.local('f64')]
  const columns = [0, 1, 2, 3].map((column) => ({ both: f.local('v128'), third: f.local('f64'), at: drawing.matrix + column * 8 }))
  const [centre, focal, near] = [f.local('v128'), f.local('v128'), f.local('f64')]
  const position = (number: number): Code => f64.load(get(at), number * 8)
  const [first, ...others] = columns.slice(0, 3).map(({ both }, axis) => f64x2.mul(get(both), vector.loadBoth(get(at), axis * 8))) as Terms
  const [firstAhead, ...othersAhead] = columns.slice(0, 3).map(({ third }, axis) => f64.mul(get(third), position(axis))) as Terms
  const [place, placeAhead] = columns.slice(3).flatMap(({ both, third }) => [get(both), get(third)]) as [Code, Code] // the last column
  return f.does(
    ...columns.flatMap((column) => [
      set(column.both, vector.shuffle(vector.loadBoth(zero, column.at), vector.loadBoth(zero, column.at + 32), lowerHalves)),
      set(column.third, f64.load(zero, column.at + 64)),
    ]),
    set(centre, vector.load(zero, drawing.centre)),
    set(focal, vector.load(zero, drawing.focal)),
    set(near, f64.load(zero, drawing.near)),
    set(at, i32.add(i32.load(zero, drawing.positions), i32.mul(get(from), i32.const(positionBytes)))),
    set(out, i32.add(i32.load(zero, drawing.corners), i32.mul(get(from), i32.const(corner.bytes)))),
    repeat(
      i32.lt(get(from), get(to)),
      seq(
        set(
          across,
          f64x2.add(
            [...others].reduce((sum, term) => f64x2.add(sum, term), first),
            place,
          ),
        ),
        set(
          ahead,
          f64.add(
            [...othersAhead].reduce((sum, term) => f64.add(sum, term), firstAhead),
            placeAhead,
          ),
        ),
        set(inverse, select(f64.div(f64.const(1), get(ahead)), f64.const(0), f64.gt(get(ahead), get(near)))),
        vector.store(get(out), get(across), corner.across),
        f64.store(get(out), get(ahead), corner.ahead),
        vector.store(
          get(out),
          f64x2.add(get(centre), f64x2.mul(f64x2.mul(get(focal), get(across)), f64x2.splat(get(inverse)))),
          corner.screen,
        ),
        advance(at, i32.const(positionBytes)),
        advance(out, i32.const(corner.bytes)),
        advance(from, i32.const(1)),
      ),
    ),
  )
}

/** What is added up, from the left. */
type Terms = [Code, ...Code[]]
