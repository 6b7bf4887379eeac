// What the palette finds among things: by whole id at once, by name among those that can be listed.
import { useQuery } from '@tanstack/react-query'
import { call, type OutputOf } from '../api/call.ts'
import { keyOf, useRead } from '../api/queries.ts'
import { organizationHere } from '../api/session.ts'
import type { IconName } from '../design/icon.tsx'
import type { Kind } from '../design/kind.tsx'
import { place } from '../design/link.tsx'

const lookFrom = 2
const foundMax = 8
const twinsMax = 20

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
  grt: { pattern: '/access/grants?grant=$id', word: 'Grant', mark: 'key' },
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

/** The newest version of each scenario of these twins: the API lists scenarios by their twin. */
function useScenarios(twins: readonly Named[], when: boolean): readonly Named[] {
  const read = twins.slice(0, twinsMax)
  const { data = [] } = useQuery({
    queryKey: [
      ...keyOf(
        organizationHere(),
        'scenario:list',
        read.map(({ id }) => id),
      ),
      'palette',
    ],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(read.map(({ id }) => scenariosOf(id, signal)))
      return lists.flatMap((list, at) => list.map((one) => ({ ...one, twinName: text(read[at]?.slug) })))
    },
    enabled: when && read.length > 0,
  })
  return data
}

type Scenario = OutputOf<'scenario:list'>['items'][number]

async function scenariosOf(twin: string, signal: AbortSignal): Promise<readonly Named[]> {
  // A twin whose scenarios one may not see has none to find.
  const { items } = await call('scenario:list', { twin, limit: 100 }, { signal }).catch((): { items: readonly Scenario[] } => ({
    items: [],
  }))
  const newest = new Map<string, Scenario>()
  for (const one of items) if (one.version > (newest.get(one.slug)?.version ?? 0)) newest.set(one.slug, one)
  return [...newest.values()].map(({ id, slug }) => ({ id, scenarioName: slug }))
}

/** Things whose name or id contains the text. */
export function useFound(query: string, visit: (to: string) => void): readonly Found[] {
  const wanted = query.trim().toLowerCase()
  const when = wanted.length >= lookFrom
  const limit = { limit: 100 }
  const twins = useRead('twin:list', limit, { when, every: false })
  const lists = [
    useRead('run:list', limit, { when, every: false }),
    twins,
    useRead('artifact:list', limit, { when, every: false }),
    useRead('promotion:list', limit, { when, every: false }),
  ]
  const scenarios = useScenarios(itemsOf(twins as ReturnType<typeof useRead>), when)
  if (!when) return []
  const all = [...lists.flatMap((one) => itemsOf(one as ReturnType<typeof useRead>)), ...scenarios] // only what all of them have is read
  const known = viewOf(wanted) !== undefined && !all.some(({ id }) => id === wanted) ? [{ id: wanted }] : []
  return [...known, ...all]
    .filter((one) => {
      const said = `${views[one.id.slice(0, 3)]?.word ?? ''} ${nameOf(one)} ${one.id}`.toLowerCase()
      return wanted.split(/\s+/).every((word) => said.includes(word))
    })
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
