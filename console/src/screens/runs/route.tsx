// Runs, and batches of them.
import type { Screen } from '../../shell/screen.ts'
import type { views } from './views.ts'

const load =
  (name: keyof typeof views): Screen['load'] =>
  async () =>
    (await import('./views.ts')).views[name]

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/runs', place: { name: 'Runs', icon: 'play', letter: 'r', order: 1 }, load: load('Runs') },
  { path: '/batches', under: '/runs', load: load('Batches') },
  { path: '/batches/$batch', under: '/runs', load: load('Batch') },
]
