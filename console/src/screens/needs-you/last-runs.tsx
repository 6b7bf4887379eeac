// The runs that ended or began last, below what waits.
import type { ReactElement } from 'react'
import { Link } from '../../design/link.tsx'
import { Section } from '../../design/page.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { RunTable } from '../runs/run-table.tsx'

const shownMax = 5

/** The last runs; nothing while there are none, or none that may be seen. */
export function LastRuns(): ReactElement | null {
  const { reading: runs } = usePlacedList('run:list', { limit: shownMax })
  if (runs.state !== 'ready' || runs.data.items.length === 0) return null
  return (
    <Section
      title="Last runs"
      actions={
        <Link to="/runs" className="text-small">
          All runs
        </Link>
      }
    >
      <RunTable label="Last runs" runs={runs.data.items.slice(0, shownMax)} />
    </Section>
  )
}
