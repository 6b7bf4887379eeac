// One run as it happens, and its replay.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/runs/$run', load: async () => (await import('./run.tsx')).Run },
  { path: '/runs/$run/replay', load: async () => (await import('./replay/replay.tsx')).Replay },
]
