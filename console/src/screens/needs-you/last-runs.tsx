// The runs that ended or began last, below what waits. A table would weigh more than all else on this view; a few rows need none.
import type { ReactElement } from 'react'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Link, place } from '../../design/link.tsx'
import { Section } from '../../design/page.tsx'
import { State } from '../../design/state.tsx'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { type ListedRun, nameOf, stateOf } from '../runs/listed-run.ts'
import { Line } from './line.tsx'

const shownMax = 5

function Row({ run }: { readonly run: ListedRun }): ReactElement {
  return (
    <Line
      lead={
        <span className="text-small md:mt-px">
          <State is={stateOf(run)} />
        </span>
      }
      at={<When at={run.endedAt ?? run.startedAt ?? run.queuedAt} />}
    >
      <Link to={place('/runs/$run', { run: run.id })} item>
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(nameOf(run))}</bdi>
      </Link>
      <span className="mt-1 flex flex-wrap items-baseline gap-x-2 text-small text-soft">
        <EnvironmentMark of={run.environmentClass} name={run.environmentSlug} />
        <bdi>{visible(run.orchestratorName ?? run.operatorName ?? '')}</bdi>
      </span>
    </Line>
  )
}

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
      <ul aria-label="Last runs">
        {runs.data.items.slice(0, shownMax).map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </ul>
    </Section>
  )
}
