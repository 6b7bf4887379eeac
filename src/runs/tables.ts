// The tables of `runs`. The run's row is the authority on whether anything of the run counts: an attacker who can write it can keep a run alive.
// The claim beside it carries no authority: losing it loses the run, forging it gains nothing.
import type { Sensitivity } from '../kernel/index.ts'
import type { RunCause, RunOutcome } from './causes.ts'

/** The states of a run, in order. */
export type RunState = 'queued' | 'claimed' | 'running' | 'ending' | 'ended'

/** One execution with its three identities: operator, orchestrator, and the twin (`spiffe_id`). */
export interface RunTable {
  org_id: string
  id: string
  twin_id: string
  scenario_id: string
  environment_id: string
  /** The batch that it was launched in. */
  batch_id: string | null
  state: RunState
  outcome: RunOutcome | null
  /** Why it ended, as a code. */
  cause: RunCause | null
  epoch: number
  spiffe_id: string
  operator_id: string
  orchestrator_id: string
  seed: number
  parameters: unknown
  sensitivity: Sensitivity
  queued_at: Date
  started_at: Date | null
  deadline: Date
  ending_at: Date | null
  ended_at: Date | null
  summary: unknown
  closed: unknown
  /** How its cell ended, with the run's own last words: content. */
  exit: unknown
  /** Frozen: the run is live and nothing of it is admitted. All four are there, or none. */
  frozen_at: Date | null
  frozen_until: Date | null
  frozen_by: string | null
  frozen_reason: string | null
}

/** Runs that were launched together. Whoever can write here moves when what was given until its end ends. */
export interface BatchTable {
  org_id: string
  id: string
  twin_id: string
  /** The scenario that it was asked for; single runs may be of others of the twin. */
  scenario_id: string
  environment_id: string
  launched_by: string
  size: number
  created_at: Date
  ended_at: Date | null
}

/** A worker's hold on a run and the progress it last reported. */
export interface RunClaimTable {
  org_id: string
  run_id: string
  worker: string
  beat_at: Date
  expires_at: Date
  done: number
  total: number
  note: string
}

declare module '../kernel/action.ts' {
  interface Tables {
    run: RunTable
    batch: BatchTable
    run_claim: RunClaimTable
  }
}
