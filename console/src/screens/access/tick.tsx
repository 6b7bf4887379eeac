// The box of a choice that is on or off; its word stands beside it, and the field around it says its state to those who hear the page.
import type { ReactElement } from 'react'
import { Icon } from '../../design/icon.tsx'

interface TickProps {
  readonly on: boolean
  /** Whether what it chooses is dangerous. */
  readonly bad?: boolean
}

/** A tick in its box. */
export function Tick({ on, bad = false }: TickProps): ReactElement {
  const full = bad ? 'border-bad bg-bad-solid text-on-production' : 'border-accent bg-accent text-on-accent'
  return (
    <span
      aria-hidden="true"
      className={`grid size-4 shrink-0 place-items-center rounded-mark border ${on ? full : 'border-edge bg-raised'}`}
    >
      {on ? <Icon name="check" className="size-3" /> : null}
    </span>
  )
}
