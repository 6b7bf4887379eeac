// Launching one run: what it comes to is decided and made in `launching.ts`, as for a batch.
import { z } from 'zod'
import { action, idOf } from '../../kernel/index.ts'
import { scenarioType } from '../../twins/index.ts'
import { keepRuns, launched, locateLaunch, prepareLaunch, queuedRun, readyFor } from '../launching.ts'
import { runOutput, showRunRow } from '../shown.ts'

/** A seed of a run. */
export const seedNumber = z.coerce.number().int().min(0).max(2_147_483_647)

/** Overrides of a scenario's parameters. */
export const parametersGiven = z.record(z.string().max(64), z.json())

/** Launches a run of a scenario in an environment. */
export const launchRun = action({
  name: 'run:launch',
  summary: 'Launch a run of a sealed scenario in one environment, with an identity of its own.',
  effect: 'change',
  roles: ['operator'],
  resource: scenarioType,
  context: { privilegedTwin: 'Boolean' },
  input: z.strictObject({
    scenario: idOf('scn'),
    environment: idOf('env'),
    seed: seedNumber.default(1).meta({ description: 'The same seed gives the same run.' }),
    parameters: parametersGiven.default({}).meta({ description: 'Overrides of the scenario’s parameters.' }),
  }),
  output: runOutput,
  locate: ({ input, ...by }) => locateLaunch(by, input),
  async perform({ input, found, tx, ports, principal, allowed }) {
    const prepared = await prepareLaunch(tx, found, input.parameters, ports)
    const ready = await readyFor({ tx, ports, principal }, found, prepared, allowed)
    const run = queuedRun(ready, { seed: input.seed, parameters: input.parameters, batch: null }, ports)
    await keepRuns(tx, [{ run, ready }])
    return { result: showRunRow(run), ...launched(run, ready) }
  },
})
