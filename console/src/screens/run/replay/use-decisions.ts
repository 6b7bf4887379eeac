// What was decided on the calls that a drive marks, however many the run made: every denied call at once, because they stand out wherever the clock is, and the
// others page by page as their marks come into sight. Reading a page is recorded, and no page is read twice.
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { call } from '../../../api/call.ts'
import { asProblem, type Problem } from '../../../api/problem.ts'
import type { Call } from '../story.ts'
import { pageSize, TapePages, type TapeState } from '../tape-pages.ts'
import { callsWanted } from './moment.ts'
import type { Mark } from './replay-file.ts'

/** Denied calls that are read, at most. */
export const deniedMax = 2_000

/** What is known of the calls of a drive. */
export interface Decisions {
  /** The call with a number; undefined while it is not known. */
  readonly callOf: (number: number) => Call | undefined
  readonly isDenied: (number: number) => boolean
  /** How many calls of the run were denied. */
  readonly denied: number
  /** Says which marks are in sight. */
  readonly onSight: (marks: readonly Mark[]) => void
  readonly problem: Problem | undefined
}

function usePages(run: string, decision: 'denied' | undefined): readonly [pages: TapePages, state: TapeState] {
  const pages = useMemo(() => {
    const filter = decision === undefined ? {} : { decision }
    return new TapePages((after, limit) => call('run:tape', { run, after, limit, ...filter }), decision !== undefined)
  }, [run, decision])
  return [pages, useSyncExternalStore(pages.subscribe, pages.get)]
}

/** The decisions on the calls of a run. */
export function useDecisions(run: string): Decisions {
  const [all, allState] = usePages(run, undefined)
  const [denied, state] = usePages(run, 'denied')
  useEffect(() => denied.want(0, deniedMax - 1), [denied])
  const byNumber = useMemo(() => {
    const found = new Map<number, Call>()
    for (let at = 0; at < Math.min(state.matching ?? 0, deniedMax); at += 1) {
      const row = denied.rowAt(at)
      if (row !== undefined) found.set(row.number, row)
    }
    return found
  }, [denied, state])
  const failed = state.failed ?? allState.failed
  return {
    callOf: (number) => byNumber.get(number) ?? all.rowAt(number - 1),
    isDenied: (number) => byNumber.has(number) || all.rowAt(number - 1)?.decision === 'denied',
    denied: state.denied,
    onSight(marks) {
      const [first, last] = callsWanted(marks, 2 * pageSize) ?? []
      if (first !== undefined && last !== undefined) all.want(first - 1, last - 1)
    },
    problem: failed === undefined ? undefined : asProblem(failed),
  }
}
