// The views on runs that hold many of them, loaded together: they share their rows.
import { Batch } from './batch.tsx'
import { Batches } from './batches.tsx'
import { Runs } from './runs.tsx'

/** The views, by name. */
export const views = { Batch, Batches, Runs }
