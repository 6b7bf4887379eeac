// How the access benchmark measures: rates from many short slices, contenders in turns; in processor time of this process, because the machine may be
// shared; heap after a full collection.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Something that is done with each of many items, a slice of them at a time. */
export interface Contender {
  /** Does it with the items from `from` up to, not including, `until`. */
  pass(from: number, until: number): void
  readonly count: number
  readonly slice: number
}

/** One contender over items. A slice should take a few milliseconds: short enough that most are not interrupted. */
export function over<T>(items: readonly T[], slice: number, act: (item: T) => unknown): Contender {
  return {
    count: items.length,
    slice,
    pass(from, until) {
      for (const item of items.slice(from, until)) act(item)
    },
  }
}

/** Seconds of processor time that this process has used, collections included: waiting for a core that others use is not counted. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The rate that one slice in twenty reaches: caches that others emptied slow down a slice as much as the work itself does. */
function undisturbed(rates: readonly number[]): number {
  return rates.toSorted((left, right) => right - left)[Math.floor(rates.length / 20)] ?? 0
}

/**
 * How many times a second of processor time each contender does its thing. They take turns, round after round over all their items, so that whatever
 * else the machine does meets all of them.
 */
export function ratesPerSecond(contenders: readonly Contender[], rounds: number): number[] {
  const rates: number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    contenders.forEach(({ pass, count, slice }, at) => {
      for (let from = 0; from < count; from += slice) {
        const until = Math.min(from + slice, count)
        const begin = processorSeconds()
        pass(from, until)
        rates[at]?.push((until - from) / (processorSeconds() - begin))
      }
    })
  }
  return rates.map(undisturbed)
}

/** What something gives, and how many milliseconds of processor time it took. */
export function timed<T>(act: () => T): { readonly result: T; readonly milliseconds: number } {
  const begin = processorSeconds()
  const result = act()
  return { result, milliseconds: (processorSeconds() - begin) * 1000 }
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
