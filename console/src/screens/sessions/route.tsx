// Where somebody is signed in.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  {
    path: '/sessions',
    place: { name: 'Sessions', icon: 'screen', letter: 's', order: 9 },
    load: async () => (await import('./sessions.tsx')).SessionsScreen,
  },
]
