// One list out of several: pages of the lists of several places, in the one order that all of them have. What lies behind the end of a page that has a next one
// waits for that one, so that nothing is shown above what comes before it.

/** Up to where a list was read: its last id; undefined where it was not begun, null where nothing more comes. */
export type Cursor = string | null | undefined

interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** A page of all of them together. */
export interface MergedPage<T> {
  readonly items: readonly T[]
  /** Null where nothing more comes of any. */
  readonly next: readonly Cursor[] | null
}

interface Order {
  /** Lists by the time of their making begin with the newest: ids grow with time. */
  readonly isNewestFirst: boolean
}

/** The next page of several lists, of which these pages were read; undefined for a list that had ended before. */
export function mergePages<T extends { readonly id: string }>(
  pages: readonly (Page<T> | undefined)[],
  cursors: readonly Cursor[],
  { isNewestFirst }: Order,
): MergedPage<T> {
  const isBefore = (one: string, other: string): boolean => (isNewestFirst ? one > other : one < other)
  const ends = pages.flatMap((page) => (page === undefined || page.next === null ? [] : [page.next]))
  const end = ends.reduce<string | undefined>((first, one) => (first === undefined || isBefore(one, first) ? one : first), undefined)
  const shown = pages.map((page) => page?.items.filter(({ id }) => end === undefined || !isBefore(end, id)) ?? [])
  const next = pages.map((page, at): Cursor => {
    if (page === undefined) return null
    const [own = []] = [shown[at]]
    return page.next === null && own.length === page.items.length ? null : (own.at(-1)?.id ?? cursors[at])
  })
  // What lies in a twin that somebody was given something on lies in its project too.
  const once = new Map(shown.flat().map((one) => [one.id, one]))
  const items = [...once.values()].sort((one, other) => (isBefore(one.id, other.id) ? -1 : 1))
  return { items, next: next.every((one) => one === null) ? null : next }
}
