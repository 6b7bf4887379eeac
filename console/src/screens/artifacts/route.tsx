// Artifacts, and one artifact.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  {
    path: '/artifacts',
    place: { name: 'Artifacts', icon: 'box', letter: 'a', order: 3 },
    load: async () => (await import('./artifacts.tsx')).Artifacts,
  },
  { path: '/artifacts/$artifact', load: async () => (await import('./artifact.tsx')).Artifact },
]
