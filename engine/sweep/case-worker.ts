// The worker thread of a sweep: gets a scenario, gives its outcome.

import { parentPort } from 'node:worker_threads'
import { EngineError } from '../errors.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { runCase } from './run-case.ts'

parentPort?.on('message', (scenario: Scenario) => {
  runCase(scenario).then(
    (outcome) => parentPort?.postMessage({ outcome }),
    (cause: unknown) =>
      parentPort?.postMessage({
        error: cause instanceof Error ? cause.message : String(cause),
        code: cause instanceof EngineError ? cause.code : null,
      }),
  )
})
