// Facts about one thing, as rows of name and value. No box: the alignment holds them together.
import type { ReactElement, ReactNode } from 'react'

interface FactsProps {
  readonly children: ReactNode
}

/** Rows of facts: `<Fact>` within. */
export function Facts({ children }: FactsProps): ReactElement {
  return <dl className="grid gap-x-6 sm:grid-cols-[minmax(7rem,12rem)_minmax(0,1fr)]">{children}</dl>
}

interface FactProps {
  readonly name: string
  readonly children: ReactNode
}

/** One fact: its name beside its value, or above it where there is little room. */
export function Fact({ name, children }: FactProps): ReactElement {
  return (
    <div className="grid grid-cols-subgrid items-baseline border-b border-line/70 py-1.5 last:border-b-0 sm:col-span-2">
      <dt className="text-small text-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
