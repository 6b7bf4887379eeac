// The product's mark: a twin in dashes, and what became of it.
import type { ReactElement } from 'react'

/** The mark. */
export function Brand(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="shrink-0">
      <path d="M12 3 22 13 12 23 2 13Z" fill="none" stroke="var(--color-simulation)" strokeWidth="2.5" strokeDasharray="4 2.4" />
      <path d="M20 9 30 19 20 29 10 19Z" fill="var(--color-service)" />
    </svg>
  )
}
