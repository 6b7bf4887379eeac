// What screens offer to do, for the palette: found by their folders' `acts.ts`, and loaded with the palette, so that no page loads it first.
import type { IconName } from '../design/icon.tsx'

/** Something that is done at a place of the console: `Launch a run`. */
export interface Act {
  /** Below the console's base. */
  readonly path: string
  readonly name: string
  readonly icon: IconName
}

const found = import.meta.glob<readonly Act[]>('../screens/*/acts.ts', { eager: true, import: 'acts' })

/** What one goes to in order to do something. */
export const acts: readonly Act[] = Object.values(found).flat()
