// What is done here, for the palette.
import type { Act } from '../../shell/acts.ts'

/** What is done here. */
export const acts: readonly Act[] = [{ path: '/batches', name: 'Find a batch of runs', icon: 'stack' }]
