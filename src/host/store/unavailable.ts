// Telling a store that cannot serve now from everything else that may go wrong in a transaction. What PostgreSQL and the operating system say stays in
// `cause`, for the log alone. Nothing here is attacker-controlled but the load that may have brought it about.

/** The `code` of a `StoreUnavailable`. */
const storeUnavailable = 'store_unavailable'

/** The store cannot serve now. `isUndone` is false where a commit was sent and its answer never came: then nobody knows, until somebody looks. */
export class StoreUnavailable extends Error {
  readonly code = storeUnavailable
  readonly isUndone: boolean

  constructor(isUndone: boolean, cause: unknown) {
    super(`The store cannot serve now: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'StoreUnavailable'
    this.isUndone = isUndone
  }
}

/** A query had no answer within the limit; its connection was destroyed. */
export class NoAnswer extends Error {}

// SQLSTATE: connection exceptions (08), read-only (25006, a standby or a disk that PostgreSQL protects), transaction_timeout (25P04), insufficient
// resources (53: connections, memory, disk), operator intervention (57014: somebody cancelled the statement; 57P: shutdown, crash, starting up), system
// errors (58: input and output).
const classes = /^(08...|25006|25P04|53...|57014|57P..|58...)$/
// Where the answer to a commit with one of these is itself in doubt; with the others, PostgreSQL answered, and it is undone. (A commit that is cancelled while
// it waits for a standby is a commit, and a warning.)
const inDoubt = /^(08...|57P..|58...)$/
const connectionLost = /^E[A-Z]+$/
// What `pg` and its pool say without a code.
const said =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Query read timeout)/

const endedSaid = /^(Connection terminated( unexpectedly)?|Client has encountered a connection error and is not queryable)$/

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Whether a failure means that the store cannot serve now. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnavailable)
  if (error instanceof NoAnswer) return true
  const code = codeOf(error)
  return classes.test(code) || connectionLost.test(code) || (code === '' && error instanceof Error && said.test(error.message))
}

/** Whether a commit that failed like this may have been made all the same. */
export function mayBeCommitted(error: unknown): boolean {
  return isUnavailable(error) && (codeOf(error) === '' || inDoubt.test(codeOf(error)) || connectionLost.test(codeOf(error)))
}

/** Whether a first question went to a connection that had been ended before: another one may serve. */
export function wasEnded(error: unknown): boolean {
  // transaction_timeout, admin_shutdown, idle_session_timeout: what a connection says that was ended while it was idle; or it is gone without a word.
  const ended = /^(25P04|57P01|57P05|EPIPE|ECONNRESET)$/
  return ended.test(codeOf(error)) || (codeOf(error) === '' && error instanceof Error && endedSaid.test(error.message))
}
