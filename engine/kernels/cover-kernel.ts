// The soft shade around things that move: how much of the half space over each end the balls of its cell leave open (near-shade.ts fills the cells).
// All in 64-bit floats, in the order in which a reference in JavaScript computes them (cover-kernel.test.ts). Trusts the numbers in the cells.

import { advance, type Code, f64, f64x2, get, i32, i32x4, type Local, repeat, seq, set, vector, when } from './code.ts'
import { end } from './end-records.ts'
import { KernelFunction } from './module.ts'
import { shading } from './shared-memory.ts'

/** Cells of a metre along each side of the grid, row by row; balls of a cell: their numbers plus one in two bytes each, then 0; and balls in all. */
export const shadeGrid = { side: 128, ballsPerCell: 6, cellBytes: 12, ballsMax: 8000 } as const
/** Places in a ball's record, in bytes: its middle, and its radius times itself. */
export const ball = { bytes: 32, middle: 0, area: 24 } as const

/** How much a single ball hides at most, and the share of its area inside of which it hides nothing: that is its own surface. */
const hiddenMost = 0.85
const ownShare = 1.05
const zero = i32.const(0)

/** `cover(ends, count)`: sets how open the places of the first ends are; what is in no ball's reach stays as it is. */
export function coverKernel(): KernelFunction {
  const f = new KernelFunction('cover')
  const [at, count] = [f.parameter('i32'), f.parameter('i32')]
  const [place, column, row, cell] = [f.local('v128'), f.local('i32'), f.local('i32'), f.local('i32')]
  const over = openOver(f, at, cell)
  const isInside = i32.and(i32.below(get(column), i32.const(shadeGrid.side)), i32.below(get(row), i32.const(shadeGrid.side)))
  const cellNumber = i32.add(i32.mul(get(row), i32.const(shadeGrid.side)), get(column))
  return f.does(
    repeat(
      i32.gt(get(count), zero),
      seq(
        set(place, f64x2.truncate(f64x2.floor(f64x2.sub(vector.load(get(at), end.place), vector.load(zero, shading.gridFrom))))),
        set(column, i32x4.lane(get(place), 0)),
        set(row, i32x4.lane(get(place), 1)),
        when(
          isInside,
          seq(
            set(cell, i32.add(i32.load(zero, shading.cells), i32.mul(cellNumber, i32.const(shadeGrid.cellBytes)))),
            when(i32.load16(get(cell)), over),
          ),
        ),
        advance(at, i32.const(end.bytes)),
        advance(count, i32.const(-1)),
      ),
    ),
  )
}

/** Multiplies what the balls of a cell leave open over an end, ball by ball. */
function openOver(f: KernelFunction, at: Local, cell: Local): Code {
  const [last, number, it] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const [way, products, up] = [f.local('v128'), f.local('v128'), f.local('f64')]
  const [open, area, squared, along] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('f64')]
  const dot = (pair: Code, third: Code): Code =>
    seq(set(products, f64x2.mul(get(way), pair)), f64.add(f64.add(f64x2.lane(get(products), 0), f64x2.lane(get(products), 1)), third))
  const hidden = f64.div(f64.mul(get(along), get(area)), f64.mul(get(squared), f64.sqrt(get(squared))))
  // What lies behind the surface hides nothing of its half space.
  const hides = i32.and(f64.gt(get(along), f64.const(0)), i32.eqz(f64.gt(f64.mul(get(area), f64.const(ownShare)), get(squared))))
  return seq(
    set(open, f64.const(1)),
    set(last, i32.add(get(cell), i32.const(shadeGrid.cellBytes))),
    repeat(
      i32.and(seq(set(number, i32.load16(get(cell))), i32.ne(get(number), zero)), i32.lt(get(cell), get(last))),
      seq(
        set(it, i32.add(i32.load(zero, shading.balls), i32.mul(i32.sub(get(number), i32.const(1)), i32.const(ball.bytes)))),
        set(way, f64x2.sub(vector.load(get(it), ball.middle), vector.load(get(at), end.place))),
        set(up, f64.sub(f64.load(get(it), ball.middle + 16), f64.load(get(at), end.place + 16))),
        set(area, f64.load(get(it), ball.area)),
        set(squared, dot(get(way), f64.mul(get(up), get(up)))),
        set(along, dot(vector.load(get(at), end.normal), f64.mul(get(up), f64.load(get(at), end.normal + 16)))),
        when(hides, set(open, f64.mul(get(open), f64.sub(f64.const(1), f64.smaller(f64.const(hiddenMost), hidden))))),
        advance(cell, i32.const(2)),
      ),
    ),
    f64.store(get(at), get(open), end.open),
  )
}
