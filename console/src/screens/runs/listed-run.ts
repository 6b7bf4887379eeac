// A run as lists tell of it, in words.
import type { OutputOf } from '../../api/call.ts'

/** A run as lists show it. */
export type ListedRun = OutputOf<'run:list'>['items'][number]

/** The state that a person wants to know first: frozen, else how it ended, else where it is. */
export function stateOf({ frozen, outcome, state }: ListedRun): string {
  return frozen === null ? (outcome ?? state) : 'frozen'
}

/** What a run is called: its twin and scenario. */
export function nameOf({ twinName, scenarioName, twin }: Pick<ListedRun, 'twinName' | 'scenarioName' | 'twin'>): string {
  return [twinName ?? twin, scenarioName].filter(Boolean).join(' · ')
}
