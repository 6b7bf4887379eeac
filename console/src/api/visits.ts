// Which views this browser saw last, for the palette. Kept in this browser alone, by organization; titles hold names that people chose.

import { organizationHere } from './session.ts'
import { keep, kept } from './store.ts'

/** A view that was seen. */
export interface Visit {
  readonly title: string
  /** Path and query. */
  readonly path: string
}

const visitsMax = 12
const keyHere = (): string => `twinlock.visits.${organizationHere() ?? ''}`

const isVisit = (value: unknown): value is Visit =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  'path' in value &&
  typeof value.title === 'string' &&
  typeof value.path === 'string'

/** The views seen last, newest first. */
export function visits(): readonly Visit[] {
  try {
    const found: unknown = JSON.parse(kept('localStorage', keyHere()) ?? '[]')
    return Array.isArray(found) ? found.filter(isVisit).filter(({ path }) => path.startsWith('/console/')) : []
  } catch {
    return [] // what was kept is not ours any more
  }
}

/** Remembers that a view was seen. */
export function rememberVisit(title: string, path: string): void {
  const [name = ''] = path.split('?')
  const others = visits().filter((one) => one.path.split('?')[0] !== name)
  keep('localStorage', keyHere(), JSON.stringify([{ title, path }, ...others].slice(0, visitsMax)))
}
