// The lineage of a thing: what led to it, and what came of it.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  {
    path: '/lineage/$subject',
    keys: {
      title: 'In a lineage',
      lines: [
        [['←', '→', '↑', '↓'], 'From thing to thing'],
        [['Enter'], 'Open it'],
        [['o'], 'Open a cluster'],
        [['Home'], 'Back to what was asked for'],
      ],
    },
    load: async () => (await import('./lineage.tsx')).Lineage,
  },
]
