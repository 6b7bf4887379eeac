// What waits for the person who looks: the first screen.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  {
    path: '/',
    place: { name: 'Needs you', icon: 'bell', letter: 'n', order: 0 },
    load: async () => (await import('./needs-you.tsx')).NeedsYou,
  },
]
