// What can go wrong in deciding who may; the server's map to HTTP does not compile without each of them.

/** Failure codes of `access`. */
export type AccessErrorCode =
  | 'example_broken' // an example that was saved beside the rules would not hold any more
  | 'request_closed' // the request was decided, withdrawn, or is over
  | 'request_expired' // nobody decided on the request in time

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    access: AccessErrorCode
  }
}
