// What follows the end of a run's identity: its cell is gone, calls without an outcome are marked, outputs are sealed, the run is closed.
// The same steps in the same order after a success, a failure, a deadline, a revocation and a crash; each is idempotent.
import type { OrgId, RunId } from '../../kernel/index.ts'
import type { ExitRecord } from '../../runs/index.ts'
import type { Door } from '../door/govern.ts'

/** What is known about how a run ended. */
export interface Finishing {
  readonly org: OrgId
  readonly run: RunId
  /** Milliseconds until nothing was admitted any more; null when another part ended the run. */
  readonly admissionMs: number | null
  /** Milliseconds until the cell was gone; null when no cell was there. */
  readonly cellMs: number | null
  readonly tokens: number
  /** How its cell ended, where that says why. */
  readonly exit?: ExitRecord | undefined
}

/** Seals and closes a run that is ending. */
export async function finishRun(door: Door, finishing: Finishing): Promise<void> {
  const { org, run, admissionMs, cellMs, tokens, exit } = finishing
  const as = (part: 'worker' | 'sealer', action: string, input: unknown) =>
    door.govern({ action, credential: { kind: 'system', org, part }, input, requestId: `run:${run}` })
  const { result } = await as('worker', 'call:abandon', { holder: run })
  const { unknown } = result as { unknown: number } // the action's output schema has just checked it
  await as('sealer', 'artifact:seal', { run })
  await as('worker', 'run:close', {
    run,
    closed: { admissionMs, cellMs, tokens, callsUnknown: unknown },
    ...(exit === undefined ? {} : { exit }),
  })
}
