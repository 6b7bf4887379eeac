// What a screen says of itself: where it is, what it is called, and where its view is loaded from. Screens are found by their folder, so that adding one
// touches no other file.
import type { ComponentType } from 'react'
import type { IconName } from '../design/icon.tsx'

/** A place in the navigation. */
export interface Place {
  readonly name: string
  readonly icon: IconName
  /** The letter that goes there after `g`. */
  readonly letter: string
  /** Its place among the others, from the top. */
  readonly order: number
}

/** A key, or keys pressed together, and what they do. */
export type KeyLine = readonly [keys: readonly string[], does: string]

/** The keys of a place. */
export interface KeyGroup {
  readonly title: string
  readonly lines: readonly KeyLine[]
}

/** A screen. */
export interface Screen {
  /** Below the console's base, with parameters as `$name`. */
  readonly path: string
  /** In the navigation; screens of one thing have none. */
  readonly place?: Place
  /** What is done there, for the palette: `Launch a run`. */
  readonly act?: { readonly name: string; readonly icon: IconName }
  /** Keys of its own, for the sheet. */
  readonly keys?: KeyGroup
  /** Loads the view: `() => import('./runs.tsx').then((file) => file.Runs)`. */
  readonly load: () => Promise<ComponentType>
}

const found = import.meta.glob<readonly Screen[]>('../screens/*/route.tsx', { eager: true, import: 'screens' })

/** Every screen that there is. */
export const screens: readonly Screen[] = Object.values(found).flat()

/** The screens of the navigation, in order. */
export const places: readonly (Screen & { readonly place: Place })[] = screens
  .filter((one): one is Screen & { readonly place: Place } => one.place !== undefined)
  .sort((one, other) => one.place.order - other.place.order)

/** The keys of screens that have some of their own. */
export const ownKeys: readonly KeyGroup[] = screens.flatMap(({ keys }) => keys ?? [])

/** The screens that one goes to in order to do something. */
export const acts: readonly (Screen & { readonly act: { readonly name: string; readonly icon: IconName } })[] = screens.filter(
  (one): one is Screen & { readonly act: { readonly name: string; readonly icon: IconName } } => one.act !== undefined,
)
