// The forward cosine transform of an 8 × 8 block in whole numbers (Loeffler, Ligtenberg and Moschytz, 1989, as in the Independent JPEG Group's
// slow-but-accurate method): thirteen bits of fraction, results eight times the true ones.
// Array reads are `as number`: in range by construction (mesh.ts says why).

const bits = 13
const first = 2

/** Transforms a block in place, rows and then columns. */
export function forwardDct(block: Int32Array): void {
  for (let row = 0; row < 64; row += 8) transform(block, row, 1, bits - first, first)
  for (let column = 0; column < 8; column++) transform(block, column, 8, bits + first, -first)
}

/** One line of eight; `scale` is what products lose, `lift` what sums gain (or lose). */
function transform(d: Int32Array, at: number, step: number, scale: number, lift: number): void {
  const d0 = d[at] as number
  const d1 = d[at + step] as number
  const d2 = d[at + 2 * step] as number
  const d3 = d[at + 3 * step] as number
  const d4 = d[at + 4 * step] as number
  const d5 = d[at + 5 * step] as number
  const d6 = d[at + 6 * step] as number
  const d7 = d[at + 7 * step] as number
  const s0 = d0 + d7
  const s1 = d1 + d6
  const s2 = d2 + d5
  const s3 = d3 + d4
  const even = s0 + s3
  const odd = s1 + s2
  const round = 1 << (scale - 1)
  if (lift > 0) {
    d[at] = (even + odd) << lift
    d[at + 4 * step] = (even - odd) << lift
  } else {
    d[at] = (even + odd + (1 << (-lift - 1))) >> -lift
    d[at + 4 * step] = (even - odd + (1 << (-lift - 1))) >> -lift
  }
  const both = Math.imul(s1 - s2 + s0 - s3, 4433)
  d[at + 2 * step] = (both + Math.imul(s0 - s3, 6270) + round) >> scale
  d[at + 6 * step] = (both - Math.imul(s1 - s2, 15137) + round) >> scale
  const t4 = d3 - d4
  const t5 = d2 - d5
  const t6 = d1 - d6
  const t7 = d0 - d7
  const z5 = Math.imul(t4 + t6 + t5 + t7, 9633)
  const z1 = Math.imul(t4 + t7, -7373)
  const z2 = Math.imul(t5 + t6, -20995)
  const z3 = Math.imul(t4 + t6, -16069) + z5
  const z4 = Math.imul(t5 + t7, -3196) + z5
  d[at + 7 * step] = (Math.imul(t4, 2446) + z1 + z3 + round) >> scale
  d[at + 5 * step] = (Math.imul(t5, 16819) + z2 + z4 + round) >> scale
  d[at + 3 * step] = (Math.imul(t6, 25172) + z2 + z3 + round) >> scale
  d[at + step] = (Math.imul(t7, 12299) + z1 + z4 + round) >> scale
}
