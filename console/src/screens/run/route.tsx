// One run as it happens, and its replay.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/runs/$run', load: async () => (await import('./run.tsx')).Run },
  {
    path: '/runs/$run/replay',
    keys: {
      title: 'In a replay',
      lines: [
        [['Space'], 'Play, or stand still'],
        [['←', '→'], 'A step back, a step on; with Shift ten'],
        [['Home', 'End'], 'To its beginning, to its end'],
        [[',', '.'], 'Slower, faster'],
        [['a', 'd'], 'Turn the room left, right'],
        [['w', 's'], 'Look from higher, from lower'],
        [['+', '-'], 'Come closer, go farther'],
        [['0'], 'Look as at first'],
      ],
    },
    load: async () => (await import('./replay/replay.tsx')).Replay,
  },
]
