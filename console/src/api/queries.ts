// Reading and acting from views: what was read is kept per organization, action and input, is read again while it is shown, and is never shown as fresh
// when it is not. After an act everything that is shown is read again.
import { keepPreviousData, QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ActionName, call, type InputOf, type OutputOf } from './call.ts'
import { asProblem, type Problem } from './problem.ts'
import { session } from './session.ts'
import { useStore } from './store.ts'

const freshMs = 3_000
/** How often what is shown is read again, unless a view says otherwise. */
export const everyMs = 15_000
const triesMax = 2

/** Makes the store of what was read. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < triesMax && asProblem(error).mayPass,
        throwOnError: false,
      },
    },
  })
}

/** What reading came to. `stale` is set when it could not be read again: what is shown was true at `at`. */
export type Reading<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem; readonly again: () => void }
  | { readonly state: 'ready'; readonly data: T; readonly at: number; readonly stale: Problem | undefined; readonly again: () => void }

/** How a read is kept up to date. */
export interface ReadOptions {
  /** Whether to read at all; true unless said. */
  readonly when?: boolean | undefined
  /** How often it is read again while it is shown, in milliseconds; false never. Fifteen seconds unless said. */
  readonly every?: number | false | undefined
  /** Whether the answer to the former input is shown until the new one is there. */
  readonly keepFormer?: boolean | undefined
  /** Whether one reading is enough for as long as it is kept: of what does not change, and whose every reading is recorded. */
  readonly once?: boolean | undefined
}

/** The key under which an answer is kept. */
export function keyOf(organization: string | undefined, action: ActionName, input: unknown): readonly unknown[] {
  return [organization ?? '', action, input]
}

/** The organization that this tab acts in; undefined while nobody is signed in. */
export function useOrganization(): string | undefined {
  const now = useStore(session)
  return now.state === 'somebody' ? now.here.id : undefined
}

interface QueryLike<T> {
  readonly data: T | undefined
  readonly error: Error | null
  readonly dataUpdatedAt: number
  readonly refetch: () => unknown
}

/** What a query came to, as views read it. */
export function readingOf<T>({ data, error, dataUpdatedAt, refetch }: QueryLike<T>): Reading<T> {
  const again = () => void refetch()
  if (data !== undefined) return { state: 'ready', data, at: dataUpdatedAt, stale: error === null ? undefined : asProblem(error), again }
  return error === null ? { state: 'loading' } : { state: 'failed', problem: asProblem(error), again }
}

/** Reads an action's answer and follows it. */
export function useRead<N extends ActionName>(action: N, input: InputOf<N>, options: ReadOptions = {}): Reading<OutputOf<N>> {
  const organization = useOrganization()
  const query = useQuery({
    queryKey: keyOf(organization, action, input),
    queryFn: ({ signal }) => call(action, input, { signal }),
    enabled: options.when !== false && organization !== undefined,
    refetchInterval: options.once ? false : (options.every ?? everyMs),
    refetchOnWindowFocus: options.every !== false, // what is recorded when it is read is not read again by itself
    ...(options.once ? { staleTime: 'static' as const } : {}),
    ...(options.keepFormer ? { placeholderData: keepPreviousData } : {}),
  })
  return readingOf<OutputOf<N>>(query)
}

/** Puts what a stream told in the place of what was read last. */
export function useTold<N extends ActionName>(action: N, input: InputOf<N>): (output: OutputOf<N>) => void {
  const client = useQueryClient()
  const organization = useOrganization()
  return (output) => void client.setQueryData(keyOf(organization, action, input), output)
}

/** A list that is read page by page. */
export interface Listed<T> {
  readonly items: readonly T[]
  /** Reads the next page; undefined when there is none. */
  readonly more: (() => void) | undefined
  readonly isReadingMore: boolean
}

interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** The actions that answer a page of items. */
export type ListAction = { [N in ActionName]: OutputOf<N> extends Page<unknown> ? N : never }[ActionName]

/** What such a list holds. */
export type ItemOf<N extends ListAction> = OutputOf<N> extends Page<infer T> ? T : never

/** Reads a list, page after page on request, and follows its first pages. */
export function useList<N extends ListAction>(action: N, input: InputOf<N>, options: ReadOptions = {}): Reading<Listed<ItemOf<N>>> {
  const organization = useOrganization()
  const query = useInfiniteQuery({
    queryKey: [...keyOf(organization, action, input), 'pages'],
    queryFn: async ({ signal, pageParam }) =>
      (await call(action, { ...input, ...(pageParam === null ? {} : { after: pageParam }) }, { signal })) as unknown as Page<ItemOf<N>>, // by `ListAction`
    initialPageParam: null as string | null, // the first page has no cursor
    getNextPageParam: (last) => last.next,
    enabled: options.when !== false && organization !== undefined,
    refetchInterval: options.every ?? everyMs,
    refetchOnWindowFocus: options.every !== false,
    ...(options.keepFormer ? { placeholderData: keepPreviousData } : {}),
  })
  const reading = readingOf(query)
  if (reading.state !== 'ready') return reading
  const items = reading.data.pages.flatMap((page) => page.items)
  const more = query.hasNextPage ? () => void query.fetchNextPage() : undefined
  return { ...reading, data: { items, more, isReadingMore: query.isFetchingNextPage } }
}

/** Doing something: pending, done with an answer, or failed. */
export interface Acting<N extends ActionName> {
  readonly act: (input: InputOf<N>) => Promise<OutputOf<N>>
  readonly isActing: boolean
  readonly problem: Problem | undefined
  readonly reset: () => void
}

/** Does an action on request; afterwards everything shown is read again. */
export function useAct<N extends ActionName>(action: N): Acting<N> {
  const client = useQueryClient()
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: (input: InputOf<N>) => call(action, input),
    gcTime: 0, // what was sent may be a secret: it is forgotten with the button that sent it
    onSettled: () => client.invalidateQueries(),
  })
  return { act: mutateAsync, isActing: isPending, problem: error === null ? undefined : asProblem(error), reset }
}
