// Identity: how people sign in, which directories say who is here, the links with which somebody else sets these up, what is left of a leaver, and the organization itself. One route for
// all of them: each would be named in what every page loads first.
import type { Screen } from '../../shell/screen.ts'

const load = async () => (await import('./views.tsx')).Identity

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/identity', place: { name: 'Identity', icon: 'lock', letter: 'i', order: 8 }, load },
  { path: '/identity/$', load },
]
