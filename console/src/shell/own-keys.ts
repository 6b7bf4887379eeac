// The keys of views that have some of their own: found by their folders' `keys.ts`, and loaded with the sheet of keys, so that no page loads them first.

/** A key, or keys pressed together, and what they do. */
export type KeyLine = readonly [keys: readonly string[], does: string]

/** The keys of a place. */
export interface KeyGroup {
  readonly title: string
  readonly lines: readonly KeyLine[]
}

const found = import.meta.glob<KeyGroup>('../screens/*/keys.ts', { eager: true, import: 'keys' })

/** The keys of views that have some of their own. */
export const ownKeys: readonly KeyGroup[] = Object.values(found)
