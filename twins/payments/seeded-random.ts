// Randomness that a seed repeats: the same run, the same decisions.

/** A generator of numbers in [0, 1) (mulberry32, public domain, T. Ettinger). */
export type RandomSource = () => number

/** A generator that depends on the seed alone. */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number in [0, 1) that depends on the seed and the text alone (FNV-1a, then the generator above). */
export function seededDraw(seed: number, text: string): number {
  let hash = (2_166_136_261 ^ seed) >>> 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619) >>> 0
  return seededRandom(hash)()
}
