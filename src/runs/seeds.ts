// Seeds as people write them: `1..20`, `3,5,9`, or both. The text comes from outside; it is read into at most as many seeds as one batch has runs.
import { fail } from '../kernel/index.ts'
import { batchRunsMax } from './batches.ts'

const seedMax = 2_147_483_647

/** What a text of seeds looks like. */
export const seedsPattern = /^\d{1,10}(\.\.\d{1,10})?(,\d{1,10}(\.\.\d{1,10})?)*$/

function refuse(why: string): never {
  throw fail('invalid', why, { pointer: '/seeds' })
}

/** The seeds that a text names, in its order, each as often as it is named. Throws `invalid`. */
export function seedsIn(text: string): number[] {
  const seeds: number[] = []
  for (const part of text.split(',')) {
    const [first = 0, last = first] = part.split('..').map(Number)
    if (Math.max(first, last) > seedMax) refuse(`A seed is at most ${seedMax}.`)
    if (last < first) refuse(`\`${part}\` runs backwards.`)
    if (seeds.length + (last - first) >= batchRunsMax) refuse(`A batch has at most ${batchRunsMax} runs.`)
    for (let seed = first; seed <= last; seed++) seeds.push(seed)
  }
  return seeds
}
