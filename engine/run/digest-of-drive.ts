// A program that drives a shipped scenario and prints its digest: what the test of reproducibility runs in a second process.

import { loadScenario, shippedScenarios } from '../scenarios/load-scenario.ts'
import { inputOfScenario } from '../scenarios/scenario.ts'
import { createSimulation } from './simulation.ts'

const name = shippedScenarios.find((known) => known === process.argv[2]) ?? 'small-drive'
const simulation = await createSimulation(inputOfScenario(loadScenario(name)))
await simulation.run()
process.stdout.write(`${simulation.digest()}\n`)
