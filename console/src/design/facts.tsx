// Facts about one thing, as rows of name and value. No box: the alignment holds them together.
import type { ReactElement, ReactNode } from 'react'

/** One fact; undefined rows are left out, so that a view may write them conditionally. */
export type Fact = readonly [name: string, value: ReactNode] | undefined | false

interface FactsProps {
  readonly of: readonly Fact[]
}

/** Rows of facts: name beside value, or above it where there is little room. */
export function Facts({ of }: FactsProps): ReactElement {
  return (
    <dl className="grid gap-x-6 sm:grid-cols-[minmax(7rem,12rem)_minmax(0,1fr)]">
      {of.map((fact) =>
        fact ? (
          <div key={fact[0]} className="grid grid-cols-subgrid border-b border-line/70 py-1.5 last:border-b-0 sm:col-span-2">
            <dt className="text-small text-soft">{fact[0]}</dt>
            <dd className="min-w-0">{fact[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
