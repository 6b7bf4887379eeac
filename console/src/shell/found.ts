// What the palette finds among things: by whole id at once, by name among those that can be listed.
import { useRead } from '../api/queries.ts'
import type { IconName } from '../design/icon.tsx'
import type { Kind } from '../design/kind.tsx'
import { place } from '../design/link.tsx'

const lookFrom = 2
const foundMax = 8

/** Where a thing's own view is, by the prefix of its id. */
const views: Readonly<
  Record<string, { readonly pattern: string; readonly word: string; readonly mark: IconName | { readonly kind: Kind } }>
> = {
  run: { pattern: '/runs/$id', word: 'Run', mark: { kind: 'run' } },
  twn: { pattern: '/twins/$id', word: 'Twin', mark: { kind: 'twin' } },
  scn: { pattern: '/scenarios/$id', word: 'Scenario', mark: 'play' },
  art: { pattern: '/artifacts/$id', word: 'Artifact', mark: 'box' },
  prm: { pattern: '/promotions/$id', word: 'Promotion', mark: 'gate' },
  ent: { pattern: '/audit/$id', word: 'Entry', mark: 'book' },
}

/** The view of a thing by its id; undefined for an id whose thing has none. */
export function viewOf(id: string): string | undefined {
  const view = views[id.slice(0, 3)]
  return view === undefined || !/^[a-z]{3}_[0-9a-z]{26}$/.test(id) ? undefined : place(view.pattern, { id })
}

/** Something that was found. */
export interface Found {
  readonly id: string
  readonly name: string
  readonly more: string
  readonly mark: IconName | { readonly kind: Kind }
  readonly do: () => void
}

interface Named {
  readonly id: string
  readonly name?: unknown
  readonly slug?: unknown
  readonly twinName?: unknown
  readonly scenarioName?: unknown
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function nameOf(one: Named): string {
  const own = text(one.name) || text(one.slug)
  const of = [text(one.twinName), text(one.scenarioName)].filter(Boolean).join(' · ')
  return own || of || one.id
}

function itemsOf(reading: ReturnType<typeof useRead>): readonly Named[] {
  return reading.state === 'ready' && typeof reading.data === 'object' && reading.data !== null && 'items' in reading.data
    ? (reading.data.items as readonly Named[]) // every list of the API has items with an id
    : []
}

/** Things whose name or id contains the text. */
export function useFound(query: string, visit: (to: string) => void): readonly Found[] {
  const wanted = query.trim().toLowerCase()
  const when = wanted.length >= lookFrom
  const limit = { limit: 100 }
  const lists = [
    useRead('run:list', limit, { when, every: false }),
    useRead('twin:list', limit, { when, every: false }),
    useRead('artifact:list', limit, { when, every: false }),
    useRead('promotion:list', limit, { when, every: false }),
  ]
  if (!when) return []
  const all = lists.flatMap((one) => itemsOf(one as ReturnType<typeof useRead>)) // only what all of them have is read
  const known = viewOf(wanted) !== undefined && !all.some(({ id }) => id === wanted) ? [{ id: wanted }] : []
  return [...known, ...all]
    .filter((one) => `${nameOf(one)} ${one.id}`.toLowerCase().includes(wanted))
    .slice(0, foundMax)
    .flatMap((one) => {
      const to = viewOf(one.id)
      const view = views[one.id.slice(0, 3)]
      if (to === undefined || view === undefined) return []
      const name = nameOf(one)
      return [
        { id: one.id, name: name === one.id ? view.word : `${view.word} ${name}`, more: one.id, mark: view.mark, do: () => visit(to) },
      ]
    })
}
