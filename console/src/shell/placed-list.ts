// Lists of the organization, and for whoever may not list the whole of it the same lists of the places that he may: one list out of all of them. It is asked
// what he may before anything is listed: each refusal would be an entry of the ledger.
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, type InputOf } from '../api/call.ts'
import { askMay, type May, refusalOf, useMay } from '../api/may.ts'
import { type Cursor, type MergedPage, mergePages } from '../api/merge-pages.ts'
import { type Place, usePlaces } from '../api/places.ts'
import { everyMs, type ItemOf, keyOf, type Listed, type Reading, type ReadOptions, readingOf, useOrganization } from '../api/queries.ts'
import { useStore } from '../api/store.ts'
import { project } from './project.ts'

const ofBoth = ['project', 'twin'] as const

/** The lists that can be asked for by place: by which, whether they begin with the newest, and whether a project that is chosen narrows them for everybody. */
const lists = {
  'twin:list': { by: ofBoth, isNewestFirst: false, isNarrowed: true },
  'run:list': { by: ofBoth, isNewestFirst: true, isNarrowed: true },
  'batch:list': { by: ofBoth, isNewestFirst: true, isNarrowed: true },
  'artifact:list': { by: ofBoth, isNewestFirst: true, isNarrowed: true },
  'promotion:list': { by: ofBoth, isNewestFirst: true, isNarrowed: true },
  'environment:list': { by: ofBoth, isNewestFirst: false, isNarrowed: false },
  'ledger:list': { by: ['project'], isNewestFirst: true, isNarrowed: false },
} as const satisfies Readonly<Record<string, Placed>>

interface Placed {
  readonly by: readonly Place['kind'][]
  readonly isNewestFirst: boolean
  readonly isNarrowed: boolean
}

/** A list that can be asked for by place. */
export type PlacedList = keyof typeof lists

/** How many places are asked at most for one list: each is a request. */
export const placesMax = 8

interface Reach {
  readonly state: 'asking' | 'whole' | 'places' | 'none'
  readonly places: readonly Place[]
  readonly whole: May
}

interface Row {
  readonly id: string
}

const inPlace = ({ kind, id }: Place): object => ({ [kind]: id })

/** Where somebody may list this: the whole organization, or which of his places. */
function useReach(action: PlacedList, when: boolean): Reach {
  const organization = useOrganization()
  const whole = useMay(action, when ? {} : undefined)
  const isRefused = whole.state === 'no'
  const held = usePlaces(isRefused)
  const { by }: Placed = lists[action]
  const places = held.state === 'ready' ? held.data.filter(({ kind }) => by.includes(kind)) : []
  const { data, isPending } = useQuery({
    queryKey: [organization ?? '', 'access:check', action, places.map(({ id }) => id), 'each'],
    queryFn: async () => {
      const answers = await Promise.all(places.map((one) => askMay({ action, input: inPlace(one) })))
      return places.filter((_, at) => answers[at]?.allowed)
    },
    enabled: isRefused && places.length > 0,
  })
  if (whole.state === 'asking') return { state: 'asking', places: [], whole }
  if (!isRefused) return { state: 'whole', places: [], whole }
  if (held.state === 'loading' || (places.length > 0 && isPending)) return { state: 'asking', places: [], whole }
  return { state: data === undefined || data.length === 0 ? 'none' : 'places', places: data ?? [], whole }
}

/** A list, and the places out of which it is; undefined for that of the whole organization. */
export interface PlacedReading<T> {
  readonly reading: Reading<Listed<T>>
  readonly within: readonly Place[] | undefined
}

/** What is asked for: the input in each place, or as it stands. */
function asksOf({ state, places }: Reach, isOfTwin: boolean, chosen: string | undefined): readonly object[] {
  if (isOfTwin && state !== 'none') return [{}]
  if (state === 'whole') return [chosen === undefined ? {} : { project: chosen }]
  const own = places.filter(({ id }) => id === chosen)
  return (own.length > 0 ? own : places).slice(0, placesMax).map(inPlace)
}

/** Reads a list of what this person may see, page after page on request, narrowed to the project that is chosen in this tab. */
export function usePlacedList<N extends PlacedList>(action: N, input: InputOf<N>, options: ReadOptions = {}): PlacedReading<ItemOf<N>> {
  const client = useQueryClient()
  const organization = useOrganization()
  const chosen = useStore(project)
  const when = options.when !== false
  const reach = useReach(action, when)
  const { isNewestFirst, isNarrowed } = lists[action]
  const isOfTwin = 'twin' in input && input.twin !== undefined
  const asks = asksOf(reach, isOfTwin, reach.state === 'whole' && !isNarrowed ? undefined : chosen)
  const query = useInfiniteQuery({
    queryKey: [...keyOf(organization, action, input), 'placed', asks],
    queryFn: async ({ signal, pageParam }) => {
      const pages = await Promise.all(
        asks.map(async (ask, at) => {
          const after = pageParam[at]
          if (after === null) return undefined
          // Each of these lists takes a project, a twin and a cursor, and has items with an id.
          const asked = { ...input, ...ask, ...(after === undefined ? {} : { after }) } as InputOf<N>
          return (await call(action, asked, { signal })) as { readonly items: readonly Row[]; readonly next: string | null }
        }),
      )
      return mergePages(pages, pageParam, { isNewestFirst }) as unknown as MergedPage<ItemOf<N>> // what the action answers
    },
    initialPageParam: [] as readonly Cursor[], // nothing is begun yet
    getNextPageParam: (last) => last.next,
    enabled: when && organization !== undefined && (reach.state === 'whole' || asks.length > 0),
    refetchInterval: options.every ?? everyMs,
    refetchOnWindowFocus: options.every !== false,
    ...(options.keepFormer ? { placeholderData: keepPreviousData } : {}),
  })
  const within = reach.state === 'places' ? reach.places : undefined
  if (reach.state === 'none') {
    const again = (): void => void client.invalidateQueries()
    return { reading: { state: 'failed', problem: refusalOf(reach.whole), again }, within }
  }
  const reading = readingOf(query)
  if (reading.state !== 'ready') return { reading, within }
  const items = reading.data.pages.flatMap((page) => page.items)
  const more = query.hasNextPage ? () => void query.fetchNextPage() : undefined
  return { reading: { ...reading, data: { items, more, isReadingMore: query.isFetchingNextPage } }, within }
}
