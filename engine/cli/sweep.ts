// `engine sweep`: many runs of a scenario with numbers varied, in workers, with a bar while they run and a table at the end.

import { parseSpace } from '../sweep/parse-space.ts'
import { type Strategy, sweep } from '../sweep/sweep.ts'
import { createWorkerPool } from '../sweep/worker-pool.ts'
import { scenarioFrom } from './drive.ts'
import { progressBar, sweepTable } from './verdict-table.ts'

/** Options of a sweep. */
export interface SweepOptions {
  readonly vary: readonly string[]
  readonly strategy: Strategy
  readonly seed: number
  readonly workers: number
  readonly isJson: boolean
}

/** `engine sweep <scenario>`; returns whether every case passed. `bar` is told the progress line again and again. */
export async function sweepScenario(
  name: string,
  options: SweepOptions,
  tell: (text: string) => void,
  bar: (line: string) => void,
): Promise<boolean> {
  const scenario = scenarioFrom(name)
  const space = parseSpace(options.vary.length === 0 ? ['seed=1..4294967295:integer'] : options.vary)
  const pool = createWorkerPool(options.workers)
  try {
    const progress = (done: number, total: number, failed: number): void => bar(progressBar(done, total, failed))
    bar(progressBar(0, 1, 0))
    const { strategy, seed } = options
    // The line of the bar is cleared before anything else is said, be it the table or what went wrong.
    const report = await sweep({ scenario, space, strategy, seed, runner: pool, progress }).finally(() => bar(''))
    tell(options.isJson ? JSON.stringify(report) : sweepTable(report))
    return report.failed === 0
  } finally {
    await pool.close()
  }
}
