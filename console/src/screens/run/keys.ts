// The keys of a replay, for the sheet of keys.
import type { KeyGroup } from '../../shell/own-keys.ts'

/** Its keys. */
export const keys: KeyGroup = {
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
}
