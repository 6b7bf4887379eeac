// The door of `runs`: the run with its three identities, its claim, its deadline, its end.
import { endBatch, launchBatch, listBatches, showBatch } from './actions/batch.ts'
import { issueRunCredential } from './actions/credential.ts'
import { cancelRun, closeRun, endRunAction, failPipeline } from './actions/end.ts'
import { freezeRun, thawRun } from './actions/freeze.ts'
import { launchRun } from './actions/launch.ts'
import { listRuns, readRun, showRun } from './actions/look.ts'
import { beatRun, beatTogether, beginRun, claimRun, queueRuns } from './actions/work.ts'

/** What is done to several at once, by the name of its action. */
export const runsTogether = { [beatRun.name]: beatTogether } as const

/** What `runs` can do. */
export const runsActions = [
  launchRun,
  listRuns,
  showRun,
  readRun,
  freezeRun,
  thawRun,
  cancelRun,
  failPipeline,
  issueRunCredential,
  queueRuns,
  claimRun,
  beginRun,
  beatRun,
  endRunAction,
  closeRun,
  launchBatch,
  listBatches,
  showBatch,
  endBatch,
] as const
export { claimSeconds } from './actions/work.ts'
export { causeOf, causeOfExit, causeOfRefusal, type RunCause, type RunOutcome, reasonOf, runCauses } from './causes.ts'
export type { Cell, CellDriver, CellExit, CellProbe, CellSpec, CellStrength } from './cell.ts'
export * from './channel/bounded-json.ts'
export * from './channel/child-messages.ts'
export * from './channel/codec.ts'
export * from './channel/frames.ts'
export * from './channel/limits.ts'
export * from './channel/request-window.ts'
export * from './channel/supervisor-messages.ts'
export * from './channel/supervisor-side.ts'
export { endRun, endRuns, endRunsBy, type RunEnded, type RunEnding } from './end-run.ts'
export type { RunsErrorCode } from './error-codes.ts'
export { type ExitRecord, recordOfExit, recordOfRefusal } from './exit.ts'
export { findRun, findRuns, isLive, type Run, type RunFound, runPrincipal, runType } from './find-run.ts'
export { runsOfHolders, runsOfPeople, runsOfTwins, runsOfWorkloads, runsWaitingForOwners } from './holders.ts'
export { type Launching, prepareLaunch } from './launching.ts'
export { type Owned, requireOwners } from './require-owners.ts'
export { runDetail, showRunDetails } from './run-detail.ts'
export { RunFence } from './run-fence.ts'
export type { RunClaimTable, RunState, RunTable } from './tables.ts'
