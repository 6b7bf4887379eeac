// The sides that have a key-encryption key of their own. In a file by itself, so that a start can read what it was asked for before anything else is loaded.
import type { Side } from '../../credentials/index.ts'

/** The sides that have a key-encryption key of their own. */
export const sides: readonly Side[] = ['simulation', 'production', 'ledger']
