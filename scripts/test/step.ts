// One line per step: a mark, what it was, how long it took. What a failed step printed follows it whole, never mixed with another step's.

/** How a quiet piece of work ended, and all that it printed. */
export interface Outcome {
  readonly ok: boolean
  readonly output: string
}

/** Seconds since a `performance.now()` reading, as people read them: `(1.2 s)`. */
export const since = (started: number): string => `(${((performance.now() - started) / 1000).toFixed(1)} s)`

/** Runs the work, prints its line, and resolves to whether it passed. */
export const step = async (title: string, work: () => Promise<Outcome>): Promise<boolean> => {
  const started = performance.now()
  const { ok, output } = await work()
  console.log(`${ok ? '✔' : '✖'} ${title} ${since(started)}`)
  if (!ok && output) console.log(output.trimEnd())
  return ok
}
