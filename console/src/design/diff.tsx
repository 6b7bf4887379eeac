// Two things side by side, fact by fact: what is the same is quiet, what differs is marked by a word as well as a colour. On a phone the columns stack.
import type { ReactElement, ReactNode } from 'react'

/** One fact of both. `same` makes it quiet. */
export interface DiffRow {
  readonly name: string
  readonly before: ReactNode
  readonly after: ReactNode
  readonly same?: boolean
}

interface DiffProps {
  /** What the two columns are called, with their marks. */
  readonly before: ReactNode
  readonly after: ReactNode
  /** Their marks alone, which stand before each value where the columns stack. */
  readonly marks?: { readonly before: ReactNode; readonly after: ReactNode }
  readonly rows: readonly DiffRow[]
  /** What the comparison is, for those who hear it. */
  readonly label: string
}

/** A comparison in two columns. */
export function Diff({ label, before, after, marks = { before, after }, rows }: DiffProps): ReactElement {
  const columns = 'md:grid-cols-[9rem_minmax(0,1fr)_minmax(0,1fr)]'
  return (
    <div role="table" aria-label={label} className="text-base">
      <div role="row" className={`hidden gap-x-6 border-b border-line pb-1.5 md:grid ${columns}`}>
        <span role="columnheader" className="sr-only">
          Fact
        </span>
        <span role="columnheader" className="border-l-2 border-transparent pl-2.5 md:col-start-2">
          {before}
        </span>
        <span role="columnheader" className="border-l-2 border-transparent pl-2.5">
          {after}
        </span>
      </div>
      {rows.map(({ name, before: one, after: other, same = false }) => (
        <div key={name} role="row" className={`grid gap-x-6 gap-y-1 border-b border-line/70 py-2 last:border-b-0 ${columns}`}>
          <span role="rowheader" className="flex items-baseline gap-2 text-small text-soft">
            {name}
            {same ? <span className="text-tiny text-faint">same</span> : null}
          </span>
          <span role="cell" className={`min-w-0 border-l-2 pl-2.5 ${same ? 'border-line text-soft' : 'border-dashed border-simulation'}`}>
            <span className="block md:hidden">{marks.before}</span>
            {one}
          </span>
          <span role="cell" className={`min-w-0 border-l-2 pl-2.5 ${same ? 'border-line text-soft' : 'border-production'}`}>
            <span className="block md:hidden">{marks.after}</span>
            {other}
          </span>
        </div>
      ))}
    </div>
  )
}
