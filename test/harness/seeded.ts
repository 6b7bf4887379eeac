// Chance that can be had again, for properties: the same seed gives the same values, and a failing property names it. Never for anything secret.

/** A mulberry32 generator with the draws that properties need. */
export interface Seeded {
  readonly seed: number
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  /** One of several. */
  pick<T>(all: readonly T[]): T
  /** A text of characters out of an alphabet, `min` to `max` of them. */
  text(alphabet: string, min: number, max: number): string
  /** True once in `among` times. */
  once(among: number): boolean
}

/** Makes a generator. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    seed,
    below,
    pick(all) {
      const one = all[below(all.length)]
      if (one === undefined) throw new Error('There is nothing to pick from.')
      return one
    },
    text: (alphabet, min, max) =>
      Array.from({ length: min + below(max - min + 1) }, () => [...alphabet][below([...alphabet].length)] ?? '').join(''),
    once: (among) => below(among) === 0,
  }
}
