// Promotions: all of them, and the review of one.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  {
    path: '/promotions',
    place: { name: 'Promotions', icon: 'gate', letter: 'p', order: 4 },
    load: async () => (await import('./promotions.tsx')).Promotions,
  },
  { path: '/promotions/$promotion', load: async () => (await import('./promotion.tsx')).Promotion },
]
