// Twins, one twin, and one version of a scenario.
import type { Screen } from '../../shell/screen.ts'

// Beside twins, what they lie in and what they run in. One load for all of them: each would be named in what every page loads first.
const around = [
  '/twins/new',
  '/projects',
  '/projects/new',
  '/connections',
  '/connections/new',
  '/connections/$connection',
  '/environments',
  '/environments/new',
]

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/twins', place: { name: 'Twins', icon: 'cube', letter: 't', order: 2 }, load: async () => (await import('./twins.tsx')).Twins },
  ...around.map((path): Screen => ({ path, under: '/twins', load: async () => (await import('./around.tsx')).Around })),
  { path: '/twins/$twin', load: async () => (await import('./twin.tsx')).Twin },
  { path: '/scenarios/$scenario', under: '/twins', load: async () => (await import('./scenario.tsx')).Scenario },
]
