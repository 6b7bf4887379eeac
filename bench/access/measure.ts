// How the access benchmark measures: rates and times in this thread's own time, the fastest of several passes where there are several, heap after a full collection.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds of this thread's own time: waiting for a core that others use is not counted, its collector's work on this thread is. */
function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** How many times a second of one core something is done: the fastest of several passes over a list, which is the one that others disturbed least. */
export function ratePerSecond<T>(items: readonly T[], passes: number, act: (item: T) => unknown): number {
  const rates = Array.from({ length: passes }, () => {
    const begin = threadMilliseconds()
    for (const item of items) act(item)
    return items.length / ((threadMilliseconds() - begin) / 1000)
  })
  return Math.max(...rates)
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
