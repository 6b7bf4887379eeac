// Lists that only the whole organization has.
import { useQueryClient } from '@tanstack/react-query'
import type { InputOf } from '../api/call.ts'
import { refusalOf, useMay } from '../api/may.ts'
import { type ItemOf, type ListAction, type Listed, type Reading, type ReadOptions, useList } from '../api/queries.ts'

/** A list that only the whole organization has; for whoever may not list it, the refusal that would come, without having asked for it. */
export function useWholeList<N extends ListAction>(action: N, input: InputOf<N>, options: ReadOptions = {}): Reading<Listed<ItemOf<N>>> {
  const client = useQueryClient()
  const may = useMay(action, {} as InputOf<N>) // every list can be asked for without a word
  const reading = useList(action, input, { ...options, when: options.when !== false && (may.state === 'yes' || may.state === 'unknown') })
  return may.state === 'no' ? { state: 'failed', problem: refusalOf(may), again: () => void client.invalidateQueries() } : reading
}
