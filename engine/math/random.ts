// Seeded randomness: xoshiro128** (Blackman and Vigna) seeded through splitmix32, with named sub-streams, so that adding a
// sensor never moves the noise of another. The same seed and name give the same numbers on every machine.

import { log } from './trig.ts'

/** The four 32-bit words of a generator, to snapshot and restore it. */
export type RandomState = readonly [number, number, number, number]

/** A seeded stream of numbers. */
export interface Random {
  /** The next 32 bits as a whole number in [0, 2^32). */
  uint32(): number
  /** A number in [0, 1) with 53 random bits. */
  uniform(): number
  /** A number in [low, high). */
  between(low: number, high: number): number
  /** A whole number in [low, high], both included. */
  integer(low: number, high: number): number
  /** A normally distributed number with mean 0 and deviation 1. */
  gaussian(): number
  /** An independent stream that depends on the seed and the names on the way to it alone, never on how much was drawn. */
  stream(name: string): Random
  /** The state, to be given to `restore`. */
  state(): RandomState
  /** Continues from an earlier state. */
  restore(state: RandomState): void
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

/** A 32-bit hash of a text (FNV-1a over UTF-16 units, then a finaliser), to turn names into seeds. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let h = start | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function seedWords(seed: number): [number, number, number, number] {
  let s = seed | 0
  const next = (): number => {
    s = (s + 0x9e3779b9) | 0
    let t = Math.imul(s ^ (s >>> 16), 0x21f0aaad)
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97)
    return t ^ (t >>> 15)
  }
  return [next(), next(), next(), next()]
}

/** A generator from a whole-number seed (its low 32 bits count). */
export function createRandom(seed: number): Random {
  let [a, b, c, d] = seedWords(seed)
  const uint32 = (): number => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9)
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotl(d, 11)
    return result >>> 0
  }
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992
  return {
    uint32,
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer: (low, high) => low + Math.floor(uniform() * (high - low + 1)),
    gaussian: () => gaussianFrom(uniform),
    stream: (name) => createRandom(hashText(name, seed ^ 0x811c9dc5)),
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
    restore: (state) => {
      ;[a, b, c, d] = state
    },
  }
}

/** Marsaglia's polar method; the second number is thrown away so that four words are the whole state. */
function gaussianFrom(uniform: () => number): number {
  for (;;) {
    const u = 2 * uniform() - 1
    const v = 2 * uniform() - 1
    const s = u * u + v * v
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * log(s)) / s)
  }
}
