// The least reciprocal depth in each tile of eight by eight pixels, that is what lies farthest away there: something that is farther still, all over
// the tiles that it touches, is hidden (hidden-parts.ts).

import { advance, f32x4, get, i32, repeat, select, seq, set, vector } from './code.ts'
import { KernelFunction } from './module.ts'
import { frame, head } from './shared-memory.ts'

/** Pixels of a tile along each side, as a power of two. */
export const tileBits = 3

const zero = i32.const(0)
const side = i32.const(1 << tileBits)
const endless = vector.ofWhole([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000])

/** `tiles()`: fills the tiles, row by row. A tile that reaches beyond the picture may count pixels of the next row too, which only makes it farther. */
export function tilesKernel(): KernelFunction {
  const f = new KernelFunction('tiles')
  const whole = () => f.local('i32')
  const [top, rows, left, row, from, out, bytes] = [whole(), whole(), whole(), whole(), whole(), whole(), whole()]
  const [least, other] = [f.local('v128'), f.local('v128')]
  const folded = (bytesOf: readonly number[]) => f32x4.smaller(get(least), vector.shuffle(get(least), get(least), bytesOf))
  return f.does(
    set(bytes, i32.shl(i32.load(zero, head.width), i32.const(2))),
    set(out, i32.load(zero, frame.tiles)),
    repeat(
      i32.lt(get(top), i32.load(zero, frame.height)),
      seq(
        set(rows, i32.sub(i32.load(zero, frame.height), get(top))),
        set(rows, select(get(rows), side, i32.lt(get(rows), side))),
        set(left, zero),
        repeat(
          i32.lt(get(left), get(bytes)),
          seq(
            set(from, i32.add(i32.add(i32.load(zero, head.inverseDepth), i32.mul(get(top), get(bytes))), get(left))),
            set(least, endless),
            set(other, endless),
            set(row, get(rows)),
            repeat(
              i32.gt(get(row), zero),
              seq(
                set(least, f32x4.smaller(get(least), vector.load(get(from)))),
                set(other, f32x4.smaller(get(other), vector.load(get(from), 16))),
                advance(from, get(bytes)),
                advance(row, i32.const(-1)),
              ),
            ),
            set(least, f32x4.smaller(get(least), get(other))),
            set(least, folded([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7])),
            set(least, folded([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11])),
            vector.storeLane32(get(out), get(least), 0),
            advance(out, i32.const(4)),
            advance(left, i32.const(4 << tileBits)),
          ),
        ),
        advance(top, side),
      ),
    ),
  )
}
