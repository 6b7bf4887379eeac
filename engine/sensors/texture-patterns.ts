// The patterns of a warehouse: concrete, cardboard with tape and print, pallet wood, painted and perforated steel, wall panels, cloth.
// Each is a function over one tile; material.ts says how many metres a tile covers. Dark and light are factors of the material's colour.

import type { Pattern } from './texture.ts'
import { cloud, hash2, noise2 } from './texture.ts'

type Rgb = readonly [number, number, number]

const grey = (f: number): Rgb => [f, f, f]

/** 1 inside [low, high] with soft edges of `soft`, else 0. */
function band(value: number, low: number, high: number, soft = 0.004): number {
  const rise = (value - low) / soft
  const fall = (high - value) / soft
  const edge = rise < fall ? rise : fall
  return edge <= 0 ? 0 : edge >= 1 ? 1 : edge
}

function mixTo(from: Rgb, to: Rgb, amount: number): Rgb {
  return [from[0] + (to[0] - from[0]) * amount, from[1] + (to[1] - from[1]) * amount, from[2] + (to[2] - from[2]) * amount]
}

const plain: Pattern = (u, v) =>
  grey(0.95 + 0.1 * (cloud(u, v, 4, 3) - 0.5) + 0.05 * (hash2(Math.floor(u * 256), Math.floor(v * 256), 5) - 0.5))

const checker: Pattern = (u, v) => grey((Math.floor(u * 2) + Math.floor(v * 2)) % 2 === 0 ? 1 : 0.35)

const speckle: Pattern = (u, v) => grey(0.6 + 0.8 * cloud(u, v, 8, 17))

/** Polished concrete: clouds, pores, tyre marks and the saw-cut joint that bounds each slab. */
const concrete: Pattern = (u, v) => {
  const clouds = 0.86 + 0.42 * (cloud(u, v, 3, 31) - 0.5) + 0.1 * (cloud(u, v, 24, 37) - 0.5)
  const grain = 0.07 * (hash2(Math.floor(u * 512), Math.floor(v * 512), 7) - 0.5)
  const pore = hash2(Math.floor(u * 170), Math.floor(v * 170), 9) > 0.988 ? -0.12 : 0
  const wave = 0.02 * (noise2(u, v, 3, 3, 41) - 0.5)
  const scuff = band(u + wave, 0.31, 0.335, 0.012) * noise2(u, v, 4, 14, 43) + band(u - wave, 0.64, 0.662, 0.01) * noise2(u, v, 3, 11, 47)
  const joint = Math.max(band(u, -1, 0.0035, 0.002), band(v, -1, 0.0035, 0.002), band(u, 0.9965, 2, 0.002), band(v, 0.9965, 2, 0.002))
  const f = clouds + grain + pore - 0.16 * scuff
  return mixTo([f, f * 0.99, f * 0.965], grey(0.28), joint * 0.8)
}

/** What all cardboard has: paper fibre, faint flutes, worn and shaded edges of the face. */
function board(u: number, v: number, seed: number): number {
  const fibre = 0.06 * (noise2(u, v, 90, 40, seed) - 0.5) + 0.05 * (hash2(Math.floor(u * 256), Math.floor(v * 256), seed + 1) - 0.5)
  const flute = 0.025 * (noise2(u, v, 1, 60, seed + 2) - 0.5)
  const stain = 0.14 * (cloud(u, v, 2, seed + 3) - 0.5)
  const edge = Math.min(u, v, 1 - u, 1 - v)
  const rim = edge < 0.03 ? -0.22 * (1 - edge / 0.03) : 0
  return 0.98 + fibre + flute + stain + rim
}

const tape: Rgb = [1.2, 1.16, 1.02]

/** Tape along v in the middle of a face. */
function taped(colour: Rgb, f: number, u: number, v: number): Rgb {
  const glint = f * (0.94 + 0.16 * noise2(u, v, 40, 6, 55))
  return mixTo(colour, [tape[0] * glint, tape[1] * glint, tape[2] * glint], band(u, 0.455, 0.545, 0.006) * 0.85)
}

/** The top of a carton: the two flaps meet under a strip of tape. */
const cartonTop: Pattern = (u, v) => {
  const f = board(u, v, 51)
  const seam = band(u, 0.497, 0.503, 0.002)
  return mixTo(taped(grey(f), f, u, v), grey(0.55), seam * 0.4)
}

/** What is printed on a carton's side, if anything: where its label is, and whether tape runs down its middle. `v` runs upwards. */
interface SidePrint {
  readonly seed: number
  readonly hasTape: boolean
  readonly label?: readonly [number, number]
}

function cartonSide({ seed, hasTape, label }: SidePrint): Pattern {
  return (u, v) => {
    const f = board(u, v, seed)
    let colour: Rgb = hasTape ? taped(grey(f), f, u, v) : grey(f)
    if (label !== undefined) {
      const inside = band(u, label[0], label[0] + 0.3) * band(v, label[1], label[1] + 0.3)
      if (inside > 0) colour = mixTo(colour, shippingLabel((u - label[0]) / 0.3, (v - label[1]) / 0.3, seed), inside)
    }
    const arrows = Math.max(arrow(u - 0.82, v - 0.16), arrow(u - 0.91, v - 0.16))
    return mixTo(colour, [0.22, 0.24, 0.3], arrows * 0.8)
  }
}

