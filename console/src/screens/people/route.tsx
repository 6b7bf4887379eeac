// People: who is here, groups, positions, mappings, guests, engagements, workloads and ownership. One route for all of them: each would be named in what every page loads first.
import type { Screen } from '../../shell/screen.ts'

const load = async () => (await import('./views.tsx')).People

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/people', place: { name: 'People', icon: 'person', letter: 'e', order: 7 }, load },
  { path: '/people/$', load },
]
