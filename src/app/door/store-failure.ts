// Failures of the store, in the product's own codes. What the database says stays private: it may hold values of others.
import { CodedError, fail } from '../../kernel/index.ts'

/** Deadlock, serialization failure, and two writers of one unique row: another try sees the other's result. */
const worthAnotherTry = new Set(['40001', '40P01', '23505', '55P03'])

function sqlState(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A thrown value as a coded failure; bugs and an unreadable store become `internal`, which denies. */
export function translateStoreFailure(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  const state = sqlState(error)
  if (state !== undefined && worthAnotherTry.has(state))
    return fail('stale', 'Somebody else changed the same thing at the same time.', { next: 'Try again.', cause: error })
  return fail('internal', 'Something went wrong on our side; nothing was done.', { cause: error })
}
