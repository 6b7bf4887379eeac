// What can go wrong with calls; the server's map to HTTP does not compile without each of them.

/** Failure codes of `egress`. */
export type EgressErrorCode =
  | 'undeclared_connection' // nothing with this name is connected here
  | 'path_refused' // what was asked for is not a plain path
  | 'foreign_token' // a token came along that is not the caller's own
  | 'header_refused' // a header that only the broker may set
  | 'upstream_refused' // the upstream's address is one that the broker does not connect to
  | 'upstream_failed' // the upstream did not answer, or not in time
  | 'response_too_large' // the upstream answered more than a call may bring back

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    egress: EgressErrorCode
  }
}
