// A traced thing as the server answers it, and what is missing in it. Every node and edge follows from entries of the ledger; where one that must be there is
// not, the chain has a gap, and a gap is a finding.
import type { OutputOf } from '../../api/call.ts'

/** A trail with its graph. */
export type Trace = OutputOf<'ledger:trace'>
/** A thing in it. */
export type TraceNode = Trace['nodes'][number]
/** One thing led to another. */
export type TraceEdge = Trace['edges'][number]

/** Something that must have led to a thing, and of which nothing is recorded. */
export interface Gap {
  readonly id: string
  /** The thing that came from nowhere. */
  readonly to: string
  readonly missing: string
  readonly says: string
}

/** What each of these comes from. Nothing else makes one. */
const origins: Readonly<Record<string, string>> = { run: 'scenario', artifact: 'run', promotion: 'artifact' }
const numberedWithinMs = 60_000

/** The gaps of a chain: things whose origin is not recorded. */
export function gapsIn({ nodes, edges }: Pick<Trace, 'nodes' | 'edges'>): readonly Gap[] {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]))
  return nodes.flatMap(({ id, kind, title }) => {
    const missing = origins[kind]
    if (missing === undefined) return []
    const isLedTo = edges.some(({ from, to, outcome }) => to === id && outcome === 'done' && kinds.get(from) === missing)
    return isLedTo
      ? []
      : [
          {
            id: `gap:${id}`,
            to: id,
            missing,
            says: `No entry says from which ${missing} ${title.startsWith(kind) ? 'the' : `the ${kind}`} ${title} came.`,
          },
        ]
  })
}

/** Entries that have no number in the log: `late` ones should have had one long ago. */
export function unnumberedIn(
  { entries }: { readonly entries: readonly Pick<Trace['entries'][number], 'id' | 'at' | 'index'>[] },
  now: number,
): { readonly fresh: number; readonly late: readonly string[] } {
  const without = entries.filter(({ index }) => index === null)
  const late = without.filter(({ at }) => now - Date.parse(at) > numberedWithinMs).map(({ id }) => id)
  return { fresh: without.length - late.length, late }
}

const cuts: Readonly<Record<Trace['cut'][number], string>> = {
  entries: 'entries beyond the first 500',
  calls: 'calls beyond the first 200 of each step; they are on the run’s own tape',
  further: 'things more than four steps away',
  nodes: 'things beyond the first 500',
}

/** What was left out of a trail, in words. */
export const cutWords = ({ cut }: Pick<Trace, 'cut'>): readonly string[] => cut.map((one) => cuts[one])

/** Whether a gap may come from what was left out, rather than from what was not recorded. */
export const mayBeCut = ({ cut }: Pick<Trace, 'cut'>): boolean => cut.some((one) => one !== 'calls')
