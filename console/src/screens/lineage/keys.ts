// The keys of a lineage, for the sheet of keys.
import type { KeyGroup } from '../../shell/own-keys.ts'

/** Its keys. */
export const keys: KeyGroup = {
  title: 'In a lineage',
  lines: [
    [['←', '→', '↑', '↓'], 'From thing to thing'],
    [['Enter'], 'Open it'],
    [['o'], 'Open a cluster'],
    [['Home'], 'Back to what was asked for'],
  ],
}
