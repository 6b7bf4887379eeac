// What the palette finds among things: by whole id at once, by name among those that can be listed.
import { useQuery } from '@tanstack/react-query'
import { call, type OutputOf } from '../api/call.ts'
import { useMay } from '../api/may.ts'
import { keyOf, useRead } from '../api/queries.ts'
import { organizationHere } from '../api/session.ts'
import type { IconName } from '../design/icon.tsx'
import type { Kind } from '../design/kind.tsx'
import { visible } from '../design/visible.ts'
import { usePlacedList } from './placed-list.ts'
import { viewOf } from './view-of.ts'

/** What things are called here and how they are marked, by the prefix of their id. */
const kinds: Readonly<Record<string, { readonly word: string; readonly mark: IconName | { readonly kind: Kind } }>> = {
  run: { word: 'Run', mark: { kind: 'run' } },
  bat: { word: 'Batch', mark: 'stack' },
  twn: { word: 'Twin', mark: { kind: 'twin' } },
  scn: { word: 'Scenario', mark: 'play' },
  art: { word: 'Artifact', mark: 'box' },
  prm: { word: 'Promotion', mark: 'gate' },
  ent: { word: 'Entry', mark: 'book' },
  grt: { word: 'Grant', mark: 'key' },
  per: { word: 'Person', mark: { kind: 'person' } },
  pip: { word: 'Pipeline', mark: { kind: 'pipeline' } },
  agt: { word: 'Agent', mark: { kind: 'agent' } },
  svc: { word: 'Service', mark: { kind: 'service' } },
  grp: { word: 'Group', mark: 'person' },
  gst: { word: 'Guest', mark: { kind: 'person' } },
  eng: { word: 'Engagement', mark: 'gate' },
  con: { word: 'Connection', mark: 'out' },
  map: { word: 'Mapping', mark: 'right' },
  sso: { word: 'Provider', mark: 'lock' },
  dir: { word: 'Directory', mark: 'book' },
  lnk: { word: 'Admin link', mark: 'key' },
}

const lookFrom = 2
const foundMax = 8
const wordsMax = 100
const twinsMax = 20

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

const text = (value: unknown): string => (typeof value === 'string' ? visible(value) : '')

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

/** People and groups by name, for whoever may list them: each refusal would be an entry of the ledger. */
function usePeople(wanted: string, when: boolean): readonly Named[] {
  const may = useMay('person:list', when ? {} : undefined)
  const options = { when: when && may.state === 'yes', every: false as const }
  const asked = { find: wanted.slice(0, wordsMax), limit: foundMax }
  const people = useRead('person:list', asked, options)
  const groups = useRead('group:list', { ...asked, brief: true }, options)
  return [people, groups].flatMap((one) => itemsOf(one as ReturnType<typeof useRead>)) // only what both of them have is read
}

/** Things whose name or id contains the text. */
export function useFound(query: string, visit: (to: string) => void): readonly Found[] {
  const wanted = query.trim().toLowerCase()
  const when = wanted.length >= lookFrom
  const limit = { limit: 100 }
  const options = { when, every: false as const }
  const { reading: twins } = usePlacedList('twin:list', limit, options)
  const lists = [
    usePlacedList('run:list', limit, options).reading,
    twins,
    usePlacedList('artifact:list', limit, options).reading,
    usePlacedList('promotion:list', limit, options).reading,
  ]
  const scenarios = useScenarios(itemsOf(twins as ReturnType<typeof useRead>), when)
  const people = usePeople(wanted, when)
  if (!when) return []
  const all = [...lists.flatMap((one) => itemsOf(one as ReturnType<typeof useRead>)), ...scenarios] // only what all of them have is read
  const known = viewOf(wanted) !== undefined && !all.some(({ id }) => id === wanted) ? [{ id: wanted }] : []
  const isNamed = (one: Named): boolean => {
    const said = `${kinds[one.id.slice(0, 3)]?.word ?? ''} ${nameOf(one)} ${one.id}`.toLowerCase()
    return wanted.split(/\s+/).every((word) => said.includes(word))
  }
  return [...known, ...all.filter(isNamed), ...people].slice(0, foundMax).flatMap((one) => {
    const to = viewOf(one.id)
    const kind = kinds[one.id.slice(0, 3)]
    if (to === undefined || kind === undefined) return []
    const name = nameOf(one)
    return [{ id: one.id, name: name === one.id ? kind.word : `${kind.word} ${name}`, more: one.id, mark: kind.mark, do: () => visit(to) }]
  })
}