function shippingLabel(u: number, v: number, seed: number): Rgb {
  const paper: Rgb = [1.5, 1.5, 1.5]
  const code = band(v, 0.12, 0.42, 0.02) * band(u, 0.1, 0.9, 0.02) * (hash2(Math.floor(u * 34), 1, seed) > 0.52 ? 1 : 0)
  const line = v > 0.5 && v < 0.92 && (v * 9) % 1 < 0.45 && u > 0.1 && u < 0.45 + 0.45 * hash2(Math.floor(v * 9), 2, seed) ? 0.8 : 0
  return mixTo(paper, grey(0.1), Math.max(code, line))
}

function arrow(u: number, v: number): number {
  const shaft = band(u, -0.008, 0.008, 0.003) * band(v, -0.06, 0.04, 0.004)
  const head = v > 0.03 && v < 0.085 && Math.abs(u) < (0.085 - v) * 0.5 ? 1 : 0
  return Math.max(shaft, head)
}

/** Rough spruce with long grain along u and a knot here and there. */
const wood: Pattern = (u, v) => {
  const bend = 0.08 * noise2(u, v, 2, 3, 61)
  const grain = noise2(u, v + bend, 2, 22, 63) * 0.5 + noise2(u, v + bend, 5, 70, 65) * 0.3 + noise2(u, v, 12, 128, 67) * 0.2
  const du = u - 0.37
  const dv = (v - 0.55) * 2
  const knot = Math.max(0, 1 - (du * du + dv * dv) * 900)
  const f = 0.62 + 0.62 * grain - 0.45 * knot
  return [f * 1.03, f, f * 0.93]
}

/** Painted steel with scratches that show the primer. */
const steel: Pattern = (u, v) => {
  const f = 0.93 + 0.16 * (cloud(u, v, 5, 71) - 0.5)
  const scratch = noise2(u, v, 3, 120, 73) > 0.93 && noise2(u, v, 5, 5, 75) > 0.55 ? 0.4 : 0
  return mixTo(grey(f), [0.9, 0.9, 0.9], scratch)
}

/** A rack's upright: steel with a column of keyholes on the pitch of the beams. */
const perforated: Pattern = (u, v) => {
  const row = (v * 8) % 1
  const hole = Math.max(band(u, 0.2, 0.36, 0.02), band(u, 0.64, 0.8, 0.02)) * band(row, 0.25, 0.72, 0.05)
  return mixTo(steel(u, v), grey(0.12), hole)
}

/** Trapezoidal wall panels: lit and shaded flanks across u. */
const panel: Pattern = (u, v) => {
  const rib = (u * 4) % 1
  const shade = rib < 0.06 ? 0.78 : rib < 0.44 ? 1 : rib < 0.5 ? 1.12 : 0.94
  const dirt = 0.1 * (cloud(u, v, 3, 81) - 0.5)
  const screw = v < 0.012 || Math.abs(v - 0.5) < 0.006 ? -0.08 : 0
  return grey(shade + dirt + screw)
}

/** Woven cloth. */
const cloth: Pattern = (u, v) =>
  grey(0.92 + 0.25 * (cloud(u, v, 4, 91) - 0.5) + 0.08 * (hash2(Math.floor(u * 128), Math.floor(v * 128), 93) - 0.5))

/** Yellow and black at 45 degrees. */
const hazard: Pattern = (u, v) => (Math.floor((u + v) * 4) % 2 === 0 ? plain(u, v) : grey(0.08))

/** Worn floor paint. */
const paint: Pattern = (u, v) => {
  const worn = cloud(u, v, 10, 97) > 0.62 ? 0.3 : 0
  return mixTo(grey(0.95 + 0.12 * (cloud(u, v, 6, 99) - 0.5)), [0.55, 0.6, 1.1], worn)
}

/** Stretch film over a load: pale, with glints. */
const film: Pattern = (u, v) => grey(0.85 + 0.5 * noise2(u, v, 3, 40, 103) * noise2(u, v, 9, 6, 105))

/** All patterns by name. */
export const patterns = {
  plain,
  checker,
  speckle,
  concrete,
  cartonTop,
  cartonTaped: cartonSide({ seed: 53, hasTape: true }),
  cartonTapedLabel: cartonSide({ seed: 54, hasTape: true, label: [0.08, 0.12] }),
  cartonEnd: cartonSide({ seed: 57, hasTape: false, label: [0.56, 0.45] }),
  cartonPlain: (u: number, v: number) => grey(board(u, v, 59)),
  wood,
  steel,
  perforated,
  panel,
  cloth,
  hazard,
  paint,
  film,
} as const satisfies Record<string, Pattern>

/** The name of a pattern that can be baked. */
export type PatternName = keyof typeof patterns
