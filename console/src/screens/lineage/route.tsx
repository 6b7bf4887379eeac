// The lineage of a thing: what led to it, and what came of it.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/lineage/$subject', under: '/audit', load: async () => (await import('./lineage.tsx')).Lineage },
]
