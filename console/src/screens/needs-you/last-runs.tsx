// The runs that ended or began last, below what waits.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { Link } from '../../design/link.tsx'
import { Section } from '../../design/page.tsx'
import { RunTable } from '../runs/run-table.tsx'

/** The last runs; nothing while there are none, or none that may be seen. */
export function LastRuns(): ReactElement | null {
  const runs = useRead('run:list', { limit: 5 })
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
      <RunTable label="Last runs" runs={runs.data.items} />
    </Section>
  )
}
