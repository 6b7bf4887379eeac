// What can go wrong on the wire before any room hears of it; the map in status.ts does not compile without each of them.

/** Failure codes of `server`. */
export type ServerErrorCode =
  | 'method_not_allowed' // the path exists and does not take this method
  | 'timed_out' // the request did not arrive whole in time
  | 'headers_too_large' // the request line and headers are over the limit
  | 'rate_limited' // too many refusals of this address in a short time
  | 'too_many_requests' // more requests wait than the server takes; try later
  | 'slow_reader' // a stream was not read for so long that it was cut

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    server: ServerErrorCode
  }
}
