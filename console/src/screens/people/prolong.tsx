// Prolonging what ends on a day, an invitation or an engagement: the new last day stands in the URL, so that one person prepares it and the sponsor does it.
import type { ReactElement, ReactNode } from 'react'
import { useNow } from '../../design/when.tsx'
import { useView } from '../../shell/view.ts'
import { endOfDay, wrongWith } from './day.ts'
import { Fields, FormSection } from './form-section.tsx'
import { Lacks } from './fresh.tsx'
import { UntilField } from './until.tsx'

interface ProlongProps {
  /** Until when it lasts already. */
  readonly until: string
  readonly daysMax: number
  readonly onDone: () => void
  /** The act, once there is a day that it can last to. */
  readonly children: (end: string) => ReactNode
}

/** The part of a view that prolongs it. */
export function Prolong({ until, daysMax, onDone, children }: ProlongProps): ReactElement {
  const [{ until: day }, change] = useView()
  const now = useNow()
  const bounds = { now, daysMax, before: until }
  const [end, wrong] = [endOfDay(day), wrongWith(day, bounds)]
  return (
    <FormSection title="Prolong it" onDone={onDone}>
      <Fields>
        <UntilField value={day} onChange={(to) => change({ until: to })} {...bounds} />
        {end === undefined || wrong !== undefined ? <Lacks>{wrong ?? ''}</Lacks> : children(end)}
      </Fields>
    </FormSection>
  )
}
