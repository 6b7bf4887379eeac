// Launching a run.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [{ path: '/launch', under: '/runs', load: async () => (await import('./launch.tsx')).Launch }]
