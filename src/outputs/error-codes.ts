// What can go wrong with outputs; the server's map to HTTP does not compile without each of them.

/** Failure codes of `outputs`, beside those of attestations. */
export type OutputsErrorCode =
  | 'too_many_listeners' // no more streams are opened for this person, or at all
  | 'output_limit' // the run wrote more than its manifest allows
  | 'blob_missing' // kept bytes are not there
  | 'blob_changed' // kept bytes are not the ones that were kept

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    outputs: OutputsErrorCode
  }
}
