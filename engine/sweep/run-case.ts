// Runs one scenario to its verdict in this thread.

import { createSimulation } from '../run/simulation.ts'
import { inputOfScenario, type Scenario } from '../scenarios/scenario.ts'
import type { CaseRunner, RunOutcome } from './sweep.ts'

/** Simulated seconds after which a case that never ends is ended as failed. */
const secondsMax = 3600

/** Runs a scenario with the embedded navigator. */
export async function runCase(scenario: Scenario): Promise<RunOutcome> {
  const simulation = await createSimulation(inputOfScenario(scenario))
  try {
    await simulation.run(Math.ceil((secondsMax * 1e9) / simulation.stepNs))
    if (!simulation.hasEnded()) simulation.fail('within-seconds', `the run did not end within ${secondsMax} s of simulated time`)
    return { verdict: simulation.verdict(), digest: simulation.digest() }
  } finally {
    simulation.free()
  }
}

/** Runs cases here, one after the other. */
export const localRunner: CaseRunner = { width: 1, run: runCase }
