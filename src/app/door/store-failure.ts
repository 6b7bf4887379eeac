// Failures of the store, in the product's own codes. What the database says stays private: it may hold values of others.
import { CodedError, fail } from '../../kernel/index.ts'

/** Deadlock, serialization failure, and two writers of one unique row: another try sees the other's result. */
const worthAnotherTry = new Set(['40001', '40P01', '23505', '55P03'])

function sqlState(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Raised by `require_admitted`: the take-away counter, or a run, has moved since the decision. */
const notAdmitted = 'TW005'

/** What the host says of a store that cannot serve now, and whether what was asked for is undone for certain. */
function unavailability(error: unknown): { readonly isUndone: boolean } | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'store_unavailable') return undefined
  return { isUndone: 'isUndone' in error && error.isUndone === true }
}

function unavailable({ isUndone }: { readonly isUndone: boolean }, cause: unknown): CodedError {
  const detail = isUndone
    ? 'The store does not answer at the moment; nothing was done.'
    : 'The store went away while this was being committed; whether it was done is not known.'
  return fail('unavailable', detail, { facts: { undone: isUndone }, cause })
}

/** A thrown value as a coded failure; a store that cannot serve becomes `unavailable`, bugs `internal`. Each of them denies. */
export function translateStoreFailure(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const away = unavailability(error)
  if (away !== undefined) return unavailable(away, error)
  const state = sqlState(error)
  if (state === notAdmitted) return fail('stale', 'Something was taken away while this was being decided.', { cause: error })
  if (state !== undefined && worthAnotherTry.has(state))
    return fail('stale', 'Somebody else changed the same thing at the same time.', { next: 'Try again.', cause: error })
  return fail('internal', 'Something went wrong on our side; nothing was done.', { cause: error })
}
