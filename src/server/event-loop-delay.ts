// How late the event loop was lately: the worse of this stretch of time and the one before, so that whoever reads just after a turn is told as well. Reading changes
// nothing, because several read: Prometheus, an exporter, a person.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How long a stretch is. */
export const delayStretchMs = 15_000

/** What collects delays, in nanoseconds. */
export interface Delays {
  percentile(percentile: number): number
  reset(): void
}

/** The worse of the stretch that is under way and the one before it. */
export class RecentDelay {
  readonly #delays: Delays
  #before = 0

  constructor(delays: Delays) {
    this.#delays = delays
  }

  /** The 99th percentile in seconds. */
  get seconds(): number {
    return Math.max(this.#before, this.#now())
  }

  /** Begins another stretch. */
  turn(): void {
    this.#before = this.#now()
    this.#delays.reset()
  }

  #now(): number {
    const nanoseconds = this.#delays.percentile(99)
    return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0
  }
}

/** Watches the event loop of this process until it is ended. */
export function watchDelay(): { seconds(): number; end(): void } {
  const delays = monitorEventLoopDelay({ resolution: 20 })
  delays.enable()
  const recent = new RecentDelay(delays)
  const timer = setInterval(() => recent.turn(), delayStretchMs).unref()
  return {
    seconds: () => recent.seconds,
    end() {
      clearInterval(timer)
      delays.disable()
    },
  }
}
