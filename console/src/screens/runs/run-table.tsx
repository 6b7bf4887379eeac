// Runs as a table: what ran, how it stands, on which side, by whom, and when. Each row leads to the run.
import type { ReactElement, ReactNode } from 'react'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Identity } from '../../design/identity.tsx'
import { KindMark } from '../../design/kind.tsx'
import { place } from '../../design/link.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { momentOf, span } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { Countdown, When } from '../../design/when.tsx'
import { type ListedRun, nameOf, stateOf } from './listed-run.ts'

/** How long a run took, or has left. */
export function Took({ run }: { readonly run: ListedRun }): ReactElement {
  const [began, ended] = [momentOf(run.startedAt), momentOf(run.endedAt)]
  if (began !== undefined && ended !== undefined) return <span className="whitespace-nowrap">{span(ended - began)}</span>
  if (run.state === 'ended') return <span className="text-faint">never began</span>
  if (run.outcome !== null) return <span className="text-soft">is ending</span>
  return (
    <span className="whitespace-nowrap text-soft">
      <Countdown until={run.deadline} over="past its deadline" after="left" />
    </span>
  )
}

function Name({ run }: { readonly run: ListedRun }): ReactElement {
  return (
    <span className="block min-w-0">
      <span className="flex items-baseline gap-1.5">
        <span className="relative top-px flex h-[1lh] items-center self-start">
          <KindMark kind="run" />
        </span>
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(nameOf(run))}</bdi>
      </span>
      <code className="block max-w-[12rem] truncate pl-[18px] font-mono text-tiny text-faint sm:max-w-none">{run.id}</code>
      {run.state !== 'ended' || run.reason === null || run.outcome === 'succeeded' ? null : (
        <bdi className="block max-w-[12rem] truncate pl-[18px] text-tiny text-soft sm:max-w-60">{visible(run.reason)}</bdi>
      )}
      <span className="mt-1 block pl-[18px] beside-sm:hidden">
        <EnvironmentMark of={run.environmentClass} name={run.environmentSlug} />
      </span>
    </span>
  )
}

const columns: readonly Column<ListedRun>[] = [
  { id: 'run', title: 'Run', cell: (run) => <Name run={run} />, by: nameOf },
  {
    id: 'state',
    title: 'State',
    by: stateOf,
    cell: (run) => <State is={stateOf(run)} />,
  },
  {
    id: 'environment',
    title: 'Environment',
    from: 'sm',
    by: (run) => run.environmentSlug,
    cell: (run) => <EnvironmentMark of={run.environmentClass} name={run.environmentSlug} />,
  },
  {
    id: 'who',
    title: 'Launched by',
    from: 'md',
    by: (run) => run.orchestratorName ?? run.operatorName ?? '',
    cell: ({ identities, operatorName, orchestratorName }) => (
      <span className="block">
        <Identity
          brief
          id={identities.orchestrator}
          name={orchestratorName}
          kind={identities.orchestrator === identities.operator ? 'person' : undefined}
        />
        {identities.orchestrator === identities.operator ? null : (
          <span className="block max-w-44 truncate pl-[18px] text-tiny text-faint">
            for <bdi>{operatorName ?? identities.operator}</bdi>
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'sensitivity',
    title: 'Sensitivity',
    from: 'lg',
    by: (run) => run.sensitivity,
    cell: (run) => <Sensitivity is={run.sensitivity} />,
  },
  { id: 'queued', title: 'Queued', from: 'md', by: (run) => run.queuedAt, cell: (run) => <When at={run.queuedAt} /> },
  { id: 'took', title: 'Took', align: 'end', from: 'sm', cell: (run) => <Took run={run} /> },
]

interface RunTableProps {
  readonly label: string
  readonly runs: readonly ListedRun[]
  readonly empty?: ReactNode
}

/** A table of runs. */
export function RunTable({ label, runs, empty }: RunTableProps): ReactElement {
  return (
    <Table
      label={label}
      rows={runs}
      idOf={({ id }) => id}
      to={({ id }) => place('/runs/$run', { run: id })}
      columns={columns}
      empty={empty}
    />
  )
}
