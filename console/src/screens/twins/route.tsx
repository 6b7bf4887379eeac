// Twins, one twin, and one version of a scenario.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/twins', place: { name: 'Twins', icon: 'cube', letter: 't', order: 2 }, load: async () => (await import('./twins.tsx')).Twins },
  { path: '/twins/$twin', load: async () => (await import('./twin.tsx')).Twin },
  { path: '/scenarios/$scenario', under: '/twins', load: async () => (await import('./scenario.tsx')).Scenario },
]
