// Runs: all of them, and launching one.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/runs', place: { name: 'Runs', icon: 'play', letter: 'r', order: 1 }, load: async () => (await import('./runs.tsx')).Runs },
]
