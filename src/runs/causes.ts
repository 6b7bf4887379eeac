// Why runs end, all of it in one place: a code for each cause, the outcome that it comes to, what is said of it, and what to do. The sentences are ours and the
// same for every run: whoever may see that a run ended may see them. What happened in one run alone (an exit code, a limit, the run's own last words) is content,
// kept apart in `exit.ts`. A hostile run can choose among these codes by how it behaves, and can add nothing to them.
import type { CellExit } from './cell.ts'

/** How a run came to its end. */
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'deadline' | 'lost' | 'pipeline_failed' | 'revoked'

/** What is said of a cause. */
export interface Cause {
  readonly outcome: RunOutcome
  /** What happened, as a clause of a sentence. */
  readonly says: string
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null
}

const ownWords = 'Read its last words.'
const inManifest = (field: string) => `in the scenario’s manifest (\`${field}\`) and publish it again`

/** Every cause. */
const causes = {
  passed: { outcome: 'succeeded', says: 'the run passed', remedy: null },
  said_failed: {
    outcome: 'failed',
    says: 'the run says that it failed',
    remedy: 'It came to its end and judged itself. Read its summary.',
  },
  threw: {
    outcome: 'failed',
    says: 'the run says that an error stopped its program',
    remedy: `${ownWords} They name the error and where in the program it arose.`,
  },
  not_loaded: {
    outcome: 'failed',
    says: 'the run says that its program could not be loaded',
    remedy: `${ownWords} They name a file that is missing, cannot be read within its cell, or is no program.`,
  },
  no_verdict: {
    outcome: 'failed',
    says: 'its program left without a verdict',
    remedy: 'A program ends by returning a verdict and a summary; look for what ends its process before.',
  },
  exit_code: {
    outcome: 'failed',
    says: 'its program ended itself with an exit code instead of a verdict',
    remedy: 'Read the code and its last words.',
  },
  signal: {
    outcome: 'failed',
    says: 'a signal ended its process',
    remedy: 'Read which. Its runtime crashed, or the signal came from the server’s machine, whose own log then says more.',
  },
  memory: {
    outcome: 'failed',
    says: 'its program needed more memory than it was given',
    remedy: `Give it more ${inManifest('memoryMegabytes')}, or have it hold less at once.`,
  },
  protocol: {
    outcome: 'failed',
    says: 'it broke the rules of its channel and was ended for it',
    remedy: 'Read which rule. A program that uses the run library keeps them; one that does not may be hostile.',
  },
  cell_unready: {
    outcome: 'failed',
    says: 'its cell ended before its program began',
    remedy: `${ownWords} Mostly the cell’s user cannot read the product’s own files: whoever runs the server looks at their modes.`,
  },
  program_missing: {
    outcome: 'failed',
    says: 'this server has no program of the name that its scenario gives',
    remedy: 'Publish the scenario with the name of a program that is installed here, or have it installed.',
  },
  cell_refused: {
    outcome: 'failed',
    says: 'no cell can be made as its scenario asks',
    remedy: 'Read what was refused, change it in the scenario’s manifest and publish it again.',
  },
  cell_busy: {
    outcome: 'failed',
    says: 'no cell was free on this server',
    remedy: 'Launch it again when others have ended.',
  },
  cell_failed: {
    outcome: 'failed',
    says: 'its cell could not be started',
    remedy: 'The server is at fault, not the scenario: whoever runs it finds the reason in its log, by the run’s id.',
  },
  deadline: {
    outcome: 'deadline',
    says: 'the deadline passed',
    remedy: `Give it longer ${inManifest('deadlineSeconds')}, or less to do.`,
  },
  never_began: {
    outcome: 'deadline',
    says: 'its deadline passed before a worker took it',
    remedy: 'Launch it again when fewer runs wait, or have the server take more at once.',
  },
  worker_lost: { outcome: 'lost', says: 'its worker was lost', remedy: 'Launch it again: its server was cut off or too busy to keep it.' },
  server_stopping: { outcome: 'lost', says: 'the server is stopping', remedy: 'Launch it again once the server is back.' },
  cancelled: { outcome: 'cancelled', says: 'cancelled by a person', remedy: null },
  batch_ended: { outcome: 'cancelled', says: 'its batch was ended by a person', remedy: null },
  frozen_out: { outcome: 'cancelled', says: 'it was frozen, and nobody thawed it in time', remedy: null },
  pipeline_failed: { outcome: 'pipeline_failed', says: 'the pipeline failed', remedy: 'Look at the pipeline: it gave the run up.' },
  operator_left: { outcome: 'revoked', says: 'its operator left', remedy: 'Somebody else launches it again.' },
  owner_gone: {
    outcome: 'revoked',
    says: 'nobody answers for what it needs',
    remedy: 'Launch it again once somebody took over its twin, its environment, its connections and its assets.',
  },
  twin_retired: { outcome: 'revoked', says: 'its twin was retired', remedy: null },
  pipeline_suspended: { outcome: 'revoked', says: 'its pipeline was suspended', remedy: null },
  launcher_may_not: { outcome: 'revoked', says: 'whoever launched it may not any more', remedy: 'Somebody who may launches it again.' },
  organization_closing: { outcome: 'revoked', says: 'the organization is to be deleted', remedy: null },
} as const satisfies Readonly<Record<string, Cause>>

/** Why a run ended, as a code. */
export type RunCause = keyof typeof causes

/** Every code. */
export const runCauses = Object.keys(causes) as [RunCause, ...RunCause[]] // its keys, and there is one

/** What is said of a cause. */
export function causeOf(cause: RunCause): Cause {
  return causes[cause]
}

/** Why a run ended in words; null while it has not. */
export function reasonOf({ cause }: { readonly cause: RunCause | null }): string | null {
  return cause === null ? null : causes[cause].says
}

/** The cause behind a cell that ended before its run gave a verdict. `greeted`: it had said that it is up. */
export function causeOfExit({ reason, signal }: Pick<CellExit, 'reason' | 'signal'>, greeted: boolean): RunCause {
  if (reason === 'protocol' || reason === 'memory') return reason
  if (!greeted) return 'cell_unready'
  if (reason === 'ended') return 'no_verdict'
  return signal === null ? 'exit_code' : 'signal'
}

/** The cause behind a cell that could not be made, by the code of the failure. */
export function causeOfRefusal(code: string | undefined): RunCause {
  if (code === 'not_found') return 'program_missing'
  if (code === 'invalid') return 'cell_refused'
  return code === 'busy' ? 'cell_busy' : 'cell_failed'
}
