// What parts of the product do again and again by themselves: one round at a time. While a round takes longer than the time between two, those that come due are
// left out: they would find what this one finds, and would pile up while the store is slow or away, for whoever stops the server to wait for.

/** What is done again and again. */
export interface RecurringParts {
  readonly everyMs: number
  /** Whether the first round begins at once; otherwise it begins when the time has passed once. */
  readonly atOnce?: boolean
  /** One round. It ends early, between two steps, once `isStopping` says so. */
  round(isStopping: () => boolean): Promise<void>
  /** Hears of a round that failed; the next one tries again. */
  report(error: unknown): void
}

/** Something that recurs. */
export interface Recurring {
  /** Resolves when the round under way is over; there is no other one after it. */
  stop(): Promise<void>
}

/** Starts doing something again and again. Its waiting keeps no process alive. */
export function startRecurring({ everyMs, atOnce = false, round, report }: RecurringParts): Recurring {
  let underWay: Promise<void> | undefined
  let isStopping = false
  const go = async (): Promise<void> => {
    try {
      await round(() => isStopping)
    } catch (error) {
      report(error)
    }
  }
  const begin = (): void => {
    underWay ??= go().finally(() => {
      underWay = undefined
    })
  }
  const timer = setInterval(begin, everyMs).unref()
  if (atOnce) begin()
  return {
    async stop() {
      isStopping = true
      clearInterval(timer)
      await underWay
    },
  }
}
