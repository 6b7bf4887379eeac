// What is made here, for the palette.
import type { Act } from '../../shell/acts.ts'

/** What is done here. */
export const acts: readonly Act[] = [
  { path: '/twins/new', name: 'Make a twin', icon: 'cube' },
  { path: '/projects', name: 'See the projects', icon: 'menu' },
  { path: '/projects/new', name: 'Make a project', icon: 'menu' },
  { path: '/connections', name: 'See the connections', icon: 'out' },
  { path: '/connections/new', name: 'Make a connection', icon: 'out' },
  { path: '/environments', name: 'See the environments', icon: 'screen' },
  { path: '/environments/new', name: 'Make an environment', icon: 'screen' },
]
