// What can go wrong with runs; the server's map to HTTP does not compile without each of them.

/** Failure codes of `runs`. */
export type RunsErrorCode =
  | 'run_not_live' // the run is ending or ended: nothing under it counts any more
  | 'claim_lost' // another worker holds the run, or nobody does
  | 'run_frozen' // the run is live, and nothing of it is admitted for now
  | 'ends_too_soon' // what allows the launch ends before a run would have done anything
  | 'foreign_subject' // a run asked for the credential of somebody else

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    runs: RunsErrorCode
  }
}
