// The calls of a run under a filter, wherever they come from: a live run's from its stream, filtered here; an ended run's from its tape, page by page, filtered
// by the server. Reading a page is recorded; what was read is not read again.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { call, type InputOf } from '../../api/call.ts'
import { asProblem, type Problem } from '../../api/problem.ts'
import type { Call, Told } from './story.ts'
import { TapePages } from './tape-pages.ts'

/** What is shown of the calls; all of it in the URL. */
export type CallFilter = { readonly [N in 'decision' | 'connection' | 'method']?: InputOf<'run:tape'>[N] | undefined }

/** Calls, as a long table shows them. */
export interface Calls {
  /** How many the filter lets through; undefined until it is known. */
  readonly count: number | undefined
  readonly allowed: number
  readonly denied: number
  readonly rowAt: (at: number) => Call | undefined
  readonly onSight: (first: number, last: number) => void
  readonly problem: Problem | undefined
  readonly again: () => void
  readonly isLive: boolean
}

const isFiltered = ({ decision, connection, method }: CallFilter): boolean =>
  decision !== undefined || connection !== undefined || method !== undefined

function matches(row: Call, { decision, connection, method }: CallFilter): boolean {
  return (
    (decision === undefined || row.decision === decision) &&
    (connection === undefined || row.connection === connection) &&
    (method === undefined || row.method === method)
  )
}

/** The calls that a stream told. */
export function useLiveCalls(told: Told, filter: CallFilter): Calls {
  const { decision, connection, method } = filter
  const rows = useMemo(() => {
    const of = { decision, connection, method }
    return isFiltered(of) ? told.calls.filter((row) => matches(row, of)) : told.calls
  }, [told, decision, connection, method])
  return {
    count: rows.length,
    allowed: told.allowed,
    denied: told.denied,
    rowAt: (at) => rows[at],
    onSight: () => undefined,
    problem: undefined,
    again: () => undefined,
    isLive: true,
  }
}

/** The calls of a tape that grows no more; `isWanted` says whether to read at all. */
export function useTapeCalls(run: string, { decision, connection, method }: CallFilter, isWanted: boolean): Calls {
  const pages = useMemo(() => {
    const filter = {
      ...(decision === undefined ? {} : { decision }),
      ...(connection === undefined ? {} : { connection }),
      ...(method === undefined ? {} : { method }),
    }
    return new TapePages((after, limit) => call('run:tape', { run, after, limit, ...filter }), isFiltered(filter))
  }, [run, decision, connection, method])
  const state = useSyncExternalStore(pages.subscribe, pages.get)
  useEffect(() => {
    if (isWanted) pages.want(0, 0)
  }, [pages, isWanted])
  // The counts are of the whole tape, so they hold under the next filter too while its first page is on its way.
  const [counts, setCounts] = useState({ allowed: 0, denied: 0 })
  useEffect(() => {
    if (state.matching !== undefined) setCounts({ allowed: state.allowed, denied: state.denied })
  }, [state])
  return {
    count: state.matching,
    ...counts,
    rowAt: (at) => pages.rowAt(at),
    onSight: (first, last) => pages.want(first, last),
    problem: state.failed === undefined ? undefined : asProblem(state.failed),
    again: () => pages.again(),
    isLive: false,
  }
}
