// Which steps a command of chaos dies at, drawn from its seed: every step once before any twice, cut into rounds, with deaths of no name in between.
import type { Step } from '../../src/app/index.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'

/** Deaths in one round: enough for what one death leaves to meet the next, few enough to repeat alone. */
export const deathsInRound = 20
const namelessOnceIn = 6

function shuffled<T>(all: readonly T[], random: Seeded): T[] {
  const left = [...all]
  return all.flatMap(() => left.splice(random.below(left.length), 1))
}

/** The steps of round `number` (from 0) under a seed: the same for every command that names both. */
export function stepsOfRound(all: readonly Step[], seed: number, number: number): (Step | undefined)[] {
  const from = number * deathsInRound
  const deck = (pass: number) => shuffled(all, seeded(Math.imul(seed, 31) + pass))
  const nameless = seeded(Math.imul(seed, 37) + number)
  return Array.from({ length: deathsInRound }, (_, at) => {
    const place = from + at
    const step = deck(Math.floor(place / all.length))[place % all.length]
    return nameless.once(namelessOnceIn) ? undefined : step
  })
}
