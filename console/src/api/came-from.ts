// The list that one came from, so that the next and the former item of it are one key away. Kept for this tab alone, by organization: paths of the console
// and the list's title, which may hold a name that somebody chose.
import { organizationHere } from './session.ts'
import { keep, kept } from './store.ts'

interface CameFrom {
  readonly title: string
  /** Path and query of the list. */
  readonly list: string
  /** Paths of its items, in the order in which they were shown. */
  readonly items: readonly string[]
}

/** Where an item stands in the list that one came from. Paths are those of the console, without its base. */
export interface Neighbours {
  readonly title: string
  readonly list: string
  /** Counted from 1. */
  readonly at: number
  readonly count: number
  readonly former: string | undefined
  readonly next: string | undefined
}

const itemsMax = 500
const keyHere = (): string => `twinlock.came-from.${organizationHere() ?? ''}`
const isText = (value: unknown): value is string => typeof value === 'string'
const isPath = (value: unknown): value is string => isText(value) && /^\/(?!\/)/.test(value)

/** What was kept, if it still is a list of ours. */
export function cameFromIn(text: string | undefined): CameFrom | undefined {
  try {
    const found: unknown = JSON.parse(text ?? 'null')
    if (typeof found !== 'object' || found === null || !('title' in found && 'list' in found && 'items' in found)) return undefined
    const { title, list, items } = found
    return isText(title) && isPath(list) && Array.isArray(items) && items.every(isPath) ? { title, list, items } : undefined
  } catch {
    return undefined // what was kept is not ours any more
  }
}

/** Where an item stands in a list; undefined where it is not in it, or alone. */
export function neighboursIn(from: CameFrom | undefined, path: string): Neighbours | undefined {
  const at = from?.items.indexOf(path) ?? -1
  if (from === undefined || at === -1 || from.items.length < 2) return undefined
  const { title, list, items } = from
  return { title, list, at: at + 1, count: items.length, former: items[at - 1], next: items[at + 1] }
}

/** The path within the console of an address below its base. */
export function withinConsole(path: string): string {
  return path.replace(/^\/console(?=\/|$)/, '') || '/'
}

/** Remembers the list that is shown now, with the paths of its items, at the moment when one of them is opened. */
export function rememberList(items: readonly string[]): void {
  const { pathname, search } = window.location
  const from: CameFrom = {
    title: document.title.replace(/ · Twinlock$/, ''),
    list: withinConsole(`${pathname}${search}`),
    items: items.slice(0, itemsMax),
  }
  keep('sessionStorage', keyHere(), JSON.stringify(from))
}

/** Where the item at this address stands in the list that one came from. */
export function neighboursOf(pathname: string): Neighbours | undefined {
  return neighboursIn(cameFromIn(kept('sessionStorage', keyHere())), withinConsole(pathname))
}
