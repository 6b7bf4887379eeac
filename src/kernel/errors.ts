// Coded failures: a code that programs act on, a detail that people read, a next step. The server turns codes into problems (RFC 9457).
// Everything in a `CodedError` may be shown to the caller; private detail goes into `cause`.

/** What can go wrong in any room. */
export type KernelErrorCode =
  | 'malformed' // the input cannot be read at all
  | 'invalid' // the input can be read and is not acceptable; `pointer` says where
  | 'too_large' // a limit was hit; the detail names it
  | 'unauthenticated' // nobody is known to be calling
  | 'denied' // somebody is, and may not
  | 'not_found' // there is nothing here that this caller may know of
  | 'conflict' // the thing exists already, or is in another state
  | 'stale' // what was decided on has moved; try again
  | 'busy' // a limit on concurrency was hit; try later
  | 'unavailable' // the store cannot serve now; what was asked for is undone, or in doubt as the detail says
  | 'internal' // a bug, or a store that cannot be read

/** Each room adds its codes here by declaration merging, so that the map to HTTP does not compile when one is missing. */
export interface ErrorCodes {
  kernel: KernelErrorCode
}

/** Every code that the product can answer with. */
export type ErrorCode = ErrorCodes[keyof ErrorCodes]

/** What a coded failure says beside its code. */
export interface ErrorNotes {
  /** JSON pointer (RFC 6901) to the field at fault. */
  readonly pointer?: string
  /** What to do next, as an imperative sentence. */
  readonly next?: string
  /** Public facts for programs. */
  readonly facts?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Private: for the log alone. */
  readonly cause?: unknown
}

/** A failure that a caller can act on. Bugs are ordinary errors. */
export class CodedError extends Error {
  readonly code: ErrorCode
  readonly notes: ErrorNotes
  constructor(code: ErrorCode, detail: string, notes: ErrorNotes = {}) {
    super(detail, notes.cause === undefined ? {} : { cause: notes.cause })
    this.name = 'CodedError'
    this.code = code
    this.notes = notes
  }
}

/** Makes a coded failure, to be thrown: `throw fail('not_found', 'There is no run with this id.')`. */
export function fail(code: ErrorCode, detail: string, notes: ErrorNotes = {}): CodedError {
  return new CodedError(code, detail, notes)
}

/** Whether a thrown value is a coded failure with this code. */
export function isCoded(error: unknown, code?: ErrorCode): error is CodedError {
  return error instanceof CodedError && (code === undefined || error.code === code)
}

/** Marks a branch that the compiler proves unreachable. */
export function assertNever(value: never): never {
  throw new Error(`Unreachable value: ${JSON.stringify(value)}`)
}
