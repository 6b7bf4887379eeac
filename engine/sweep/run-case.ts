// Runs one scenario to its verdict in this thread.

import { createSimulation } from '../run/simulation.ts'
import { inputOfScenario, type Scenario } from '../scenarios/scenario.ts'
import type { CaseRunner, RunOutcome } from './sweep.ts'

/** Runs a scenario with the embedded navigator. */
export async function runCase(scenario: Scenario): Promise<RunOutcome> {
  const simulation = await createSimulation(inputOfScenario(scenario))
  try {
    const verdict = await simulation.run()
    return { verdict, digest: simulation.digest() }
  } finally {
    simulation.free()
  }
}

/** Runs cases here, one after the other. */
export const localRunner: CaseRunner = { width: 1, run: runCase }
