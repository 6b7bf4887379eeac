// The clock of these benchmarks: processor time, because a goal "on one core" must not depend on who else is using the machine. Even so a busy
// neighbour costs caches and shared units, so each figure is the best of several rounds.

/** Milliseconds of processor time that this thread has used. */
export function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Milliseconds of processor time that all threads of this process have used, helpers of the runtime included. */
export function processMilliseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Least milliseconds of this thread for an act over some rounds, after a warm-up. */
export function bestMilliseconds(act: () => void, warmUp: number, rounds: number): number {
  for (let i = 0; i < warmUp; i++) act()
  let best = Infinity
  for (let i = 0; i < rounds; i++) {
    const start = threadMilliseconds()
    act()
    best = Math.min(best, threadMilliseconds() - start)
  }
  return best
}

/** What a figure was read off: processor time of the measuring thread, of the whole process, the clock on the wall, or what the machine says of itself. */
export type MeasuredBy = 'processor time of one thread' | 'processor time of all threads' | 'the clock' | 'the load of the machine'

/** One measured figure against its goal; a goal of 0 is none. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: number
  readonly ok: boolean
  readonly by: MeasuredBy
}
