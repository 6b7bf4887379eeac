// How the access benchmark measures: rates and times in this thread's own time, the fastest of several passes where there are several, heap after a full collection.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds of this thread's own time: waiting for a core that others use is not counted, its collector's work on this thread is. */
function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Something that is done over a list, and how often the list is gone through in one round. */
export interface Contender {
  pass(): void
  readonly count: number
}

/** One contender over a list. */
export function over<T>(items: readonly T[], act: (item: T) => unknown): Contender {
  return {
    count: items.length,
    pass() {
      for (const item of items) act(item)
    },
  }
}

/**
 * How many times a second of one core each contender does its thing. They take turns, round after round, so that whatever else the machine does
 * meets all of them; of each the fastest pass counts, the one that was disturbed least.
 */
export function ratesPerSecond(contenders: readonly Contender[], rounds: number): number[] {
  const rates = contenders.map(() => 0)
  for (let round = 0; round < rounds; round++) {
    contenders.forEach(({ pass, count }, at) => {
      const begin = threadMilliseconds()
      pass()
      rates[at] = Math.max(rates[at] ?? 0, count / ((threadMilliseconds() - begin) / 1000))
    })
  }
  return rates
}

/** What something gives, and how many milliseconds of this thread it took. */
export function timed<T>(act: () => T): { readonly result: T; readonly milliseconds: number } {
  const begin = threadMilliseconds()
  const result = act()
  return { result, milliseconds: threadMilliseconds() - begin }
}

setFlagsFromString('--expose-gc')
// reason: the flag adds this function to new contexts, which no type library knows
const collect = runInNewContext('gc') as () => void

function heapMegabytes(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

/** What something gives, and by how many megabytes the heap grew to hold it. */
export function weighed<T>(make: () => T): { readonly result: T; readonly megabytes: number } {
  const before = heapMegabytes()
  const result = make()
  return { result, megabytes: heapMegabytes() - before }
}
