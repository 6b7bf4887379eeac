// One line of the first screen: a word in front, what it is about, and when.
import type { ReactElement, ReactNode } from 'react'

interface LineProps {
  /** The word in front; on a phone above the rest. */
  readonly lead: ReactNode
  readonly at: ReactNode
  readonly children: ReactNode
}

/** A line of a list. */
export function Line({ lead, at, children }: LineProps): ReactElement {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 border-b border-line/70 py-2.5 last:border-b-0 md:grid-cols-[6.5rem_minmax(0,1fr)_auto]">
      {lead}
      <span className="col-span-2 row-start-2 min-w-0 md:col-span-1 md:col-start-2 md:row-start-1">{children}</span>
      <span className="text-right text-small text-faint md:col-start-3">{at}</span>
    </li>
  )
}
