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

/** A screen. */
export interface Screen {
  /** Below the console's base, with parameters as `$name`. */
  readonly path: string
  /** In the navigation; screens of one thing have none. */
  readonly place?: Place
  /** The path of the place that it belongs to, where its own begins with another word. */
  readonly under?: string
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
